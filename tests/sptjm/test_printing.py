"""The paper: what it says, its marks, its determinism, and a print that has to be repeated."""

from io import BytesIO
from pathlib import Path

import pytest
import segno
from django.test import override_settings
from pypdf import PdfReader

from sptjm.marks import Mark, read_mark, signed
from sptjm.printing.annex import ROWS_PER_PAGE, pages_for
from sptjm.printing.frame import Paper
from sptjm.printing.run import draw_statement
from tests.factories import StudentFactory, a_region
from tests.sptjm.conftest import Case
from tests.sptjm.factories import body_of, bytes_of, pupils_of
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

MARK = Mark("001/20326541/2020-09", 2, 12, 345, "3FA9C1D2")


def texts_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]


@pytest.mark.django_db
def test_operator_waits_for_the_print_then_downloads_it(case: Case) -> None:
    statement = case.make()
    url = f"/sptjm/{statement.pk}/"
    page = case.at_school.get(url).content.decode()
    assert "Menyiapkan lembar cetak" in page
    assert page.count("Unggah pindaian</span>") == 1, "the statement's own steps are none of the print"
    assert case.at_school.get(f"{url}lembar/").status_code == 404
    polled = case.at_school.get(f"{url}cetak/", headers={"HX-Request": "true"})
    assert 'id="cetak"' in polled.content.decode()
    case.print(statement)
    assert "Unduh lembar cetak" in case.at_school.get(url).content.decode()
    answer = case.at_school.get(f"{url}lembar/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert body_of(answer).startswith(b"%PDF-")


@pytest.mark.django_db
def test_letter_names_school_counts_duty_and_head(case: Case) -> None:
    case.period.stamp_duty_rupiah = 6000
    case.period.save()
    a_region("032900")
    letter = texts_of(draw_statement(case.make(head_nip="197001011990031001"))[0])[0]
    for expected in (
        f"001/{case.school.npsn}/2020-09",
        case.school.name,
        "3 siswa",
        "1 guru",
        "Rp 6.000",
        "Siti Rahayu",
        "197001011990031001",
        "Wilayah 032900",
        "Halaman 1 dari 2",
    ):
        assert expected in letter


@pytest.mark.django_db
def test_annex_lists_everybody_in_pages_with_their_numbers(case: Case) -> None:
    pupils_of(case.school, ROWS_PER_PAGE)
    statement = case.make()
    pdf, pages = draw_statement(statement)
    texts = texts_of(pdf)
    assert len(texts) == pages == 1 + pages_for(statement.people) == 3
    annex = "\n".join(texts[1:])
    for line in statement.lines.all():
        assert line.name in annex
    assert texts[2].rstrip().endswith("Halaman 3 dari 3")
    assert "Kepemilikan" in texts[1]
    assert "Kepemilikan" in texts[2]


@pytest.mark.django_db
def test_printed_again_it_is_the_same_byte_for_byte(case: Case) -> None:
    statement = case.make()
    assert draw_statement(statement) == draw_statement(statement)


@pytest.mark.django_db
def test_names_of_other_alphabets_are_printed(case: Case) -> None:
    StudentFactory.create(school=case.school, name="Łucja Ćwik")
    assert "Łucja Ćwik" in "".join(texts_of(draw_statement(case.make())[0]))


@pytest.mark.django_db
def test_long_name_is_set_smaller_and_stays_in_its_cell(case: Case) -> None:
    StudentFactory.create(school=case.school, name="Raden Ajeng " + "Kusumaningtyas " * 8)
    assert "Raden Ajeng" in texts_of(draw_statement(case.make())[0])[1]


@pytest.mark.django_db
def test_print_of_a_voided_statement_is_refused_in_words(case: Case) -> None:
    statement = case.make()
    case.at_school.post(f"/sptjm/{statement.pk}/batal/", {"reason": "salah orang"})
    assert run_batch(statement.print_batch_id or 0) == "REFUSED"


@pytest.mark.django_db
def test_failed_print_has_a_button_that_queues_it_again(case: Case) -> None:
    statement = case.make()
    Batch.objects.filter(pk=statement.print_batch_id or 0).update(status="FAILED", error="Terjadi kesalahan.")
    assert "Siapkan lagi" in case.at_school.get(f"/sptjm/{statement.pk}/").content.decode()
    case.at_school.post(f"/sptjm/{statement.pk}/cetak/")
    case.print(statement)
    assert statement.pages == 2


@pytest.mark.django_db
def test_print_run_twice_keeps_one_file(case: Case, tmp_path: Path) -> None:
    statement = case.make()
    case.print(statement)
    first = bytes_of(statement.pdf)
    Batch.objects.filter(pk=statement.print_batch_id or 0).update(status="QUEUED")
    case.print(statement)
    assert bytes_of(statement.pdf) == first
    assert len(list(tmp_path.glob("sptjm/**/*.pdf"))) == 1


def test_mark_is_short_and_alphanumeric_so_that_its_modules_are_large() -> None:
    code = segno.make_qr(signed(MARK), error="m")
    assert code.mode == "alphanumeric"
    assert int(code.version) <= 5


def test_mark_is_read_back() -> None:
    assert read_mark(signed(MARK)) == MARK


@pytest.mark.parametrize("place", range(4, 60, 5))
def test_changed_mark_is_not_believed(place: int) -> None:
    text = signed(MARK)
    changed = text[:place] + ("7" if text[place] != "7" else "8") + text[place + 1 :]
    assert read_mark(changed) is None


def test_mark_of_a_retired_key_is_still_read() -> None:
    with override_settings(SECRET_KEY="yang-lama"):
        old = signed(MARK)
    assert read_mark(old) is None
    with override_settings(SECRET_KEY_FALLBACKS=["yang-lama"]):
        assert read_mark(old) == MARK


def test_every_page_has_a_mark_of_its_own() -> None:
    paper = Paper("001/20326541/2020-09", 345, "3fa9c1d2" * 8, 12)
    assert {read_mark(paper.mark(page)).page for page in range(1, 13)} == set(range(1, 13))  # type: ignore[union-attr]
