"""The receipt of a cut-off by province, kab/kota and school, on screen and as tables."""

import csv
import io
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook

from schools.models import CutoffFigure
from tests.factories import pusdatin
from vervalponsel.batches.models import Batch

from .registers import Register, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def register() -> Register:
    """Two schools in Brebes, one in Lampung Utara; three rows that are set aside."""
    register = Register()
    first, second = register.school("20300001"), register.school("20300002")
    far = register.school("10800003", kode_wilayah="120301", nama="=SD Negeri")
    for school in (first, first, second, far):
        register.pupil(school)
    register.teacher(far)
    register.pupil(first, nisn="")
    register.pupil(second, nama="")
    register.pupil(far, sekolah_id="00000000-0000-0000-0000-000000000009")
    return register


@pytest.fixture
def first(register: Register, tmp_path: Path) -> Batch:
    return imported(register, tmp_path)


@pytest.fixture
def nation(client: Client) -> Client:
    client.force_login(pusdatin().user)  # type: ignore[arg-type]
    return client


def page_of(nation: Client, batch: Batch, code: str = "000000", query: str = "") -> str:
    return " ".join(nation.get(f"/sekolah/kelola/tarikan/{batch.pk}/tempat/{code}/{query}").content.decode().split())


def table_of(nation: Client, batch: Batch, code: str, kind: str, query: str = "") -> bytes:
    answer = nation.get(f"/sekolah/kelola/tarikan/{batch.pk}/tempat/{code}/{kind}/{query}")
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def rows_of(nation: Client, batch: Batch, code: str, query: str = "") -> list[dict[str, str]]:
    text = table_of(nation, batch, code, "csv", query).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_way_leads_from_the_nation_to_a_school(nation: Client, first: Batch) -> None:
    assert f"/tarikan/{first.pk}/tempat/000000/" in nation.get(f"/pekerjaan/{first.pk}/").content.decode()
    assert f"/tarikan/{first.pk}/tempat/030000/" in page_of(nation, first)
    assert f"/tarikan/{first.pk}/tempat/032900/" in page_of(nation, first, "030000")
    page = page_of(nation, first, "032900")
    assert "NPSN 20300001" in page
    assert "/siswa/perubahan/?npsn=20300001" in page
    assert "10800003" not in page
    assert nation.get(f"/sekolah/kelola/tarikan/{first.pk}/tempat/990000/").status_code == 404


def test_every_row_read_is_a_recipient_or_set_aside_at_every_level(nation: Client, first: Batch) -> None:
    read = first.counts["students"]["read"] + first.counts["teachers"]["read"]
    [brebes, lampung] = rows_of(nation, first, "000000")
    assert (brebes["nama"], brebes["Dibaca"], brebes["Penerima"], brebes["Disisihkan"]) == (
        "Jawa Tengah",
        "5",
        "3",
        "2",
    )
    assert (lampung["nama"], lampung["Dibaca"], lampung["Penerima"]) == ("Lampung", "2", "2")
    # One row names a school that nobody knows.
    assert read == 5 + 2 + 1
    assert "1 baris lain tidak tercantum di sini karena sekolahnya tidak dikenal." in page_of(nation, first)
    schools = rows_of(nation, first, "030000", "?isi=sekolah")
    assert [(row["NPSN"], row["Dibaca"], row["alasan"]) for row in schools] == [
        ("20300001", "3", "NISN belum ada. (1)"),
        ("20300002", "2", "Nama di baris ini kosong. (1)"),
    ]


def test_reasons_are_told_with_whose_move_it_is(nation: Client, first: Batch) -> None:
    page = page_of(nation, first, "032900")
    for words in ("NISN belum ada.", "Nama di baris ini kosong.", "NAME_MISSING", "Perbaiki di Dapodik"):
        assert words in page
    assert "NISN belum ada." not in page_of(nation, first, "120000")


def test_figures_of_one_kind_of_people(nation: Client, first: Batch) -> None:
    assert [row["Penerima"] for row in rows_of(nation, first, "000000", "?penerima=TEACHER")] == ["1"]
    assert [row["Penerima"] for row in rows_of(nation, first, "000000", "?penerima=STUDENT")] == ["3", "1"]


def test_a_delta_tells_what_it_changed(register: Register, first: Batch, nation: Client, tmp_path: Path) -> None:
    here, there = register.sekolah[0], register.sekolah[2]
    mover, repaired = register.peserta_didik[0], register.peserta_didik[4] | {"nisn": "0099999999"}
    rows = [mover | {"soft_delete": "1"}, mover | {"sekolah_id": there["sekolah_id"]}, repaired]
    delta = imported(register.delta(peserta_didik=rows), tmp_path, scope="delta", cutoff_date="2020-09-20")
    told = {row["NPSN"]: row for row in rows_of(nation, delta, "000000", "?isi=sekolah")}
    assert set(told) == {here["npsn"], there["npsn"]}
    assert (told[here["npsn"]]["Sebelumnya"], told[here["npsn"]]["Pindah keluar"]) == ("2", "1")
    assert told[there["npsn"]]["Pindah masuk"] == "1"


def test_the_workbook_keeps_codes_as_text_and_figures_as_numbers(nation: Client, first: Batch) -> None:
    sheet = load_workbook(io.BytesIO(table_of(nation, first, "120300", "xlsx"))).worksheets[0]
    code, name, before, read = sheet[2][:4]
    assert (code.value, name.value, read.value) == ("10800003", "=SD Negeri", 2)
    assert (code.data_type, name.data_type, read.data_type) == ("s", "s", "n")
    assert before.value == 0
    assert "'=SD Negeri" in table_of(nation, first, "120300", "csv").decode()
    assert nation.get(f"/sekolah/kelola/tarikan/{first.pk}/tempat/000000/pdf/").status_code == 404


def test_schools_come_fifty_a_page(nation: Client, first: Batch) -> None:
    run = first.cutoff_run
    CutoffFigure.objects.filter(run=run).delete()
    many = [
        CutoffFigure(run=run, region_code="032900", npsn=f"2{n:07d}", role=role, read=1, recipients=1)
        for n in range(60)
        for role in ("STUDENT", "TEACHER")
    ]
    CutoffFigure.objects.bulk_create([*many, CutoffFigure(run=run, region_code="032900", role="STUDENT", read=60)])
    assert page_of(nation, first, "032900").count("NPSN 2") == 50
    assert page_of(nation, first, "032900", "?page=2").count("NPSN 2") == 10
    assert len(rows_of(nation, first, "032900")) == 60
    assert len(rows_of(nation, first, "032900", "?isi=sekolah")) == 120


def test_no_page_counts_the_people(nation: Client, first: Batch, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(16) as asked:
        nation.get(f"/sekolah/kelola/tarikan/{first.pk}/tempat/032900/")
    assert not [q["sql"] for q in asked.captured_queries if "students_student" in q["sql"] or "teachers_" in q["sql"]]
