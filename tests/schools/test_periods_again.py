"""Periods opened twice, in turn, and while others are at work."""

import pytest
from django.utils import timezone

from providers.choices import Cell, Stage
from providers.models import Entitlement, PhoneRecord
from schools import periods
from schools.models import Period
from schools.periods import Step, open_period
from tests.factories import PeriodFactory, RecordFactory, SchoolFactory, WindowFactory, pusdatin
from tests.providers.test_claims import claim, walked
from tests.waiting import Beside, another_session
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch
from vervalponsel.kit.db import lock_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def september() -> Period:
    period = PeriodFactory.create(name="September", starts_date="2020-09-01", is_current=False)
    WindowFactory.create(period=period)
    return period


@pytest.fixture
def october() -> Period:
    period = PeriodFactory.create(name="Oktober", starts_date="2020-10-01", status="DRAFT", is_current=False)
    WindowFactory.create(period=period)
    return period


def opening(period: Period) -> Batch:
    return open_period(by=pusdatin(), period=period, now=timezone.now())


def opened(period: Period) -> Batch:
    batch = opening(period)
    assert run_batch(batch.pk) == Status.DONE
    return batch


def test_pressed_twice_it_is_one_opening(september):
    assert opening(september) == opening(september)
    assert Batch.objects.count() == 1


def test_a_period_opened_again_shows_its_own_claims_again(september, october):
    opened(september)
    record = RecordFactory.create()
    claim(record, september)
    opened(october)
    record.refresh_from_db()
    assert record.cell == Cell.USABLE
    opened(september)
    record.refresh_from_db()
    assert record.cell == Cell.STATED


def test_an_opening_that_another_one_overtook_changes_nothing_more(september, october):
    opened(september)
    record = RecordFactory.create()
    claim(record, september)
    slow = opening(october)
    opened(september)
    assert run_batch(slow.pk) == Status.REFUSED
    record.refresh_from_db()
    assert record.cell == Cell.STATED
    assert "Periode lain" in Batch.objects.get(pk=slow.pk).error


def test_a_family_is_carried_into_the_slots_that_are_free(september, october):
    opened(september)
    school = SchoolFactory.create()
    family = [RecordFactory.create(number="+6281233334444", school=school) for _ in range(3)]
    for slot, record in enumerate(family, start=1):
        walked(claim(record, september, slot=slot), Stage.INJECTED)
    Period.objects.filter(pk=october.pk).update(status="OPEN", sharing_max=3)
    # Somebody of the family was stated already, in the last slot.
    PhoneRecord.objects.filter(pk=family[0].pk).update(sharing_confirmed_at=timezone.now())
    claim(family[0], october, slot=3)
    opened(october)
    assert sorted(Entitlement.objects.filter(period=october).values_list("slot", flat=True)) == [1, 2, 3]


def test_whom_no_slot_is_left_for_is_not_carried_and_stops_nobody_else(september, october):
    opened(september)
    family = [RecordFactory.create(number="+6281233334444") for _ in range(3)]
    other = RecordFactory.create()
    for slot, record in enumerate(family, start=1):
        walked(claim(record, september, slot=slot), Stage.INJECTED)
    walked(claim(other, september), Stage.INJECTED)
    # Not counted again yet: the number still looks as if it were within the limits.
    Period.objects.filter(pk=october.pk).update(sharing_confirm_above=2, sharing_max=2)
    PhoneRecord.objects.update(share_count=1)
    opened(october)
    carried = Entitlement.objects.filter(period=october)
    assert carried.filter(record=other).exists()
    assert carried.count() == 3


@pytest.mark.django_db(transaction=True)
def test_opening_holds_no_row_while_it_waits_for_those_who_count_sharers(september, october):
    """Otherwise the counters, who take their lock before any row, would wait for the opening in turn."""
    record = RecordFactory.create(share_count=2)
    Period.objects.filter(pk=september.pk).update(is_current=True)
    claim(record, september)
    batch = opening(october)
    with another_session() as counter, counter.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s, 0)", [lock_key("sharing")])
        walking = Beside(lambda: run_batch(batch.pk))
        assert walking.waits()
        cursor.execute("SELECT FROM providers_phonerecord WHERE id = %s FOR UPDATE", [record.pk])
        counter.commit()
    assert walking.result() == Status.DONE


def test_a_step_that_somebody_was_in_the_way_of_is_done_again(september, monkeypatch):
    school, tries = SchoolFactory.create(), []

    def unlucky(period, schools, now):
        tries.append(schools)
        if len(tries) == 1:
            claim(RecordFactory.create(eligibility="LEFT"), period)
        return 1

    monkeypatch.setattr(periods, "_OPENING", [Step(1, "unlucky", "Uji", unlucky)])
    batch = opened(september)
    assert tries == [(school.pk, school.pk)] * 2
    batch.refresh_from_db()
    assert batch.counts == {"schools": 1, "unlucky": 1}
