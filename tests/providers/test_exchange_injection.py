"""Ordering quota and hearing what came of it."""

from collections import Counter
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from providers.injection import begin, offer, order
from providers.models import Entitlement, Exchange, ExchangeLine, Package, PhoneRecord
from schools.models import Period
from schools.periods import close_period, open_period
from tests.factories import PeriodFactory, RecordFactory, SchoolFactory, WindowFactory, a_provider, pusdatin
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

from .exchanging import ROBOT, Machine, at, dump, lines

pytestmark = pytest.mark.django_db


@pytest.fixture
def period() -> Period:
    return PeriodFactory.create()


@pytest.fixture
def telkomsel(period: Period) -> Machine:
    return Machine.of("TELKOMSEL")


def approved(period: Period, slot: int = 1, **fields: Any) -> Entitlement:
    """A claim that went all the way to APPROVED."""
    record = fields.pop("record", None) or RecordFactory.create(**fields)
    claim = Entitlement.objects.create(
        period=period,
        record=record,
        school=record.school,
        role=record.role,
        number=record.number,
        provider_id=record.provider_id or "",
        ownership=record.ownership,
        slot=slot,
        stage="STATED",
        stage_at=timezone.now(),
    )
    for stage in ("UPLOADED", "APPROVED"):
        Entitlement.objects.filter(pk=claim.pk).update(stage=stage)
    claim.refresh_from_db()
    return claim


def release(period: Period) -> tuple[dict[str, int], list[Exchange]]:
    """Order everything that is approved, as a release does."""
    now = timezone.now()
    batch = Batch.objects.create(kind="dump", title="Pengiriman", actor_name="uji", created_at=now, status="RUNNING")
    claims, counts = Entitlement.objects.approved().filter(period=period), Counter[str]()
    for piece in begin(batch=batch, period=period, stage=1, claims=claims, now=now):
        with transaction.atomic():
            counts.update(order(period=period, claims=claims, piece=piece, by=ROBOT, now=now, batch=batch))
    offer(batch=batch, by=ROBOT, now=now)
    Batch.objects.filter(pk=batch.pk).update(status="DONE")
    return counts, list(Exchange.objects.filter(batch=batch).order_by("provider_id"))


def report(machine: Machine, exchange: Exchange, *rows: tuple[object, ...]) -> Batch:
    return machine.answer(exchange.pk, lines(list(rows), "line,no_ponsel,status,code,reported_at"), "reports")


def ordered(machine: Machine, period: Period, **fields: Any) -> tuple[Entitlement, Exchange, str]:
    claim = approved(period, **fields)
    _, [exchange] = release(period)
    return claim, exchange, machine.pull(exchange.pk)[0]["no_ponsel"]


def test_an_approved_claim_is_ordered_with_the_package_of_its_kind(telkomsel: Machine, period: Period) -> None:
    pupil = approved(period)
    teacher = approved(period, role="TEACHER")
    preschooler = approved(period, school=SchoolFactory.create(jenjang="PAUD"))

    counts, [exchange] = release(period)

    assert counts["ordered"] == 3
    assert telkomsel.waiting("INJECT") == [exchange.pk]
    rows = {row["pd_id"]: row for row in telkomsel.pull(exchange.pk)}
    wanted = {pupil: "35", teacher: "42", preschooler: "20"}
    assert {str(claim.record.person_id): gb for claim, gb in wanted.items()} == {
        person: row["gigabytes"] for person, row in rows.items()
    }
    assert list(rows[str(pupil.record.person_id)]) == ["batch", "line", "pd_id", "npsn", "no_ponsel", "gigabytes"]
    pupil.refresh_from_db()
    pupil.record.refresh_from_db()
    assert (pupil.stage, pupil.package.gigabytes, pupil.record.cell) == ("RELEASED", 35, "RELEASED")  # type: ignore[union-attr]


