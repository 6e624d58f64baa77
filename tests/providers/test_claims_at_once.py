"""Claims made, judged and counted by several sessions at once: nobody waits in a ring, and nothing slips through."""

import pytest
from django.utils import timezone

from providers.choices import Cell, Stage
from providers.models import Entitlement, PhoneRecord
from providers.sharing import recount_requested
from schools.models import Period
from schools.periods import close_period, open_period
from tests.factories import PeriodFactory, RecordFactory, WindowFactory, pusdatin
from tests.providers.test_claims import claim, walked
from tests.waiting import Beside, another_session
from vervalponsel.batches.choices import Status
from vervalponsel.batches.runner import run_batch

pytestmark = pytest.mark.django_db(transaction=True)

CLAIM = """
    INSERT INTO providers_entitlement
        (period_id, record_id, school_id, role, number, provider_id, ownership, slot, stage, code, stage_at, closed)
    SELECT %s, id, school_id, role, number, provider_id, ownership, 1, 'STATED', '', now(), false
    FROM providers_phonerecord WHERE id = %s
"""


@pytest.fixture
def september() -> Period:
    return PeriodFactory.create(starts_date="2020-09-01")


def october() -> Period:
    period = PeriodFactory.create(status="DRAFT", is_current=False, starts_date="2020-10-01")
    WindowFactory.create(period=period)
    return period


def test_who_judges_a_claim_and_who_counts_its_sharers_do_not_wait_for_each_other():
    period = PeriodFactory.create(sharing_confirm_above=1, sharing_max=1)
    stated = claim(RecordFactory.create(number="+6281233334444"), period)
    RecordFactory.create(number="+6281233334444")
    with another_session() as reviewer, reviewer.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
        cursor.execute("SELECT FROM providers_entitlement WHERE id = %s FOR UPDATE", [stated.pk])
        counting = Beside(lambda: recount_requested(now=timezone.now()))
        assert counting.waits()
        cursor.execute("UPDATE providers_entitlement SET stage = 'UPLOADED' WHERE id = %s", [stated.pk])
        reviewer.commit()
    assert counting.result() == 2
    stated.refresh_from_db()
    assert stated.stage == Stage.DROPPED


def test_a_claim_under_way_while_its_period_closes_does_not_stay_locked(september):
    record = RecordFactory.create()
    Period.objects.filter(pk=september.pk).update(is_current=False)
    with another_session() as operator, operator.cursor() as cursor:
        cursor.execute(CLAIM, [september.pk, record.pk])
        actor = pusdatin()
        closing = Beside(lambda: run_batch(close_period(by=actor, period=september, now=timezone.now()).pk))
        closing.waits()
        operator.commit()
    assert closing.result() == Status.DONE
    assert not Entitlement.objects.live().exists()


def test_a_claim_under_way_while_the_next_period_opens_shows_in_no_cell_of_that_one(september):
    record, actor, coming = RecordFactory.create(), pusdatin(), october()
    with another_session() as operator, operator.cursor() as cursor:
        cursor.execute(CLAIM, [september.pk, record.pk])
        opening = Beside(lambda: run_batch(open_period(by=actor, period=coming, now=timezone.now()).pk))
        opening.waits()
        operator.commit()
    assert opening.result() == Status.DONE
    record.refresh_from_db()
    assert (record.stage, record.cell) == ("", Cell.USABLE)
    assert PhoneRecord.objects.get().entitlements.count() == 1


def test_an_opening_takes_no_slot_before_it_holds_the_records_that_a_statement_may_hold(september):
    """Otherwise each could wait for what the other has: a slot of a shared number, a record of the school."""
    number = "+6281233334444"
    first, second = (RecordFactory.create(number=number) for _ in range(2))
    other = RecordFactory.create(school=second.school)
    for slot, record in enumerate((first, other), start=1):
        walked(claim(record, september, slot=slot), Stage.INJECTED)
    actor, coming = pusdatin(), october()
    batch = open_period(by=actor, period=coming, now=timezone.now())
    PhoneRecord.objects.update(stage="")
    with another_session() as operator, operator.cursor() as cursor:
        cursor.execute("SET lock_timeout = '2s'")
        cursor.execute(
            "SELECT FROM providers_phonerecord WHERE id IN (%s, %s) FOR NO KEY UPDATE", [second.pk, other.pk]
        )
        opening = Beside(lambda: run_batch(batch.pk))
        assert opening.waits()
        cursor.execute(CLAIM, [coming.pk, second.pk])
        operator.commit()
    assert opening.result() == Status.DONE
    assert sorted(coming.entitlements.values_list("number", "slot")) == sorted(
        [(number, 1), (number, 2), (other.number, 1)]
    )
