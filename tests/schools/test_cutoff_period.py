"""Opening a period judges again whom it serves; everything else stays as the last cut-off found it."""

from datetime import date
from pathlib import Path

import pytest

from providers.choices import Eligibility, State
from providers.models import PhoneRecord
from schools.choices import PersonRole
from schools.models import Period, School
from schools.periods import SchoolRange
from students import eligibility as of_students
from students.models import Student
from teachers import eligibility as of_teachers
from teachers.models import Teacher
from tests.factories import PeriodFactory

from .registers import NOW, Register, imported

pytestmark = pytest.mark.django_db


def opened(**rules: object) -> tuple[Period, SchoolRange]:
    """The next period as the current one, and the range of all schools."""
    Period.objects.update(is_current=False)
    ids = School.objects.order_by("pk").values_list("pk", flat=True)
    return PeriodFactory.create(starts_date=date(2020, 10, 1), **rules), (min(ids), max(ids))


def test_who_is_not_served_rests_and_comes_back(tmp_path: Path) -> None:
    PeriodFactory.create()
    register = Register()
    school = register.school("20300001")
    register.pupil(school)
    register.pupil(school, nisn="")
    register.teacher(school)
    imported(register, tmp_path)
    period, schools = opened(jenjang=["SMA"])
    assert of_students.judge(period, schools, NOW) == 1
    assert of_teachers.judge(period, schools, NOW) == 1
    found = Student.objects.order_by("nisn").values_list("eligibility", flat=True)
    assert list(found) == [Eligibility.NISN_MISSING, Eligibility.NOT_SERVED]
    assert Teacher.objects.get().eligibility == Eligibility.NOT_SERVED
    assert set(PhoneRecord.objects.values_list("eligibility", "cell")) == {(Eligibility.NOT_SERVED, "OUT")}
    period, schools = opened()
    assert of_students.judge(period, schools, NOW) + of_teachers.judge(period, schools, NOW) == 2
    assert of_students.judge(period, schools, NOW) == 0
    assert set(PhoneRecord.objects.values_list("eligibility", "state")) == {(Eligibility.OK, State.READY)}


def test_who_was_never_served_gets_a_record_when_a_period_serves_them(tmp_path: Path) -> None:
    PeriodFactory.create(excludes_pip=True)
    register = Register()
    register.pupil(register.school("20300001"), penerima_pip="1", nomor_telepon_seluler="0812 2600 4001")
    imported(register, tmp_path)
    assert not PhoneRecord.objects.exists()
    period, schools = opened()
    assert of_students.judge(period, schools, NOW) == 1
    record = PhoneRecord.objects.get()
    assert (record.number, record.role) == ("+6281226004001", PersonRole.STUDENT)
    assert Student.objects.get().record == record


def test_after_opening_the_same_bundle_changes_nothing(tmp_path: Path) -> None:
    PeriodFactory.create()
    register = Register()
    school = register.school("20300001")
    register.pupil(school, penerima_pip="1")
    register.teacher(school)
    imported(register, tmp_path)
    period, schools = opened(excludes_pip=True)
    of_students.judge(period, schools, NOW)
    of_teachers.judge(period, schools, NOW)
    assert Student.objects.get().eligibility == Eligibility.RECEIVES_PIP
    assert imported(register, tmp_path).counts["changes"] == 0
