"""What the next statement of a school would hold, and in words why somebody or everybody is not on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.urls import reverse

from providers.catalogue import Topic, describe
from providers.choices import OUT, REPAIR_CELLS, STAGE_CELLS, WAITING_CELLS, Cell
from providers.models import PhoneRecord
from schools.choices import PersonRole
from schools.models import Period, School
from vervalponsel.kit.templatetags.ui import wib

from .candidates import Candidate, candidates_of, cells_of, split, with_slots
from .policies import draft_obstacle

LISTS = {PersonRole.STUDENT: "students:list", PersonRole.TEACHER: "teachers:list"}


@dataclass(frozen=True, slots=True)
class Group:
    """So many pupils and teachers in one case, each figure with the address of its list."""

    label: str
    students: int
    teachers: int
    students_url: str
    teachers_url: str


@dataclass(frozen=True, slots=True)
class Prospect:
    """``obstacle`` is the sentence why no statement can be made at all; empty when one can."""

    obstacle: str
    people: Sequence[Candidate]
    left_out: Sequence[Group]
    stated: Sequence[Group]

    @property
    def students(self) -> int:
        return sum(person.role == PersonRole.STUDENT for person in self.people)

    @property
    def teachers(self) -> int:
        return len(self.people) - self.students

    @property
    def classes(self) -> list[str]:
        """Classes of the pupils who would be on it, in the annex's order."""
        names = (person.class_name for person in self.people if person.class_name)
        return list(dict.fromkeys(names))


def prospect_of(*, school: School, period: Period | None, now: datetime) -> Prospect:
    """Read what a statement made now would hold; writes nothing."""
    obstacle = draft_obstacle(school=school, period=period, now=now)
    if obstacle or period is None:
        return Prospect(obstacle, [], [], [])
    candidates = candidates_of(school=school, period=period, now=now)
    fit, _ = split(candidates)
    placed, _ = with_slots(fit, period=period)
    people = [person for person, _ in placed]
    cells = cells_of(school)
    return Prospect(
        "" if people else _why_nobody(school, cells),
        people,
        [*_refused(candidates, {p.record_id for p in people}), *_groups(cells, (*WAITING_CELLS, *REPAIR_CELLS))],
        _groups(cells, STAGE_CELLS),
    )


def _refused(candidates: Sequence[Candidate], taken: set[int]) -> list[Group]:
    """Those with a usable number who are left out all the same, by reason."""
    reasons = Counter((p.refusal or "NUMBER_FULL", p.role) for p in candidates if p.record_id not in taken)
    return [
        _group(_sentence(code), reasons[code, PersonRole.STUDENT], reasons[code, PersonRole.TEACHER], Cell.USABLE)
        for code in dict.fromkeys(code for code, _ in reasons)
    ]


def _sentence(code: str) -> str:
    words = describe(code, Topic.DROP)
    return words[:1].upper() + words[1:]


def _groups(cells: dict[str, dict[str, int]], wanted: Sequence[Cell]) -> list[Group]:
    students, teachers = cells[PersonRole.STUDENT], cells[PersonRole.TEACHER]
    return [
        _group(str(cell.label), students.get(cell, 0), teachers.get(cell, 0), cell)
        for cell in wanted
        if cell in students or cell in teachers
    ]


def _group(label: str, students: int, teachers: int, cell: Cell) -> Group:
    urls = [f"{reverse(LISTS[role])}?keadaan={cell}" for role in (PersonRole.STUDENT, PersonRole.TEACHER)]
    return Group(label, students, teachers, *urls)


def _why_nobody(school: School, cells: dict[str, dict[str, int]]) -> str:
    """The menu is not ready: say why, and what would make it so."""
    counts = Counter(cells[PersonRole.STUDENT]) + Counter(cells[PersonRole.TEACHER])
    del counts[OUT]
    if not counts:
        return "SPTJM belum dapat dibuat: belum ada siswa atau guru sekolah ini yang menjadi penerima."
    if counts[Cell.USABLE]:
        return "SPTJM belum dapat dibuat: nomor yang siap masih terhalang oleh hal di bawah ini."
    if sum(counts[cell] for cell in STAGE_CELLS) == counts.total():
        return "Semua siswa dan guru sudah ada di SPTJM."
    if any(counts[cell] for cell in WAITING_CELLS):
        return describe("NO_STATEMENT_YET", date=_last_asked(school))
    return "SPTJM belum dapat dibuat: semua nomor yang tersisa perlu diperbaiki dulu."


def _last_asked(school: School) -> str:
    asked = PhoneRecord.objects.filter(school=school).aggregate(at=Max("asked_in__created_at"))["at"]
    return wib(asked, school.regency_code) if asked else ""
