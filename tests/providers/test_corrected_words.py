"""A word was misunderstood: it gets another meaning, and files that were read with the old one are read again."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, cast

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from providers.actions import give_meaning, read_again
from providers.choices import Outcome, Purpose
from providers.models import CodeWord, Entitlement, Exchange, ExchangeLine, PhoneRecord
from schools.models import Period
from tests.factories import PeriodFactory, a_provider, pusdatin
from vervalponsel.accounts.models import User
from vervalponsel.audit.models import Event
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

from .exchanging import ROBOT, Machine, dump, lines, moment, ready
from .test_exchange_commutes import end_state, in_small_chunks, take
from .test_exchange_injection import approved, release
from .test_exchange_matching import a_claim

pytestmark = pytest.mark.django_db
HEAD = "line,no_ponsel,status,code,answered_at"


@pytest.fixture
def period() -> Period:
    return PeriodFactory.create()


@pytest.fixture
def telkomsel() -> Machine:
    return Machine.of("TELKOMSEL")


def means(outcome: Outcome, word: str = "hidup", purpose: Purpose = Purpose.MATCH) -> CodeWord:
    provider, now = a_provider("TELKOMSEL"), timezone.now()
    return give_meaning(by=ROBOT, provider=provider, purpose=purpose, word=word, outcome=outcome, now=now)


def again(batch: Batch) -> Batch:
    fresh, created = read_again(by=ROBOT, batch=batch, now=timezone.now())
    assert created
    run_batch(fresh.pk)
    fresh.refresh_from_db()
    assert fresh.status == "DONE", fresh.error
    ends = {name: n for name, n in fresh.counts.items() if name not in ("rows", "dropped_claims")}
    assert sum(ends.values()) == fresh.counts["rows"]
    return fresh


def asked(telkomsel: Machine, count: int = 3) -> tuple[Exchange, list[PhoneRecord]]:
    records = ready(count)
    [exchange] = dump()
    telkomsel.pull(exchange.pk)
    exchange.refresh_from_db()
    return exchange, records


def rows(records: list[PhoneRecord], *words: str, minutes: int = 1) -> list[tuple[Any, ...]]:
    when = moment(minutes)
    return [
        (n, record.number[1:], word, "", when) for n, (record, word) in enumerate(zip(records, words, strict=False), 1)
    ]


def states(records: list[PhoneRecord]) -> list[str]:
    return [PhoneRecord.objects.get(pk=record.pk).state for record in records]


def test_a_meaning_is_followed_by_another_and_never_changed(period: Period) -> None:
    first, same, second = means(Outcome.ACTIVE), means(Outcome.ACTIVE), means(Outcome.INACTIVE)
    assert (first.pk == same.pk, CodeWord.objects.filter(word="HIDUP").count()) == (True, 2)
    assert second.pk > first.pk
    event = Event.objects.filter(action="word.meant").latest("id")
    assert (event.before["outcome"], event.after["outcome"]) == ("ACTIVE", "INACTIVE")


@pytest.mark.parametrize("small", [False, True])
def test_a_file_read_again_ends_as_if_the_word_had_been_understood(
    telkomsel: Machine, period: Period, monkeypatch: pytest.MonkeyPatch, small: bool
) -> None:
    """Whatever else was said of the same lines, in the same file and in others, before and after."""
    exchange, records = asked(telkomsel, 6)
    one = rows(records, "hidup", "hidup", "ACTIVE", "hidup", "hidup", "INACTIVE")
    one += [(2, records[1].number[1:], "GRACE", "", moment(5)), (4, records[3].number[1:], "ACTIVE", "", moment(-900))]
    two = [
        (5, records[4].number[1:], "POSTPAID", "", moment(9)),
        (1, records[0].number[1:], "NOT_OURS", "", moment(-9)),
    ]
    files = [lines(one, HEAD), lines(two, HEAD)]
    if small:
        in_small_chunks(monkeypatch, rows=1, block=50)
    means(Outcome.ACTIVE)
    wrong = take(exchange, files[0])
    take(exchange, files[1])
    means(Outcome.INACTIVE)
    again(wrong)
    found = end_state(exchange)
    kept = answers(exchange)

    ExchangeLine.objects.filter(exchange=exchange).update(live=False)
    PhoneRecord.objects.update(state="READY", code="", answered_at=None, asked_in=None, recheck_wanted_at=None)
    [clean] = dump()
    telkomsel.pull(clean.pk)
    Exchange.objects.filter(pk=clean.pk).update(created_at=exchange.created_at)
    clean.refresh_from_db()
    for file in files:
        take(clean, file)
    assert end_state(clean)[1:] == found[1:]
    assert answers(clean) == kept


def answers(exchange: Exchange) -> list[Any]:
    found = ExchangeLine.objects.filter(exchange=exchange, answers__isnull=False)
    return sorted(found.values_list("line_no", "answers__outcome", "answers__code", "answers__outcome_at"))


def test_newer_answers_and_corrected_numbers_are_left_alone(telkomsel: Machine, period: Period) -> None:
    exchange, records = asked(telkomsel)
    means(Outcome.ACTIVE)
    batch = telkomsel.answer(exchange.pk, lines(rows(records, "hidup", "hidup", "hidup"), HEAD))
    telkomsel.answer(exchange.pk, lines(rows(records[:1], "POSTPAID", minutes=8), HEAD))
    PhoneRecord.objects.filter(pk=records[1].pk).update(number="+6281299990000", state="READY", answered_at=None)
    means(Outcome.INACTIVE)

    fresh = again(batch)

    assert states(records) == ["POSTPAID", "READY", "INACTIVE"]
    assert {name: n for name, n in fresh.counts.items() if n} == {"rows": 3, "superseded": 1, "stale": 1, "applied": 1}
    exchange.refresh_from_db()
    assert (exchange.counts["POSTPAID"], exchange.counts["INACTIVE"], exchange.counts["stale"]) == (1, 2, 1)


def test_what_another_file_said_in_the_right_words_stays(telkomsel: Machine, period: Period) -> None:
    exchange, [record] = asked(telkomsel, 1)
    said = rows([record], "ACTIVE")
    telkomsel.answer(exchange.pk, lines(said, HEAD))
    means(Outcome.ACTIVE)
    batch = telkomsel.answer(exchange.pk, lines([(*said[0][:2], "hidup", *said[0][3:])], HEAD))
    assert batch.counts["duplicate"] == 1
    means(Outcome.INACTIVE)

    again(batch)

    line = ExchangeLine.objects.get()
    assert (line.outcome, line.is_contradicted, line.answers.count()) == ("INACTIVE", True, 2)


def test_a_stated_number_that_was_never_active_leaves_its_statement(telkomsel: Machine, period: Period) -> None:
    exchange, [record] = asked(telkomsel, 1)
    means(Outcome.ACTIVE)
    batch = telkomsel.answer(exchange.pk, lines(rows([record], "hidup"), HEAD))
    record.refresh_from_db()
    claim = a_claim(record, period)
    means(Outcome.GRACE)

    fresh = again(batch)

    claim.refresh_from_db()
    assert (claim.stage, claim.code, fresh.counts["dropped_claims"]) == ("DROPPED", "GRACE", 1)


def test_a_word_can_be_corrected_more_than_once(telkomsel: Machine, period: Period) -> None:
    exchange, [record] = asked(telkomsel, 1)
    batch = telkomsel.answer(exchange.pk, lines(rows([record], "hidup"), HEAD))
    assert batch.counts["held"] == 1
    for outcome in (Outcome.ACTIVE, Outcome.INACTIVE, Outcome.ACTIVE):
        means(outcome)
        batch = again(batch)
        assert (batch.counts["applied"], states([record])) == (1, [outcome.value])
    line = ExchangeLine.objects.get()
    assert (line.is_contradicted, line.answers.count()) == (False, 0)


# Reports


def reported(telkomsel: Machine, period: Period, word: str) -> tuple[Entitlement, Batch]:
    claim = approved(period)
    _, [exchange] = release(period)
    telkomsel.pull(exchange.pk)
    said = [(1, claim.number[1:], word, "", moment(1))]
    return claim, telkomsel.answer(exchange.pk, lines(said, HEAD), "reports")


def test_a_success_that_was_none_is_reversed(telkomsel: Machine, period: Period) -> None:
    means(Outcome.SUCCEEDED, "beres", Purpose.INJECT)
    claim, batch = reported(telkomsel, period, "beres")
    means(Outcome.FAILED, "beres", Purpose.INJECT)

    again(batch)

    claim.refresh_from_db()
    assert (claim.stage, claim.record.state) == ("REVERSED", "FAILED")
    assert (line := ExchangeLine.objects.get(purpose="INJECT")).outcome == "FAILED"
    assert not line.is_contradicted


def test_a_failure_that_was_none_is_a_success(telkomsel: Machine, period: Period) -> None:
    means(Outcome.FAILED, "beres", Purpose.INJECT)
    claim, batch = reported(telkomsel, period, "beres")
    claim.refresh_from_db()
    assert (claim.stage, claim.live) == ("FAILED", False)
    means(Outcome.SUCCEEDED, "beres", Purpose.INJECT)

    again(batch)

    claim.refresh_from_db()
    assert (claim.stage, claim.live, claim.record.state, claim.record.stage) == ("INJECTED", True, "ACTIVE", "INJECTED")


def test_a_failure_whose_number_is_claimed_anew_goes_to_the_review_list(telkomsel: Machine, period: Period) -> None:
    """Nobody gets a second package because the first one was taken for a failure."""
    means(Outcome.FAILED, "beres", Purpose.INJECT)
    claim, batch = reported(telkomsel, period, "beres")
    now = timezone.now() + timedelta(minutes=2)
    PhoneRecord.objects.filter(pk=claim.record_id).update(state="ACTIVE", code="", answered_at=now)
    a_claim(PhoneRecord.objects.get(pk=claim.record_id), period)
    means(Outcome.SUCCEEDED, "beres", Purpose.INJECT)

    again(batch)

    claim.refresh_from_db()
    assert (claim.stage, ExchangeLine.objects.get(purpose="INJECT").is_contradicted) == ("REVERSED", True)
    assert Entitlement.objects.filter(record=claim.record_id, live=True).count() == 1


# The page


def test_pusdatin_corrects_a_word_and_reads_the_file_again(client: Client, telkomsel: Machine, period: Period) -> None:
    client.force_login(cast("User", pusdatin().user))
    exchange, records = asked(telkomsel)
    batch = telkomsel.answer(exchange.pk, lines(rows(records, "aktif", "GRACE", "aktif"), HEAD))
    page, read = (
        reverse(f"providers:{name}", args=args)
        for name, args in (("exchange", [exchange.pk]), ("read_again", [exchange.pk, batch.pk]))
    )
    shown = client.get(page).content.decode()
    assert re.search(r'<th scope="row">AKTIF</th>\s*<td data-label="Baris" class="num">2</td>', shown)
    assert "Baca ulang<" not in shown

    client.post(reverse("providers:meaning", args=[exchange.pk]), {"word": "AKTIF", "outcome": "NOT_OURS"})
    shown = client.get(page).content.decode()
    assert ("Dibaca dengan arti lama" in shown, "Baca ulang<" in shown) == (True, True)
    client.post(read)
    run_batch(Batch.objects.latest("id").pk)

    assert states(records) == ["NOT_OURS", "GRACE", "NOT_OURS"]
    shown = client.get(page).content.decode()
    assert ("Dibaca dengan arti lama" in shown, "Baca ulang<" in shown) == (False, False)
