"""Every way in which a bundle is refused whole, with the place that it names; and how a good one is read."""

import gzip
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from schools.cutoff import registry, sources
from schools.cutoff.bundle import open_bundle, verify
from schools.cutoff.errors import BundleError, RowFault

from . import bundles


def refusal(path: Path) -> BundleError:
    """What opening and verifying the bundle raises."""
    with pytest.raises(BundleError) as caught, open_bundle(path) as bundle:
        verify(bundle)
    return caught.value


def place(error: BundleError) -> tuple[str, int | None, int | str | None]:
    return error.file, error.line, error.column


def test_a_good_folder_is_verified_and_read(tmp_path: Path) -> None:
    heard: list[int] = []
    with open_bundle(bundles.folder(tmp_path / "b")) as bundle:
        verify(bundle, heard.append)
        assert bundle.manifest.scope == "nation"
        assert bundle.manifest.cutoff_date.isoformat() == "2020-09-11"
        assert bundle.header("wilayah.csv") == ("kode_wilayah", "nama", "id_level_wilayah", "mst_kode_wilayah")
        assert b"".join(bundle.blocks("peserta_didik.csv")) == bundles.STUDENTS.partition("\n")[2].encode()
    assert sum(heard) == sum(len(data) for data in bundles.files().values())


@pytest.mark.parametrize("prefix", ["", "tarikan/", "2020/tarikan/"])
def test_a_zip_is_read_from_the_top_or_from_one_folder(tmp_path: Path, prefix: str) -> None:
    with open_bundle(bundles.zipped(tmp_path / "b.zip", prefix=prefix)) as bundle:
        verify(bundle)
        assert bundle.entry("ptk.csv").rows == 1


def test_gzip_of_several_members_is_one_file(tmp_path: Path) -> None:
    text = bundles.STUDENTS.encode()
    packed = gzip.compress(text[:100]) + gzip.compress(b"") + gzip.compress(text[100:])
    content = bundles.files(peserta_didik=None) | {"peserta_didik.csv.gz": packed}
    listed = [bundles.entry(n, d) for n, d in bundles.files(peserta_didik=None).items()]
    listed.append(bundles.entry("peserta_didik.csv.gz", packed, rows=2))
    with open_bundle(bundles.folder(tmp_path / "b", content, files=listed)) as bundle:
        verify(bundle)
        assert b"".join(bundle.blocks("peserta_didik.csv")) == text.partition(b"\n")[2]


def test_bom_crlf_and_quoted_line_breaks_are_read(tmp_path: Path) -> None:
    school = bundles.SCHOOLS.replace("Jl. Pemuda 1, RT 1", "Jl. Pemuda 1\r\nRT 1").replace("\n", "\r\n", 1)
    content = bundles.files(sekolah=b"\xef\xbb\xbf" + school.encode())
    listed = [bundles.entry(n, d, **({"rows": 1} if n == "sekolah.csv" else {})) for n, d in content.items()]
    with open_bundle(bundles.folder(tmp_path / "b", content, files=listed)) as bundle:
        verify(bundle)
        assert bundle.header("sekolah.csv")[0] == "sekolah_id"
        assert b"\r" not in b"".join(bundle.blocks("sekolah.csv"))


MANIFESTS: list[tuple[dict[str, Any], str]] = [
    ({"schema_version": 2}, "schema_version"),
    ({"schema_version": "1"}, "schema_version"),
    ({"schema_version": True}, "schema_version"),
    ({"cutoff_date": "11-09-2020"}, "cutoff_date"),
    ({"cutoff_date": "2020-02-31"}, "cutoff_date"),
    ({"cutoff_date": ...}, "cutoff_date"),
    ({"semester_id": "20203"}, "semester_id"),
    ({"scope": "province:3"}, "scope"),
    ({"scope": "Nation"}, "scope"),
    ({"scope": ["nation"]}, "scope"),
    ({"files": []}, "files"),
    ({"files": ["ptk.csv"]}, "files[0]"),
    ({"files": [{"name": "ptk.csv", "rows": 1}]}, "files[0].sha256"),
    ({"files": [{"name": "ptk.csv", "rows": -1, "sha256": "0" * 64}]}, "files[0].rows"),
    ({"files": [{"name": "../ptk.csv", "rows": 1, "sha256": "0" * 64}]}, "files[0].name"),
    ({"files": [{"name": "ptk.csv", "rows": 1, "sha256": "0" * 64}] * 2}, "files[1].name"),
    ({"files": [{"name": "nilai.csv", "rows": 1, "sha256": "0" * 64}]}, "files[0].name"),
]


