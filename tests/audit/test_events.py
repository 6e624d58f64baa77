"""Events are kept as they were written."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import SchoolFactory, operator_of, pusdatin
from vervalponsel.audit.actions import record
from vervalponsel.audit.models import Event

pytestmark = pytest.mark.django_db


def test_an_event_says_who_in_which_assignment_did_what_to_what():
    school = SchoolFactory.create()
    actor = operator_of(school)
    event = record(by=actor, action="x", target=school, now=timezone.now(), before={"a": 1}, after={"a": 2})
    assert (event.user, event.assignment, event.scope_code) == (actor.user, actor.assignment, school.npsn)
    assert Event.objects.of(school).get().after == {"a": 2}


@pytest.mark.parametrize("change", [lambda e: e.update(action="y"), lambda e: e.delete()])
def test_the_database_refuses_to_change_or_remove_one(change):
    event = record(by=pusdatin(), action="x", target=SchoolFactory.create(), now=timezone.now())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        change(Event.objects.filter(pk=event.pk))
    assert Event.objects.get().action == "x"


def test_events_are_seen_within_the_own_scope_only():
    mine, other = SchoolFactory.create(), SchoolFactory.create()
    operator = operator_of(mine)
    record(by=operator, action="mine", target=mine, now=timezone.now())
    record(by=operator_of(other), action="other", target=other, now=timezone.now())
    assert [e.action for e in Event.objects.visible_to(operator)] == ["mine"]
    assert Event.objects.visible_to(pusdatin()).count() == 2
