"""The cases that demonstrations and tests look for. They are the same for every seed.

Their schools are the first of the nation, so a bundle of four schools holds them all. Their NISN end in a serial
that no other pupil gets, their numbers in one that is theirs alone in a demonstration.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

_SPACE = uuid.UUID("5b0f5a52-7d0e-4f0c-9f3a-6d1c0e2a9b11")

SCHOOL_YEAR = 2020
"""The school year of the birth dates below; in a later one the same pupils are born as much later."""

SD, SMA, SECOND_SD, SILENT_TK = range(4)
"""Places of the known schools in the nation."""


@dataclass(frozen=True, slots=True)
class KnownSchool:
    npsn: str
    name: str
    form: int
    is_public: bool
    pupils: int
    is_synchronised: bool = True


SCHOOLS = (
    KnownSchool("20326541", "SD Negeri 1 Brebes", 5, True, 180),
    KnownSchool("20326601", "SMA Negeri 1 Brebes", 13, True, 360),
    KnownSchool("20326542", "SD Negeri 2 Brebes", 5, True, 150),
    KnownSchool("20351777", "TK Pertiwi Brebes", 1, False, 42, is_synchronised=False),
)

FAMILY_NUMBER = "081226004001"
"""Two children at the SD, one at the SMA and their mother, a teacher of the SD: four recipients."""
OVERSHARED_NUMBER = "085740010099"
"""Twelve pupils of the SD: more than the period allows."""
OVERSHARED_BY = 12
GRACE_NUMBER = "081326004011"
"""Answered as in its grace period at first, active when asked again."""
STALE_NUMBER = "085640010012"
"""Edited between being asked and being answered."""
FAILED_NUMBER = "087826004013"
"""Active, but the quota cannot be injected the first time."""
REVERSED_NUMBER = "089526004014"
"""Injected, then taken back."""
POSTPAID_NUMBER = "081126004015"
INACTIVE_NUMBER = "088226004016"

TWO_SCHOOLS_NISN = "0109999021"
"""One pupil, registered at both SD."""
CONFLICT_NISN = "0109999022"
"""Two different pupils of similar names, one at each SD."""
MOVED_NISN = "0099999023"
"""Left the second SD for the first."""
MISSING_NISN_NAME = "Bagus Tirta Wijaya"
"""A pupil of the SD without a NISN."""

VISITING_NUPTK = "1234767669130029"
"""A teacher at the SD whose home school is the second SD."""
MOTHER_NUPTK = "2345758659220031"
NO_NUPTK_NAME = "Laras Kinanti"
"""A teacher of the SD without a NUPTK, who is a recipient all the same."""
CLERK_NAME = "Suparno Hadi"
"""Administrative staff of the SD: nobody's recipient."""


@dataclass(frozen=True, slots=True)
class KnownPupil:
    """``person`` makes the identity: the same at two schools is one person."""

    school: int
    person: str
    nisn: str
    name: str
    sex: str
    birth_date: str
    grade: int
    number: str
    mother: str = "Sri Wahyuni"
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class KnownTeacher:
    school: int
    person: str
    nuptk: str
    name: str
    sex: str
    birth_date: str
    position: int
    is_home: bool
    number: str


def person_id(person: str) -> str:
    """The identifier of a known person."""
    return str(uuid.uuid5(_SPACE, person))


def _nisn(birth_date: str, number: int) -> str:
    return f"0{birth_date[2:4]}{9_999_000 + number}"


def _overshared() -> tuple[KnownPupil, ...]:
    names = ["Adit", "Bima", "Caca", "Dinda", "Elsa", "Farel", "Gita", "Hana", "Ivan", "Jihan", "Kirana", "Lutfi"]
    return tuple(
        KnownPupil(
            SD,
            f"overshared {place}",
            _nisn("2013", 40 + place),
            f"{name} Prasetya",
            "LLPPPLPPLPPL"[place],
            f"2013-{place + 1:02d}-15",
            1,
            OVERSHARED_NUMBER,
            mother=f"Ibu {name}",
        )
        for place, name in enumerate(names[:OVERSHARED_BY])
    )


