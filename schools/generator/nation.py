"""Who there is: how many schools of which form lie where, and how large they are."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from math import floor
from random import Random
from typing import NamedTuple

from . import known
from .regions import ABROAD, PROVINCES, Province, district, regency_codes, well_known_count

FIRST_CUTOFF = date(2020, 9, 11)
FIRST_SEMESTER = "20201"
MOST_SCHOOLS = 600_000
SMALL = 2_000
_FIRST_PROVINCES = ("03", "12")
"""The two that demonstrations speak of."""
_GOLDEN = 0.6180339887498949


class Scale(NamedTuple):
    """How common a form is and how large: ``schools`` against each other, ``pupils`` of a school on average."""

    schools: float
    pupils: int


_PUPILS_PER_TEACHER = {
    1: 14, 2: 14, 3: 10, 4: 14, 5: 17, 6: 16, 13: 15, 15: 15, 7: 5, 8: 5, 14: 5, 29: 5, 27: 14, 40: 14
}  # fmt: skip

_NATION = {
    1: Scale(920, 35),
    2: Scale(860, 28),
    3: Scale(25, 18),
    4: Scale(220, 25),
    5: Scale(1490, 165),
    6: Scale(400, 245),
    13: Scale(140, 350),
    15: Scale(140, 350),
    7: Scale(3, 40),
    8: Scale(1, 20),
    14: Scale(1, 20),
    29: Scale(16, 60),
    27: Scale(90, 90),
    40: Scale(4, 150),
}
"""By bentuk_pendidikan_id, as in the country: about 113 pupils and 8 teachers to a school."""

_TOWN = {
    1: Scale(6, 42),
    2: Scale(5, 34),
    3: Scale(1, 22),
    4: Scale(2, 30),
    5: Scale(22, 205),
    6: Scale(9, 420),
    13: Scale(4, 560),
    15: Scale(4, 640),
    7: Scale(1, 44),
    8: Scale(1, 30),
    14: Scale(1, 26),
    29: Scale(2, 70),
    27: Scale(1, 130),
    40: Scale(1, 170),
}
"""As in a few towns: every form appears among sixty schools, and they are larger."""

PAUD_FORMS = frozenset((1, 2, 3, 4))


@dataclass(frozen=True, slots=True)
class Order:
    """What shall be made. The same order gives the same bytes."""

    schools: int
    seed: int
    dirty: float = 0.0
    provinces: int | None = None
    cutoff_date: date = FIRST_CUTOFF
    semester_id: str = FIRST_SEMESTER

    @property
    def school_year(self) -> int:
        """The year in which the school year began."""
        return int(self.semester_id[:4])


@dataclass(frozen=True, slots=True)
class Regency:
    """A kab/kota with the places of its schools in the nation: ``first`` up to, not including, ``end``.

    ``province_first`` is the place of its province's first school.
    """

    code: str
    name: str
    province: Province
    province_first: int
    first: int
    end: int

    @property
    def districts(self) -> int:
        """How many kecamatan its schools lie in."""
        return 1 if self.province.prefix == ABROAD else min(14, max(2, (self.end - self.first) // 8))


@dataclass(frozen=True, slots=True)
class School:
    """A school by its place in the nation. ``first_pupil`` and ``first_teacher`` count through the whole nation."""

    order: Order
    place: int
    form: int
    pupils: int
    teachers: int
    first_pupil: int
    first_teacher: int
    regency: Regency

    def random(self, topic: str) -> Random:
        """Chance of this school and topic alone, so that no part disturbs another."""
        return Random(f"{self.order.seed}/{topic}/{self.place}")  # noqa: S311 - chance, not secrecy

    @property
    def ordinal(self) -> int:
        """The school's place in its kab/kota."""
        return self.place - self.regency.first

    @property
    def district(self) -> tuple[str, str]:
        """Code and name of its kecamatan."""
        return district(self.regency.code, 0 if self.known else self.ordinal % self.regency.districts)

    @property
    def known(self) -> known.KnownSchool | None:
        """What is fixed about it, when demonstrations look for it."""
        return known.SCHOOLS[self.place] if self.place < len(known.SCHOOLS) else None

    @property
    def sekolah_id(self) -> str:
        """Its identifier; some schools' software writes them in capitals."""
        chance = self.random("sekolah_id")
        text = uuid_text(chance)
        return text.upper() if chance.random() < 0.06 else text


