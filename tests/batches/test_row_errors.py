"""Rows that a batch set aside: on screen, filtered, and as tables that no spreadsheet calculates."""

import io
import tracemalloc
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from tests.factories import SchoolFactory, operator_of, pusdatin
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch, RowError
from vervalponsel.kit.workbooks import CELL_LIMIT, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def nation(client):
    client.force_login(pusdatin().user)
    return client


@pytest.fixture
def batch() -> Batch:
    batch = Batch.objects.create(
        kind="cutoff", title="Tarikan", actor_name="uji", created_at=timezone.now(), status=Status.DONE
    )
    rows = [RowError(batch=batch, file="sekolah.csv", line=n, column="=1+1", code="NPSN_TAKEN") for n in range(1, 53)]
    rows += [RowError(batch=batch, file="ptk.csv", line=7, code="TOO_FEW_FIELDS", facts={"found": 3, "expected": 10})]
    RowError.objects.bulk_create(rows)
    return batch


def page_of(client, batch: Batch, query: str = "") -> str:
    return " ".join(client.get(f"/pekerjaan/{batch.pk}/disisihkan/{query}").content.decode().split())


def table_of(client, batch: Batch, kind: str, query: str = "") -> bytes:
    return b"".join(client.get(f"/pekerjaan/{batch.pk}/disisihkan/{kind}/{query}").streaming_content)


def test_each_row_says_place_reason_and_whose_move_it_is(nation, batch):
    page = page_of(nation, batch)
    assert "ptk.csv baris 7" in page
    assert "Kolom di baris ini kurang: 3 dari 10." in page
    assert "NPSN ini sudah dipakai sekolah lain." in page
    assert "Perbaiki di Dapodik, lalu sinkronkan." in page
    assert page.count("sekolah.csv baris") == 49
    assert page_of(nation, batch, "?page=2").count("sekolah.csv baris") == 3


def test_rows_are_filtered_by_file_and_reason(nation, batch):
    for query in ("?berkas=ptk.csv", "?kode=TOO_FEW_FIELDS", "?berkas=ptk.csv&kode=TOO_FEW_FIELDS"):
        page = page_of(nation, batch, query)
        assert "ptk.csv baris 7" in page
        assert "sekolah.csv baris" not in page
        assert table_of(nation, batch, "csv", query).decode().count("\n") == 2
    assert "Tidak ada baris yang disisihkan dengan saringan ini." in page_of(
        nation, batch, "?berkas=ptk.csv&kode=NPSN_TAKEN"
    )
    # A choice that does not exist is no filter.
    assert page_of(nation, batch, "?kode=BUKAN").count("sekolah.csv baris") == 49


def test_people_who_are_kept_with_their_reason_are_in_no_filter_and_counted_apart(nation, batch):
    """Reasons that keep nobody out of the register have no rows here: to choose one would always find nothing."""
    aside = {"TOO_FEW_FIELDS": 1, "NISN_MISSING": 320, "INACTIVE": 5}
    Batch.objects.filter(pk=batch.pk).update(counts={"students": {"read": 400, "set_aside": aside}})
    page = page_of(nation, batch)
    assert '<option value="TOO_FEW_FIELDS">' in page
    assert '<option value="NISN_MISSING">' not in page
    assert "325 baris lain juga disisihkan, tetapi orangnya tersimpan" in page


def test_without_any_row_there_is_nothing_to_choose_or_to_download(nation, batch):
    RowError.objects.filter(batch=batch).delete()
    page = page_of(nation, batch)
    assert "Semua baris pekerjaan ini dapat dipakai." in page
    assert ("<select" in page, "Unduh" in page) == (False, False)


def test_the_fragment_is_the_region_of_the_page(nation, batch):
    url = f"/pekerjaan/{batch.pk}/disisihkan/?berkas=ptk.csv"
    fragment = " ".join(nation.get(url, HTTP_HX_REQUEST="true").content.decode().split())
    assert fragment in page_of(nation, batch, "?berkas=ptk.csv")


