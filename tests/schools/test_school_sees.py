"""What each school sees of the cut-offs: who entered, left, moved, was set aside and why; and how old its data are."""

import csv
import io
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from providers.models import PhoneRecord
from schools.models import CutoffRun, School
from tests.factories import PeriodFactory, an_actor, operator_of

from .registers import Register, Row, imported

pytestmark = pytest.mark.django_db
HERE, THERE = "20300001", "20300002"


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """Two schools with three pupils and two teachers each."""
    register = Register()
    PeriodFactory.create()
    for npsn in (HERE, THERE):
        school = register.school(npsn)
        for _ in range(3):
            register.pupil(school)
        for _ in range(2):
            register.teacher(school)
    imported(register, tmp_path)
    return register


def page_of(npsn: str, path: str) -> str:
    client = Client()
    client.force_login(operator_of(School.objects.get(npsn=npsn)).user)  # type: ignore[arg-type]
    return " ".join(client.get(path).content.decode().split())


def table_of(npsn: str, path: str) -> list[dict[str, str]]:
    client = Client()
    client.force_login(operator_of(School.objects.get(npsn=npsn)).user)  # type: ignore[arg-type]
    content = b"".join(client.get(path).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(io.StringIO(content)))


def told(npsn: str, people: str = "siswa") -> list[tuple[str, str, str, str]]:
    rows = table_of(npsn, f"/{people}/perubahan/csv/")
    return sorted((row["nama"], row["perubahan"], row["keterangan"], row["yang bertindak"]) for row in rows)


@pytest.mark.parametrize(("people", "rows", "key"), [("siswa", "peserta_didik", 0), ("guru", "ptk", 0)])
def test_who_enters_leaves_and_moves(register: Register, tmp_path: Path, people: str, rows: str, key: int) -> None:
    listed: list[Row] = getattr(register, rows)
    there = register.sekolah[1]
    mover, leaver = listed[0], listed[1]
    listed.remove(leaver)
    mover["sekolah_id"] = there["sekolah_id"]
    new = register.pupil(register.sekolah[0]) if rows == "peserta_didik" else register.teacher(register.sekolah[0])
    imported(register, tmp_path, cutoff_date="2020-09-20")
    assert told(HERE, people) == sorted([
        (mover["nama"], "Pindah keluar", f"Ke sekolah NPSN {THERE}.", ""),
        (leaver["nama"], "Keluar", "", ""),
        (new["nama"], "Masuk", "", ""),
    ])  # fmt: skip
    assert told(THERE, people) == [(mover["nama"], "Pindah masuk", f"Dari sekolah NPSN {HERE}.", "")]
    page = page_of(HERE, f"/{people}/perubahan/")
    assert mover["nama"] in page
    assert f"Ke sekolah NPSN {THERE}." in page


@pytest.mark.parametrize(("people", "rows"), [("siswa", "peserta_didik"), ("guru", "ptk")])
def test_of_a_double_registration_both_schools_see_the_other_and_whose_move_it_is(
    register: Register, tmp_path: Path, people: str, rows: str
) -> None:
    listed: list[Row] = getattr(register, rows)
    listed.append(listed[0] | {"sekolah_id": register.sekolah[1]["sekolah_id"]})
    imported(register, tmp_path, cutoff_date="2020-09-20")
    name = listed[0]["nama"]
    for here, other in ((HERE, THERE), (THERE, HERE)):
        sentence = f"Terdaftar juga di sekolah lain (NPSN {other}). Salah satu sekolah perlu mengeluarkannya."
        assert (name, "Kelayakan berubah", sentence, "Kedua sekolah, di Dapodik") in told(here, people)
        [row] = table_of(here, f"/{people}/tidak-masuk/csv/")
        assert (row["nama"], row["NPSN lain"], row["yang dapat memperbaiki"]) == (
            name, other, "Kedua sekolah, di Dapodik",
        )  # fmt: skip
        page = page_of(here, f"/{people}/tidak-masuk/")
        assert f"(NPSN {other})" in page
        assert "Kedua sekolah, di Dapodik" in page


def test_of_a_nisn_conflict_both_schools_see_how_alike_the_names_are(register: Register, tmp_path: Path) -> None:
    mine, theirs = register.peserta_didik[0], register.peserta_didik[3]
    mine["nama"], theirs["nama"], theirs["nisn"] = "Budi Santoso", "Budi Susanto", mine["nisn"]
    imported(register, tmp_path, cutoff_date="2020-09-20")
    for here, other in ((HERE, THERE), (THERE, HERE)):
        [row] = table_of(here, "/siswa/tidak-masuk/csv/")
        assert row["keterangan"].startswith(
            f"NISN yang sama dipakai orang lain di sekolah NPSN {other}; kemiripan nama "
        )
        assert row["yang dapat memperbaiki"] == "Kedua sekolah, lewat VervalPD"
        [change] = [each for each in told(here) if each[1] == "Kelayakan berubah"]
        assert change[2] == row["keterangan"]


