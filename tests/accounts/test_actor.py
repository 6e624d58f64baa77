"""Who sees which school, and who may judge its scans (domain.md §8)."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from schools.choices import Jenjang
from schools.models import School
from tests.factories import AssignmentFactory, OfficeFactory, SchoolFactory, UserFactory, an_actor, pusdatin
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.middleware import SESSION_KEY, actor_of
from vervalponsel.accounts.permissions import Permission, Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def nation() -> dict[str, School]:
    return {
        "brebes sd": SchoolFactory.create(npsn="20326541", district="032901"),
        "brebes sma": SchoolFactory.create(district="032902", jenjang=Jenjang.SMA),
        "tegal sd": SchoolFactory.create(district="032801"),
        "lampung sd": SchoolFactory.create(district="120301"),
    }


def seen_by(actor: Actor, nation: dict[str, School]) -> set[str]:
    names = {school.pk: name for name, school in nation.items()}
    return {names[school.pk] for school in School.objects.visible_to(actor)}


@pytest.mark.parametrize(
    ("role", "scope", "jenjang", "seen"),
    [
        (Role.OPERATOR, "20326541", [], {"brebes sd"}),
        (Role.DINAS, "0329", [], {"brebes sd"}),
        (Role.DINAS, "0329", ["SMP"], set()),
        (Role.DINAS, "03", [], {"brebes sma"}),
        (Role.LPMP, "03", [], {"brebes sd", "brebes sma", "tegal sd"}),
        (Role.PUSDATIN, "", [], {"brebes sd", "brebes sma", "tegal sd", "lampung sd"}),
    ],
)
def test_everybody_sees_their_own_scope(nation, role, scope, jenjang, seen):
    assert seen_by(an_actor(role, scope, jenjang), nation) == seen


def test_nobody_without_an_assignment_sees_anything(nation):
    assert seen_by(Actor(user=UserFactory.create(), assignment=None), nation) == set()
    assert not Actor(user=UserFactory.create(), assignment=None).may(Permission.SEE_RECAPS)


def test_a_staffed_office_judges_its_own_and_pusdatin_the_rest(nation):
    OfficeFactory.create(scope_code="0329")
    OfficeFactory.create(scope_code="0328", is_staffed=False)
    judged = School.objects.judged_by(pusdatin())
    assert nation["brebes sd"] not in judged
    assert {nation["brebes sma"], nation["tegal sd"], nation["lampung sd"]} == set(judged)
    assert list(School.objects.judged_by(an_actor(Role.DINAS, "0329"))) == [nation["brebes sd"]]
    assert not School.objects.judged_by(an_actor(Role.DINAS, "0328")).exists()
    assert not School.objects.judged_by(an_actor(Role.OPERATOR, "20326541")).exists()


def test_a_person_with_several_assignments_acts_in_the_chosen_one(rf):
    user = UserFactory.create()
    first = AssignmentFactory.create(user=user, scope_code="20000001")
    second = AssignmentFactory.create(user=user, scope_code="20000002")
    request = rf.get("/")
    request.user, request.session = user, {}
    assert actor_of(request).assignment == first
    request.session = {SESSION_KEY: second.pk}
    assert (actor_of(request).assignment, actor_of(request).has_several) == (second, True)
    second.is_active = False
    second.save()
    assert actor_of(request).assignment == first


def test_somebody_elses_assignment_cannot_be_chosen(rf):
    request = rf.get("/")
    request.user = UserFactory.create()
    request.session = {SESSION_KEY: AssignmentFactory.create().pk}
    assert actor_of(request).assignment is None


def test_an_anonymous_visitor_is_nobody(rf):
    request = rf.get("/")
    request.user = AnonymousUser()
    assert actor_of(request).user is None
    assert not actor_of(request).is_system


def test_only_pusdatin_works_for_the_nation():
    with pytest.raises(IntegrityError, match="assignment_scope_fits_role"):
        AssignmentFactory.create(role=Role.DINAS, scope_code="")
