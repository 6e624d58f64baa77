"""The made-up pupils of a school, as peserta_didik.csv lists them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from random import Random
from typing import NamedTuple

from schools.generator import known
from schools.generator.csvrow import quoted
from schools.generator.names import MIXES, MUSLIM, Style, full_name
from schools.generator.nation import PAUD_FORMS, Nation, School, uuid_text
from schools.generator.numbers import mobile, typed, unreadable
from schools.generator.parts import Meanwhile, Part, Row, register_part

from .cutoff_file import STUDENTS

_SERIALS = 9_999_000
"""NISN serials of a block; those above belong to the known pupils."""
_SCATTER = 4_801_877
_LATER_BLOCKS = "31245678"

_DAYS = tuple(f"{month:02d}-{day:02d}" for month in range(1, 13) for day in range(1, 29))

_GRADES: dict[int, tuple[int, ...]] = {
    1: (71, 72),
    2: (73,),
    3: (74,),
    4: (75,),
    5: (1, 2, 3, 4, 5, 6),
    6: (7, 8, 9),
    13: (10, 11, 12),
    15: (10, 11, 12),
    7: (1, 2, 3, 4, 5, 6),
    8: (7, 8, 9),
    14: (10, 11, 12),
    29: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
    27: (6, 7, 8, 9, 10, 11, 12),
    40: (8, 9, 10, 11, 12),
}
_AGES = {71: 5, 72: 6, 73: 4, 74: 3, 75: 5}
_PAUD_ROOMS = {71: "Kelompok A", 72: "Kelompok B", 73: "Kelompok Bermain ", 74: "Taman Asuh ", 75: "Sejenis "}
_ROMAN = {10: "X", 11: "XI", 12: "XII"}
_STREAMS = {13: ("MIPA", "IPS"), 15: ("TKJ", "AKL", "TKR", "OTKP")}


class Pupil(NamedTuple):
    """A row of the file but for the school."""

    person_id: str
    nisn: str
    name: str
    sex: str
    birth_date: str
    mother: str
    grade: int
    room: str
    active: str
    number: str
    pip: str


def classes(school: School) -> Iterator[tuple[int, str, int]]:
    """Grade, name and size of every class; the sizes add up to the school's pupils."""
    grades = _GRADES[school.form]
    most = 16 if school.form in PAUD_FORMS else 32
    for place, grade in enumerate(grades):
        here = school.pupils * (place + 1) // len(grades) - school.pupils * place // len(grades)
        rooms = max(1, -(-here // most))
        for room in range(rooms):
            size = here * (room + 1) // rooms - here * room // rooms
            yield grade, _room_name(school.form, grade, room), size


def _room_name(form: int, grade: int, room: int) -> str:
    if grade in _PAUD_ROOMS:
        return f"{_PAUD_ROOMS[grade]}{room + 1}"
    if form in _STREAMS:
        streams = _STREAMS[form]
        return f"{_ROMAN[grade]} {streams[room % len(streams)]} {room // len(streams) + 1}"
    return f"Kelas {grade}{chr(65 + room % 26)}"


def nisn(ordinal: int, birth_year: int) -> str:
    """The NISN of the nation's pupil with that ordinal: ten digits that nobody else has."""
    block, serial = divmod(ordinal, _SERIALS)
    first = _LATER_BLOCKS[block - 1] if block else "9" if birth_year < 2000 else "0"
    return f"{first}{birth_year % 100:02d}{serial * _SCATTER % _SERIALS:07d}"


class _Maker:
    """Makes the pupils of one school in their order."""

    def __init__(self, school: School) -> None:
        self._chance = school.random("pupils")
        self._styles = MIXES[school.regency.province.mix]
        self._year = school.order.school_year
        self._ordinal = school.first_pupil
        random = self._chance.random
        is_paud = school.form in PAUD_FORMS
        self._empty = 0.08 if school.known else 0.05 + 0.35 * random() + (0.15 if is_paud else 0)
        self._without_nisn = 0.35 if is_paud else 0.007
        # Where a school is in a hurry, one number stands in for everybody who has none.
        self._stand_in = mobile(random) if random() < 0.006 and not school.known else ""
        self._previous = ("", "")

    def make(self, grade: int, room: str) -> Pupil:
        random = self._chance.random
        style = self._styles[int(random() * len(self._styles))]
        is_girl = random() < 0.49
        age = _AGES.get(grade) or grade + 6
        year = self._year - age - (random() < 0.35) + (random() < 0.04)
        number, mother = self._number_and_mother(style)
        self._ordinal += 1
        return Pupil(
            uuid_text(self._chance),
            self._nisn(grade, year),
            full_name(random, style, is_girl),
            "P" if is_girl else "L",
            f"{year}-{_DAYS[int(random() * len(_DAYS))]}",
            mother,
            grade,
            room,
            "0" if random() < 0.008 else "1",
            number,
            "1" if random() < 0.18 else "0",
        )

    def _nisn(self, grade: int, year: int) -> str:
        chance = self._chance.random()
        if chance < (0.12 if grade == 1 else self._without_nisn):
            return ""
        number = nisn(self._ordinal - 1, year)
        return number.lstrip("0") if chance > 0.998 else number

    def _number_and_mother(self, style: Style) -> tuple[str, str]:
        random = self._chance.random
        kind = random()
        if kind < 0.035 and self._previous[0]:
            return self._previous
        mother = full_name(random, style, True)
        if kind < 0.035 + self._empty:
            return self._stand_in, mother
        if kind > 0.965:
            return unreadable(random), mother
        self._previous = typed(random), mother
        return self._previous


def natives(school: School) -> Iterator[Pupil]:
    """The pupils who belong to this school alone, without the known ones."""
    maker = _Maker(school)
    skipped = len(known.pupils_of(school.place))
    for grade, room, size in classes(school):
        here = max(0, size - skipped)
        skipped -= size - here
        for _ in range(here):
            yield maker.make(grade, room)


def _known(school: School) -> Iterator[Pupil]:
    rooms = {grade: room for grade, room, _ in classes(school)}
    later = school.order.school_year - known.SCHOOL_YEAR
    for pupil in known.pupils_of(school.place):
        yield Pupil(
            known.person_id(pupil.person),
            pupil.nisn,
            pupil.name,
            pupil.sex,
            f"{int(pupil.birth_date[:4]) + later}{pupil.birth_date[4:]}",
            pupil.mother,
            pupil.grade,
            rooms[pupil.grade],
            "1" if pupil.is_active else "0",
            pupil.number,
            "0",
        )


def _guests(nation: Nation, school: School) -> Iterator[Pupil]:
    """Pupils of a neighbour whom this school lists too, or with whose NISN it lists somebody else."""
    chance = school.random("guests")
    neighbour = nation.neighbour(school)
    if neighbour is None or chance.random() > 0.3:
        return
    pupil = next((one for one in islice(natives(neighbour), 6) if len(one.nisn) == 10), None)
    if pupil is None:
        return
    kind = chance.random()
    other = uuid_text(chance)
    if kind < 0.35:
        yield pupil
    elif kind < 0.65:
        yield pupil._replace(person_id=other, name=pupil.name.upper().replace("'", ""), number=mobile(chance.random))
    elif kind < 0.8:
        day = _DAYS[int(chance.random() * len(_DAYS))]
        birth_date = f"{pupil.birth_date[:4]}-{day}"
        yield pupil._replace(person_id=other, name=f"{pupil.name}h", birth_date=birth_date, number="")
    else:
        yield pupil._replace(active="0")


def lines(nation: Nation, school: School) -> list[str]:
    """Every row of the school."""
    sekolah_id = school.sekolah_id
    pupils = [*_known(school), *natives(school), *_guests(nation, school)]
    return [
        f"{one[0]},{sekolah_id},{one[1]},{one[2]},{one[3]},{one[4]},{one[5]},{one[6]},{one[7]},{one[8]},"
        f"{quoted(one[9])},{one[10]}\n"
        for one in pupils
    ]


def later(row: Row, meanwhile: Meanwhile) -> list[Row]:
    """Most stay as they are; some leave, move, get a number or a NISN, or are joined by a new classmate."""
    chance = meanwhile.chance
    kind = chance.random()
    if kind < 0.004:
        return []
    if kind < 0.008 and meanwhile.other_school:
        return [row | {"sekolah_id": meanwhile.other_school}]
    if kind < 0.03:
        return [row | {"nomor_telepon_seluler": typed(chance.random)}]
    if kind < 0.036:
        return [row, _newcomer(row, chance)]
    if not row["nisn"] and kind < 0.3:
        return [row | {"nisn": _late_nisn(row["tanggal_lahir"], chance)}]
    return [row]


def _late_nisn(birth_date: str, chance: Random) -> str:
    """A NISN that begins as no other of a pupil born since 2000, so that it is new."""
    return f"9{birth_date[2:4]:0>2.2}{int(chance.random() * _SERIALS):07d}"


def _newcomer(row: Row, chance: Random) -> Row:
    random = chance.random
    is_girl = random() < 0.5
    return row | {
        "peserta_didik_id": uuid_text(chance),
        "nisn": _late_nisn(row["tanggal_lahir"], chance),
        "nama": full_name(random, MUSLIM, is_girl),
        "jenis_kelamin": "P" if is_girl else "L",
        "nama_ibu_kandung": full_name(random, MUSLIM, True),
        "aktif": "1",
        "nomor_telepon_seluler": typed(random),
    }


def register() -> None:
    """Make the pupils' part known to the generator."""
    register_part(Part(STUDENTS, (*STUDENTS.columns, "penerima_pip"), lines, later))
