"""Files of answers in chunks: odd files, words judged over the whole, families, other files, two workers at once."""

from __future__ import annotations

import gzip
import json
import random
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.utils import timezone

from providers import intake
from providers.actions import close, give_meaning, hand_in_answers
from providers.choices import Outcome, Purpose
from providers.models import CodeWord, Entitlement, Exchange, ExchangeLine, PhoneRecord
from tests.factories import PeriodFactory, a_provider
from tests.waiting import Beside, another_session
from vervalponsel.batches.actions import run_again
from vervalponsel.batches.chunks import help_with
from vervalponsel.batches.models import Batch, Chunk, RowError
from vervalponsel.batches.runner import run_batch
from vervalponsel.kit.db import lock_key

from .exchanging import ROBOT, Machine, at, dump, lines, moment, ready
from .test_exchange_commutes import end_state, in_small_chunks, received
from .test_exchange_matching import a_claim


def asked(count: int = 1, **fields: Any) -> tuple[Exchange, list[PhoneRecord]]:
    PeriodFactory.create()
    records = ready(count, **fields)
    return received(dump()[0]), records


def handed_in(exchange: Exchange, content: bytes) -> Batch:
    file = ContentFile(content, name="jawaban")
    return hand_in_answers(by=ROBOT, exchange=exchange, file=file, now=timezone.now())[0]


def taken(exchange: Exchange, content: bytes) -> Batch:
    batch = handed_in(exchange, content)
    run_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def every_line(records: list[PhoneRecord], word: str = "ACTIVE", when: str = "") -> list[tuple[Any, ...]]:
    return [(n, record.number[1:], word, when or moment(1)) for n, record in enumerate(records, 1)]


def ends_of(batch: Batch) -> dict[str, int]:
    assert batch.status == "DONE", batch.error
    ends = {name: n for name, n in batch.counts.items() if name not in ("rows", "dropped_claims") and n}
    assert sum(ends.values()) == batch.counts["rows"]
    return ends


def refused(batch: Batch) -> list[tuple[int, str]]:
    return list(RowError.objects.filter(batch=batch).order_by("line").values_list("line", "code"))


# Odd files


