"""The made-up nation: the same every time, in the bundle's format, with every case that the rules speak of."""

import csv
import gzip
import hashlib
import io
import re
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from providers.reading import DEFAULT_PREFIXES, read_number
from schools.choices import JENJANG_OF_FORM, Jenjang
from schools.cutoff.bundle import open_bundle, verify
from schools.cutoff.errors import RowFault
from schools.generator import known, production
from schools.generator.names import BALINESE, full_name
from schools.generator.nation import MOST_SCHOOLS, Nation, Order, School
from schools.generator.parts import parts, register_part
from schools.generator.production import RANGE, Job, make_range, produce
from schools.generator.regions import PROVINCES, regency_codes
from schools.generator.units import PART, npsn_of
from students.generator import nisn
from teachers.generator import nuptk

Row = dict[str, str]


def order(schools: int = 60, seed: int = 1) -> Order:
    return Order(schools, seed)


def job(schools: int) -> Job:
    return Job(order(schools), (PART, *parts()))


def generate(out: Path, **options: object) -> Path:
    call_command("generate_cutoff", str(out), **{"workers": 1, "stdout": io.StringIO(), **options})
    return out


def digests(path: Path) -> dict[str, str]:
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in path.iterdir()}


def rows_of(path: Path, name: str) -> list[Row]:
    with (path / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The default bundle, made once."""
    return generate(tmp_path_factory.mktemp("demo") / "tarikan")


def school_of(demo: Path, npsn: str) -> Row:
    return next(row for row in rows_of(demo, "sekolah.csv") if row["npsn"] == npsn)


def pupils_of(demo: Path, npsn: str) -> list[Row]:
    sekolah_id = school_of(demo, npsn)["sekolah_id"]
    return [row for row in rows_of(demo, "peserta_didik.csv") if row["sekolah_id"] == sekolah_id]


def test_the_default_is_a_bundle_of_the_stated_size(demo: Path) -> None:
    with open_bundle(demo) as bundle:
        verify(bundle)
        counts = {entry.name: entry.rows for entry in bundle.manifest.files}
    assert list(counts) == ["wilayah.csv", "sekolah.csv", "peserta_didik.csv", "ptk.csv"]
    assert counts["sekolah.csv"] == 60
    assert 13_000 < counts["peserta_didik.csv"] + counts["ptk.csv"] < 18_000
    regions = rows_of(demo, "wilayah.csv")
    assert Counter(row["id_level_wilayah"] for row in regions)["1"] == 2
    assert [row["kode_wilayah"] for row in regions if row["id_level_wilayah"] == "2"] == ["032900", "120300", "126000"]
    codes = {row["kode_wilayah"] for row in regions}
    assert all(row["mst_kode_wilayah"] in codes for row in regions[1:])


@pytest.mark.parametrize("seed", range(4))
def test_every_jenjang_is_among_sixty_schools(seed: int) -> None:
    nation = Nation(order(seed=seed))
    assert {JENJANG_OF_FORM[nation.school(place).form] for place in range(60)} == set(Jenjang)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_the_same_order_gives_the_same_bytes(tmp_path: Path, packed: bool) -> None:
    options = {"schools": 20, "seed": 7, "dirty": 0.05, "gzip": packed}
    first, second = (generate(tmp_path / name, **options) for name in "ab")
    assert digests(first) == digests(second)
    other = digests(generate(tmp_path / "c", **{**options, "seed": 8}))
    assert [name for name, digest in digests(first).items() if digest == other[name]] == [
        "wilayah.csv.gz" if packed else "wilayah.csv"
    ]


def test_several_processes_give_the_same_bytes_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(production, "WORTH_PROCESSES", 0)
    few = job(2 * RANGE + 9)
    alone = produce(few, tmp_path / "a", workers=1)
    assert produce(few, tmp_path / "b", workers=2) == alone
    assert digests(tmp_path / "a") == digests(tmp_path / "b")


def test_gzip_and_zip_hold_the_same_rows(tmp_path: Path) -> None:
    plain = generate(tmp_path / "plain", schools=8)
    packed = generate(tmp_path / "packed", schools=8, gzip=True)
    for name in ("sekolah.csv", "peserta_didik.csv", "ptk.csv"):
        assert gzip.decompress((packed / f"{name}.gz").read_bytes()) == (plain / name).read_bytes()
    archives = [generate(tmp_path / f"{name}.zip", schools=8) for name in "ab"]
    assert archives[0].read_bytes() == archives[1].read_bytes()
    with zipfile.ZipFile(archives[0]) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {
            file.name: file.read_bytes() for file in plain.iterdir()
        }
    both = generate(tmp_path / "both", schools=8, gzip=True, zip=True)
    for path in (plain, packed, archives[0], both):
        with open_bundle(path) as bundle:
            verify(bundle)


def test_a_range_needs_no_other_range(tmp_path: Path) -> None:
    whole = job(300)
    nation = Nation(whole.order)
    for number in range(3):
        at_once, rows = make_range(whole, nation, number, range(100, 140))
        halves = [make_range(whole, nation, number, places) for places in (range(100, 117), range(117, 140))]
        assert at_once == b"".join(content for content, _ in halves)
        assert rows == sum(count for _, count in halves)


def test_a_province_is_that_part_of_the_nation(tmp_path: Path) -> None:
    nation = generate(tmp_path / "nation")
    province = generate(tmp_path / "province", scope="province:12")
    for name in ("sekolah.csv", "peserta_didik.csv", "ptk.csv"):
        part, whole = ((path / name).read_text().splitlines() for path in (province, nation))
        assert part[0] == whole[0]
        assert part[1:] == whole[-len(part) + 1 :]
    assert {row["kode_wilayah"][:2] for row in rows_of(province, "wilayah.csv")} == {"12"}
    with open_bundle(province) as bundle:
        verify(bundle)
        assert bundle.manifest.province_prefix == "12"


def test_the_whole_country_is_planned_in_little_memory() -> None:
    nation = Nation(order(430_000))
    last = nation.school(429_999)
    assert 480 <= len(nation.regencies) <= 516
    assert 45_000_000 < last.first_pupil + last.pupils < 55_000_000
    assert 3_000_000 < last.first_teacher + last.teachers < 4_200_000
    assert len({npsn_of(nation.school(place)) for place in range(0, 430_000, 9)}) == 47_778
    districts = sum(regency.districts for regency in nation.regencies)
    assert 6_500 < districts < 7_500
    assert nation.places("35").stop - nation.places("35").start > 0


def test_numbers_of_people_never_repeat() -> None:
    ordinals = range(0, 52_000_000, 997)
    assert len({nisn(ordinal, 2008 + ordinal % 3) for ordinal in ordinals}) == len(ordinals)
    assert all(re.fullmatch(r"\d{10}", nisn(ordinal, 1999 + ordinal % 17)) for ordinal in range(0, 80_000_000, 999_983))
    teachers = range(0, 4_000_000, 101)
    made = {nuptk(ordinal) for ordinal in teachers}
    assert len(made) == len(teachers)
    assert all(re.fullmatch(r"\d{16}", number) for number in made)


def test_identifiers_are_unique_but_for_people_at_two_schools(demo: Path) -> None:
    schools = rows_of(demo, "sekolah.csv")
    for column in ("sekolah_id", "npsn", "nama"):
        assert len({row[column].lower() for row in schools}) == len(schools), column
    pupils = rows_of(demo, "peserta_didik.csv")
    keys = Counter((row["peserta_didik_id"], row["sekolah_id"]) for row in pupils)
    assert keys.most_common(1)[0][1] == 1
    ids = {row["sekolah_id"] for row in schools}
    assert all(row["sekolah_id"] in ids for row in pupils)
    assert all(row["sekolah_id"] in ids for row in rows_of(demo, "ptk.csv"))


def test_the_funnel_has_every_case(demo: Path) -> None:
    pupils, staff = rows_of(demo, "peserta_didik.csv"), rows_of(demo, "ptk.csv")
    schools = rows_of(demo, "sekolah.csv")
    count = len(pupils)
    silent = [row for row in schools if row["last_sync"][:10] < "2020-07-01"]
    assert 1 <= len(silent) <= 12
    assert 0.005 < sum(not row["nisn"] for row in pupils) / count < 0.15
    assert 0.003 < sum(row["aktif"] == "0" for row in pupils) / count < 0.03
    assert 0.10 < sum(not row["nomor_telepon_seluler"] for row in pupils) / count < 0.40
    assert sum(n > 1 for n in Counter(row["nisn"] for row in pupils if row["nisn"]).values()) >= 3
    assert any(0 < len(row["nisn"]) < 10 for row in pupils)
    assert 0.2 < sum(not row["nuptk"] for row in staff) / len(staff) < 0.6
    assert 0.01 < sum(row["ptk_induk"] == "0" for row in staff) / len(staff) < 0.15
    assert 0.03 < sum(row["jenis_ptk_id"] in ("11", "30", "40", "99") for row in staff) / len(staff) < 0.3
    assert sum(row["jenis_ptk_id"] == "20" for row in staff) == 60
    assert {row["penerima_pip"] for row in pupils} == {"0", "1"}


def test_numbers_are_those_of_the_providers_mostly(demo: Path) -> None:
    typed = [row["nomor_telepon_seluler"] for row in rows_of(demo, "peserta_didik.csv")]
    read = [read_number(text, DEFAULT_PREFIXES) for text in typed if text]
    shares = Counter(str(reading.provider) for reading in read if reading.provider)
    known_share = sum(shares.values())
    assert 0.92 < known_share / len(read) < 0.98
    assert 0.45 < shares["TELKOMSEL"] / known_share < 0.55
    assert 0.13 < (shares["XL"] + shares["AXIS"]) / known_share < 0.22
    assert 0.13 < shares["INDOSAT"] / known_share < 0.21
    assert 0.08 < shares["TRI"] / known_share < 0.14
    assert 0.03 < shares["SMARTFREN"] / known_share < 0.07
    assert len({reading.code for reading in read if reading.code}) >= 8


def test_the_head_in_both_files_is_one_person(demo: Path) -> None:
    heads = {row["sekolah_id"]: row["nama"] for row in rows_of(demo, "ptk.csv") if row["jenis_ptk_id"] == "20"}
    for school in rows_of(demo, "sekolah.csv"):
        assert heads[school["sekolah_id"]] in school["nama_kepala_sekolah"]
        assert re.fullmatch(r"(\d{18})?", school["nip_kepala_sekolah"])


@pytest.mark.parametrize("school", known.SCHOOLS, ids=lambda school: school.npsn)
def test_known_schools_are_what_they_say(demo: Path, school: known.KnownSchool) -> None:
    row = school_of(demo, school.npsn)
    assert row["nama"] == school.name
    assert row["kode_wilayah"] == "032901"
    assert (row["last_sync"] >= "2020-07-01") == school.is_synchronised
    assert abs(len(pupils_of(demo, school.npsn)) - school.pupils) <= 1


def test_known_people_are_found(demo: Path) -> None:
    sd, second = pupils_of(demo, "20326541"), pupils_of(demo, "20326542")
    everybody = rows_of(demo, "peserta_didik.csv") + rows_of(demo, "ptk.csv")
    by_number = Counter(row.get("nomor_telepon_seluler") or row.get("no_hp") for row in everybody)
    assert by_number[known.FAMILY_NUMBER] == 4
    assert by_number[known.OVERSHARED_NUMBER] == known.OVERSHARED_BY
    for number in (known.GRACE_NUMBER, known.STALE_NUMBER, known.FAILED_NUMBER, known.REVERSED_NUMBER):
        assert by_number[number] == 1
    twice = [row for row in sd + second if row["nisn"] == known.TWO_SCHOOLS_NISN]
    assert len({row["sekolah_id"] for row in twice}) == 2
    assert len({row["peserta_didik_id"] for row in twice}) == 1
    conflict = [row for row in sd + second if row["nisn"] == known.CONFLICT_NISN]
    assert len({row["peserta_didik_id"] for row in conflict}) == 2
    assert [row["aktif"] for row in sd + second if row["nisn"] == known.MOVED_NISN] == ["1", "0"]
    assert [row["nisn"] for row in sd if row["nama"] == known.MISSING_NISN_NAME] == [""]
    visitor = [row for row in rows_of(demo, "ptk.csv") if row["nuptk"] == known.VISITING_NUPTK]
    assert sorted(row["ptk_induk"] for row in visitor) == ["0", "1"]


def test_in_a_later_year_the_known_pupils_are_younger(tmp_path: Path) -> None:
    path = generate(tmp_path / "b", schools=4, cutoff_date=date(2025, 11, 19), semester="20251")
    born = {row["nisn"]: row["tanggal_lahir"] for row in rows_of(path, "peserta_didik.csv")}
    assert born["0089999001"] == "2013-04-12"
    assert all(row["last_sync"][:10] <= "2025-11-19" for row in rows_of(path, "sekolah.csv"))
    with open_bundle(path) as bundle:
        assert bundle.manifest.semester_id == "20251"


@pytest.mark.parametrize("schools", [1, 2, 3, 5])
def test_tiny_nations_are_bundles_too(tmp_path: Path, schools: int) -> None:
    with open_bundle(generate(tmp_path / "b", schools=schools)) as bundle:
        verify(bundle)
        assert bundle.entry("sekolah.csv").rows == schools


def test_dirt_breaks_about_its_share_in_many_ways_and_spares_known_schools(tmp_path: Path, demo: Path) -> None:
    dirty = generate(tmp_path / "dirty", dirty=0.1)
    faults: list[RowFault] = []
    with open_bundle(dirty) as bundle:
        verify(bundle)
        for _ in bundle.numbered_blocks("peserta_didik.csv", faults.append):
            pass
    assert len({fault.code for fault in faults}) == 2
    for name in ("sekolah.csv", "peserta_didik.csv", "ptk.csv"):
        clean, broken = ((path / name).read_text().splitlines() for path in (demo, dirty))
        assert len(clean) == len(broken)
        changed = sum(one != other for one, other in zip(clean, broken, strict=True)) / len(clean)
        assert 0.02 < changed < 0.2, name
    dates = Counter(row["tanggal_lahir"] for row in rows_of(dirty, "peserta_didik.csv"))
    assert dates["2009-02-31"] > 5
    assert pupils_of(demo, "20326541") == pupils_of(dirty, "20326541")


def test_what_cannot_be_made_is_said(tmp_path: Path) -> None:
    path = generate(tmp_path / "b", schools=2)
    with pytest.raises(CommandError, match="is there already"):
        generate(path)
    with pytest.raises(CommandError, match="--delta needs"):
        generate(tmp_path / "c", delta=True)
    with pytest.raises(CommandError, match="bukan folder"):
        generate(tmp_path / "c", after=tmp_path)
    with pytest.raises(CommandError, match="no school lies"):
        generate(tmp_path / "c", schools=2, scope="province:25")
    for wrong in ("delta", "province", "nation:03"):
        with pytest.raises(CommandError, match="--scope"):
            generate(tmp_path / "d", scope=wrong)
    for arguments in (
        ["--schools", "0"],
        ["--schools", str(MOST_SCHOOLS + 1)],
        ["--dirty", "2"],
        ["--provinces", "36"],
    ):
        with pytest.raises(CommandError, match="must lie between"):
            call_command("generate_cutoff", str(tmp_path / "e"), *arguments)
    with pytest.raises(CommandError, match="must look like"):
        call_command("generate_cutoff", str(tmp_path / "e"), "--semester", "2020")
    assert [file.name for file in tmp_path.iterdir()] == ["b"]


def test_memory_does_not_grow_with_the_nation(tmp_path: Path) -> None:
    def many(nation: Nation, school: School) -> list[str]:
        return [f"{school.place},{number},{'x' * 500}\n" for number in range(40)]

    def peak(ranges: int) -> int:
        tracemalloc.start()
        produce(Job(order(ranges * RANGE), (replace(PART, lines=many),)), tmp_path / str(ranges))
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(20) < 1.2 * peak(2)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["sekolah.csv", "peserta_didik.csv", "ptk.csv"])
def test_postgresql_takes_every_row_that_is_not_set_aside(tmp_path: Path, name: str) -> None:
    faults: list[RowFault] = []
    with open_bundle(generate(tmp_path / "b", schools=20, dirty=0.05)) as bundle, connection.cursor() as cursor:
        columns = ", ".join(f'"{column}" text' for column in bundle.header(name))
        cursor.execute(f"CREATE TEMP TABLE side (line bigint, {columns})")
        with cursor.copy("COPY side FROM STDIN (FORMAT csv)") as copy:
            for block in bundle.numbered_blocks(name, faults.append):
                copy.write(block)
        cursor.execute("SELECT count(*), count(DISTINCT line), max(line) FROM side")
        rows, lines, last = cursor.fetchone()
        expected = bundle.entry(name).rows
    assert rows == lines == expected - len(faults)
    assert expected <= last <= expected + 1


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(nation: Nation, school: object) -> list[str]:
        raise RuntimeError("broken on purpose")

    broken = Job(order(3), (PART, replace(parts()[0], lines=fail)))
    for as_zip in (False, True):
        with pytest.raises(RuntimeError):
            produce(broken, tmp_path / "b", as_zip=as_zip)
    assert list(tmp_path.iterdir()) == []


def test_a_later_cutoff_changes_a_little_of_everything(tmp_path: Path, demo: Path) -> None:
    paths = [generate(tmp_path / name, after=demo, seed=3) for name in "ab"]
    assert digests(paths[0]) == digests(paths[1])
    with open_bundle(paths[0]) as bundle:
        verify(bundle)
        assert bundle.manifest.cutoff_date == date(2020, 10, 11)
        assert bundle.manifest.scope == "nation"
    before, after = (
        {row["peserta_didik_id"]: row for row in rows_of(path, "peserta_didik.csv")} for path in (demo, paths[0])
    )
    both = before.keys() & after.keys()
    assert 0.001 < len(before.keys() - after.keys()) / len(before) < 0.01
    assert 0.001 < len(after.keys() - before.keys()) / len(before) < 0.01
    for column in ("sekolah_id", "nomor_telepon_seluler", "nisn"):
        assert 0.0005 < sum(before[one][column] != after[one][column] for one in both) / len(both) < 0.05, column


def test_a_delta_holds_what_a_later_cutoff_changes(tmp_path: Path, demo: Path) -> None:
    whole = generate(tmp_path / "whole", after=demo, seed=3)
    delta = generate(tmp_path / "delta.zip", after=demo, seed=3, delta=True)
    with zipfile.ZipFile(delta) as archive:
        archive.extractall(tmp_path / "delta")
    with open_bundle(delta) as bundle:
        verify(bundle)
        assert bundle.manifest.is_delta
    for name, person in (("peserta_didik.csv", "peserta_didik_id"), ("ptk.csv", "ptk_id")):
        applied = {(row[person], row["sekolah_id"]): row for row in rows_of(demo, name)}
        for row in rows_of(tmp_path / "delta", name):
            gone = row.pop("soft_delete") == "1"
            key = row[person], row["sekolah_id"]
            if gone:
                del applied[key]
            else:
                applied[key] = row
        assert applied == {(row[person], row["sekolah_id"]): row for row in rows_of(whole, name)}
        assert len(rows_of(tmp_path / "delta", name)) < len(applied) / 10


def test_progress_is_told(tmp_path: Path) -> None:
    heard: Counter[str] = Counter()
    manifest = produce(job(10), tmp_path / "b", on_rows=lambda name, rows: heard.update({name: rows}))
    assert heard == {entry.name: entry.rows for entry in manifest.files[1:]}


def test_one_file_has_one_generator() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        register_part(replace(parts()[0], columns=("other",)))


def test_regions_have_the_registers_own_codes() -> None:
    assert len(PROVINCES) == 35
    codes = [code for province in PROVINCES for code, _ in regency_codes(province)]
    assert len(codes) == len(set(codes)) == 516
    names = [name for province in PROVINCES for _, name in regency_codes(province)]
    assert len(set(names)) == 516


def test_names_have_one_to_three_words() -> None:
    def walk() -> Iterator[float]:
        value = 0.1
        while True:
            value = (value + 0.618034) % 1
            yield value

    steps = walk()
    lengths = {len(full_name(lambda: next(steps), BALINESE, girl).split()) for girl in (True, False) for _ in range(60)}
    assert lengths == {1, 2, 3}
