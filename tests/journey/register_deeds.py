"""What happens in the register outside: people come, go, move and collide; schools change. It reaches the system only
with the next cut-off."""

from __future__ import annotations

from collections.abc import Callable

from tests.schools.registers import Row

from .deeds import pick
from .nation import NUMBERS, Nation

MOST_PEOPLE = 45
OWN_NISN = {"nisn": lambda row: f"00{int(row['peserta_didik_id'].replace('-', ''), 16):08d}"}


def _people(nation: Nation) -> list[Row]:
    return nation.register.peserta_didik + nation.register.ptk


def _rows_of(nation: Nation, row: Row) -> list[Row]:
    return nation.register.peserta_didik if "nisn" in row else nation.register.ptk


def _school(nation: Nation, n: int) -> Row:
    return pick(nation.register.sekolah, n)


def enters(nation: Nation, a: int, b: int) -> str:
    if len(_people(nation)) >= MOST_PEOPLE:
        return "full"
    number = ["", "tidak ada", *NUMBERS][b % (len(NUMBERS) + 2)]
    row = nation.enter("ptk" if b % 4 == 3 else "peserta_didik", _school(nation, a), number)
    return f"{row['nama']} enters with {number!r}"


def leaves(nation: Nation, a: int, b: int) -> str:
    row = pick(_people(nation), a)
    _rows_of(nation, row).remove(row)
    return f"{row['nama']} leaves"


def moves(nation: Nation, a: int, b: int) -> str:
    row, school = pick(_people(nation), a), _school(nation, b)
    if any(_same_place(other, {**row, "sekolah_id": school["sekolah_id"]}) for other in _people(nation)):
        return "there already"
    row["sekolah_id"] = school["sekolah_id"]
    return f"{row['nama']} moves to {school['npsn']}"


def is_at_two(nation: Nation, a: int, b: int) -> str:
    row, school = pick(_people(nation), a), _school(nation, b)
    twin = {**row, "sekolah_id": school["sekolah_id"]}
    if any(_same_place(other, twin) for other in _people(nation)):
        return "there already"
    _rows_of(nation, row).append(twin)
    return f"{row['nama']} also at {school['npsn']}"


def _same_place(a: Row, b: Row) -> bool:
    return [a.get(k) for k in ("peserta_didik_id", "ptk_id", "sekolah_id")] == [
        b.get(k) for k in ("peserta_didik_id", "ptk_id", "sekolah_id")
    ]


def nisn_is_anothers(nation: Nation, a: int, b: int) -> str:
    one, two = pick(nation.register.peserta_didik, a), pick(nation.register.peserta_didik, b)
    one["nisn"] = two["nisn"]
    return f"{one['nama']} bears the NISN of {two['nama']}"


def nisns_swap(nation: Nation, a: int, b: int) -> str:
    one, two = pick(nation.register.peserta_didik, a), pick(nation.register.peserta_didik, b)
    one["nisn"], two["nisn"] = two["nisn"], one["nisn"]
    return f"{one['nama']} and {two['nama']} change NISN"


def nisn_is_lost(nation: Nation, a: int, b: int) -> str:
    row = pick(nation.register.peserta_didik, a)
    row["nisn"] = ["", "123"][b % 2]
    return f"{row['nama']} has NISN {row['nisn']!r}"


def identities_are_repaired(nation: Nation, a: int, b: int) -> str:
    for row in nation.register.peserta_didik:
        row["nisn"] = OWN_NISN["nisn"](row)
    return "all NISN repaired"


def same_person(nation: Nation, a: int, b: int) -> str:
    one, two = pick(nation.register.peserta_didik, a), pick(nation.register.peserta_didik, b)
    for column in ("nisn", "nama", "tanggal_lahir"):
        one[column] = two[column]
    return f"{two['nama']} has two ids"


def is_active(nation: Nation, a: int, b: int) -> str:
    row = pick(_people(nation), a)
    row["aktif"] = str(1 - int(row["aktif"]))
    return f"{row['nama']} active {row['aktif']}"


def number_differs(nation: Nation, a: int, b: int) -> str:
    row = pick(_people(nation), a)
    column = "nomor_telepon_seluler" if "nisn" in row else "no_hp"
    row[column] = ["", "rusak", *NUMBERS][b % (len(NUMBERS) + 2)]
    return f"{row['nama']} has {row[column]!r} in the register"


def home_school(nation: Nation, a: int, b: int) -> str:
    row = pick(nation.register.ptk, a)
    if row is None:
        return "no teachers"
    column, values = [("ptk_induk", "10"), ("jenis_ptk_id", ["3", "11"])][b % 2]
    row[column] = values[1] if row[column] == values[0] else values[0]
    return f"{row['nama']} {column} {row[column]}"


def receives_pip(nation: Nation, a: int, b: int) -> str:
    row = pick(nation.register.peserta_didik, a)
    row["penerima_pip"] = "0" if row.get("penerima_pip") == "1" else "1"
    return f"{row['nama']} PIP {row['penerima_pip']}"


def grade(nation: Nation, a: int, b: int) -> str:
    row = pick(nation.register.peserta_didik, a)
    row["tingkat_pendidikan_id"] = str(b % 12 + 1)
    return f"{row['nama']} in grade {row['tingkat_pendidikan_id']}"


def synchronises(nation: Nation, a: int, b: int) -> str:
    row = _school(nation, a)
    row["last_sync"] = "" if row["last_sync"] else "2020-09-20 08:00:00"
    return f"{row['npsn']} synchronised {row['last_sync']!r}"


def changes_place(nation: Nation, a: int, b: int) -> str:
    row = _school(nation, a)
    row["kode_wilayah"] = ["032901", "032801", "120301"][b % 3]
    return f"{row['npsn']} in {row['kode_wilayah']}"


def changes_form(nation: Nation, a: int, b: int) -> str:
    row = _school(nation, a)
    row["bentuk_pendidikan_id"] = ["5", "6", "13", "1"][b % 4]
    return f"{row['npsn']} of form {row['bentuk_pendidikan_id']}"


def closes_or_returns(nation: Nation, a: int, b: int) -> str:
    gone = nation.gone_schools
    if gone and b % 2:
        nation.register.sekolah.append(gone.pop(0))
        return f"{nation.register.sekolah[-1]['npsn']} is back"
    if len(nation.register.sekolah) < 4:
        return "enough closed"
    gone.append(nation.register.sekolah.pop(a % len(nation.register.sekolah)))
    return f"{gone[-1]['npsn']} has closed"


CHANGES: list[Callable[[Nation, int, int], str]] = [
    enters,
    leaves,
    moves,
    moves,
    is_at_two,
    nisn_is_anothers,
    nisns_swap,
    nisn_is_lost,
    identities_are_repaired,
    same_person,
    is_active,
    number_differs,
    home_school,
    receives_pip,
    grade,
    synchronises,
    changes_place,
    changes_form,
    closes_or_returns,
]