PUPILS = (
    KnownPupil(SD, "family 1", "0089999001", "Rizky Nugroho", "L", "2008-04-12", 6, FAMILY_NUMBER),
    KnownPupil(SD, "family 2", "0119999002", "Putri Nugroho", "P", "2011-09-03", 3, FAMILY_NUMBER),
    KnownPupil(SMA, "family 3", "0039999003", "Bayu Nugroho", "L", "2003-12-21", 11, FAMILY_NUMBER),
    *_overshared(),
    KnownPupil(SD, "grace", "0089999011", "Dimas Aji Saputra", "L", "2008-02-02", 6, GRACE_NUMBER),
    KnownPupil(SD, "stale", "0089999012", "Nabila Zahra", "P", "2008-07-19", 6, STALE_NUMBER),
    KnownPupil(SD, "failed", "0089999013", "Galih Pratama", "L", "2008-10-30", 6, FAILED_NUMBER),
    KnownPupil(SD, "reversed", "0089999014", "Sekar Ayu Lestari", "P", "2008-05-05", 6, REVERSED_NUMBER),
    KnownPupil(SD, "postpaid", "0099999015", "Ilham Wicaksono", "L", "2009-01-17", 5, POSTPAID_NUMBER),
    KnownPupil(SD, "inactive", "0099999016", "Wulan Rahmawati", "P", "2009-11-08", 5, INACTIVE_NUMBER),
    KnownPupil(SD, "two schools", TWO_SCHOOLS_NISN, "Siti Nur Aini", "P", "2010-03-14", 4, "081390020021"),
    KnownPupil(SECOND_SD, "two schools", TWO_SCHOOLS_NISN, "SITI NUR'AINI", "P", "2010-03-14", 4, "081390020021"),
    KnownPupil(SD, "conflict 1", CONFLICT_NISN, "Muhammad Fajar", "L", "2010-06-01", 4, "082290020022"),
    KnownPupil(SECOND_SD, "conflict 2", CONFLICT_NISN, "Muhamad Fajri", "L", "2010-08-11", 4, "082290020032"),
    KnownPupil(SD, "moved", MOVED_NISN, "Teguh Santoso", "L", "2009-02-25", 5, "085290020023"),
    KnownPupil(SECOND_SD, "moved", MOVED_NISN, "Teguh Santoso", "L", "2009-02-25", 5, "085290020023", is_active=False),
    KnownPupil(SD, "no nisn", "", MISSING_NISN_NAME, "L", "2014-01-09", 1, "081590020024"),
)

TEACHERS = (
    KnownTeacher(SD, "mother", MOTHER_NUPTK, "Sri Wahyuni", "P", "1980-04-26", 3, True, FAMILY_NUMBER),
    KnownTeacher(SD, "visitor", VISITING_NUPTK, "Hendra Kurniawan", "L", "1989-04-15", 4, False, "081790020025"),
    KnownTeacher(SECOND_SD, "visitor", VISITING_NUPTK, "Hendra Kurniawan", "L", "1989-04-15", 4, True, "081790020025"),
    KnownTeacher(SD, "no nuptk", "", NO_NUPTK_NAME, "P", "1994-09-30", 3, True, "089690020026"),
    KnownTeacher(SD, "clerk", "", CLERK_NAME, "L", "1975-12-01", 11, True, "083190020027"),
)


def pupils_of(school: int) -> tuple[KnownPupil, ...]:
    """The known pupils of the school in that place."""
    return tuple(pupil for pupil in PUPILS if pupil.school == school) if school < len(SCHOOLS) else ()


def teachers_of(school: int) -> tuple[KnownTeacher, ...]:
    """The known teachers of the school in that place."""
    return tuple(teacher for teacher in TEACHERS if teacher.school == school) if school < len(SCHOOLS) else ()
