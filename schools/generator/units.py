"""The rows of sekolah.csv, and the head of each school, whom ptk.csv lists as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from schools.cutoff.files import SCHOOLS

from .csvrow import csv_row
from .known import SCHOOLS as SCHOOLS_KNOWN
from .names import MIXES, full_name
from .nation import PAUD_FORMS, Nation, School
from .parts import Meanwhile, Part, Row

_FORM_NAMES = {
    1: "TK", 2: "KB", 3: "TPA", 4: "SPS", 5: "SD", 6: "SMP", 13: "SMA", 15: "SMK",
    7: "SDLB", 8: "SMPLB", 14: "SMLB", 29: "SLB", 27: "PKBM", 40: "SKB",
}  # fmt: skip

_PUBLIC_SHARE = {1: 0.04, 2: 0.02, 4: 0.02, 5: 0.88, 6: 0.58, 13: 0.5, 15: 0.27, 7: 0.6, 29: 0.26, 40: 1.0}

_FOUNDATIONS = (
    "Muhammadiyah", "Islam Terpadu Al-Hikmah", "Ma'arif NU", "Kristen Kasih", "Katolik Santo Yosef", "Al-Azhar",
    "Nurul Huda", "Bina Bangsa", "PGRI", "Pelita Harapan", "Darul Ulum", "Budi Utomo",
)  # fmt: skip
_PLAYGROUPS = (
    "Pertiwi", "Aisyiyah Bustanul Athfal", "Dharma Wanita", "Melati", "Kasih Ibu", "Tunas Harapan", "Mawar", "Pelangi",
    "Al-Ikhlas", "Cempaka", "Bina Insani", "Mutiara Bunda", "Kuncup Mekar", "Tunas Bangsa",
)  # fmt: skip
_CENTRES = ("Harapan Bangsa", "Cerdas Mandiri", "Bina Karya", "Tunas Ilmu", "Sumber Ilmu", "Karya Bersama")
_STREETS = (
    "Diponegoro", "Ahmad Yani", "Sudirman", "Gajah Mada", "Pemuda", "Merdeka", "Kartini", "Pahlawan", "Veteran",
    "Raya Selatan", "Masjid Agung", "Pasar Baru",
)  # fmt: skip
_DEGREES = (", S.Pd.", ", S.Pd.", ", M.Pd.", ", S.Pd.I", ", S.Pd., M.M.", "")


@dataclass(frozen=True, slots=True)
class Head:
    """The school's head: ``name`` without degrees, ``title`` with them."""

    name: str
    title: str
    sex: str
    birth_date: str
    nip: str


def is_public(school: School) -> bool:
    """Whether the state runs the school."""
    if school.known:
        return school.known.is_public
    return school.random("status").random() < _PUBLIC_SHARE.get(school.form, 0.05)


def head_of(school: School) -> Head:
    """Who leads the school; only civil servants have a NIP."""
    chance = school.random("head")
    random = chance.random
    styles = MIXES[school.regency.province.mix]
    is_woman = random() < (0.95 if school.form in PAUD_FORMS else 0.45)
    name = full_name(random, styles[int(random() * len(styles))], is_woman)
    born = date(school.order.school_year - 58, 8, 1) + timedelta(days=int(random() * 7300))
    hired = f"{born.year + 24 + int(random() * 8)}{1 + int(random() * 12):02d}"
    nip = f"{born:%Y%m%d}{hired}{2 if is_woman else 1}{1 + int(random() * 9):03d}" if is_public(school) else ""
    title = name + _DEGREES[int(random() * len(_DEGREES))]
    if not is_woman and random() < 0.2:
        title = f"Drs. {title}"
    return Head(name, title, "P" if is_woman else "L", born.isoformat(), nip)


def npsn_of(school: School) -> str:
    """Eight characters: the province's block and a scattered serial; a few playgroups still bear letters."""
    if school.known:
        return school.known.npsn
    if school.form in PAUD_FORMS and school.place % 1500 == 7:
        return f"NP{700_000 + school.place // 1500 * 7:06d}"
    return _scattered(school)


