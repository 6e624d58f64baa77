"""A cut-off says what it will do before it writes; a trial tells the same, and the merge does just that."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from providers.models import PhoneRecord
from schools.choices import ChangeKind
from schools.models import CutoffChange, CutoffFigure, CutoffRun, School
from students.models import Student
from teachers.models import Teacher
from tests.factories import PeriodFactory
from vervalponsel.batches.models import Batch, RowError

from .nations import Nation, imported, nation, register, side_tables, small_ranges

__all__ = ["nation", "small_ranges"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_ranges")]

FIGURES = ("entered", "moved_in", "moved_out", "left", "changed", "number_supplied", "number_differs")
_FACTS = ("id", "school_id", "record_id")
People = dict[tuple[UUID, int], dict[str, Any]]


class Picture:
    """The people of a role with their records, as they are now."""

    def __init__(self, role: str) -> None:
        model, key = (Student, "peserta_didik_id") if role == "STUDENT" else (Teacher, "ptk_id")
        manager: Any = model._base_manager
        self.rows: People = {(row[key], row["school_id"]): row for row in manager.values()}
        self.records = {row["person_id"]: row for row in PhoneRecord.objects.filter(role=role).values()}
        self.at = {person: school for (person, school), row in self.rows.items() if row["eligibility"] == "OK"}


def done_between(before: Picture, after: Picture) -> dict[int, Counter[str]]:
    """What a merge did at each school, told from the two pictures alone."""
    done: dict[int, Counter[str]] = defaultdict(Counter)
    for (person, school), row in after.rows.items():
        if kind := _kind(before, after, person, school, row):
            done[school][kind] += 1
        was, now = before.records.get(person), after.records.get(person)
        if was and now and was["state"] == "EMPTY" != now["state"] and now["school_id"] == school:
            done[school]["number_supplied"] += row["eligibility"] == "OK"
    return done


def _kind(before: Picture, after: Picture, person: UUID, school: int, row: dict[str, Any]) -> str:
    old = before.rows.get((person, school))
    was, now = old["eligibility"] if old else None, row["eligibility"]
    record = before.records.get(person)
    if was == now:
        assert old is not None
        return "changed" if any(old[name] != row[name] for name in row if name not in _FACTS) else ""
    if now == "OK" and record and record["school_id"] != school:
        return "moved_in"
    if now == "OK" and old is None:
        return "entered"
    if was == "OK" and after.at.get(person, school) != school:
        return "moved_out"
    if now == "LEFT":
        return "left"
    return "changed" if old else ""


def figures(batch: Batch, role: str) -> dict[str, dict[str, int]]:
    """What was planned for each school, without those of which nothing was planned."""
    rows = CutoffFigure.objects.filter(run__batch=batch, role=role).exclude(npsn="").values("npsn", *FIGURES)
    return {row.pop("npsn"): row for row in rows if any(row[name] for name in FIGURES)}


def what_was_done(batch: Batch, before: Picture, after: Picture, role: str) -> dict[str, dict[str, int]]:
    npsn = dict(School.objects.values_list("pk", "npsn"))
    done = done_between(before, after)
    told = CutoffChange.objects.filter(run__batch=batch, role=role, kind=ChangeKind.NUMBER_DIFFERS)
    for school in told.values_list("school_id", flat=True):
        done[school]["number_differs"] += 1
    return {
        npsn[school]: {name: counts[name] for name in FIGURES}
        for school, counts in done.items()
        if any(counts.values())
    }


def bundles_of(nation: Nation, case: str) -> list[Path]:
    """Each later bundle of the case, after the nation's first."""
    delta = nation.later(delta=True)
    province = nation.first().joinpath("wilayah.csv").read_text().split("\n")[2][:2]
    return {
        "first": [],
        "nation": [nation.later()],
        "delta": [delta],
        "province": [nation.later(f"province:{province}")],
        "delta, then nation": [delta, nation.later(seed=9)],
    }[case]


CASES = ["first", "nation", "delta", "province", "delta, then nation"]


@pytest.mark.parametrize("case", CASES)
def test_the_merge_does_what_was_planned(nation: Nation, case: str) -> None:
    PeriodFactory.create()
    *earlier, last = [nation.first(), *bundles_of(nation, case)]
    for path in earlier:
        imported(path)
    before = {role: Picture(role) for role in ("STUDENT", "TEACHER")}
    batch = imported(last)
    run = CutoffRun.objects.get(batch=batch)
    assert batch.counts["changes"] == run.planned_changes != 0
    for role, picture in before.items():
        assert figures(batch, role) == what_was_done(batch, picture, Picture(role), role)
    _kinds_told_to_schools_are_the_figures(batch, before)
    _sums_are_the_receipt(batch)


def _kinds_told_to_schools_are_the_figures(batch: Batch, before: dict[str, Picture]) -> None:
    for role, picture in before.items():
        known = School.objects.filter(pk__in={school for _, school in picture.rows}).values_list("npsn", flat=True)
        for kind, name in (
            ("ENTERED", "entered"),
            ("MOVED_IN", "moved_in"),
            ("MOVED_OUT", "moved_out"),
            ("LEFT", "left"),
        ):
            told = Counter(
                CutoffChange.objects.filter(run__batch=batch, role=role, kind=kind).values_list(
                    "school__npsn", flat=True
                )
            )
            planned = {npsn: row[name] for npsn, row in figures(batch, role).items() if npsn in known and row[name]}
            assert dict(told) == planned, (role, kind)


def _sums_are_the_receipt(batch: Batch) -> None:
    for role, word in (("STUDENT", "students"), ("TEACHER", "teachers")):
        nation = CutoffFigure.objects.filter(run__batch=batch, npsn="", region_code="000000", role=role).first()
        receipt = batch.counts[word]
        if nation is None:
            assert receipt["read"] == 0
            continue
        homeless = RowError.objects.filter(batch=batch, code__in=("SCHOOL_UNKNOWN", "ID_INVALID"))
        file = "peserta_didik.csv" if role == "STUDENT" else "ptk.csv"
        faults = RowError.objects.filter(batch=batch, file=file, code__startswith="TOO_").count()
        assert nation.recipients == receipt["recipients"]
        assert nation.read + homeless.filter(file=file).count() + faults >= receipt["read"] >= nation.read


@pytest.mark.parametrize("case", CASES)
def test_a_trial_writes_nothing_and_tells_what_the_real_run_tells(nation: Nation, case: str) -> None:
    PeriodFactory.create()
    *earlier, last = [nation.first(), *bundles_of(nation, case)]
    for path in earlier:
        imported(path)
    before = register()
    trial = imported(last, trial=True)
    assert register() == before
    assert not list(side_tables())
    real = imported(last)
    assert trial.counts == real.counts
    assert {role: figures(trial, role) for role in ("STUDENT", "TEACHER")} == {
        role: figures(real, role) for role in ("STUDENT", "TEACHER")
    }
    rows = ("file", "line", "column", "code", "facts")
    assert list(trial.row_errors.in_order().values(*rows)) == list(real.row_errors.in_order().values(*rows))
    assert not CutoffRun.objects.applied().filter(batch=trial).exists()
