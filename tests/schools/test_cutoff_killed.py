"""A run that is killed anywhere starts again from the kept file and ends as if nothing had happened."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import QuerySet

from providers import cutoff as numbers
from providers.models import Entitlement, PhoneRecord
from schools.cutoff.cutoff import Cutoff
from schools.models import CutoffChange, CutoffRun, Office, Region, School
from schools.tallies import NATION, region_figures
from students.models import Student
from teachers.models import Teacher
from tests.factories import PeriodFactory
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch, RowError
from vervalponsel.batches.runner import run_batch

from .registers import first_register, handed_in, imported, second_register

pytestmark = [
    pytest.mark.proof,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]

Rows = list[tuple[Any, ...]]
_PERSON = (
    "school__npsn",
    "name",
    "name_key",
    "eligibility",
    "other_npsn",
    "name_similarity",
    "has_left",
    "register_number",
)


@pytest.fixture(autouse=True)
def _small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "PEOPLE_AT_ONCE", 4)


def everything() -> dict[str, Any]:
    """All that an import writes, by natural keys, without ids and instants."""

    def rows(found: QuerySet, *names: str) -> Rows:
        return sorted(map(tuple, found.values_list(*names)), key=repr)

    newest = CutoffRun.objects.order_by("-id").first()
    return {
        "regions": rows(Region.objects.all(), "code", "name", "level", "parent"),
        "offices": rows(Office.objects.all(), "scope_code", "is_staffed"),
        "schools": rows(School.objects.all(), "npsn", "name", "region", "province_code", "is_synchronised", "has_left"),
        "students": rows(Student.objects.all(), "peserta_didik_id", *_PERSON, "nisn", "record__person_id"),
        "teachers": rows(Teacher.objects.all(), "ptk_id", *_PERSON, "record__person_id"),
        "records": rows(
            PhoneRecord.objects.all(),
            *("role", "person_id", "school__npsn", "eligibility", "typed", "number", "state", "code"),
            *("share_count", "sharing", "stage", "version", "cell"),
        ),
        "claims": rows(Entitlement.objects.all(), "record__person_id", "stage", "code"),
        "changes": rows(
            CutoffChange.objects.filter(run=newest),
            *("school__npsn", "person_id", "kind", "code", "other_npsn", "offered"),
        ),
        "refused": rows(RowError.objects.all(), "batch__title", "file", "line", "code"),
        "figures": sorted(region_figures(NATION).by("metric").items()),
        "counts": Batch.objects.order_by("-id").values_list("counts", flat=True).first(),
        "left behind": _side_tables(),
    }


def _side_tables() -> Rows:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE 'cutoff\\_%'")
        return cursor.fetchall()


def _emptied() -> None:
    """The register as before the first import; what migrations loaded stays."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE schools_region, schools_school, schools_office, schools_tally, schools_tallydelta,"
            " schools_rollup, batches_batch, audit_event, providers_sharerequest RESTART IDENTITY CASCADE"
        )


@pytest.fixture
def undisturbed(tmp_path: Path) -> dict[str, dict[str, Any]]:
    """What the first and the second import make of an empty database."""
    PeriodFactory.create(sharing_confirm_above=1)
    imported(first_register()[0], tmp_path)
    first = everything()
    imported(second_register()[0], tmp_path, cutoff_date="2020-09-18")
    found = {"first": first, "second": everything()}
    _emptied()
    return found


def _before(register: str, place: Path) -> Batch:
    """An import handed in to the database that it expects."""
    _emptied()
    if register == "first":
        return handed_in(first_register()[0], place)
    imported(first_register()[0], place)
    return handed_in(second_register()[0], place, cutoff_date="2020-09-18")


def _in_a_child(work: Callable[[], object]) -> int:
    """Start the work in a process of its own; returns its id."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    return child


def _killed_at(call: int, batch: Batch) -> bool:
    """Run the batch in a process that kills itself before its ``call``-th step; False when it ended before that."""

    def work() -> None:
        steps, run_file = iter(range(call)), Cutoff.run_file

        def counting(self: Cutoff, *args: Any, **more: Any) -> int:
            if next(steps, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            return run_file(self, *args, **more)

        Cutoff.run_file = counting  # type: ignore[method-assign]
        run_batch(batch.pk)

    _, status = os.waitpid(_in_a_child(work), 0)
    return os.WIFSIGNALED(status)


def _run_again(batch: Batch) -> None:
    """What the doorbell does: nothing as long as the server has not noticed that the process is gone."""
    for _ in range(100):
        run_batch(batch.pk)
        batch.refresh_from_db()
        if batch.status not in (Status.QUEUED, Status.RUNNING):
            break
        time.sleep(0.05)
    assert batch.status == Status.DONE, batch.error


@pytest.mark.parametrize("register", ["first", "second"])
def test_killed_before_every_step(register: str, undisturbed: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    killed = 0
    for call in count():
        batch = _before(register, tmp_path)
        if not _killed_at(call, batch):
            break
        killed += 1
        _run_again(batch)
        assert everything() == undisturbed[register], f"killed before step {call}"
    assert killed > 40


@pytest.mark.parametrize("register", ["first", "second"])
def test_killed_in_the_middle(register: str, undisturbed: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    started = time.monotonic()
    _run_again(_before(register, tmp_path))
    whole = time.monotonic() - started
    for part in range(1, 21):
        batch = _before(register, tmp_path)
        child = _in_a_child(lambda pk=batch.pk: run_batch(pk))  # type: ignore[misc]
        time.sleep(whole * part / 20)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        _run_again(batch)
        assert everything() == undisturbed[register], f"killed after {part}/20 of the time"


def test_stopped_and_run_again(undisturbed: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    batch = _before("second", tmp_path)
    Batch.objects.filter(pk=batch.pk).update(stop_wanted=True)
    assert run_batch(batch.pk) == Status.STOPPED
    Batch.objects.filter(pk=batch.pk).update(stop_wanted=False, status=Status.QUEUED)
    _run_again(batch)
    assert everything() == undisturbed["second"]