_SERIALS = 99_000
"""Serials of a block that are handed out; those above stand in for the known schools' own."""
_KNOWN_NPSN = tuple(known.npsn for known in SCHOOLS_KNOWN)


def _scattered(school: School) -> str:
    number = school.place - school.regency.province_first
    if number >= _SERIALS:
        return f"7{school.place:07d}"
    npsn = f"{school.regency.province.block}{number * 7919 % _SERIALS:05d}"
    if npsn in _KNOWN_NPSN:
        return f"{npsn[:3]}{_SERIALS + _KNOWN_NPSN.index(npsn)}"
    return npsn


def name_of(school: School) -> str:
    """The school's name, with a number where several share it."""
    if school.known:
        return school.known.name
    form, place = _FORM_NAMES[school.form], school.district[1].removeprefix("Kec. ")
    number = 5 + school.ordinal // school.regency.districts
    if school.form in PAUD_FORMS:
        return f"{form} {_pick(_PLAYGROUPS, school)} {place}"
    if school.form in (27, 40):
        return f"{form} {_pick(_CENTRES, school)} {place}"
    if is_public(school):
        return f"{form} Negeri {number} {place}"
    return f"{form} {_pick(_FOUNDATIONS, school)} {number} {place}"


def _pick(names: tuple[str, ...], school: School) -> str:
    return names[school.place * 5 % len(names)]


def _last_sync(school: School, chance: Random) -> str:
    """Within the last weeks; before the semester or never where the school has not synchronised."""
    random = chance.random
    is_silent = random() < (0.13 if school.form in PAUD_FORMS else 0.025)
    if school.known:
        is_silent = not school.known.is_synchronised
    if is_silent and not school.known and random() < 0.5:
        return ""
    order = school.order
    starts = date(order.school_year, 7, 1) if order.semester_id[4] == "1" else date(order.school_year + 1, 1, 1)
    span = min((order.cutoff_date - starts).days, 45)
    days_ago = int(random() * max(1, span))
    day = starts - timedelta(days=40 + days_ago) if is_silent else order.cutoff_date - timedelta(days=days_ago)
    return f"{datetime.combine(day, time(int(random() * 24), int(random() * 60), int(random() * 60)))}"


def _region_code(school: School, chance: Random) -> str:
    """As it arrives: now and then a spreadsheet has eaten the leading zero."""
    code = school.district[0]
    return code.removeprefix("0") if not school.known and chance.random() < 0.01 else code


def lines(nation: Nation, school: School) -> list[str]:
    """The school's one row."""
    chance = school.random("unit")
    random = chance.random
    head = head_of(school)
    street = f"Jl. {_STREETS[int(random() * len(_STREETS))]} No. {1 + int(random() * 180)}"
    if random() < 0.4:
        street += f", RT {1 + int(random() * 9):02d} RW {1 + int(random() * 12):02d}"
    fields = [
        school.sekolah_id,
        npsn_of(school),
        name_of(school),
        str(school.form),
        "1" if is_public(school) else "2",
        _region_code(school, chance),
        street,
        head.title,
        head.nip,
        _last_sync(school, chance),
    ]
    return [csv_row(fields)]


def later(row: Row, meanwhile: Meanwhile) -> list[Row]:
    """Every other school that had never synchronised has done so, and a few have a new head."""
    kind = meanwhile.chance.random()
    if not row["last_sync"] and kind < 0.5:
        return [row | {"last_sync": f"{meanwhile.cutoff_date} 07:30:00"}]
    if kind > 0.99:
        return [row | {"nama_kepala_sekolah": "Endang Setyowati, M.Pd.", "nip_kepala_sekolah": ""}]
    return [row]


PART = Part(SCHOOLS, SCHOOLS.columns, lines, later)
"""The schools' own file, which is always made."""
