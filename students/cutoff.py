"""The pupils' turn in a cut-off."""

from __future__ import annotations

from providers.cutoff import CutoffPeople, merge_people, plan_people
from providers.reverting import register_people
from schools.choices import PersonRole
from schools.cutoff.cutoff import Cutoff
from schools.cutoff.registry import Phase, Step, register_file, register_filled_table, register_step

from .cutoff_file import STUDENTS

PEOPLE = CutoffPeople(
    package="students",
    role=PersonRole.STUDENT,
    file=STUDENTS.name,
    table="cutoff_student",
    register="students_student",
    person_id="peserta_didik_id",
    word="students",
    same=("same_nisns", "same_persons"),
)


def register() -> None:
    """Make the pupils' file and step known."""
    register_filled_table(PEOPLE.register)
    register_file(STUDENTS)
    register_step(Step(Phase.PEOPLE, "students", "Peserta didik", merge, plan))
    register_people(PEOPLE, "siswa")


def plan(cutoff: Cutoff) -> None:
    """Judge peserta_didik.csv."""
    plan_people(cutoff, PEOPLE)


def merge(cutoff: Cutoff) -> None:
    """Merge what was judged of peserta_didik.csv."""
    merge_people(cutoff, PEOPLE)
