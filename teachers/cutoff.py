"""The teachers' turn in a cut-off."""

from __future__ import annotations

from providers.cutoff import CutoffPeople, merge_people, plan_people
from providers.reverting import register_people
from schools.choices import PersonRole
from schools.cutoff.cutoff import Cutoff
from schools.cutoff.registry import Phase, Step, register_file, register_filled_table, register_step

from .cutoff_file import TEACHERS

TEACHER_TYPES = (3, 4, 5, 6, 12, 13, 14, 20, 54, 56, 57, 59)
"""jenis_ptk_id that count as Guru or Kepala Sekolah (domain.md §4)."""

PEOPLE = CutoffPeople(
    package="teachers",
    role=PersonRole.TEACHER,
    file=TEACHERS.name,
    table="cutoff_teacher",
    register="teachers_teacher",
    person_id="ptk_id",
    word="teachers",
    params={"teacher_types": list(TEACHER_TYPES)},
)


def register() -> None:
    """Make the teachers' file and step known."""
    register_filled_table(PEOPLE.register)
    register_file(TEACHERS)
    register_step(Step(Phase.PEOPLE, "teachers", "Guru", merge, plan))
    register_people(PEOPLE, "guru")


def plan(cutoff: Cutoff) -> None:
    """Judge ptk.csv."""
    plan_people(cutoff, PEOPLE)


def merge(cutoff: Cutoff) -> None:
    """Merge what was judged of ptk.csv."""
    merge_people(cutoff, PEOPLE)
