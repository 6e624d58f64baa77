"""Recaps: figures that balance, lead to the people they count, and stay inside one's own scope."""

import csv
import io
import re

import pytest
from django.template.loader import render_to_string

from providers.choices import Cell, Eligibility, Sharing, State
from schools import recaps
from schools.tallies import fold
from tests.factories import (
    PeriodFactory,
    SchoolFactory,
    StudentFactory,
    TeacherFactory,
    an_actor,
    operator_of,
    pusdatin,
)
from tests.students.factories import a_student
from vervalponsel.accounts.permissions import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def nation():
    """Two kab/kota of one province, one of another; an SMA among the SD."""
    PeriodFactory.create()
    brebes, tegal, lampung = (SchoolFactory.create(district=d) for d in ("032901", "032801", "120301"))
    sma = SchoolFactory.create(district="032901", jenjang="SMA", name="SMA Negeri 1 Brebes")
    for school, size in ((brebes, 3), (tegal, 2), (lampung, 1), (sma, 2)):
        StudentFactory.create_batch(size, school=school)
        TeacherFactory.create(school=school)
    a_student(brebes, empty=True)
    a_student(brebes, state=State.INACTIVE)
    a_student(brebes, sharing=Sharing.TO_CONFIRM, share_count=4)
    fold()
    a_student(tegal, state=State.GRACE)
    return {"brebes": brebes, "tegal": tegal, "lampung": lampung, "sma": sma}


@pytest.fixture
def at(client):
    """Pages as somebody sees them."""

    def get(actor, path: str, status: int = 200) -> str:
        client.force_login(actor.user)
        answer = client.get(path)
        assert answer.status_code == status, answer.status_code
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return " ".join(content.decode().split()) if not answer.streaming else content.decode("utf-8-sig")

    return get


def figure(page: str, label: str) -> list[int]:
    """Pupils, teachers and both on the line of a label."""
    line = re.search(rf"<tr> <th scope=\"row\">(?:<span class=\"soft\">– )?{label}.*?</tr>", page)
    assert line, f"no line {label}"
    return [int(n.replace(".", "")) for n in re.findall(r">\s*([\d.]+)\s*(?:</a>\s*)?</td>", line[0])]


def test_every_cell_stands_in_exactly_one_group():
    assert sorted(cell.metric for cell in recaps.cells()) == sorted(Cell.values)
    assert {cell.group for cell in recaps.cells()} == {group.query for group in recaps.groups()}


def test_every_cell_has_its_list(client, nation):
    """A figure without a list behind it would be a dead end."""
    client.force_login(operator_of(nation["brebes"]).user)
    for cell in recaps.cells():
        for role in ("STUDENT", "TEACHER"):
            assert client.get(recaps.list_url(role, nation["brebes"].npsn, cell.metric)).status_code == 200
    for reason in Eligibility.values:
        url = recaps.left_out_url("STUDENT", nation["brebes"].npsn, reason)
        assert client.get(url).status_code == 200


def test_the_sheet_balances_folded_or_not(at, nation):
    page = at(pusdatin(), "/sekolah/rekap/000000/")
    assert figure(page, "Semua penerima") == [12, 4, 16]
    assert figure(page, "Perlu diperbaiki") == [4, 0, 4]
    assert figure(page, "Aktif, belum di SPTJM") == [8, 4, 12]
    fold()
    assert figure(at(pusdatin(), "/sekolah/rekap/000000/"), "Semua penerima") == [12, 4, 16]


def test_a_region_shows_its_parts_and_a_kab_kota_its_schools(at, nation):
    province = at(pusdatin(), "/sekolah/rekap/030000/")
    assert "Wilayah 032900" in province
    assert "Wilayah 120300" not in province
    regency = at(pusdatin(), "/sekolah/rekap/032900/")
    assert nation["brebes"].name in regency
    assert nation["tegal"].name not in regency
    assert "1 sampai 2 dari 2 sekolah" in regency


def test_the_jenjang_filter(at, nation):
    page = at(pusdatin(), "/sekolah/rekap/032900/?jenjang=SMA")
    assert figure(page, "Semua penerima") == [2, 1, 3]
    assert nation["brebes"].name not in page


