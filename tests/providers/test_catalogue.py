"""Every code that the system can give has its sentence, and a sentence never shows a brace."""

import re
from collections import defaultdict

import pytest

from providers.catalogue import ENTRIES, Acts, Entry, Topic, describe, find
from providers.choices import Cell, Eligibility, Outcome, Stage, State
from providers.reading import Code
from providers.words import FAILURES
from schools.cutoff.codes import RowCode
from schools.cutoff.errors import RowFaultCode
from sptjm.choices import LeftOut, ReturnCode

TOPICS = [
    (Topic.STATE, State),
    (Topic.NUMBER, Code),
    (Topic.CLAIM, Stage),
    (Topic.INJECTION, FAILURES),
    (Topic.DROP, LeftOut),
    (Topic.RETURN, ReturnCode),
    (Topic.ELIGIBILITY, Eligibility),
    (Topic.ROW, RowCode),
    (Topic.ROW, RowFaultCode),
]
FACTS = {
    "provider": "Telkomsel", "count": 7, "npsn": "20326541", "date": "13 Sep 2020", "statement": "003", "page": 1,
    "reason": "nomor sudah tidak aktif", "gigabytes": "35", "similarity": 88, "found": 3, "expected": 11,
    "word": "HANGUS", "where": "2 di antaranya di sekolah ini",
}  # fmt: skip


@pytest.mark.parametrize(("topic", "codes"), TOPICS)
def test_every_code_has_an_entry(topic: Topic, codes: list[str]) -> None:
    assert [code for code in codes if find(code, topic) is None] == []


@pytest.mark.parametrize("codes", [Cell, Outcome])
def test_cells_and_outcomes_are_described_without_a_topic(codes: list[str]) -> None:
    assert [code for code in codes if find(code) is None] == []


def test_only_the_codes_named_in_the_docstring_differ_between_topics() -> None:
    sentences = defaultdict(set)
    for entry in ENTRIES:
        sentences[entry.code].add(entry.sentence)

    ambiguous = {code for code, said in sentences.items() if len(said) > 1}
    assert ambiguous == {"INACTIVE", "OTHER", "SHARED_STOPPED", "SHARED_TO_CONFIRM", "OWNERSHIP_MISSING"}


def test_a_code_stands_once_in_its_topic() -> None:
    assert len({(e.topic, e.code) for e in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("facts", [FACTS, {}, dict.fromkeys(FACTS, "")], ids=["all", "none", "empty"])
@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: f"{e.topic}-{e.code}")
def test_a_sentence_is_whole_with_and_without_its_facts(entry: Entry, facts: dict[str, object]) -> None:
    said = entry.say(facts)

    assert not re.search(r"[{}\[\]]|  |^\s|\s$|\s[.,;:]|\.\.", said)
    assert facts is not FACTS or "–" not in said
    assert entry.cause
    is_clause = entry.topic in (Topic.INJECTION, Topic.DROP, Topic.RETURN)
    assert said.endswith(".") != is_clause


def test_whoever_has_to_act_is_told_what_to_do() -> None:
    silent = [e.code for e in ENTRIES if e.acts in (Acts.SCHOOL, Acts.DINAS) and not e.todo]

    assert silent == []


def test_every_known_fact_is_one_that_a_page_can_give() -> None:
    assert {name for e in ENTRIES for name in re.findall(r"\{(\w+)\}", e.sentence)} == set(FACTS)


def test_sentences_carry_their_facts() -> None:
    assert describe("INACTIVE", provider="Indosat").startswith("Tidak aktif menurut Indosat.")
    assert describe("INACTIVE", topic=Topic.ELIGIBILITY) == "Tercatat tidak aktif di Dapodik."
    assert describe("SENT", provider="Tri", date="12 Sep 08.10 WIB") == "Sedang dicek Tri sejak 12 Sep 08.10 WIB."
    assert describe("SENT", provider="Tri") == "Sedang dicek Tri."
    reason = describe("NUMBER_INACTIVE")
    assert describe("FAILED", reason=reason).startswith("Kuota gagal masuk: nomor sudah tidak aktif.")


def test_a_fact_is_no_template() -> None:
    assert "{provider}" in describe("RETURNED", statement="003", reason="{provider}[x]", provider="Tri")


def test_a_code_without_an_entry_does_not_break_a_page() -> None:
    assert "NEVER_HEARD" in describe("NEVER_HEARD")
