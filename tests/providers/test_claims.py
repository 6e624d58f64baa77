"""The rules of design.md §3 that the database itself keeps."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from providers.choices import Cell, Ownership, Sharing, Stage, State
from providers.models import Entitlement, PhoneRecord
from providers.sharing import recount_requested
from tests.factories import PeriodFactory, RecordFactory, SchoolFactory

pytestmark = pytest.mark.django_db

WAY_TO = {
    Stage.STATED: [],
    Stage.UPLOADED: [Stage.UPLOADED],
    Stage.RETURNED: [Stage.UPLOADED, Stage.RETURNED],
    Stage.APPROVED: [Stage.UPLOADED, Stage.APPROVED],
    Stage.RELEASED: [Stage.UPLOADED, Stage.APPROVED, Stage.RELEASED],
    Stage.INJECTED: [Stage.UPLOADED, Stage.APPROVED, Stage.RELEASED, Stage.INJECTED],
    Stage.VOIDED: [Stage.VOIDED],
    Stage.DROPPED: [Stage.DROPPED],
    Stage.FAILED: [Stage.UPLOADED, Stage.APPROVED, Stage.RELEASED, Stage.FAILED],
    Stage.REVERSED: [Stage.UPLOADED, Stage.APPROVED, Stage.RELEASED, Stage.INJECTED, Stage.REVERSED],
}
ALLOWED = {
    (Stage.STATED, Stage.UPLOADED),
    (Stage.RETURNED, Stage.UPLOADED),
    (Stage.UPLOADED, Stage.APPROVED),
    (Stage.UPLOADED, Stage.RETURNED),
    (Stage.APPROVED, Stage.RETURNED),
    *((stage, Stage.VOIDED) for stage in (Stage.STATED, Stage.UPLOADED, Stage.RETURNED)),
    *((stage, Stage.DROPPED) for stage in (Stage.STATED, Stage.UPLOADED, Stage.RETURNED, Stage.APPROVED)),
    (Stage.APPROVED, Stage.RELEASED),
    (Stage.RELEASED, Stage.INJECTED),
    (Stage.RELEASED, Stage.FAILED),
    (Stage.RELEASED, Stage.REVERSED),
    (Stage.INJECTED, Stage.REVERSED),
    (Stage.FAILED, Stage.REVERSED),
}


def claim(record, period, **fields):
    values = {
        "school": record.school,
        "role": record.role,
        "number": record.number,
        "provider": record.provider,
        "ownership": record.ownership,
        "slot": 1,
        "stage_at": timezone.now(),
    }
    return Entitlement.objects.create(period=period, record=record, **(values | fields))


def walked(entitlement, stage):
    for step in WAY_TO[stage]:
        Entitlement.objects.filter(pk=entitlement.pk).update(stage=step)
    return entitlement


def refused(constraint):
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"eligibility": "NOT_SYNCED"}, "NOT_ELIGIBLE"),
        ({"state": State.GRACE, "answered_at": timezone.now()}, "NOT_USABLE"),
        ({"answered_at": timezone.now() - timedelta(days=31)}, "ANSWER_TOO_OLD"),
        ({"answered_at": None}, "ANSWER_TOO_OLD"),
        ({"ownership": ""}, "OWNERSHIP_MISSING"),
    ],
)
def test_a_record_that_lacks_a_condition_cannot_be_claimed(fields, reason):
    record = RecordFactory.create(**fields)
    with refused(reason):
        claim(record, PeriodFactory.create())


def test_a_claim_moves_its_record_to_the_cell_of_its_stage_and_back():
    record, period = RecordFactory.create(), PeriodFactory.create()
    entitlement = claim(record, period)
    record.refresh_from_db()
    assert record.cell == Cell.STATED
    walked(entitlement, Stage.VOIDED)
    record.refresh_from_db()
    assert (record.cell, record.stage) == (Cell.USABLE, "")


def test_a_claim_of_a_period_that_is_not_current_leaves_the_cell_alone():
    record = RecordFactory.create()
    claim(record, PeriodFactory.create(is_current=False))
    record.refresh_from_db()
    assert record.cell == Cell.USABLE


@pytest.mark.parametrize("came_from", WAY_TO)
@pytest.mark.parametrize("went_to", Stage.values)
def test_only_the_steps_of_the_life_are_allowed(came_from, went_to):
    entitlement = walked(claim(RecordFactory.create(), PeriodFactory.create()), came_from)
    change = Entitlement.objects.filter(pk=entitlement.pk)
    if (came_from, went_to) in ALLOWED or came_from == went_to:
        assert change.update(stage=went_to) == 1
    else:
        with refused("cannot go from"):
            change.update(stage=went_to)


def test_a_locked_number_cannot_change_until_the_period_is_closed():
    record, period = RecordFactory.create(), PeriodFactory.create()
    entitlement = claim(record, period)
    change = PhoneRecord.objects.filter(pk=record.pk)
    with refused("locked"), transaction.atomic():
        change.update(number="+6281299998888")
    Entitlement.objects.filter(pk=entitlement.pk).update(closed=True)
    assert change.update(number="+6281299998888") == 1


def test_one_live_claim_per_record_and_period():
    record, period = RecordFactory.create(), PeriodFactory.create()
    claim(record, period)
    with refused("one_live_claim_per_record"):
        claim(record, period, slot=2)


def test_one_live_claim_per_slot_of_a_number():
    first, period = RecordFactory.create(), PeriodFactory.create()
    second = RecordFactory.create(number=first.number, school=first.school)
    claim(first, period)
    with refused("one_live_claim_per_slot"), transaction.atomic():
        claim(second, period)
    claim(second, period, slot=2)


def test_no_more_slots_than_the_period_allows():
    period = PeriodFactory.create(sharing_confirm_above=1, sharing_max=2)
    with refused("SLOT_OUT_OF_RANGE"):
        claim(RecordFactory.create(), period, slot=3)


def test_a_claim_speaks_of_the_record_as_it_is():
    with refused("RECORD_CHANGED"):
        claim(RecordFactory.create(), PeriodFactory.create(), number="+6281211112222")


def test_a_claim_states_the_owner_that_the_record_states():
    with refused("RECORD_CHANGED"):
        claim(RecordFactory.create(ownership=Ownership.FATHER), PeriodFactory.create(), ownership=Ownership.MOTHER)


@pytest.mark.parametrize("change", [{"ownership": Ownership.FATHER}, {"provider": "XL"}, {"role": "TEACHER"}])
def test_what_was_stated_stays_as_it_was_stated(change):
    entitlement = claim(RecordFactory.create(), PeriodFactory.create())
    with refused("cannot go"):
        Entitlement.objects.filter(pk=entitlement.pk).update(**change)


def test_a_period_that_does_not_carry_over_takes_no_carried_claim():
    record, september = RecordFactory.create(), PeriodFactory.create(is_current=False)
    before = walked(claim(record, september), Stage.INJECTED)
    october = PeriodFactory.create(carries_over=False)
    with refused("NOT_CARRIED"):
        claim(record, october, stage=Stage.APPROVED, carried_from=before)


def test_sharing_is_judged_by_the_thresholds_and_counted_live_at_the_claim():
    period, school = PeriodFactory.create(sharing_confirm_above=2, sharing_max=3), SchoolFactory.create()
    family = [RecordFactory.create(number="+6281233334444", school=school) for _ in range(3)]
    with refused("SHARED_TO_CONFIRM"), transaction.atomic():
        claim(family[0], period)
    recount_requested(now=timezone.now())
    assert set(PhoneRecord.objects.values_list("share_count", "sharing")) == {(3, Sharing.TO_CONFIRM)}
    PhoneRecord.objects.update(sharing_confirmed_at=timezone.now())
    recount_requested(now=timezone.now())
    assert set(PhoneRecord.objects.values_list("sharing", flat=True)) == {Sharing.NONE}
    claim(family[0], period)


def test_too_many_sharers_drop_the_claims_that_are_not_yet_released():
    period = PeriodFactory.create(sharing_confirm_above=1, sharing_max=1)
    entitlement = claim(RecordFactory.create(number="+6281233334444"), period)
    RecordFactory.create(number="+6281233334444")
    recount_requested(now=timezone.now())
    entitlement.refresh_from_db()
    assert (entitlement.stage, entitlement.code) == (Stage.DROPPED, "SHARED_STOPPED")
    assert set(PhoneRecord.objects.values_list("cell", flat=True)) == {Cell.SHARED_STOPPED}


def test_a_claim_is_judged_by_the_limit_of_its_own_period():
    before = PeriodFactory.create(is_current=False, sharing_max=3)
    period, school = PeriodFactory.create(sharing_confirm_above=2, sharing_max=2), SchoolFactory.create()
    family = [RecordFactory.create(number="+6281233334444", school=school) for _ in range(2)]
    for record in family:
        claim(record, before, slot=family.index(record) + 1)
        claim(record, period, slot=family.index(record) + 1)
    RecordFactory.create(number="+6281233334444", school=school)
    recount_requested(now=timezone.now())
    assert set(before.entitlements.values_list("stage", flat=True)) == {Stage.STATED}
    assert set(period.entitlements.values_list("stage", flat=True)) == {Stage.DROPPED}


def test_requests_to_count_leave_nothing_behind_when_counted():
    RecordFactory.create(ownership=Ownership.FATHER)
    recount_requested(now=timezone.now())
    assert recount_requested(now=timezone.now()) == 0


def test_an_owner_is_one_of_those_that_the_programme_knows():
    with refused("record_owner_is_known"):
        RecordFactory.create(ownership="HACKER")