def test_a_provider_s_own_package_goes_before_the_common_one(telkomsel: Machine, period: Period) -> None:
    own: dict[str, Any] = {
        "role": "STUDENT",
        "jenjang": "SD",
        "provider": a_provider(),
        "general_gb": 1,
        "learning_gb": 2,
    }
    Package.objects.create(period=period, **own)
    _, exchange, _ = ordered(telkomsel, period)
    assert ExchangeLine.objects.get(exchange=exchange).gigabytes == 3


def test_nothing_is_ordered_twice(telkomsel: Machine, period: Period) -> None:
    approved(period)
    release(period)
    counts, exchanges = release(period)
    assert (counts["ordered"], exchanges) == (0, [])


def test_what_may_not_go_now_stays_approved_and_is_told(telkomsel: Machine, period: Period) -> None:
    period.holds_no_coverage = True
    period.save()
    remote = approved(period, school=SchoolFactory.create(no_coverage=True))
    old = approved(period)
    PhoneRecord.objects.filter(pk=old.record_id).update(answered_at=timezone.now() - timedelta(days=31))
    Package.objects.filter(role="TEACHER").delete()
    teacher = approved(period, role="TEACHER")

    counts, exchanges = release(period)

    assert exchanges == []
    told = {name: n for name, n in counts.items() if n}
    assert told == {"held_no_coverage": 1, "asked_again": 1, "no_package": 1}
    old.record.refresh_from_db()
    assert old.record.recheck_wanted_at is not None
    stages = Entitlement.objects.filter(pk__in=[remote.pk, old.pk, teacher.pk]).values_list("stage", flat=True)
    assert set(stages) == {"APPROVED"}


def test_no_claims_at_all_order_nothing(period: Period) -> None:
    batch = Batch.objects.create(kind="dump", title="x", actor_name="uji", created_at=timezone.now())
    nobody, now = Entitlement.objects.none(), timezone.now()
    assert begin(batch=batch, period=period, stage=1, claims=nobody, now=now) == []
    piece = {"first": 1, "last": 9, "before": 0, "most": 9}
    counts = order(period=period, claims=nobody, piece=piece, by=ROBOT, now=now, batch=batch)
    assert set(counts.values()) == {0}


def test_a_success_injects_and_no_report_is_no_success(telkomsel: Machine, period: Period) -> None:
    claim, exchange, number = ordered(telkomsel, period)
    claim.refresh_from_db()
    assert claim.stage == "RELEASED"

    batch = report(telkomsel, exchange, (1, number, "SUCCEEDED", "", at(1, timezone.now())))

    claim.refresh_from_db()
    claim.record.refresh_from_db()
    exchange.refresh_from_db()
    assert (claim.stage, claim.record.cell, exchange.status) == ("INJECTED", "INJECTED", "ANSWERED")
    assert batch.counts["applied"] == 1


def test_a_failure_opens_the_school_s_repair_and_the_number_can_be_asked_again(
    telkomsel: Machine, period: Period
) -> None:
    claim, exchange, number = ordered(telkomsel, period)
    report(telkomsel, exchange, (1, number, "FAILED", "NUMBER_BLOCKED", at(1, timezone.now())))

    claim.refresh_from_db()
    record = claim.record
    record.refresh_from_db()
    assert (claim.stage, claim.code, claim.live) == ("FAILED", "NUMBER_BLOCKED", False)
    assert (record.cell, record.state, record.code) == ("FAILED", "FAILED", "NUMBER_BLOCKED")

    PhoneRecord.objects.filter(pk=record.pk).update(recheck_wanted_at=timezone.now())
    [again] = dump()
    telkomsel.pull(again.pk)
    telkomsel.answer(again.pk, lines([(1, number, "ACTIVE", at(2, timezone.now()))]))
    record.refresh_from_db()
    assert (record.cell, record.code) == ("USABLE", "")


