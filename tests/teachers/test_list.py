"""Teachers' numbers: the pupils' pages with another identity, and no classes."""

import pytest

from providers.choices import State
from providers.models import PhoneRecord
from tests.factories import PeriodFactory, SchoolFactory, TeacherFactory, operator_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    PeriodFactory.create()
    return SchoolFactory.create()


@pytest.fixture
def operator(client, school):
    client.force_login(operator_of(school).user)
    return client


def test_a_teacher_is_known_by_nuptk_and_has_no_class(operator, school):
    TeacherFactory.create(school=school, name="Pak Budi", nuptk="1234567890123456")
    page = operator.get("/guru/").content.decode()
    assert "NUPTK 1234567890123456" in page
    assert 'name="kelas"' not in page
    assert "Pak Budi" in operator.get("/guru/?cari=345678").content.decode()


def test_a_teacher_without_nuptk_is_a_recipient_like_any_other(operator, school):
    TeacherFactory.create(school=school, name="Bu Ani", nuptk="")
    assert "Bu Ani" in operator.get("/guru/").content.decode()


def test_a_teachers_number_is_corrected_on_the_teachers_page(operator, school):
    teacher = TeacherFactory.create(school=school)
    sent = {"typed": "0817 1000 0001", "ownership": "OWN", "version": 1, "back": "/guru/?keadaan=perbaiki"}
    answer = operator.post(f"/guru/{teacher.pk}/ubah/", sent)
    assert answer["Location"] == f"/guru/?keadaan=perbaiki#r{teacher.pk}"
    record = PhoneRecord.objects.get(teachers=teacher)
    assert (record.number, record.provider_id, record.state) == ("+6281710000001", "XL", State.READY)
    assert operator.get(f"/siswa/{teacher.pk}/ubah/").status_code == 404


def test_a_teacher_of_another_home_school_is_told_so(operator, school):
    TeacherFactory.create(school=school, eligibility="NOT_HOME_SCHOOL", is_home=False, record=None)
    page = operator.get("/guru/tidak-masuk/").content.decode()
    assert "Sekolah ini bukan sekolah induknya." in page
    assert "Sekolah induk" in page
