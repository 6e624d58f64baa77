"""Bad input gets a clear answer and loses nothing: each way in which a cut-off can be wrong, with its sentence."""

import gzip
import hashlib
import io
import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model

from schools.cutoff.errors import BundleError
from schools.cutoff.handing_in import hand_in_path
from schools.models import CutoffChange, CutoffFigure, School, TallyDelta
from students.models import Student
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch, RowError
from vervalponsel.batches.runner import run_batch

from . import bundles
from .registers import NOW, Register, imported

pytestmark = pytest.mark.django_db
NAME = "tarikan-nasional.zip"
NEVER_CLOSED = "Baris ini lebih dari satu juta bita; mungkin tanda kutipnya dibuka tetapi tidak ditutup."
STUDENTS = bundles.STUDENTS.encode()
TEN_MB = random.Random(1).randbytes(5_000_000).hex().encode()
"""Nothing that shrinks like a bomb."""
Content = dict[str, bytes]


def packed(content: Content, manifest: bytes | None = None, *more: tuple[str, bytes]) -> bytes:
    """A bundle as a zip that compresses well or not, as it is handed in."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*content.items(), ("manifest.json", manifest or bundles.manifest(content)), *more]:
            archive.writestr(name, data)
    return file.getvalue()


def students(data: bytes, **changes: object) -> bytes:
    """A bundle whose peserta_didik.csv is this."""
    content = bundles.files(peserta_didik=data)
    listed = [bundles.entry(n, d, **(changes if n == "peserta_didik.csv" else {})) for n, d in content.items()]
    return packed(content, bundles.manifest(content, files=listed))


def compressed(data: bytes) -> bytes:
    """A bundle whose peserta_didik.csv.gz is this."""
    content = bundles.files(peserta_didik=None) | {"peserta_didik.csv.gz": data}
    listed = [bundles.entry(n, d, **({"rows": 2} if n.endswith(".gz") else {})) for n, d in content.items()]
    return packed(content, bundles.manifest(content, files=listed))


def without(name: str) -> bytes:
    """A bundle whose manifest names a file that is not there."""
    content = bundles.files()
    return packed({n: d for n, d in content.items() if n != name}, bundles.manifest(content))


def dated(day: str) -> bytes:
    content = bundles.files()
    return packed(content, bundles.manifest(content, cutoff_date=day))


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "wrong hash": (
        lambda: students(STUDENTS, sha256="0" * 64),
        "peserta_didik.csv: Isi berkas ini berbeda dari sha256 di manifest.json. Kirim ulang berkasnya.",
    ),
    "wrong row count": (
        lambda: students(STUDENTS, rows=3),
        "peserta_didik.csv: Berkas ini berisi 2 baris, manifest.json menyebut 3.",
    ),
    "missing file": (
        lambda: without("ptk.csv"),
        "ptk.csv: Berkas ini tercantum di manifest.json tetapi tidak ada.",
    ),
    "file of a whole cut-off left out": (
        lambda: packed(bundles.files(ptk=None)),
        "ptk.csv: Tarikan lengkap harus memuat berkas ini.",
    ),
    "missing manifest": (
        lambda: packed({}, b"{}").replace(b"manifest.json", b"manifess.json"),
        "manifest.json: Berkas ini tidak ada di dalam tarikan.",
    ),
    "missing column": (
        lambda: students(STUDENTS.replace(b"nisn,", b"", 1)),
        "peserta_didik.csv, baris 1, kolom nisn: Kolom ini tidak ada di baris judul.",
    ),
    "duplicated header": (
        lambda: students(STUDENTS.replace(b"nama,", b"nisn,", 1)),
        "peserta_didik.csv, baris 1, kolom nisn: Kolom ini ada dua kali, lagi pada urutan ke-4.",
    ),
    "cp1252": (
        lambda: students(STUDENTS.replace(b"Putri", b"Putri Ren\xe9")),
        "peserta_didik.csv, baris 3, kolom 95: Bita 0xE9 bukan UTF-8. Simpan ulang sebagai CSV UTF-8.",
    ),
    "utf-16": (
        lambda: students(bundles.STUDENTS.encode("utf-16")),
        "peserta_didik.csv, baris 1, kolom 1: Berkas ini tersimpan sebagai UTF-16. Simpan ulang sebagai CSV UTF-8.",
    ),
    "NUL bytes": (
        lambda: students(STUDENTS.replace(b"Rizky", b"Riz\x00ky")),
        "peserta_didik.csv, baris 2, kolom 89: Ada bita nol di sini; berkas ini rusak atau bukan teks UTF-8.",
    ),
    "10 MB in one field": (
        lambda: students(STUDENTS.replace(b"Putri", TEN_MB)),
        "peserta_didik.csv, baris 3: Baris ini lebih dari satu juta bita; mungkin ini bukan CSV.",
    ),
    "10 MB in one quoted field": (
        lambda: students(STUDENTS.replace(b"Putri", b'"' + TEN_MB + b'"')),
        f"peserta_didik.csv, baris 3: {NEVER_CLOSED}",
    ),
    "a quote that never closes": (
        lambda: students(STUDENTS.replace(b"Putri", b'"Putri')),
        "peserta_didik.csv, baris 3: Tanda kutip dibuka tetapi tidak ditutup.",
    ),
    "zip slip": (
        lambda: packed(bundles.files(), None, ("../ptk.csv", b"x")),
        "../ptk.csv: Nama berkas di dalam zip menunjuk ke luar zip.",
    ),
    "zip bomb": (
        lambda: students(STUDENTS + b"\n" * (16 << 20), rows=2),
        "peserta_didik.csv: Isi berkas ini membengkak tidak wajar saat dibuka.",
    ),
    "gzip bomb": (
        lambda: compressed(gzip.compress(STUDENTS + b"\n" * (16 << 20))),
        "peserta_didik.csv.gz: Isi berkas ini membengkak tidak wajar saat dibuka.",
    ),
    "truncated gzip": (
        lambda: compressed(gzip.compress(STUDENTS)[:-5]),
        "peserta_didik.csv.gz: Berkas gzip ini terpotong. Kirim ulang berkasnya.",
    ),
    "truncated zip": (
        lambda: packed(bundles.files())[:-30],
        f"{NAME}: Ini bukan berkas zip yang utuh. Kirim ulang berkasnya.",
    ),
    "no zip at all": (
        lambda: b"bukan zip",
        f"{NAME}: Ini bukan berkas zip yang utuh. Kirim ulang berkasnya.",
    ),
    "more files than a bundle has": (
        lambda: packed(bundles.files(), None, *((f"{n}.csv", b"x") for n in range(64))),
        f"{NAME}: Zip ini berisi 69 berkas; paling banyak 64.",
    ),
    "cut-off date of year 0": (
        lambda: dated("0000-01-01"),
        'manifest.json, kolom cutoff_date: Nilainya "0000-01-01"; harus tanggal seperti 2020-09-11.',
    ),
    "cut-off date of year 9999": (
        lambda: dated("9999-12-31"),
        "manifest.json, kolom cutoff_date: Tarikan ini bertanggal 31 Des 9999, hari yang belum tiba.",
    ),
}


def register_tables() -> str:
    """A digest of every table that a cut-off may write, apart from its own batch and its history."""
    models: list[type[Model]] = [
        *(apps.get_model(f"{app}.{name}") for app, name in REGISTER),
        CutoffChange,
        CutoffFigure,
        TallyDelta,
    ]
    rows = [list(model._base_manager.order_by("pk").values()) for model in models]
    return hashlib.sha256(json.dumps(rows, default=str).encode()).hexdigest()


REGISTER = [
    ("schools", "Region"), ("schools", "Office"), ("schools", "School"), ("schools", "Tally"), ("schools", "Rollup"),
    ("students", "Student"), ("teachers", "Teacher"), ("providers", "PhoneRecord"),
]  # fmt: skip


def side_tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname LIKE 'cutoff\\_%' AND relkind IN ('r', 'v')")
        return [name for (name,) in cursor.fetchall()]


def answer_to(file: Path) -> str:
    """What the person hears who hands the file in: at once, or on the batch's page."""
    try:
        batch = hand_in_path(by=Actor.system("uji"), path=file, now=NOW)
    except BundleError as error:
        return str(error)
    assert run_batch(batch.pk) == Status.REFUSED
    return str(Batch.objects.get(pk=batch.pk).error)


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_bundle_is_refused_whole_and_changes_nothing(name: str, tmp_path: Path) -> None:
    make, sentence = REFUSED[name]
    (tmp_path / NAME).write_bytes(make())
    before = register_tables()
    assert answer_to(tmp_path / NAME) == sentence
    assert register_tables() == before
    assert side_tables() == []
    assert not RowError.objects.exists()