@pytest.mark.parametrize(("changes", "column"), MANIFESTS, ids=[f"{c}-{n}" for n, (_, c) in enumerate(MANIFESTS)])
def test_a_wrong_manifest_names_the_key(tmp_path: Path, changes: dict[str, Any], column: str) -> None:
    assert place(refusal(bundles.folder(tmp_path / "b", **changes))) == ("manifest.json", None, column)


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        (b'{"schema_version": 1,\n "scope" "nation"}', 2, 10),
        (b'{"a":\n  "\xe9"}', 2, 4),
        (b"[1]", 1, 1),
        (b"", 1, 1),
        (b'{"scope": "nation", "scope": "delta"}', None, "scope"),
        (b"[" * 100_000, None, None),
    ],
)
def test_a_manifest_that_is_no_json_object_names_the_place(
    tmp_path: Path, content: bytes, line: int | None, column: int | str | None
) -> None:
    path = bundles.folder(tmp_path / "b")
    (path / "manifest.json").write_bytes(content)
    assert place(refusal(path)) == ("manifest.json", line, column)


def test_no_manifest_and_an_endless_one_are_refused(tmp_path: Path) -> None:
    path = bundles.folder(tmp_path / "b")
    (path / "manifest.json").write_bytes(b" " * ((1 << 20) + 1))
    assert "terlalu besar" in refusal(path).message
    (path / "manifest.json").unlink()
    assert place(refusal(path)) == ("manifest.json", None, None)


def test_files_that_are_missing_or_not_listed_are_named(tmp_path: Path) -> None:
    path = bundles.folder(tmp_path / "a")
    (path / "catatan.csv").write_text("x")
    assert refusal(path).file == "catatan.csv"
    path = bundles.folder(tmp_path / "b")
    (path / "ptk.csv").unlink()
    assert refusal(path).file == "ptk.csv"
    assert refusal(bundles.folder(tmp_path / "c", bundles.files(ptk=None))).file == "ptk.csv"
    assert refusal(tmp_path / "nowhere").file == "nowhere"


def test_a_delta_may_leave_files_out_and_systems_leave_noise(tmp_path: Path) -> None:
    path = bundles.folder(tmp_path / "b", bundles.files(ptk=None, wilayah=None), scope="delta")
    (path / ".DS_Store").write_bytes(b"x")
    with open_bundle(path) as bundle:
        verify(bundle)
        assert bundle.manifest.is_delta
        assert not bundle.has("ptk.csv")


STUDENTS = bundles.STUDENTS.encode()

CONTENTS: list[tuple[str, bytes, int | None, int | str | None, str]] = [
    ("missing column", STUDENTS.replace(b"nisn,", b"", 1), 1, "nisn", "tidak ada"),
    ("doubled column", STUDENTS.replace(b"nama,", b"nisn,", 1), 1, "nisn", "dua kali"),
    ("semicolons", STUDENTS.replace(b",", b";"), 1, "peserta_didik_id", "titik koma"),
    ("nothing", b"", 1, None, "kosong"),
    ("utf-16", bundles.STUDENTS.encode("utf-16"), 1, 1, "UTF-16"),
    ("utf-16 without mark", bundles.STUDENTS.encode("utf-16-le"), 1, 2, "nol"),
    ("cp1252", STUDENTS.replace(b"Putri", b"Putri Ren\xe9"), 3, 95, "0xE9"),
    ("column in characters", STUDENTS.replace(b"Putri", "Ré".encode() + b"\xe9"), 3, 88, "0xE9"),
    ("cut character", STUDENTS + b"c3,\xc3", 4, 4, "0xC3"),
    ("nul", STUDENTS.replace(b"Rizky", b"Riz\x00ky"), 2, 89, "nol"),
    ("lone return", STUDENTS.replace(b"Rizky", b"Riz\rky"), 2, 89, "CR"),
    ("open quote", STUDENTS.replace(b"Putri", b'"Putri'), 3, None, "kutip"),
    ("endless line", STUDENTS + b"x" * (1 << 22), 4, None, "satu juta"),
    ("endless quote", STUDENTS + b'"\n' + b"x\n" * (1 << 20), 4, None, "kutip"),
]


