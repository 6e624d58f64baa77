"""What Pusdatin keeps by hand: periods, windows, packages, prefixes, offices, coverage, accounts."""

import re
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from providers.models import Package, Prefix
from schools.choices import PeriodStatus
from schools.models import Office, Period, School, Window
from tests.factories import OfficeFactory, PeriodFactory, SchoolFactory, WindowFactory, an_actor, operator_of, pusdatin
from vervalponsel.accounts.models import Assignment, User
from vervalponsel.accounts.permissions import Role
from vervalponsel.audit.models import Event
from vervalponsel.batches.models import Batch

pytestmark = pytest.mark.django_db

PERIOD = {
    "name": "Oktober 2020",
    "semester_id": "20201",
    "starts_date": "2020-10-01",
    "deadline_at_0": "2020-10-15",
    "deadline_at_1": "23:59",
    "jenjang": ["SD", "SMP"],
    "sharing_confirm_above": 3,
    "sharing_max": 10,
    "answer_valid_days": 30,
    "stamp_duty_rupiah": 6000,
    "carries_over": "on",
}
WINDOW = {
    "kind": "RELEASE",
    "stage": 1,
    "name": "Tahap 1",
    "region_prefix": "",
    "opens_at_0": "2020-10-22",
    "opens_at_1": "00:00",
    "closes_at_0": "2020-10-24",
    "closes_at_1": "23:59",
}


@pytest.fixture
def nation(client) -> Client:
    client.force_login(pusdatin().user)
    return client


def test_a_period_is_made_filled_and_opened(nation):
    assert nation.post("/sekolah/kelola/periode/baru/", PERIOD).status_code == 302
    period = Period.objects.get()
    assert (period.status, period.jenjang) == (PeriodStatus.DRAFT, ["SD", "SMP"])
    refused = nation.post(f"/sekolah/kelola/periode/{period.pk}/buka/", follow=True).content.decode()
    assert "Isi dulu jendela waktu" in refused
    nation.post(f"/sekolah/kelola/periode/{period.pk}/jendela/", WINDOW)
    nation.post(
        f"/kelola/periode/{period.pk}/paket/",
        {"role": "STUDENT", "jenjang": "SD", "provider": "", "general_gb": 5, "learning_gb": 30},
    )
    answer = nation.post(f"/sekolah/kelola/periode/{period.pk}/buka/")
    batch = Batch.objects.get(kind="open-period")
    assert answer["Location"] == f"/pekerjaan/{batch.pk}/"
    assert Period.objects.current().get() == period
    assert [event.action for event in Event.objects.order_by("id")][:3] == [
        "period.created",
        "window.created",
        "package.created",
    ]


def test_wrong_rules_come_back_with_a_sentence(nation):
    answer = nation.post("/sekolah/kelola/periode/baru/", PERIOD | {"sharing_max": 2})
    assert answer.status_code == 422
    assert "Batas berbagi tidak boleh di bawah batas penegasan." in answer.content.decode()
    assert not Period.objects.exists()


def test_an_open_period_keeps_its_rules_but_its_windows_can_slip(nation):
    period = PeriodFactory.create()
    window = WindowFactory.create(period=period)
    nation.post(f"/sekolah/kelola/periode/{period.pk}/", PERIOD)
    period.refresh_from_db()
    assert period.name != "Oktober 2020"
    nation.post(f"/sekolah/kelola/jendela/{window.pk}/", WINDOW)
    window.refresh_from_db()
    assert timezone.localtime(window.closes_at).day == 24
    event = Event.objects.get(action="window.changed")
    assert event.before["closes_at"] != event.after["closes_at"]


def test_the_same_window_or_package_twice_is_refused_in_words(nation):
    period = PeriodFactory.create(status=PeriodStatus.DRAFT, is_current=False)
    WindowFactory.create(period=period, stage=1)
    answer = nation.post(f"/sekolah/kelola/periode/{period.pk}/jendela/", WINDOW)
    assert "Jendela untuk tahap dan wilayah itu sudah ada." in answer.content.decode()
    package = {"role": "STUDENT", "jenjang": "SD", "provider": "", "general_gb": 1, "learning_gb": 1}
    answer = nation.post(f"/kelola/periode/{period.pk}/paket/", package)
    assert "Paket untuk penerima itu sudah ada." in answer.content.decode()


def test_windows_and_packages_can_be_taken_away(nation):
    period = PeriodFactory.create(status=PeriodStatus.DRAFT, is_current=False)
    window, package = WindowFactory.create(period=period), Package.objects.first()
    assert package
    nation.post(f"/sekolah/kelola/jendela/{window.pk}/", {"remove": "1"})
    nation.post(f"/kelola/periode/{period.pk}/paket/", {"remove": package.pk})
    assert not Window.objects.exists()
    assert not Package.objects.filter(pk=package.pk).exists()


