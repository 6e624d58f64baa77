"""Two at once: the same form, the last slots of one number, one scan and two judgements."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from providers.models import Entitlement, PhoneRecord
from schools.models import School
from sptjm.actions.drafting import Drafted, make_statement
from sptjm.actions.reviewing import approve, return_scan
from sptjm.choices import ReturnCode
from sptjm.models import Statement
from sptjm.policies import Overtaken
from tests.factories import OfficeFactory, PeriodFactory, an_actor, operator_of
from tests.sptjm.conftest import Case
from tests.sptjm.factories import a_school
from vervalponsel.accounts.permissions import Role

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run all together, each on a connection of its own; gives results or exceptions in order."""
    results: list[Any] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            gate.wait()
            results[index] = work()
        except Exception as problem:  # noqa: BLE001
            results[index] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_same_form_twice_at_once_makes_one_statement() -> None:
    period, school = PeriodFactory.create(), a_school(students=5)
    actor = operator_of(school)

    def make() -> Any:
        return make_statement(by=actor, school=school, period=period, now=timezone.now(), token="sama")

    first, second = at_once(make, make)
    assert {first.created, second.created} == {True, False}
    assert first.statement == second.statement
    assert Statement.objects.count() == 1


def test_schools_that_share_numbers_get_different_slots() -> None:
    period = PeriodFactory.create(sharing_confirm_above=10)
    schools = [a_school(students=4) for _ in range(3)]
    numbers = [f"+62812777700{n:02d}" for n in range(4)]
    for school in schools:
        for record, number in zip(PhoneRecord.objects.filter(school=school, role="STUDENT"), numbers, strict=True):
            PhoneRecord.objects.filter(pk=record.pk).update(number=number)

    def maker(school: School) -> Callable[[], Drafted]:
        actor = operator_of(school)
        return lambda: make_statement(by=actor, school=school, period=period, now=timezone.now())

    works = [maker(school) for school in schools]
    assert all(drafted.statement.people == 5 for drafted in at_once(*works))
    for number in numbers:
        slots = Entitlement.objects.live().filter(number=number).values_list("slot", flat=True)
        assert sorted(slots) == [1, 2, 3]


def test_two_judgements_at_once_leave_one_and_a_sentence() -> None:
    OfficeFactory.create()
    school = a_school()
    offices = [an_actor(Role.DINAS, "0329") for _ in range(2)]
    case = Case(PeriodFactory.create(), school, operator_of(school), *offices)
    statement = case.make()
    case.upload(statement)
    scan = statement.scans.get()
    seen: dict[str, Any] = {"statement": statement, "scan": scan, "now": timezone.now()}
    results = at_once(
        lambda: approve(by=offices[0], **seen),
        lambda: return_scan(by=offices[1], code=ReturnCode.BLURRED, note="", **seen),
    )
    assert sum(isinstance(result, Overtaken) for result in results) == 1
    assert statement.reviews.count() == 1