def test_nothing_of_a_filled_register_changes_either(tmp_path: Path) -> None:
    register = Register()
    register.pupil(register.school("20300001"))
    imported(register, tmp_path)
    before = register_tables()
    (tmp_path / NAME).write_bytes(students(STUDENTS + b"x,\xff", rows=3))
    assert "bukan UTF-8" in answer_to(tmp_path / NAME)
    assert register_tables() == before


ODD = [
    # typed, name, birth date as kept
    ({"nama": '"Siti ""Ayu"" Rahma, S.Pd"'}, 'Siti "Ayu" Rahma, S.Pd', "2008-04-12"),
    ({"nama": '"Siti\nAyu"'}, "Siti Ayu", "2008-04-12"),
    ({"tanggal_lahir": "0000-01-01"}, "Rizky", None),
    ({"tanggal_lahir": "9999-12-31"}, "Rizky", None),
]
COLUMNS = bundles.STUDENTS.splitlines()[0].split(",")


def a_row(number: int, changes: dict[str, str]) -> str:
    values = bundles.STUDENTS.splitlines()[1].split(",")
    row = dict(zip(COLUMNS, values, strict=True))
    row |= {"peserta_didik_id": f"c3b7c5a5-7d0e-4f0c-9f3a-6d1c0e2a{number:04d}", "nisn": f"00812345{number:02d}"}
    return ",".join((row | changes).values())


