"""Everybody's first page: where things stand, what to do first, and the way of the numbers."""

import pytest
from django.test import Client
from django.utils import timezone

from providers.choices import Sharing, State
from providers.models import PhoneRecord
from schools.models import CutoffRun
from sptjm.models import Statement
from tests.factories import (
    AssignmentFactory,
    OfficeFactory,
    PeriodFactory,
    SchoolFactory,
    StudentFactory,
    TeacherFactory,
    UserFactory,
    an_actor,
    operator_of,
    pusdatin,
)
from tests.providers.test_claims import claim
from tests.students.factories import a_student
from vervalponsel.accounts.permissions import Role
from vervalponsel.batches.models import Batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def period():
    return PeriodFactory.create(name="September 2020")


@pytest.fixture
def school(period):
    return SchoolFactory.create()


@pytest.fixture
def home(client, school):
    """The operator's first page, read anew at every call."""
    client.force_login(operator_of(school).user)
    return lambda: " ".join(client.get("/").content.decode().split())


def a_statement(school, period, status="UPLOADED", **fields) -> Statement:
    number = Statement.objects.count() + 1
    fields = {"uploaded_at": timezone.now(), "uploaded_by": UserFactory.create()} | fields
    return Statement.objects.create(
        school=school,
        period=period,
        serial=number,
        number=f"{number:03d}/{school.npsn}",
        status=status,
        students=1,
        teachers=0,
        head_name="Siti",
        content_sha256="0" * 64,
        created_at=timezone.now(),
        **fields,
    )


def test_without_recipients_the_page_says_where_they_are(home):
    assert "Belum ada penerima dari Dapodik." in home()


def test_repair_comes_first_and_leads_to_the_list(home, school):
    a_student(school, state=State.INACTIVE)
    a_student(school)
    page = home()
    assert "<strong>1 nomor perlu diperbaiki.</strong> Tenggat" in page
    assert '<a class="button" href="/siswa/?keadaan=perbaiki">Perbaiki 1 nomor</a>' in page
    assert "1 nomor siap masuk SPTJM." in page


def test_teachers_alone_lead_to_the_teachers(home, school):
    teacher = TeacherFactory.create(school=school)
    PhoneRecord.objects.filter(teachers=teacher).update(sharing=Sharing.STOPPED)
    assert 'href="/guru/?keadaan=perbaiki"' in home()


def test_numbers_without_an_owner_do_not_count_as_ready(home, school):
    a_student(school, ownership="")
    page = home()
    assert "1 nomor aktif belum diisi kepemilikannya." in page
    assert "siap masuk SPTJM." not in page.replace("badge", "")


def test_a_returned_statement_is_the_most_urgent(home, school, period):
    a_student(school, state=State.INACTIVE)
    a_statement(school, period, "RETURNED", return_code="BLURRED")
    assert "<strong>1 SPTJM dikembalikan.</strong>" in home()


def test_a_printed_statement_waits_for_its_scan(home, school, period):
    claim(a_student(school).record, period)
    a_statement(school, period, "STATED", uploaded_at=None, uploaded_by=None)
    page = home()
    assert "1 SPTJM menunggu diunggah." in page
    assert '<li class="step now" aria-current="step"> <span class="step-name"><a href="/sptjm/">Unggah</a>' in page


def test_waiting_for_the_first_answer_is_explained(home, school):
    a_student(school, state=State.READY, answered_at=None)
    page = home()
    assert "1 nomor menunggu jawaban provider." in page
    assert "SPTJM belum dapat dibuat: provider belum menjawab nomor sekolah ini." in page


def test_the_age_of_the_data_and_the_schedule(home, school, period):
    batch = Batch.objects.create(kind="cutoff", title="Tarikan", actor_name="uji", created_at=timezone.now())
    CutoffRun.objects.create(
        batch=batch, scope="nation", cutoff_date="2020-09-11", semester_id="20201", applied_at=timezone.now()
    )
    page = home()
    assert "<dt>Tarikan penuh terakhir</dt><dd>11 Sep 2020</dd>" in page
    assert "<dt>Perubahan terakhir masuk</dt><dd>belum pernah</dd>" in page
    assert "<dt>Sinkronisasi sekolah</dt><dd>1 Sep 2020</dd>" in page
    assert "Data Dapodik per 11 Sep 2020" in page


def test_a_dinas_sees_its_queue_and_silent_schools(client, school, period):
    OfficeFactory.create()
    loud = SchoolFactory.create(name="SD Sudah")
    a_statement(loud, period)
    client.force_login(an_actor(Role.DINAS, "0329").user)
    page = " ".join(client.get("/").content.decode().split())
    assert "<strong>1 SPTJM menunggu diperiksa.</strong>" in page
    chase = client.get("/belum-unggah/").content.decode()
    assert school.name in chase
    assert "SD Sudah" not in chase


def test_the_chase_list_says_why_a_school_is_silent(client, period):
    OfficeFactory.create()
    ready, unsynced = SchoolFactory.create(), SchoolFactory.create(is_synchronised=False)
    StudentFactory.create(school=ready)
    client.force_login(an_actor(Role.DINAS, "0329").user)
    page = client.get("/belum-unggah/").content.decode()
    assert unsynced.name in page
    assert "Nomor siap, SPTJM belum dibuat" in page
    assert "Belum sinkronisasi semester ini" in page


def test_pusdatin_sees_live_batches(client, school):
    Batch.objects.create(kind="open-period", title="Membuka", actor_name="uji", created_at=timezone.now())
    client.force_login(pusdatin().user)
    assert "Membuka" in client.get("/").content.decode()


def test_a_person_without_an_assignment_is_told_so(client):
    client.force_login(UserFactory.create())
    assert "Belum ada tugas" in client.get("/").content.decode()


def test_a_person_with_two_assignments_switches(period):
    person = UserFactory.create()
    first, second = SchoolFactory.create(name="SD Satu"), SchoolFactory.create(name="SD Dua")
    held = [AssignmentFactory.create(user=person, scope_code=s.npsn, label=s.name) for s in (first, second)]
    strangers = AssignmentFactory.create(scope_code=SchoolFactory.create().npsn)
    client = Client()
    client.force_login(person)
    assert "SD Satu" in client.get("/").content.decode()
    assert client.post("/akun/tugas/", {"assignment": held[1].pk}).status_code == 302
    assert "<h1>SD Dua</h1>" in client.get("/").content.decode()
    assert client.post("/akun/tugas/", {"assignment": strangers.pk}).status_code == 404


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.DINAS, Role.PUSDATIN, Role.LPMP])
def test_the_navigation_has_at_most_six_entries_and_all_of_them_open(role, school):
    scope = {Role.OPERATOR: school.npsn, Role.DINAS: "0329", Role.LPMP: "03", Role.PUSDATIN: ""}[role]
    client = Client()
    client.force_login(an_actor(role, scope).user)  # type: ignore[arg-type]
    items = client.get("/").context["nav_items"]
    assert len(items) <= 6
    for item in items:
        assert client.get(item.url, follow=True).status_code == 200