@pytest.mark.django_db
@pytest.mark.parametrize("block", [7, 64, 1 << 20])
def test_of_a_packed_file_that_broke_off_every_whole_row_counts(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    exchange, records = asked(6)
    in_small_chunks(monkeypatch, rows=2, block=block)
    whole = lines(every_line(records))
    packed = gzip.compress(whole, mtime=0)

    batch = taken(exchange, packed[: len(packed) * 3 // 4])

    ends = ends_of(batch)
    assert ends["bad"] == 1
    assert refused(batch) == [(ends["applied"] + 2, "FILE_TRUNCATED")]
    assert 0 < ends["applied"] < 6
    again = ends_of(taken(exchange, packed))
    assert (again["duplicate"], again["duplicate"] + again["applied"]) == (ends["applied"], 6)
    exchange.refresh_from_db()
    assert (exchange.status, exchange.counts["ACTIVE"]) == ("ANSWERED", 6)


@pytest.mark.django_db
def test_damage_in_the_middle_costs_what_comes_behind_it_and_nothing_before() -> None:
    exchange, records = asked(3)
    some, more = lines(every_line(records)[:2]), b"".join(lines(every_line(records)[2:]).splitlines(True)[1:])
    packed, second = gzip.compress(some), bytearray(gzip.compress(more))
    second[-6] ^= 0xFF  # its checksum

    batch = taken(exchange, packed + bytes(second))

    assert ends_of(batch) == {"applied": 3, "bad": 1}
    assert refused(batch) == [(5, "FILE_TRUNCATED")]


@pytest.mark.django_db
def test_packed_files_may_have_several_members_and_padding() -> None:
    exchange, records = asked(2)
    first, second = lines(every_line(records)).splitlines(True)[:2], lines(every_line(records)).splitlines(True)[2:]
    packed = gzip.compress(b"".join(first)) + gzip.compress(b"".join(second)) + b"\0" * 600

    assert ends_of(taken(exchange, packed)) == {"applied": 2}


@pytest.mark.django_db
def test_json_lines_in_chunks_with_what_json_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange, records = asked(4)
    in_small_chunks(monkeypatch, rows=1, block=90)

    def said(n: int, **more: Any) -> str:
        fields = {"line": n, "no_ponsel": records[n - 1].number, "status": "AKTIF", "answered_at": moment(1)}
        return json.dumps(fields | more)

    rows = [said(1), said(2, status="\ud800"), "[1]", said(3, status="tidak aktif", batch=None), "{", said(4, line="4")]
    content = b"\xef\xbb\xbf" + "\n".join(rows).encode() + b"\n"

    batch = taken(exchange, content)

    assert ends_of(batch) == {"applied": 3, "held": 1, "bad": 2}
    assert refused(batch) == [(2, "UNKNOWN_WORD"), (3, "ROW_NOT_JSON"), (5, "ROW_NOT_JSON")]
    assert Chunk.objects.filter(batch=batch).count() > 3


@pytest.mark.django_db
def test_rows_keep_their_place_whatever_lies_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange, records = asked(3)
    in_small_chunks(monkeypatch, rows=1, block=50)
    number = [record.number[1:] for record in records]
    when = moment(1)
    content = (
        b"\xef\xbb\xbf"
        + (
            f'"line";no_ponsel;status;answered_at\r\n1;{number[0]};"ACTIVE";{when}\r\n\r\n   \n'
            f"x;{number[1]};ACTIVE;{when}\r\n2;{number[1]};{'A' * 70_000};{when}\n"
            f"2;+{number[1]};active;{when}\n3;{number[2]};ACT"
        ).encode()
    )

    batch = taken(exchange, content)

    assert ends_of(batch) == {"applied": 2, "bad": 3}
    assert refused(batch) == [(5, "ROW_LINE"), (6, "ROW_TOO_LONG"), (8, "ROW_CUT_OFF")]


@pytest.mark.django_db
def test_a_file_of_names_alone_is_no_answer() -> None:
    exchange, _ = asked()
    assert ends_of(taken(exchange, b"line,no_ponsel,status,answered_at\n")) == {}
    exchange.refresh_from_db()
    assert exchange.counts["unanswered"] == 1


@pytest.mark.django_db
def test_a_file_that_unpacks_without_end_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    from providers import answer_pieces

    exchange, records = asked()
    monkeypatch.setattr(answer_pieces, "UNPACKED_MOST", 10_000)
    batch = taken(exchange, gzip.compress(lines(every_line(records)) + b"0" * 20_000))

    assert (batch.status, "mengembang" in batch.error) == ("REFUSED", True)
    assert not ExchangeLine.objects.exclude(outcome="").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("line", [b"\n", b"x\n", b"{\n"])
def test_a_flood_of_lines_is_refused_whole(monkeypatch: pytest.MonkeyPatch, line: bytes) -> None:
    """Each could become a refused row that is kept: a packed file of a megabyte holds a thousand million."""
    monkeypatch.setattr(intake, "LINES_ALWAYS", 500)
    exchange, records = asked()
    batch = taken(exchange, gzip.compress(lines(every_line(records)) + line * 5_000))
    assert (batch.status, "jauh lebih panjang daripada 1 baris" in batch.error) == ("REFUSED", True)
    assert not RowError.objects.exists()
    assert ends_of(taken(exchange, lines(every_line(records)) + line * 400))["applied"] == 1


@pytest.mark.django_db
def test_a_packed_file_of_endlessly_many_members_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    from providers import answer_pieces

    exchange, records = asked()
    monkeypatch.setattr(answer_pieces.Unpacked.__init__, "__kwdefaults__", {"members_most": 50})
    batch = taken(exchange, gzip.compress(lines(every_line(records))) + gzip.compress(b"") * 60)
    assert (batch.status, "mengembang" in batch.error) == ("REFUSED", True)


@pytest.mark.django_db
def test_rows_that_speak_of_another_provider_change_nothing() -> None:
    exchange, [record] = asked()
    [other] = ready(1, number="+6285712345678", provider=a_provider("INDOSAT"))
    [theirs] = dump()
    rows = [(1, other.number[1:], "ACTIVE", moment(1), ""), (1, record.number[1:], "ACTIVE", moment(1), theirs.pk)]

    batch = taken(exchange, lines(rows, "line,no_ponsel,status,answered_at,batch"))

    assert ends_of(batch) == {"number_not_sent": 1, "bad": 1}
    assert refused(batch) == [(2, "NUMBER_NOT_SENT"), (3, "OTHER_BATCH")]
    assert not ExchangeLine.objects.exclude(outcome="").exists()


@pytest.mark.django_db
def test_an_answer_of_a_provider_whose_number_it_no_longer_is_is_stale() -> None:
    exchange, [record] = asked()
    PhoneRecord.objects.filter(pk=record.pk).update(provider=a_provider("INDOSAT"))

    assert ends_of(taken(exchange, lines(every_line([record])))) == {"stale": 1}

    record.refresh_from_db()
    assert record.state == "READY"


# Words


def meant(exchange: Exchange) -> CodeWord:
    """Pusdatin says what the provider's word “hidup” means."""
    facts: dict[str, Any] = {"purpose": Purpose.MATCH, "word": "Hidup", "outcome": Outcome.ACTIVE}
    return give_meaning(by=ROBOT, provider=exchange.provider, now=timezone.now(), **facts)


@pytest.mark.django_db
def test_a_foreign_language_is_seen_before_anything_is_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "HELD_LEAST", 3)
    exchange, records = asked(6)
    in_small_chunks(monkeypatch, rows=1, block=80)
    rows = every_line(records[:3]) + [(n, records[n - 1].number[1:], "HIDUP", moment(1)) for n in (4, 5, 6)]

    batch = taken(exchange, lines(rows))

    assert (batch.status, "3 baris" in batch.error, "HIDUP" in batch.error) == ("PARKED", True, True)
    assert not ExchangeLine.objects.exclude(outcome="").exists()

    meaning = give_meaning(
        by=ROBOT,
        provider=exchange.provider,
        purpose=Purpose.MATCH,
        word="Hidup",
        outcome=Outcome.ACTIVE,
        now=timezone.now(),
    )
    run_again(by=ROBOT, batch=batch, now=timezone.now())
    run_batch(batch.pk)
    batch.refresh_from_db()
    assert ends_of(batch) == {"applied": 6}
    assert batch.params["words_version"] == meaning.pk
    assert batch.params["meanings"]["HIDUP"] == "ACTIVE"


@pytest.mark.django_db
def test_all_chunks_of_a_file_are_read_with_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    exchange, records = asked(4)
    in_small_chunks(monkeypatch, rows=1, block=60)
    real = intake.take_rows

    def means_meanwhile(*args: Any, **options: Any) -> Any:
        meant(exchange)
        return real(*args, **options)

    monkeypatch.setattr(intake, "take_rows", means_meanwhile)
    assert ends_of(taken(exchange, lines(every_line(records, "HIDUP")))) == {"held": 4}


# One number, several lines


def answered(exchange: Exchange, *rows: tuple[Any, ...]) -> None:
    ends_of(taken(exchange, lines(list(rows))))


def contradicted() -> list[tuple[int, int]]:
    marked = ExchangeLine.objects.filter(is_contradicted=True).order_by("exchange_id", "line_no")
    return list(marked.values_list("exchange_id", "line_no"))


@pytest.mark.django_db
@pytest.mark.parametrize("backwards", [False, True])
def test_a_family_s_number_told_of_twice_within_a_day_is_up_for_review(backwards: bool) -> None:
    now = timezone.now()
    exchange, records = asked(3, number="+6281226004001", share_count=3)
    rows = [
        (n, "6281226004001", word, at(hours * 60, now)) for n, word, hours in ((1, "ACTIVE", 1), (2, "INACTIVE", 20))
    ]
    rows = rows[::-1] if backwards else rows
    answered(exchange, rows[0])
    assert contradicted() == []
    answered(exchange, rows[1])

    assert contradicted() == [(exchange.pk, 1), (exchange.pk, 2)]
    exchange.refresh_from_db()
    assert exchange.counts["contradicted"] == 2
    assert sorted(PhoneRecord.objects.values_list("state", flat=True)) == ["ACTIVE", "INACTIVE", "READY"]
    assert len(records) == 3


@pytest.mark.django_db
def test_two_days_apart_is_no_contradiction_and_agreement_is_none() -> None:
    now = timezone.now() - timedelta(days=3)
    exchange, _ = asked(3, number="+6281226004001", share_count=3)
    Exchange.objects.update(created_at=now - timedelta(days=1))
    exchange.refresh_from_db()
    when = (at(0, now), at(60 * 30, now), at(60 * 31, now))
    words = ("ACTIVE", "INACTIVE", "INACTIVE")
    answered(exchange, *((n, "6281226004001", words[n - 1], when[n - 1]) for n in (1, 2, 3)))
    assert contradicted() == []


@pytest.mark.django_db
def test_two_files_that_differ_within_a_day_are_both_marked_and_counted() -> None:
    first, [record] = asked()
    answered(first, *every_line([record], "ACTIVE", moment(1)))
    PhoneRecord.objects.update(recheck_wanted_at=timezone.now())
    second = received(dump()[0])
    answered(second, *every_line([record], "GRACE", moment(90)))

    assert contradicted() == [(first.pk, 1), (second.pk, 1)]
    assert [x.counts["contradicted"] for x in Exchange.objects.order_by("pk")] == [1, 1]


# A claim and answers


@pytest.mark.django_db
@pytest.mark.parametrize("backwards", [False, True])
def test_a_claim_is_dropped_by_the_answer_that_stood_when_it_came(backwards: bool) -> None:
    """The number's state does not depend on the order; what the school was told of its claim is not taken back."""
    period = PeriodFactory.create()
    [record] = ready(1, state="ACTIVE", answered_at=timezone.now())
    claim = a_claim(record, period)
    PhoneRecord.objects.update(recheck_wanted_at=timezone.now())
    exchange = received(dump()[0])
    rows = [*every_line([record], "INACTIVE", moment(1)), *every_line([record], "ACTIVE", moment(2))]

    for row in rows[::-1] if backwards else rows:
        answered(exchange, row)

    record.refresh_from_db()
    claim.refresh_from_db()
    assert record.state == "ACTIVE"
    assert claim.stage == ("STATED" if backwards else "DROPPED")


# At once


@pytest.mark.django_db(transaction=True)
def test_an_exchange_is_closed_between_chunks_and_never_within_one() -> None:
    exchange, [record] = asked()
    batch = handed_in(exchange, lines(every_line([record])))
    with another_session() as other:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [lock_key("intake"), exchange.pk])
        closing = Beside(lambda: close(by=ROBOT, exchange=exchange, now=timezone.now()))
        assert closing.waits()
        other.commit()
    closing.result()
    run_batch(batch.pk)
    batch.refresh_from_db()
    exchange.refresh_from_db()
    # Late, and counted all the same.
    assert (ends_of(batch), exchange.status, exchange.counts["ACTIVE"]) == ({"applied": 1}, "CLOSED", 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", [1, 2])
def test_two_workers_and_two_files_at_once_end_as_one_clean_file(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """The files tell of the same lines, differently, in another order; families are among them."""
    chance = random.Random(seed)
    PeriodFactory.create()
    records = ready(12) + ready(4, number="+6281226004001", share_count=4)
    exchange = received(dump()[0])
    numbers = [line.number[1:] for line in ExchangeLine.objects.order_by("line_no")]
    start = timezone.now()
    words = ("ACTIVE", "INACTIVE", "GRACE", "POSTPAID")
    said = [
        (n, numbers[n - 1], chance.choice(words), at(chance.choice((1, 2, 60, 3000)), start))
        for n in chance.choices(range(1, len(records) + 1), k=60)
    ]
    with transaction.atomic():
        ends_of(taken(exchange, lines(said)))
        clean = end_state(exchange)
        transaction.set_rollback(True)
    in_small_chunks(monkeypatch, rows=3, block=150)
    batches = [handed_in(exchange, lines(chance.sample(said, len(said)))) for _ in range(2)]
    workers = [
        threading.Thread(target=_working, args=(run, batch.pk)) for batch in batches for run in (run_batch, _helping)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    for batch in batches:
        batch.refresh_from_db()
        ends_of(batch)
    assert end_state(exchange) == clean
    assert not Entitlement.objects.exists()


def _working(work: Any, pk: int) -> None:
    try:
        work(pk)
    finally:
        connection.close()


def _helping(pk: int) -> None:
    while Batch.objects.live().filter(pk=pk).exists():
        help_with(pk)


@pytest.mark.django_db
@pytest.mark.parametrize("backwards", [False, True])
def test_the_order_of_rows_in_a_file_shows_in_no_count(monkeypatch: pytest.MonkeyPatch, backwards: bool) -> None:
    exchange, [record] = asked()
    said = [(word, moment(n)) for n, word in enumerate(("GRACE", "INACTIVE", "ACTIVE"), 1)]
    rows = [(1, record.number[1:], word, when) for word, when in (said[::-1] if backwards else said)]
    in_small_chunks(monkeypatch, rows=1, block=40)

    batch = taken(exchange, lines([*rows, rows[0]]))

    assert Chunk.objects.filter(batch=batch).count() > 2
    assert ends_of(batch) == {"applied": 1, "superseded": 2, "duplicate": 1}


@pytest.mark.django_db
def test_the_receipt_adds_up_and_leads_to_the_refused_rows() -> None:
    machine = Machine.of("TELKOMSEL")
    exchange, records = asked(3)
    rows = [
        *every_line(records[:1]),
        (2, "6281", "ACTIVE", moment(1)),
        (99, records[2].number[1:], "ACTIVE", moment(1)),
    ]
    batch = machine.answer(exchange.pk, lines(rows))

    told = machine.get(f"batches/{batch.pk}").json()
    ends = {name: n for name, n in told["counts"].items() if name != "rows"}
    assert sum(ends.values()) == told["counts"]["rows"] == 3
    listed = machine.get(told["refused_url"].removeprefix("/api/provider/v1/")).json()["items"]
    assert [(row["row"], row["code"]) for row in listed] == [(3, "ROW_NUMBER"), (4, "UNKNOWN_LINE")]