@pytest.mark.parametrize(
    ("content", "line", "column", "words"), [c[1:] for c in CONTENTS], ids=[c[0] for c in CONTENTS]
)
def test_wrong_content_names_line_and_column(
    tmp_path: Path, content: bytes, line: int | None, column: int | str | None, words: str
) -> None:
    error = refusal(bundles.folder(tmp_path / "b", bundles.files(peserta_didik=content)))
    assert place(error) == ("peserta_didik.csv", line, column)
    assert words in error.message
    assert str(error).startswith("peserta_didik.csv")


def test_positions_hold_far_into_a_file(tmp_path: Path) -> None:
    row = STUDENTS.splitlines(keepends=True)[2]
    content = STUDENTS + row * 30_000 + b'"a\nb",' + row.replace(b"Putri", b"P\xfftri")
    error = refusal(bundles.folder(tmp_path / "b", bundles.files(peserta_didik=content)))
    assert (error.line, error.column) == (30_005, 90)


def test_wrong_digest_and_wrong_row_count_are_told_apart(tmp_path: Path) -> None:
    content = bundles.files()
    listed = [bundles.entry(n, d) for n, d in content.items()]
    listed[2] |= {"rows": 3}
    error = refusal(bundles.folder(tmp_path / "b", files=listed))
    assert error.file == "peserta_didik.csv"
    assert "2 baris" in error.message
    assert "3" in error.message
    listed[2] |= {"sha256": "0" * 64}
    assert "sha256" in refusal(bundles.folder(tmp_path / "b", files=listed)).message


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda data: data[:-5], "terpotong"),
        (lambda data: b"", "terpotong"),
        (lambda data: data[:20] + b"\xff\xff\xff\xff" + data[24:], "rusak"),
        (lambda data: b"nisn,nama\n", "rusak"),
        (lambda data: data + b"rest", "rusak"),
    ],
)
def test_damaged_gzip_is_refused(tmp_path: Path, damage: Any, words: str) -> None:
    packed = damage(gzip.compress(STUDENTS, mtime=0))
    content = bundles.files(peserta_didik=None)
    listed = [bundles.entry(n, d) for n, d in content.items()]
    listed.append(bundles.entry("peserta_didik.csv.gz", packed, rows=2))
    error = refusal(bundles.folder(tmp_path / "b", content | {"peserta_didik.csv.gz": packed}, files=listed))
    assert error.file == "peserta_didik.csv.gz"
    assert words in error.message


def test_bombs_are_refused_before_they_unpack(tmp_path: Path) -> None:
    plain = STUDENTS + b"\n" * (16 << 20)
    packed = gzip.compress(plain)
    content = bundles.files(peserta_didik=None)
    listed = [bundles.entry(n, d) for n, d in content.items()]
    listed.append(bundles.entry("peserta_didik.csv.gz", packed, rows=2))
    path = bundles.folder(tmp_path / "b", content | {"peserta_didik.csv.gz": packed}, files=listed)
    assert "membengkak" in refusal(path).message
    assert "membengkak" in refusal(bundles.zipped(tmp_path / "b.zip", bundles.files(peserta_didik=plain))).message


