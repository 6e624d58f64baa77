"""What a management form saved, and nothing beside it."""

import pytest
from django.utils import timezone

from schools.models import Period
from tests.factories import PeriodFactory, pusdatin
from vervalponsel.audit.models import Event
from vervalponsel.audit.saving import save_recorded

pytestmark = pytest.mark.django_db


def save(period: Period, **values: object) -> None:
    save_recorded(by=pusdatin(), target=period, values=values, action="period", now=timezone.now())


def test_the_event_tells_what_was_and_what_is():
    save(PeriodFactory.create(sharing_max=10), sharing_max=5, name="September")
    event = Event.objects.get()
    assert (event.action, event.before["sharing_max"], event.after["sharing_max"]) == ("period.changed", 10, 5)


def test_what_did_not_change_is_neither_written_nor_told():
    period = PeriodFactory.create(sharing_max=10)
    save(period, sharing_max=10)
    assert not Event.objects.exists()


def test_what_somebody_else_changed_after_the_page_was_read_stays():
    period = PeriodFactory.create(status="DRAFT", is_current=False)
    Period.objects.filter(pk=period.pk).update(status="OPEN", is_current=True)
    save(period, sharing_max=5)
    period.refresh_from_db()
    assert (period.status, period.is_current, period.sharing_max) == ("OPEN", True, 5)


def test_a_new_one_is_written_whole():
    save(Period(semester_id="20201", deadline_at=timezone.now(), sharing_max=7), name="Baru", starts_date="2020-09-01")
    assert Period.objects.get().sharing_max == 7
    assert Event.objects.get().action == "period.created"