def test_a_figure_of_a_region_leads_down_to_the_list_of_people(at, nation):
    page = at(pusdatin(), "/sekolah/rekap/000000/")
    assert "/sekolah/rekap/000000/rincian/?keadaan=INACTIVE&amp;penerima=STUDENT" in page
    down = at(pusdatin(), "/sekolah/rekap/000000/rincian/?keadaan=INACTIVE&penerima=STUDENT")
    assert "/sekolah/rekap/030000/rincian/?keadaan=INACTIVE&amp;penerima=STUDENT" in down
    schools = at(pusdatin(), "/sekolah/rekap/032900/rincian/?keadaan=INACTIVE&penerima=STUDENT")
    link = f"/siswa/?npsn={nation['brebes'].npsn}&amp;keadaan=INACTIVE"
    assert link in schools
    assert "1 sampai 1 dari 1 siswa" in at(pusdatin(), link.replace("&amp;", "&"))


def test_people_left_out_are_counted_by_reason(at, nation):
    StudentFactory.create(school=nation["brebes"], eligibility="NISN_MISSING", record=None)
    page = at(operator_of(nation["brebes"]), f"/sekolah/rekap/satuan/{nation['brebes'].npsn}/")
    assert figure(page, "NISN kosong") == [1, 0, 1]
    assert "alasan=NISN_MISSING" in page


def test_an_office_reads_its_region_and_jenjang_only(at, nation):
    office = an_actor(Role.DINAS, "0329")
    assert figure(at(office, "/sekolah/rekap/032900/"), "Semua penerima") == [6, 1, 7]
    at(office, "/sekolah/rekap/032800/", status=404)
    at(office, "/sekolah/rekap/030000/", status=404)
    at(office, f"/sekolah/rekap/satuan/{nation['sma'].npsn}/", status=404)


def test_lpmp_reads_figures_but_no_lists(at, nation):
    lpmp = an_actor(Role.LPMP, "03")
    page = at(lpmp, f"/sekolah/rekap/satuan/{nation['brebes'].npsn}/")
    assert figure(page, "Semua penerima")[2] == 7
    assert "/siswa/" not in page
    at(lpmp, f"/siswa/?npsn={nation['brebes'].npsn}", status=403)


def test_everybody_begins_at_their_own_recap(client, nation):
    for actor, path in (
        (operator_of(nation["brebes"]), f"/sekolah/rekap/satuan/{nation['brebes'].npsn}/"),
        (an_actor(Role.DINAS, "0329"), "/sekolah/rekap/032900/"),
        (an_actor(Role.LPMP, "03"), "/sekolah/rekap/030000/"),
        (pusdatin(), "/sekolah/rekap/000000/"),
    ):
        client.force_login(actor.user)
        assert client.get("/sekolah/rekap/")["Location"] == path


def test_the_download_has_every_part_and_no_formula(at, nation):
    nation["brebes"].name = "=cmd|' /C calc'!A0"
    nation["brebes"].save()
    rows = list(csv.DictReader(io.StringIO(at(pusdatin(), "/sekolah/rekap/032900/unduh/"))))
    assert {row["nama"] for row in rows} == {"'=cmd|' /C calc'!A0", "SMA Negeri 1 Brebes"}
    assert sum(int(row["jumlah"]) for row in rows) == 10


def test_the_national_page_counts_no_big_table(client, nation, django_assert_max_num_queries):
    client.force_login(pusdatin().user)
    with django_assert_max_num_queries(14) as seen:
        client.get("/sekolah/rekap/000000/")
    for query in seen.captured_queries:
        assert "providers_phonerecord" not in query["sql"]
        assert "students_student" not in query["sql"]


@pytest.mark.parametrize(("people", "is_tall"), [(99_999, False), (100_000, True)])
def test_figures_of_millions_get_a_line_of_their_own_on_a_phone(people: int, is_tall: bool) -> None:
    """Three such figures beside the words would be wider than the screen."""
    count = {"value": people, "url": ""}
    whole = {"label": "Semua penerima", "students": count, "teachers": count, "total": count}
    shown = render_to_string("schools/_sheets.html", {"whole": whole, "lines": [whole]})
    assert ('class="list figures tall"' in shown) is is_tall
