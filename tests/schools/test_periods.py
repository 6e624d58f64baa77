"""Opening and closing a period."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from providers.choices import Cell, Sharing, Stage
from providers.models import Entitlement, PhoneRecord
from schools.choices import PeriodStatus
from schools.models import Period
from schools.periods import close_period, open_period
from tests.factories import PeriodFactory, RecordFactory, SchoolFactory, WindowFactory, pusdatin
from tests.providers.test_claims import WAY_TO, claim, walked
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import Refused, run_batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def september() -> Period:
    return PeriodFactory.create(name="September 2020", starts_date=date(2020, 9, 1))


def october(**fields) -> Period:
    fields = {"starts_date": date(2020, 10, 1), "status": PeriodStatus.DRAFT, "is_current": False} | fields
    period = PeriodFactory.create(name="Oktober 2020", **fields)
    WindowFactory.create(period=period)
    return period


def opened(period: Period) -> Batch:
    batch = open_period(by=pusdatin(), period=period, now=timezone.now())
    run_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.status == Status.DONE, batch.error
    return batch


def closed(period: Period) -> None:
    run_batch(close_period(by=pusdatin(), period=period, now=timezone.now()).pk)


def test_an_unchanged_recipient_is_carried_over_as_approved(september):
    record = RecordFactory.create()
    first = walked(claim(record, september), Stage.INJECTED)
    batch = opened(october())
    carried = Entitlement.objects.get(period__name="Oktober 2020")
    assert (carried.stage, carried.carried_from_id, carried.number) == (Stage.APPROVED, first.pk, record.number)
    record.refresh_from_db()
    assert record.cell == Cell.APPROVED
    assert batch.counts["carried"] == 1


@pytest.mark.parametrize("stage", sorted(set(WAY_TO) - {Stage.INJECTED}))
def test_nobody_else_is_carried_over(september, stage):
    record = RecordFactory.create()
    walked(claim(record, september), stage)
    opened(october())
    record.refresh_from_db()
    assert record.stage == ""
    assert Entitlement.objects.filter(period__name="Oktober 2020").count() == 0


@pytest.mark.parametrize("change", [{"eligibility": "NOT_SYNCED"}, {"state": "INACTIVE"}])
def test_a_recipient_that_changed_is_not_carried(september, change):
    record = RecordFactory.create()
    walked(claim(record, september), Stage.INJECTED)
    PhoneRecord.objects.filter(pk=record.pk).update(**change)
    opened(october())
    assert Entitlement.objects.count() == 1


def test_a_moved_recipient_is_not_carried(september):
    record = RecordFactory.create()
    walked(claim(record, september), Stage.INJECTED)
    PhoneRecord.objects.filter(pk=record.pk).update(school=SchoolFactory.create())
    opened(october())
    assert Entitlement.objects.count() == 1


def test_a_period_that_does_not_carry_over_begins_empty(september):
    record = RecordFactory.create()
    walked(claim(record, september), Stage.INJECTED)
    opened(october(carries_over=False))
    record.refresh_from_db()
    assert record.cell == Cell.USABLE


def test_a_family_is_carried_with_a_slot_each(september):
    school = SchoolFactory.create()
    family = [RecordFactory.create(number="+6281233334444", school=school) for _ in range(3)]
    for slot, record in enumerate(family, start=1):
        walked(claim(record, september, slot=slot), Stage.INJECTED)
    opened(october())
    carried = Entitlement.objects.filter(period__name="Oktober 2020")
    assert sorted(carried.values_list("slot", flat=True)) == [1, 2, 3]


def test_new_thresholds_judge_the_shared_numbers_anew(september):
    for _ in range(3):
        RecordFactory.create(number="+6281233334444", share_count=3)
    opened(october(sharing_confirm_above=1, sharing_max=2))
    assert set(PhoneRecord.objects.values_list("sharing", flat=True)) == {Sharing.STOPPED}


def test_opening_run_twice_changes_nothing_more(september):
    walked(claim(RecordFactory.create(), september), Stage.INJECTED)
    period = october()
    batch = opened(period)
    Batch.objects.filter(pk=batch.pk).update(status=Status.QUEUED)
    run_batch(batch.pk)
    assert Entitlement.objects.filter(period=period).count() == 1


def test_the_lock_is_the_union_of_live_periods_and_ends_with_the_last(september):
    record = RecordFactory.create()
    walked(claim(record, september), Stage.RELEASED)
    opened(october())
    with pytest.raises(IntegrityError, match="locked"), transaction.atomic():
        PhoneRecord.objects.filter(pk=record.pk).update(number="+6281298765432")
    september.refresh_from_db()
    closed(september)
    assert PhoneRecord.objects.filter(pk=record.pk).update(number="+6281298765432") == 1
    assert Entitlement.objects.get().closed


def test_what_cannot_be_opened_or_closed_says_why(september):
    with pytest.raises(Refused, match="jendela"):
        open_period(by=pusdatin(), period=PeriodFactory.create(status="DRAFT", is_current=False), now=timezone.now())
    with pytest.raises(Refused, match="Buka periode berikutnya"):
        close_period(by=pusdatin(), period=september, now=timezone.now())