@pytest.mark.parametrize("name", ["../ptk.csv", "/etc/ptk.csv", "a/../../ptk.csv", "..\\ptk.csv", "C:/ptk.csv"])
def test_a_zip_that_points_outside_is_refused(tmp_path: Path, name: str) -> None:
    path = bundles.zipped(tmp_path / "b.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, "x")
    assert "luar zip" in refusal(path).message


def test_other_wrong_zips_are_refused(tmp_path: Path) -> None:
    path = bundles.zipped(tmp_path / "folders.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("lain/ptk.csv", "x")
    assert "satu folder" in refusal(path).message
    path = bundles.zipped(tmp_path / "many.zip")
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(sources.MAX_MEMBERS):
            archive.writestr(f"{number}.csv", "x")
    assert "paling banyak" in refusal(path).message
    path = tmp_path / "text.zip"
    path.write_text("bukan zip")
    assert "zip yang utuh" in refusal(path).message


def test_a_damaged_member_of_a_zip_is_named(tmp_path: Path) -> None:
    path = bundles.zipped(tmp_path / "b.zip")
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("ptk.csv").header_offset + 60
    data = bytearray(path.read_bytes())
    data[start : start + 8] = b"\xff" * 8
    path.write_bytes(data)
    error = refusal(path)
    assert error.file == "ptk.csv"
    assert "rusak" in error.message


def test_links_and_folders_inside_a_folder_are_refused(tmp_path: Path) -> None:
    path = bundles.folder(tmp_path / "b")
    (path / "ptk.csv").rename(tmp_path / "ptk.csv")
    (path / "ptk.csv").symlink_to(tmp_path / "ptk.csv")
    assert refusal(path).file == "ptk.csv"
    path = bundles.folder(tmp_path / "c")
    (path / "lain").mkdir()
    assert refusal(path).file == "lain"


def test_rows_come_numbered_and_those_of_other_widths_are_set_aside(tmp_path: Path) -> None:
    head, first, second = STUDENTS.splitlines(keepends=True)
    rows = [
        first,
        b"a,b\n",
        b"\n",
        second.replace(b"Putri", b'"Pu\ntri, B"'),
        b"x," * 11 + b"\n",
        second,
        b'"a\n\\.\n"',
    ]
    content = head + b"".join(rows)
    faults: list[RowFault] = []
    listed = [bundles.entry(n, d) for n, d in bundles.files().items()]
    listed[2] = bundles.entry("peserta_didik.csv", content, rows=6)
    path = bundles.folder(tmp_path / "b", bundles.files(peserta_didik=content), files=listed)
    with open_bundle(path) as bundle:
        verify(bundle)
        made = b"".join(bundle.numbered_blocks("peserta_didik.csv", faults.append))
    assert made == b"2," + first + b"5," + rows[3] + b"8," + second
    assert [(fault.line, fault.code, fault.found) for fault in faults] == [
        (3, "TOO_FEW_FIELDS", 2),
        (7, "TOO_MANY_FIELDS", 12),
        (9, "TOO_FEW_FIELDS", 1),
    ]


def test_a_line_that_would_end_the_copy_is_set_aside(tmp_path: Path) -> None:
    content = STUDENTS.replace(b"Rizky", b'"Riz\n\\.\nky"')
    faults: list[RowFault] = []
    with open_bundle(bundles.folder(tmp_path / "b", bundles.files(peserta_didik=content))) as bundle:
        made = b"".join(bundle.numbered_blocks("peserta_didik.csv", faults.append))
    assert made.startswith(b"5,")
    assert [(fault.line, fault.code) for fault in faults] == [(2, "UNREADABLE_ROW")]


def test_memory_stays_flat(tmp_path: Path) -> None:
    row = STUDENTS.splitlines(keepends=True)[1]
    path = bundles.folder(tmp_path / "b", bundles.files(peserta_didik=STUDENTS + row * 300_000))
    tracemalloc.start()
    with open_bundle(path) as bundle:
        verify(bundle)
        assert sum(map(len, bundle.blocks("peserta_didik.csv"))) > 30 << 20
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 << 20


def test_two_files_of_one_name_cannot_be_registered() -> None:
    file = registry.file_named("ptk.csv")
    assert file is not None
    registry.register_file(file)
    with pytest.raises(ValueError, match="registered twice"):
        registry.register_file(registry.CutoffFile("ptk.csv", ("other",)))
    assert {"wilayah.csv", "sekolah.csv", "peserta_didik.csv", "ptk.csv"} <= {one.name for one in registry.files()}