def test_closing_the_period_in_preparation_is_refused(nation):
    period = PeriodFactory.create()
    page = nation.post(f"/sekolah/kelola/periode/{period.pk}/tutup/", follow=True).content.decode()
    assert "tidak dapat ditutup" in page
    assert Period.objects.get().status == PeriodStatus.OPEN


def test_a_prefix_has_one_owner_on_a_day(nation):
    answer = nation.post(
        "/kelola/awalan/", {"provider": "TRI", "first": 811, "last": 811, "valid_from": "2020-10-01", "valid_to": ""}
    )
    assert "sudah milik provider lain" in answer.content.decode()
    old = Prefix.objects.get(provider="TELKOMSEL", first=811)
    dated = {
        "provider": "TELKOMSEL",
        "first": 811,
        "last": 813,
        "valid_from": "2000-01-01",
        "valid_to": "2021-01-01",
        "sure": "1",
    }
    assert nation.post(f"/kelola/awalan/{old.pk}/", dated).status_code == 302
    old.refresh_from_db()
    assert old.valid_to is not None


def test_an_unstaffed_office_is_told(nation):
    office = OfficeFactory.create()
    nation.post(f"/sekolah/kelola/dinas/{office.pk}/", {"name": office.name, "jenjang": ["SD"]})
    assert Office.objects.unstaffed().get().jenjang == ["SD"]
    assert "1 dinas tanpa petugas" in nation.get("/sekolah/kelola/dinas/").content.decode()


def test_coverage_is_marked_by_npsn_and_unknown_ones_are_named(nation):
    school = SchoolFactory.create()
    page = nation.post(
        "/sekolah/kelola/sinyal/", {"npsn": f"{school.npsn}\n99999999", "no_coverage": "1"}, follow=True
    ).content.decode()
    assert "NPSN tidak ditemukan: 99999999" in page
    assert School.objects.get(no_coverage=True) == school


def test_an_account_is_made_with_a_password_that_is_shown_once(nation):
    school = SchoolFactory.create()
    new = {"username": "ani", "name": "Ani", "role": "OPERATOR", "scope_code": school.npsn}
    page = nation.post("/sekolah/kelola/akun/baru/", new).content.decode()
    password = re.findall(r"[a-z2-9]{4}(?:-[a-z2-9]{4}){3}", page)[0]
    assert Client().login(username="ani", password=password)
    assert Assignment.objects.get(user__username="ani").label == f"{school.name} · NPSN {school.npsn}"
    assert password not in str(Event.objects.values_list("after", "before"))


def test_a_dinas_staffs_its_own_schools_only(client):
    mine, other = SchoolFactory.create(), SchoolFactory.create(district="120301")
    colleague = an_actor(Role.DINAS, "1203")
    client.force_login(an_actor(Role.DINAS, "0329").user)
    new = {"username": "ani", "name": "Ani", "role": "OPERATOR"}
    assert client.post("/sekolah/kelola/akun/baru/", new | {"scope_code": other.npsn}).status_code == 422
    assert client.post("/sekolah/kelola/akun/baru/", new | {"role": "PUSDATIN", "scope_code": ""}).status_code == 422
    assert client.post("/sekolah/kelola/akun/baru/", new | {"scope_code": mine.npsn}).status_code == 200
    assert list(User.objects.filter(username="ani").values_list("assignments__scope_code", flat=True)) == [mine.npsn]
    assert colleague.assignment
    assert client.post(f"/sekolah/kelola/akun/{colleague.assignment.pk}/akhiri/").status_code == 404


def test_a_dinas_cannot_reset_somebody_who_also_holds_more(client):
    """Their password would open the other door too."""
    school = SchoolFactory.create()
    boss = pusdatin()
    both = an_actor(Role.OPERATOR, school.npsn, user=boss.user)
    client.force_login(an_actor(Role.DINAS, "0329").user)
    assert both.assignment
    assert client.post(f"/sekolah/kelola/akun/{both.assignment.pk}/sandi/").status_code == 404


def test_an_ended_assignment_opens_nothing(nation, client):
    school = SchoolFactory.create()
    operator = operator_of(school)
    assert operator.assignment
    nation.post(f"/sekolah/kelola/akun/{operator.assignment.pk}/akhiri/")
    other = Client()
    assert operator.user
    other.force_login(operator.user)
    assert other.get("/siswa/").status_code == 403
    assert "Belum ada tugas" in other.get("/").content.decode()


def test_deadlines_are_told_in_the_readers_zone():
    deadline = timezone.make_aware(datetime(2020, 9, 15, 23, 59))
    PeriodFactory.create(deadline_at=deadline)
    papua = SchoolFactory.create(district="250101")
    client = Client()
    client.force_login(operator_of(papua).user)  # type: ignore[arg-type]
    assert "16 Sep 2020 01.59 WIT" in client.get("/").content.decode()
