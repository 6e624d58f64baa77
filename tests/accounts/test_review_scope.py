"""Scopes that cannot mean more than they say, and what each role sees beside schools."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from schools.accounts import UnknownScope, label_for
from schools.choices import ChangeKind, Jenjang
from schools.models import CutoffChange, CutoffRun, School
from tests.factories import AssignmentFactory, OfficeFactory, SchoolFactory, an_actor, operator_of, pusdatin
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.models import Assignment
from vervalponsel.accounts.permissions import Role
from vervalponsel.audit.actions import record
from vervalponsel.audit.models import Event
from vervalponsel.batches.models import Batch

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "scope"),
    [(Role.DINAS, code) for code in ("0", "00", "0000", "0300", "003", "032901", "03a9")]
    + [(Role.LPMP, code) for code in ("00", "0329", "3")],
)
def test_a_region_that_is_none_is_no_scope(role, scope):
    """``00`` would be the nation, ``0300`` a whole province."""
    with pytest.raises(IntegrityError, match="assignment_scope_is_a_region"):
        AssignmentFactory.create(role=role, scope_code=scope)


@pytest.mark.parametrize(("role", "scope"), [(Role.DINAS, "00"), (Role.DINAS, "0000"), (Role.LPMP, "0329")])
def test_such_a_scope_is_refused_with_a_sentence(role, scope):
    SchoolFactory.create(district="032901")
    with pytest.raises(UnknownScope, match="kode"):
        label_for(pusdatin(), role, scope)


def test_an_office_keeps_its_hands_off_what_the_table_takes_from_it():
    OfficeFactory.create(scope_code="0329", jenjang=[Jenjang.SD])
    school = SchoolFactory.create(district="032901", jenjang=Jenjang.SMP)
    assert list(School.objects.judged_by(pusdatin())) == [school]
    assert not School.objects.judged_by(an_actor(Role.DINAS, "0329")).exists()
    assert not School.objects.judged_by(an_actor(Role.DINAS, "0329", ["SMP"])).exists()


def test_an_office_sees_and_judges_what_the_table_gives_to_it():
    OfficeFactory.create(scope_code="0329", jenjang=[Jenjang.SD, Jenjang.SMA])
    school = SchoolFactory.create(district="032901", jenjang=Jenjang.SMA)
    dinas = an_actor(Role.DINAS, "0329")
    assert not School.objects.judged_by(pusdatin()).exists()
    assert list(School.objects.visible_to(dinas)) == list(School.objects.judged_by(dinas)) == [school]


def test_a_dinas_is_not_shown_the_operators_of_the_nation():
    AssignmentFactory.create(role=Role.OPERATOR, scope_code="20999999")
    dinas = an_actor(Role.DINAS, "0329")
    assert list(Assignment.objects.visible_to(dinas)) == [dinas.assignment]
    assert Assignment.objects.visible_to(pusdatin()).count() == 3


def test_who_may_only_read_recaps_sees_no_events_changes_or_batches_of_the_office_beside():
    office, lpmp = an_actor(Role.DINAS, "03", ["SMA"]), an_actor(Role.LPMP, "03")
    school = SchoolFactory.create(district="032901", jenjang=Jenjang.SMA)
    record(by=office, action="x", target=school, now=timezone.now())
    batch = Batch.objects.create(kind="x", title="x", scope_code="03", actor_name="x", created_at=timezone.now())
    run = CutoffRun.objects.create(batch=batch, scope="nation", cutoff_date="2020-09-11", semester_id="20201")
    CutoffChange.objects.create(
        run=run, school=school, role="STUDENT", person_id=school.sekolah_id, kind=ChangeKind.LEFT
    )
    assert [model.objects.visible_to(lpmp).count() for model in (Event, Batch, CutoffChange)] == [0, 0, 0]
    assert Event.objects.visible_to(office).count() == 1
    assert CutoffChange.objects.visible_to(operator_of(school)).count() == 1
    assert not CutoffChange.objects.visible_to(Actor(user=None, assignment=None)).exists()