def test_a_number_that_was_not_applied_is_offered(register: Register, tmp_path: Path) -> None:
    pupil = register.peserta_didik[0]
    PhoneRecord.objects.filter(person_id=pupil["peserta_didik_id"]).update(edited_at="2020-09-12T00:00:00Z")
    pupil["nomor_telepon_seluler"] = "081377770001"
    imported(register, tmp_path, cutoff_date="2020-09-20")
    [row] = table_of(HERE, "/siswa/perubahan/csv/")
    assert (row["nomor di Dapodik"], row["nomor di sini"]) == ("081377770001", "0812-2600-0001")
    assert row["yang bertindak"] == "Sekolah, bila nomor Dapodik yang benar"
    assert "Pakai nomor ini" in page_of(HERE, "/siswa/perubahan/")
    office = Client()
    office.force_login(an_actor("DINAS", "0329").user)  # type: ignore[arg-type]
    content = b"".join(office.get(f"/siswa/perubahan/csv/?npsn={HERE}").streaming_content).decode()  # type: ignore[attr-defined]
    assert "Nomor berbeda" in content
    assert "7777" not in content
    assert "2600" not in content


def test_the_workbook_keeps_numbers_as_text(register: Register, tmp_path: Path) -> None:
    pupil = register.peserta_didik[0]
    PhoneRecord.objects.filter(person_id=pupil["peserta_didik_id"]).update(edited_at="2020-09-12T00:00:00Z")
    pupil["nomor_telepon_seluler"], pupil["nama"] = "081377770001", "=HYPERLINK(1)"
    imported(register, tmp_path, cutoff_date="2020-09-20")
    client = Client()
    client.force_login(operator_of(School.objects.get(npsn=HERE)).user)  # type: ignore[arg-type]
    content = b"".join(client.get("/siswa/perubahan/xlsx/").streaming_content)  # type: ignore[attr-defined]
    name, nisn, _, _, _, offered, here, *_ = load_workbook(io.BytesIO(content)).worksheets[0][2]
    for cell, value in ((name, "=HYPERLINK(1)"), (nisn, pupil["nisn"]), (offered, "081377770001")):
        assert (cell.value, cell.data_type, cell.number_format) == (value, "s", "@")
    assert here.data_type == "s"
    assert table_of(HERE, "/siswa/perubahan/csv/")[0]["nama"] == "'=HYPERLINK(1)"
    assert client.get("/siswa/perubahan/pdf/").status_code == 404


def test_rows_that_could_not_be_loaded_are_told_to_their_school(register: Register, tmp_path: Path) -> None:
    register.pupil(register.sekolah[0], nama="")
    imported(register, tmp_path, cutoff_date="2020-09-20")
    page = page_of(HERE, "/siswa/perubahan/")
    assert "1 baris: Nama di baris ini kosong. Perbaiki di Dapodik, lalu sinkronkan." in page
    assert "tidak dapat dimuat" not in page_of(THERE, "/siswa/perubahan/")
    assert "tidak dapat dimuat" not in page_of(HERE, "/guru/perubahan/")


PAGES = ["/", "/siswa/", "/guru/", "/siswa/perubahan/", "/siswa/tidak-masuk/", "/guru/tidak-masuk/"]


@pytest.mark.parametrize("path", [*PAGES, f"/sekolah/rekap/satuan/{HERE}/"])
def test_pages_say_how_old_the_data_are(register: Register, tmp_path: Path, path: str) -> None:
    imported(
        register.delta(peserta_didik=register.peserta_didik[:1]), tmp_path, scope="delta", cutoff_date="2020-09-15"
    )
    CutoffRun.objects.filter(scope="delta").update(applied_at="2020-09-15T03:00:00Z")
    page = page_of(HERE, path)
    for words in ("11 Sep 2020", "15 Sep 2020", "1 Sep 2020"):
        assert words in page


def test_a_school_that_never_synchronised_is_told_so(register: Register, tmp_path: Path) -> None:
    register.sekolah[0]["last_sync"] = ""
    imported(register, tmp_path, cutoff_date="2020-09-20")
    page = page_of(HERE, "/siswa/tidak-masuk/")
    assert "Sekolah ini belum pernah sinkronisasi." in page
    assert "Belum ada delta." in page
    assert "Sekolah: sinkronkan Dapodik" in page
    assert "belum pernah" in page_of(HERE, "/")


def test_a_cutoff_of_another_province_is_none_of_this_school(register: Register, tmp_path: Path) -> None:
    CutoffRun.objects.update(scope="province:12")
    assert "Belum ada tarikan penuh." in page_of(HERE, "/siswa/tidak-masuk/")
