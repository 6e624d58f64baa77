"""The list of pupils' numbers, over HTTP."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from providers.choices import Sharing, State
from schools.models import CutoffChange, CutoffRun
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
from vervalponsel.batches.models import Batch

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
    """The page in one line, without the token that is masked anew in every answer."""
    return " ".join(re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode()).split())


def test_a_row_says_the_state_in_words_and_who_acts_next(operator, school):
    a_student(school, state=State.INACTIVE, answered_at=None)
    page = text_of(operator.get("/siswa/"))
    assert "Tidak aktif menurut Telkomsel. Pastikan kartu masih dipakai" in page
    assert "Berikutnya" not in page, "the sentence asks the reader"
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


LIST_QUERIES = 14
"""Session, person, assignments, school, classes, cells, providers, count, rows, claims, period, cut-off, its age …"""


def a_change(student, kind, **fields):
    batch = Batch.objects.create(kind="cutoff", title="Tarikan", actor_name="uji", created_at=timezone.now())
    run = CutoffRun.objects.create(
        batch=batch, scope="delta", cutoff_date="2020-09-20", semester_id="20201", applied_at=timezone.now()
    )
    return CutoffChange.objects.create(
        run=run, school=student.school, role="STUDENT", person_id=student.peserta_didik_id, kind=kind, **fields
    )


def test_a_number_that_the_register_names_later_is_listed_and_can_be_taken(operator, school):
    student = a_student(school, number="+6281234500001")
    a_change(student, "NUMBER_DIFFERS", offered="0813-9999-0001")
    page = text_of(operator.get("/siswa/perubahan/"))
    assert "Dapodik menyebut nomor lain untuk 1 siswa." in page
    assert 'name="typed" value="+6281399990001"' in page
    taken = {"typed": "+6281399990001", "ownership": "MOTHER", "version": 1, "back": "/siswa/perubahan/"}
    answer = operator.post(f"/siswa/{student.pk}/ubah/", taken)
    assert answer["Location"].startswith("/siswa/perubahan/")
    assert "Pakai nomor ini" not in text_of(operator.get("/siswa/perubahan/"))


def test_an_office_does_not_see_offered_numbers(client, school):
    student = a_student(school)
    a_change(student, "NUMBER_DIFFERS", offered="0813-9999-0001")
    client.force_login(an_actor("DINAS", "0329").user)
    assert "0813-9999-0001" not in text_of(client.get(f"/siswa/perubahan/?npsn={school.npsn}"))


def test_the_filtered_fragment_equals_the_region_of_the_page(operator, school):
    a_student(school, state=State.INACTIVE)
    page = text_of(operator.get("/siswa/?keadaan=perbaiki"))
    fragment = text_of(operator.get("/siswa/?keadaan=perbaiki", HTTP_HX_REQUEST="true"))
    assert fragment.startswith("<nav")
    assert fragment in page[page.index('<div id="daftar">') :]