def uuid_text(chance: Random) -> str:
    """A random identifier (UUID version 4)."""
    digits = f"{chance.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


class Nation:
    """Every school that an order asks for, in a few bytes each."""

    def __init__(self, order: Order) -> None:
        if not 1 <= order.schools <= MOST_SCHOOLS:
            raise ValueError(f"between 1 and {MOST_SCHOOLS} schools can be made")
        self.order = order
        self.provinces = _provinces(order)
        self.regencies = _regencies(order, self.provinces)
        self._firsts = [regency.first for regency in self.regencies]
        self._forms = _forms(order)
        self._pupils = _pupil_counts(order, self._forms)
        self._teachers = array("H", map(_teacher_count, self._forms, self._pupils))
        self._first_pupils = array("Q", accumulate(self._pupils, initial=0))
        self._first_teachers = array("Q", accumulate(self._teachers, initial=0))

    def school(self, place: int) -> School:
        """The school in that place."""
        return School(
            order=self.order,
            place=place,
            form=self._forms[place],
            pupils=self._pupils[place],
            teachers=self._teachers[place],
            first_pupil=self._first_pupils[place],
            first_teacher=self._first_teachers[place],
            regency=self.regencies[bisect_right(self._firsts, place) - 1],
        )

    def neighbour(self, school: School) -> School | None:
        """The nearest earlier school of the same form in the same kab/kota."""
        found = self._forms.rfind(school.form, school.regency.first, school.place)
        return self.school(found) if found >= len(known.SCHOOLS) else None

    def places(self, prefix: str | None) -> range:
        """The places of a province's schools, or of all."""
        own = [regency for regency in self.regencies if prefix in (None, regency.province.prefix)]
        return range(own[0].first, own[-1].end) if own else range(0)


def _provinces(order: Order) -> list[Province]:
    ranked = sorted(PROVINCES, key=lambda province: (province.prefix not in _FIRST_PROVINCES, province.prefix))
    if order.provinces is not None:
        return ranked[: order.provinces]
    return ranked[: 2 if order.schools <= 200 else len(ranked) if order.schools > SMALL else 8]


def _regencies(order: Order, provinces: list[Province]) -> list[Regency]:
    wanted = [(code, name, province) for province in provinces for code, name in _codes(order, province)]
    weights = [province.share / (province.kabupaten + province.kota) for _, _, province in wanted]
    ends = [round(order.schools * part / sum(weights)) for part in accumulate(weights)]
    least = min(order.schools, len(known.SCHOOLS))
    firsts = [0, *(max(end, least) for end in ends)]
    made: list[Regency] = []
    for (code, name, province), first, end in zip(wanted, firsts, firsts[1:], strict=False):
        if end > first:
            same = made and made[-1].province == province
            made.append(Regency(code, name, province, made[-1].province_first if same else first, first, end))
    return made


def _codes(order: Order, province: Province) -> list[tuple[str, str]]:
    codes = regency_codes(province)
    scaled = len(codes) * order.schools // 20_000
    return codes[: max(well_known_count(province), scaled)]


def _scales(order: Order) -> dict[int, Scale]:
    return _TOWN if order.schools <= SMALL else _NATION


def _forms(order: Order) -> bytes:
    """A form for every school: a golden-ratio walk keeps the shares right in every neighbourhood."""
    scales = _scales(order)
    forms = list(scales)
    parts = list(accumulate(scales[form].schools for form in forms))
    edges = [part / parts[-1] for part in parts[:-1]]
    start = Random(f"{order.seed}/forms").random()  # noqa: S311 - chance, not secrecy
    walk = (start + place * _GOLDEN for place in range(order.schools))
    made = bytearray(forms[bisect_right(edges, step - floor(step))] for step in walk)
    for place, school in enumerate(known.SCHOOLS[: order.schools]):
        made[place] = school.form
    return bytes(made)


def _pupil_counts(order: Order, forms: bytes) -> array[int]:
    scales = _scales(order)
    chance = Random(f"{order.seed}/sizes").random  # noqa: S311 - chance, not secrecy
    counts = array("H")
    for form in forms:
        spread = chance()
        counts.append(int(scales[form].pupils * (0.4 + 0.8 * spread + 0.8 * spread**3)) + 1)
    for place, school in enumerate(known.SCHOOLS[: order.schools]):
        counts[place] = school.pupils
    return counts


def _teacher_count(form: int, pupils: int) -> int:
    return 2 + int(pupils / _PUPILS_PER_TEACHER[form])
