"""The list of pupils' numbers, over HTTP."""

import pytest
from django.test import Client

from providers.choices import Sharing, State
from tests.factories import (
    PeriodFactory,
    SchoolFactory,
    StudentFactory,
    TeacherFactory,
    a_provider,
    an_actor,
    operator_of,
    pusdatin,
)
from tests.students.factories import a_student
from vervalponsel.audit.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    PeriodFactory.create()
    return SchoolFactory.create()


@pytest.fixture
def operator(client: Client, school):
    client.force_login(operator_of(school).user)  # type: ignore[arg-type]
    return client


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def test_a_row_says_the_state_in_words_and_who_acts_next(operator, school):
    a_student(school, state=State.INACTIVE, answered_at=None)
    page = text_of(operator.get("/siswa/"))
    assert "Tidak aktif menurut Telkomsel. Pastikan kartu masih dipakai" in page
    assert "Berikutnya: Sekolah" in page
    assert "1 sampai 1 dari 1 siswa" in page
    assert "Minta cek ulang" in page
    assert "<strong>1 nomor siswa perlu diperbaiki.</strong>" in page


def test_filters_stand_in_the_address(operator, school):
    a_student(school, name="Ani", state=State.INACTIVE)
    a_student(school, name="Budi")
    assert "Budi" not in text_of(operator.get("/siswa/?keadaan=perbaiki"))
    assert "Ani" not in text_of(operator.get("/siswa/?keadaan=USABLE"))
    assert "Ani" not in text_of(operator.get("/siswa/?cari=budi"))


def test_search_finds_numbers_however_their_zero_is_written(operator, school):
    a_student(school, name="Ani", number="+6281234500001", typed="081234500001")
    a_student(school, name="Budi", number="+6281234599999", typed="081234599999")
    for typed in ("0812-3450-0001", "+62 812 3450 0001", "345 00001"):
        page = text_of(operator.get("/siswa/", {"cari": typed}))
        assert "Ani" in page
        assert "Budi" not in page


def test_an_unknown_filter_is_not_applied(operator, school):
    a_student(school, name="Ani")
    assert "Ani" in text_of(operator.get("/siswa/?keadaan=APAPUN&kelas=9Z&page=99"))


def test_fifty_rows_a_page(operator, school):
    StudentFactory.create_batch(51, school=school)
    first = operator.get("/siswa/")
    assert first.content.count(b'<tr id="r') == 50
    assert operator.get("/siswa/?page=2").content.count(b'<tr id="r') == 1


def test_an_office_sees_masked_numbers_and_no_editor(client, school):
    a_student(school, number="+6281234500001", typed="081234500001")
    client.force_login(an_actor("DINAS", "0329").user)
    page = text_of(client.get(f"/siswa/?npsn={school.npsn}"))
    assert "0812-••••-0001" in page
    assert "Ubah" not in page
    assert "081234500001" not in page


def test_an_office_chooses_a_school_first(client, school):
    client.force_login(an_actor("DINAS", "0329").user)
    assert school.name in text_of(client.get(f"/siswa/?sekolah={school.npsn}"))


def test_pusdatins_look_at_names_is_recorded(client, school):
    client.force_login(pusdatin().user)
    client.get(f"/siswa/?npsn={school.npsn}")
    assert Event.objects.get(action="recipients.seen").scope_code == school.npsn


def test_a_strangers_school_does_not_exist(client, school):
    other = SchoolFactory.create()
    client.force_login(operator_of(other).user)
    assert client.get(f"/siswa/?npsn={school.npsn}").status_code == 404


def test_left_out_pupils_are_told_with_reason_and_other_school(operator, school):
    StudentFactory.create(school=school, eligibility="DUPLICATE_SCHOOL", other_npsn="20399999", record=None)
    page = text_of(operator.get("/siswa/tidak-masuk/"))
    assert "Terdaftar juga di sekolah lain (NPSN 20399999)" in page
    assert "1 siswa belum menjadi penerima" in page


def test_shared_numbers_say_how_many_share_them(operator, school):
    a_student(school, share_count=5, sharing=Sharing.TO_CONFIRM)
    page = text_of(operator.get("/siswa/"))
    assert "Nomor ini dipakai 5 penerima" in page
    assert "Mereka satu keluarga" in page


def test_teachers_have_the_same_list(operator, school):
    TeacherFactory.create(school=school, name="Pak Budi")
    assert "Pak Budi" in text_of(operator.get("/guru/"))


def test_query_count_does_not_grow_with_rows(operator, school, django_assert_num_queries):
    a_provider("XL")
    StudentFactory.create_batch(3, school=school)
    operator.get("/siswa/")
    with django_assert_num_queries(LIST_QUERIES):
        operator.get("/siswa/")
    StudentFactory.create_batch(20, school=school)
    with django_assert_num_queries(LIST_QUERIES):
        operator.get("/siswa/")


LIST_QUERIES = 12
"""Session, person, assignments, school, classes, cells, providers, count, rows, claims, period, cut-off."""