def test_the_batchs_own_page_shows_the_first_and_leads_to_all(nation, batch):
    page = nation.get(f"/pekerjaan/{batch.pk}/").content.decode()
    assert page.count("sekolah.csv baris") == 9
    assert f'href="/pekerjaan/{batch.pk}/disisihkan/"' in page


def test_the_csv_calculates_nothing(nation, batch):
    sheet = table_of(nation, batch, "csv").decode("utf-8-sig")
    assert sheet.count("\n") == 54
    assert "berkas,baris,kolom,kode,alasan,yang bertindak,yang perlu dilakukan" in sheet
    assert ",'=1+1,NPSN_TAKEN," in sheet


def test_the_workbook_calculates_nothing_either(nation, batch):
    sheet = load_workbook(io.BytesIO(table_of(nation, batch, "xlsx"))).worksheets[0]
    assert [cell.value for cell in sheet[1]][:4] == ["berkas", "baris", "kolom", "kode"]
    assert sheet.max_row == 54
    assert sheet.column_dimensions["E"].width > len("NPSN ini sudah dipakai sekolah lain."), "a sentence can be read"
    file, line, column, code = sheet[3][:4]
    assert (file.value, line.value, column.value, code.value) == ("sekolah.csv", 1, "=1+1", "NPSN_TAKEN")
    assert (line.data_type, column.data_type, column.number_format) == ("n", "s", "@")


def test_anothers_rows_do_not_exist(client, batch):
    client.force_login(operator_of(SchoolFactory.create()).user)
    for kind in ("", "csv/", "xlsx/"):
        assert client.get(f"/pekerjaan/{batch.pk}/disisihkan/{kind}").status_code == 404


DANGEROUS = ["=1+1", "+62", "-1", "@SUM(A1)", "\t=1", " =1", "\uff1d1+1", "=cmd|' /C calc'!A0"]


def cells_of(rows: list[list[object]]) -> list[tuple[Any, ...]]:
    content = b"".join(workbook("uji", ["a", "b"], rows))
    return list(load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(min_row=2))


def test_a_text_stays_a_text_in_a_workbook():
    for cell, typed in zip([row[0] for row in cells_of([[text, 1] for text in DANGEROUS])], DANGEROUS, strict=True):
        assert (cell.value, cell.data_type, cell.number_format) == (typed, "s", "@")
    number, nisn = cells_of([["081226004001", "0081234567"]])[0]
    assert (number.value, nisn.value, number.data_type, nisn.data_type) == ("081226004001", "0081234567", "s", "s")


def test_a_workbook_bears_whatever_was_typed():
    rows: list[list[object]] = [["<&>\"'", 12], ["a\x00b\x1fc\ud7ff", None], ["x" * (CELL_LIMIT + 5), ""]]
    first, second, third = cells_of(rows)
    assert (first[0].value, first[1].value) == ("<&>\"'", 12)
    assert (second[0].value, second[1].value) == ("abc\ud7ff", None)
    assert len(third[0].value) == CELL_LIMIT


def test_a_full_sheet_is_followed_by_another(monkeypatch):
    monkeypatch.setattr("vervalponsel.kit.workbooks.ROWS_PER_SHEET", 4)
    content = b"".join(workbook("Baris: [lama]", ["n"], ([n] for n in range(7))))
    book = load_workbook(io.BytesIO(content))
    assert [[cell.value for (cell,) in sheet.iter_rows()] for sheet in book] == [
        ["n", 0, 1, 2], ["n", 3, 4, 5], ["n", 6],
    ]  # fmt: skip
    assert all(sheet.freeze_panes == "A2" for sheet in book)
    assert [sheet.max_row for sheet in load_workbook(io.BytesIO(b"".join(workbook("x", ["n"], []))))] == [1]


def test_memory_does_not_grow_with_the_table():
    def peak(rows: int) -> int:
        tracemalloc.start()
        for _ in workbook("uji", ["a", "b"], ([f"nomor {n}", n] for n in range(rows))):
            pass
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(30_000) < peak(3_000) + 200_000
