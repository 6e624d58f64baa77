"""The made-up teachers and staff of a school, as ptk.csv lists them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from schools.generator import known
from schools.generator.csvrow import quoted
from schools.generator.names import MIXES, full_name
from schools.generator.nation import PAUD_FORMS, Nation, School, uuid_text
from schools.generator.numbers import typed, unreadable
from schools.generator.parts import Meanwhile, Part, Row, register_part
from schools.generator.units import Head, head_of

from .cutoff_file import TEACHERS

_HEAD = "20"
# jenis_ptk_id as often as it stands here
_PAUD_POSITIONS = ("3", "3", "3", "3", "54", "56", "12", "11")
_CLASS_POSITIONS = ("3", "3", "3", "3", "3", "3", "4", "4", "4", "13", "11", "40")
_SUBJECT_POSITIONS = ("4", "4", "4", "4", "4", "4", "4", "4", "5", "14", "11", "11", "30", "40", "99")
_SPECIAL_POSITIONS = ("3", "3", "3", "3", "6", "4", "11")
_POSITIONS = {5: _CLASS_POSITIONS, **dict.fromkeys((7, 8, 14, 29), _SPECIAL_POSITIONS)}

_SERIALS = 10**10
_SCATTER = 7_368_787_913


class Teacher(NamedTuple):
    """A row of the file but for the school."""

    person_id: str
    nuptk: str
    name: str
    sex: str
    birth_date: str
    position: str
    home: str
    active: str
    number: str


def nuptk(ordinal: int) -> str:
    """The NUPTK of the nation's teacher with that ordinal: sixteen digits that nobody else has."""
    return f"{ordinal * _SCATTER % _SERIALS:010d}{300_000 + ordinal % 700:06d}"


class _Maker:
    """Makes the staff of one school in their order."""

    def __init__(self, school: School) -> None:
        self._chance = school.random("teachers")
        self._styles = MIXES[school.regency.province.mix]
        self._year = school.order.school_year
        self._ordinal = school.first_teacher
        self._is_paud = school.form in PAUD_FORMS
        self._positions = _PAUD_POSITIONS if self._is_paud else _POSITIONS.get(school.form, _SUBJECT_POSITIONS)

    def make(self) -> Teacher:
        random = self._chance.random
        is_woman = random() < (0.96 if self._is_paud else 0.6)
        style = self._styles[int(random() * len(self._styles))]
        born = f"{self._year - 23 - int(random() * 36)}-{1 + int(random() * 12):02d}-{1 + int(random() * 28):02d}"
        return Teacher(
            uuid_text(self._chance),
            self._nuptk(),
            full_name(random, style, is_woman),
            "P" if is_woman else "L",
            born,
            self._positions[int(random() * len(self._positions))],
            "1" if random() < 0.97 else "0",
            "1" if random() < 0.985 else "0",
            self._number(),
        )

    def head(self, head: Head) -> Teacher:
        made = self.make()
        return made._replace(
            name=head.name, sex=head.sex, birth_date=head.birth_date, position=_HEAD, home="1", active="1"
        )

    def _nuptk(self) -> str:
        self._ordinal += 1
        missing = self._chance.random() < (0.6 if self._is_paud else 0.34)
        return "" if missing else nuptk(self._ordinal - 1)

    def _number(self) -> str:
        random = self._chance.random
        kind = random()
        if kind < 0.06:
            return ""
        return unreadable(random) if kind > 0.98 else typed(random)


def natives(school: School) -> Iterator[Teacher]:
    """The school's own staff without the known ones, the head first."""
    maker = _Maker(school)
    yield maker.head(head_of(school))
    for _ in range(school.teachers - 1):
        yield maker.make()


def _known(school: School) -> Iterator[Teacher]:
    for teacher in known.teachers_of(school.place):
        yield Teacher(
            known.person_id(teacher.person),
            teacher.nuptk,
            teacher.name,
            teacher.sex,
            teacher.birth_date,
            str(teacher.position),
            "1" if teacher.is_home else "0",
            "1",
            teacher.number,
        )


def _visitors(nation: Nation, school: School) -> Iterator[Teacher]:
    """Teachers of a neighbour who also teach here."""
    chance = school.random("visitors")
    neighbour = nation.neighbour(school)
    if neighbour is not None and chance.random() < 0.35:
        for teacher in islice(natives(neighbour), 1, 2 + int(chance.random() * 2)):
            yield teacher._replace(home="0")


def lines(nation: Nation, school: School) -> list[str]:
    """Every row of the school."""
    sekolah_id = school.sekolah_id
    staff = [*_known(school), *natives(school), *_visitors(nation, school)]
    return [
        f"{one[0]},{sekolah_id},{one[1]},{one[2]},{one[3]},{one[4]},{one[5]},{one[6]},{one[7]},{quoted(one[8])}\n"
        for one in staff
    ]


def later(row: Row, meanwhile: Meanwhile) -> list[Row]:
    """Most stay as they are; a few leave, move, or get another number."""
    kind = meanwhile.chance.random()
    if kind < 0.004 and row["jenis_ptk_id"] != _HEAD:
        return []
    if kind < 0.007 and meanwhile.other_school and row["jenis_ptk_id"] != _HEAD:
        return [row | {"sekolah_id": meanwhile.other_school}]
    if kind > 0.985:
        return [row | {"no_hp": typed(meanwhile.chance.random)}]
    return [row]


def register() -> None:
    """Make the teachers' part known to the generator."""
    register_part(Part(TEACHERS, TEACHERS.columns, lines, later))