def test_what_can_be_read_is_read_and_a_bad_row_is_set_aside(tmp_path: Path) -> None:
    """Byte order mark, CRLF, 200 columns, quotes and line breaks in names, odd dates and identifiers, a lost zero."""
    wide = [f"tambahan_{n}" for n in range(200 - len(COLUMNS))]
    rows = [a_row(n, changes) for n, (changes, _, _) in enumerate(ODD)]
    rows.append(a_row(20, {"peserta_didik_id": "C3B7C5A5-7D0E-4F0C-9F3A-6D1C0E2A0020"}))
    rows.append(a_row(21, {"sekolah_id": f"{{{bundles.SEKOLAH_ID.upper()}}}"}))
    text = "\r\n".join([",".join([*COLUMNS, *wide]), *(row + "," * len(wide) for row in rows), "c3,kurang", ""])
    schools = bundles.SCHOOLS.replace(",032901,", ",32901,")
    regions = bundles.REGIONS.replace("030000,", "30000,", 1) + "32900,Kab. Brebes,2,30000\n32901,Kec. Salem,3,32900\n"
    content = bundles.files(
        wilayah=regions, sekolah=schools, peserta_didik=b"\xef\xbb\xbf" + text.encode(), ptk=bundles.TEACHERS
    )
    listed = [bundles.entry(n, d, **({"rows": 7} if n == "peserta_didik.csv" else {})) for n, d in content.items()]
    (tmp_path / NAME).write_bytes(packed(content, bundles.manifest(content, files=listed)))
    batch = hand_in_path(by=Actor.system("uji"), path=tmp_path / NAME, now=NOW)
    assert run_batch(batch.pk) == Status.DONE
    kept = {str(s.peserta_didik_id)[-4:]: s for s in Student.objects.all()}
    for number, (_, name, born) in enumerate(ODD):
        student = kept[f"{number:04d}"]
        assert (student.name, student.birth_date and str(student.birth_date)) == (name, born)
    assert {"0020", "0021"} < set(kept)
    assert {str(s.peserta_didik_id) for s in kept.values()} == {str(s.peserta_didik_id).lower() for s in kept.values()}
    assert len(kept) == 6
    assert School.objects.get().region_id == "032901"
    [refused] = RowError.objects.all()
    # The name with a line break takes two lines of the file.
    assert (refused.file, refused.line, refused.code) == ("peserta_didik.csv", 9, "TOO_FEW_FIELDS")
    assert refused.facts == {"found": 2, "expected": 200}