def test_an_unknown_reason_is_kept_on_the_line_and_counts_as_other(telkomsel: Machine, period: Period) -> None:
    claim, exchange, number = ordered(telkomsel, period)
    report(telkomsel, exchange, (1, number, "gagal", "the moon was full", at(1, timezone.now())))
    claim.record.refresh_from_db()
    assert claim.record.code == "OTHER"
    assert ExchangeLine.objects.get(exchange=exchange).code == "THE_MOON_WAS_FULL"


def test_a_success_can_be_reversed_later(telkomsel: Machine, period: Period) -> None:
    claim, exchange, number = ordered(telkomsel, period)
    now = timezone.now()
    report(telkomsel, exchange, (1, number, "SUCCEEDED", "", at(1, now)))
    report(telkomsel, exchange, (1, number, "REVERSED", "PACKAGE_REJECTED", at(60, now)))

    claim.refresh_from_db()
    claim.record.refresh_from_db()
    assert (claim.stage, claim.code, claim.record.cell) == ("REVERSED", "PACKAGE_REJECTED", "FAILED")
    assert ExchangeLine.objects.get(exchange=exchange).is_contradicted is False


SAID = (("SUCCEEDED", "", 1), ("FAILED", "NUMBER_BLOCKED", 2), ("REVERSED", "PACKAGE_REJECTED", 3))


@pytest.mark.parametrize(
    "said", [some for length in (2, 3) for some in permutations(SAID, length)], ids=lambda s: "-".join(x[0] for x in s)
)
def test_reports_commute(telkomsel: Machine, period: Period, said: tuple[tuple[str, str, int], ...]) -> None:
    claim, exchange, number = ordered(telkomsel, period)
    now = timezone.now()
    for outcome, code, minutes in said:
        report(telkomsel, exchange, (1, number, outcome, code, at(minutes, now)))

    claim.refresh_from_db()
    claim.record.refresh_from_db()
    line = ExchangeLine.objects.get(exchange=exchange)
    gravest = max((x for x in said), key=lambda x: x[2])
    assert (claim.stage, claim.live, claim.record.state) == ("REVERSED", False, "FAILED")
    assert (line.outcome, line.code) == gravest[:2]
    assert line.is_contradicted is ("FAILED" in {x[0] for x in said})


def test_a_claim_of_a_closed_period_is_left_alone(telkomsel: Machine, period: Period) -> None:
    claim, exchange, number = ordered(telkomsel, period)
    Entitlement.objects.filter(pk=claim.pk).update(closed=True)
    report(telkomsel, exchange, (1, number, "SUCCEEDED", "", at(1, timezone.now())))
    claim.refresh_from_db()
    assert claim.stage == "RELEASED"
    assert ExchangeLine.objects.get(exchange=exchange).outcome == "SUCCEEDED"


def test_an_order_without_reports_ends_with_its_period_and_holds_up_no_later_one(
    telkomsel: Machine, period: Period, client: Client
) -> None:
    claim, exchange, number = ordered(telkomsel, period)
    after = PeriodFactory.create(is_current=False)
    WindowFactory.create(period=after)
    run_batch(open_period(by=pusdatin(), period=after, now=timezone.now()).pk)
    batch = close_period(by=pusdatin(), period=period, now=timezone.now())
    assert run_batch(batch.pk) == "DONE"
    batch.refresh_from_db()
    assert batch.counts["orders_closed"] == 1

    exchange.refresh_from_db()
    claim.refresh_from_db()
    assert (exchange.status, exchange.counts["withdrawn"], claim.stage, claim.live) == ("CLOSED", 1, "RELEASED", False)
    client.force_login(pusdatin().user)  # type: ignore[arg-type]
    assert "bersama periodenya" in client.get(reverse("providers:exchange", args=[exchange.pk])).content.decode()

    approved(after, record=claim.record)
    assert release(after)[0]["ordered"] == 1
    report(telkomsel, exchange, (1, number, "SUCCEEDED", "", at(1, timezone.now())))
    claim.refresh_from_db()
    assert (claim.stage, ExchangeLine.objects.get(exchange=exchange).outcome) == ("RELEASED", "SUCCEEDED")
