"""Asking providers whether numbers are active: dump, receipt, answers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from providers.actions import close, offer_again, prepare_dump
from providers.models import Entitlement, Exchange, ExchangeLine, LineAnswer, PhoneRecord
from providers.querysets import LINES_AT_MOST
from providers.tasks import ask_old_again, prepare_dumps, remove_exchanged_files
from schools.models import Period
from tests.factories import PeriodFactory, RecordFactory, a_provider
from vervalponsel.batches.models import Batch, RowError

from .exchanging import ROBOT, Machine, at, dump, lines, moment, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def period() -> Period:
    return PeriodFactory.create()


@pytest.fixture
def telkomsel(period: Period) -> Machine:
    return Machine.of("TELKOMSEL")


def answer_all(machine: Machine, word: str = "ACTIVE") -> Batch:
    """Pull the one waiting file and answer every line alike."""
    [exchange] = machine.waiting()
    rows = machine.pull(exchange)
    return machine.answer(exchange, lines([(row["line"], row["no_ponsel"], word, moment(1)) for row in rows]))


def test_a_waiting_number_is_asked_answered_and_becomes_usable(telkomsel: Machine) -> None:
    [record] = ready()
    [exchange] = dump()
    record.refresh_from_db()
    assert (record.cell, record.asked_in) == ("SENT", exchange)

    batch = answer_all(telkomsel)

    record.refresh_from_db()
    exchange.refresh_from_db()
    assert (record.cell, record.state, record.asked_in) == ("USABLE", "ACTIVE", None)
    assert (exchange.status, exchange.counts["ACTIVE"]) == ("ANSWERED", 1)
    assert (batch.status, batch.counts["applied"], batch.counts["rows"]) == ("DONE", 1, 1)


def test_the_file_has_the_columns_of_the_programme_and_no_more(telkomsel: Machine) -> None:
    [record] = ready(grade=4)
    [exchange] = dump()

    assert telkomsel.pull(exchange.pk) == [
        {
            "batch": str(exchange.pk),
            "line": "1",
            "pd_id": str(record.person_id),
            "tingkat_pendidikan": "4",
            "npsn": record.school.npsn,
            "no_ponsel": record.number[1:],
        }
    ]


def test_each_provider_gets_the_numbers_of_its_own_prefixes(telkomsel: Machine) -> None:
    ready(2)
    ready(1, number="+6285712345678", provider=a_provider("INDOSAT"))
    exchanges = dump()

    assert [(x.provider_id, x.rows) for x in exchanges] == [("INDOSAT", 1), ("TELKOMSEL", 2)]
    assert telkomsel.waiting() == [exchanges[1].pk]


def test_a_record_is_in_one_live_file_only(telkomsel: Machine) -> None:
    ready(3)

    assert [x.rows for x in dump()] == [3]
    assert dump() == []


def test_shared_numbers_have_a_line_each_and_stopped_ones_none(period: Period) -> None:
    ready(2, number="+6281226004001", sharing="TO_CONFIRM")
    ready(1, number="+6281226004099", sharing="STOPPED")

    [exchange] = dump()
    assert exchange.rows == 2


def test_an_answer_for_a_number_that_changed_meanwhile_is_kept_and_not_applied(telkomsel: Machine) -> None:
    [record] = ready()
    [exchange] = dump()
    rows = telkomsel.pull(exchange.pk)
    PhoneRecord.objects.filter(pk=record.pk).update(number="+6281299990000", asked_in=None)

    batch = telkomsel.answer(exchange.pk, lines([(1, rows[0]["no_ponsel"], "INACTIVE", moment(1))]))

    record.refresh_from_db()
    line = ExchangeLine.objects.get(exchange=exchange)
    assert (record.state, batch.counts["stale"], batch.counts["applied"]) == ("READY", 1, 0)
    assert (line.outcome, line.is_stale, line.live) == ("INACTIVE", True, False)


def test_a_line_number_beyond_all_lines_is_nobody_elses_line(telkomsel: Machine) -> None:
    """Keys are told by exchange and line: a number that is too great must not lead into the next exchange."""
    ready()
    [first] = dump()
    [asked_later] = ready()
    [second] = dump()
    telkomsel.pull(first.pk)
    astray = (second.pk - first.pk) * LINES_AT_MOST + 1
    number = asked_later.number[1:]

    batch = telkomsel.answer(
        first.pk, lines([(astray, number, "INACTIVE", moment(1)), (10**17, number, "INACTIVE", moment(1))])
    )

    assert (batch.counts["unknown_line"], batch.counts["applied"]) == (2, 0)
    assert set(ExchangeLine.objects.values_list("outcome", "live")) == {("", True)}
    assert [line.exchange_id for line in ExchangeLine.objects.of(first.pk)] == [first.pk]


def test_a_corrected_number_is_asked_while_the_old_answer_is_still_out(telkomsel: Machine) -> None:
    [record] = ready()
    [first] = dump()
    PhoneRecord.objects.filter(pk=record.pk).update(number="+6281299990000", asked_in=None)

    [second] = dump()
    assert second.rows == 1
    first.refresh_from_db()
    assert (first.status, first.counts["withdrawn"]) == ("ANSWERED", 1), "nobody is chased for what was corrected"
    late = telkomsel.pull(first.pk)
    telkomsel.answer(first.pk, lines([(1, late[0]["no_ponsel"], "INACTIVE", moment(5))]))
    telkomsel.pull(second.pk)
    telkomsel.answer(second.pk, lines([(1, "6281299990000", "ACTIVE", moment(1))]))

    record.refresh_from_db()
    assert record.state == "ACTIVE"


def test_an_answer_counts_only_for_the_number_of_its_line(telkomsel: Machine) -> None:
    [record] = ready()
    [exchange] = dump()
    telkomsel.pull(exchange.pk)

    batch = telkomsel.answer(exchange.pk, lines([(1, "6281200000001", "ACTIVE", moment(1))]))

    record.refresh_from_db()
    assert (record.state, batch.counts["number_not_sent"]) == ("READY", 1)


def test_every_row_ends_in_one_outcome_and_the_counts_add_up(telkomsel: Machine) -> None:
    records = ready(4)
    [exchange] = dump()
    rows = telkomsel.pull(exchange.pk)
    numbers = [row["no_ponsel"] for row in rows]
    when = moment(1)
    body = lines(
        [
            (1, numbers[0], "ACTIVE", when),
            (1, numbers[0], "ACTIVE", when),
            (2, numbers[1], "GRACE", when),
            (2, numbers[1], "ACTIVE", moment(2)),
            (3, numbers[2], "SLEEPING", when),
            (99, numbers[3], "ACTIVE", when),
            (4, "0812", "ACTIVE", when),
            ("x", numbers[3], "ACTIVE", when),
            (4, numbers[3], "ACTIVE", "yesterday"),
            (4, numbers[3], "ACTIVE"),
        ]
    )

    counts = telkomsel.answer(exchange.pk, body).counts

    ends = {name: n for name, n in counts.items() if name not in ("rows", "dropped_claims") and n}
    assert ends == {"applied": 2, "duplicate": 1, "superseded": 1, "held": 1, "unknown_line": 1, "bad": 4}
    assert sum(ends.values()) == counts["rows"] == 10
    places = RowError.objects.order_by("line").values_list("line", "code")
    assert list(places) == [
        (6, "UNKNOWN_WORD"),
        (7, "UNKNOWN_LINE"),
        (8, "ROW_NUMBER"),
        (9, "ROW_LINE"),
        (10, "ROW_DATE"),
        (11, "ROW_WIDTH"),
    ]
    assert len(records) == 4


def test_differing_answers_are_kept_and_the_latest_stands(telkomsel: Machine) -> None:
    [record] = ready()
    [exchange] = dump()
    number = telkomsel.pull(exchange.pk)[0]["no_ponsel"]
    now = timezone.now()

    telkomsel.answer(exchange.pk, lines([(1, number, "ACTIVE", at(20, now))]))
    telkomsel.answer(exchange.pk, lines([(1, number, "INACTIVE", at(10, now))]))

    record.refresh_from_db()
    line = ExchangeLine.objects.get(exchange=exchange)
    assert (record.state, line.outcome, line.is_contradicted) == ("ACTIVE", "ACTIVE", True)
    assert LineAnswer.objects.filter(line=line).count() == 2


@pytest.mark.parametrize("stage", ["STATED", "UPLOADED", "APPROVED"])
def test_a_stated_number_found_unusable_leaves_its_statement(telkomsel: Machine, period: Period, stage: str) -> None:
    record = RecordFactory.create(recheck_wanted_at=None)
    claim = a_claim(record, period)
    for step in ("STATED", "UPLOADED", "APPROVED"):
        Entitlement.objects.filter(pk=claim.pk).update(stage=step)
        if step == stage:
            break
    PhoneRecord.objects.filter(pk=record.pk).update(recheck_wanted_at=timezone.now())
    dump()

    batch = answer_all(telkomsel, "INACTIVE")

    claim.refresh_from_db()
    record.refresh_from_db()
    assert (claim.stage, claim.code, claim.live) == ("DROPPED", "INACTIVE", False)
    assert (record.cell, record.stage, batch.counts["dropped_claims"]) == ("INACTIVE", "", 1)


def a_claim(record: PhoneRecord, period: Period) -> Entitlement:
    return Entitlement.objects.create(
        period=period,
        record=record,
        school=record.school,
        role=record.role,
        number=record.number,
        provider_id=record.provider_id or "",
        ownership=record.ownership,
        slot=1,
        stage="STATED",
        stage_at=timezone.now(),
    )


def test_a_recheck_keeps_a_usable_number_usable_until_the_answer_comes(telkomsel: Machine) -> None:
    record = RecordFactory.create(recheck_wanted_at=timezone.now())
    dump()

    record.refresh_from_db()
    assert (record.cell, record.recheck_wanted_at) == ("USABLE", None)
    answer_all(telkomsel, "POSTPAID")
    record.refresh_from_db()
    assert record.state == "POSTPAID"


def test_the_periodic_task_prepares_only_when_there_is_something_to_ask(period: Period) -> None:
    assert prepare_dumps() == "nothing to ask"
    ready()
    assert prepare_dumps().startswith("dump ")
    assert prepare_dump(by=ROBOT, now=timezone.now())[1] is False


def test_closing_without_answers_lets_the_numbers_be_asked_again(telkomsel: Machine) -> None:
    [record] = ready()
    [exchange] = dump()
    closed = close(by=ROBOT, exchange=exchange, now=timezone.now())

    record.refresh_from_db()
    assert (closed.status, closed.counts["withdrawn"], record.cell) == ("CLOSED", 1, "READY")
    assert [x.rows for x in dump()] == [1]


def test_a_late_answer_to_a_closed_file_still_counts(telkomsel: Machine) -> None:
    [record] = ready()
    [exchange] = dump()
    number = telkomsel.pull(exchange.pk)[0]["no_ponsel"]
    close(by=ROBOT, exchange=exchange, now=timezone.now())

    telkomsel.answer(exchange.pk, lines([(1, number, "ACTIVE", moment(1))]))

    record.refresh_from_db()
    exchange.refresh_from_db()
    assert (record.state, exchange.status) == ("ACTIVE", "CLOSED")


def test_offering_again_shows_the_same_file_as_new(telkomsel: Machine) -> None:
    ready()
    [exchange] = dump()
    telkomsel.pull(exchange.pk)
    assert telkomsel.waiting() == []

    offer_again(by=ROBOT, exchange=exchange, now=timezone.now())
    assert telkomsel.waiting() == [exchange.pk]


def test_an_old_answer_and_one_in_grace_are_asked_again_by_themselves(period: Period) -> None:
    now = timezone.now()
    old = RecordFactory.create(answered_at=now - timedelta(days=period.answer_valid_days + 1))
    grace = RecordFactory.create(state="GRACE", answered_at=now - timedelta(hours=25))
    fresh = [RecordFactory.create(), RecordFactory.create(state="GRACE", answered_at=now - timedelta(hours=1))]

    assert ask_old_again() == "2"
    [exchange] = dump()

    asked = set(ExchangeLine.objects.filter(exchange=exchange).values_list("record_id", flat=True))
    assert asked == {old.pk, grace.pk}
    assert not asked & {record.pk for record in fresh}


def test_files_go_when_their_time_is_over_and_the_ledger_stays(telkomsel: Machine) -> None:
    ready()
    [exchange] = dump()
    number = telkomsel.pull(exchange.pk)[0]["no_ponsel"]
    batch = telkomsel.answer(exchange.pk, lines([(1, number, "ACTIVE", moment(1))]))
    assert remove_exchanged_files() == "0"

    long_ago = timezone.now() - timedelta(days=91)
    Exchange.objects.update(prepared_at=long_ago, answered_at=long_ago)
    Batch.objects.update(finished_at=long_ago)

    assert remove_exchanged_files() == "2"
    batch.refresh_from_db()
    assert (bool(batch.file), len(batch.sha256)) == (False, 64)
    answer = telkomsel.get(f"exchanges/{exchange.pk}/parts/1")
    assert (answer.status_code, answer.json()["code"]) == (410, "GONE")
    assert telkomsel.get(f"exchanges/{exchange.pk}").json()["rows"] == 1
