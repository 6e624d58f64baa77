"""Who of a school could be on its next statement, who not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import Count

from providers.models import Entitlement, PhoneRecord
from schools.choices import PersonRole
from schools.models import Period, School
from vervalponsel.kit.sqlfiles import sql_text

from .choices import LeftOut


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row of sql/candidates.sql; ``refusal`` is None for somebody who may be stated."""

    record_id: int
    role: str
    person_id: UUID
    number: str
    provider_id: str
    provider_name: str
    ownership: str
    name: str
    identity: str
    class_name: str
    refusal: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """Which part of the school a statement is for: both roles and all classes unless told otherwise."""

    roles: Sequence[str] = tuple(PersonRole.values)
    classes: Sequence[str] = ()

    def takes(self, person: Candidate) -> bool:
        if person.role not in self.roles:
            return False
        return person.role != PersonRole.STUDENT or not self.classes or person.class_name in self.classes


EVERYBODY = Choice()


def candidates_of(*, school: School, period: Period, now: datetime) -> list[Candidate]:
    """Everybody of the school in the cell USABLE, in the order of an annex."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql_text("sptjm", "candidates"),
            {"school": school.pk, "period": period.pk, "now": now},
        )
        return [Candidate(*row) for row in cursor.fetchall()]


def split(people: Iterable[Candidate]) -> tuple[list[Candidate], Counter[str]]:
    """Those who may be stated, and the others counted by reason."""
    people = list(people)
    return [p for p in people if not p.refusal], Counter(p.refusal for p in people if p.refusal)


def with_slots(people: Sequence[Candidate], *, period: Period) -> tuple[list[tuple[Candidate, int]], Counter[str]]:
    """Give each the lowest free slot of their number; a number whose slots are all taken leaves its people out.

    Two schools may choose the same slot at the same moment: the unique constraint lets one of them pass.
    """
    taken = _taken_slots({p.number for p in people}, period)
    placed, left_out = [], Counter[str]()
    for person in people:
        held = taken.setdefault(person.number, set())
        slot = next((n for n in range(1, period.sharing_max + 1) if n not in held), None)
        if slot is None:
            left_out[LeftOut.NUMBER_FULL] += 1
            continue
        held.add(slot)
        placed.append((person, slot))
    return placed, left_out


def _taken_slots(numbers: set[str], period: Period) -> dict[str, set[int]]:
    held: dict[str, set[int]] = {}
    live = Entitlement.objects.live().filter(period=period, number__in=numbers)
    for number, slot in live.values_list("number", "slot"):
        held.setdefault(number, set()).add(slot)
    return held


def cells_of(school: School) -> dict[str, dict[str, int]]:
    """How many eligible people of the school lie in each cell: ``{role: {cell: n}}``."""
    rows = (
        PhoneRecord.objects.filter(school=school)
        .values_list("role", "cell")
        .annotate(n=Count("id"))
        .order_by("role", "cell")
    )
    cells: dict[str, dict[str, int]] = {role: {} for role in PersonRole.values}
    for role, cell, n in rows:
        cells[role][cell] = n
    return cells
