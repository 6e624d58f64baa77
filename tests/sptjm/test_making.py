"""Making a statement: who is on it, who not and why, numbers locked, the form sent twice."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from providers.choices import Eligibility, Ownership, Sharing, Stage, State
from providers.models import Entitlement, PhoneRecord
from schools.choices import WindowKind
from sptjm.models import Statement
from students.models import Student
from tests.factories import PeriodFactory, RecordFactory, StudentFactory, WindowFactory, operator_of
from tests.sptjm.conftest import Case, browser_of
from tests.sptjm.factories import a_school, pupils_of
from vervalponsel.audit.models import Event

pytestmark = pytest.mark.django_db
MAKE = "/sptjm/buat/"


def records_of(case: Case) -> list[PhoneRecord]:
    return list(PhoneRecord.objects.filter(school=case.school).order_by("role", "id"))


def test_statement_takes_everybody_ready_and_locks_their_numbers(case: Case) -> None:
    statement = case.make()
    assert (statement.students, statement.teachers) == (3, 1)
    assert statement.number == f"001/{case.school.npsn}/2020-09"
    assert {record.cell for record in records_of(case)} == {"STATED"}
    with pytest.raises(IntegrityError), transaction.atomic():
        PhoneRecord.objects.filter(school=case.school, role="STUDENT").update(number="+6281299990000")


def test_lines_say_what_will_be_printed(case: Case) -> None:
    statement = case.make()
    lines = list(statement.lines.order_by("position"))
    assert [line.position for line in lines] == [1, 2, 3, 4]
    assert [line.role for line in lines] == ["STUDENT"] * 3 + ["TEACHER"]
    pupil = Student.objects.get(school=case.school, name=lines[0].name)
    assert pupil.record
    assert (lines[0].identity, lines[0].class_name) == (pupil.nisn, "Kelas 5A")
    assert (lines[0].number, lines[0].ownership) == (pupil.record.number, Ownership.MOTHER)


def test_made_statement_is_an_event_and_a_print_batch(case: Case) -> None:
    statement = case.make()
    event = Event.objects.of(statement).get(action="statement.made")
    assert event.user == case.operator.user
    assert event.scope_code == case.school.npsn
    assert statement.print_batch
    assert statement.print_batch.kind == "print-statement"
    assert statement.print_batch.scope_code == case.school.npsn


def test_form_sent_twice_makes_one_statement(case: Case) -> None:
    token = str(uuid.uuid4())
    first = case.make(token=token, whom="STUDENT")
    second = case.make(token=token, whom="STUDENT")
    assert first == second
    assert Statement.objects.count() == 1
    assert first.lines.count() == 3


def test_page_carries_a_fresh_token(case: Case) -> None:
    pages = [case.at_school.get(MAKE).context["form"]["token"].value() for _ in range(2)]
    assert pages[0] != pages[1]


def test_second_statement_has_the_next_serial_and_only_the_new_people(case: Case) -> None:
    case.make()
    pupils_of(case.school, 2)
    second = case.make()
    assert second.number.startswith("002/")
    assert second.people == 2


def test_numbers_run_on_where_two_periods_begin_in_one_month(case: Case) -> None:
    case.make()
    case.period.is_current = False
    case.period.save()
    PeriodFactory.create(starts_date=case.period.starts_date)
    pupils_of(case.school, 1)
    assert case.make().number.startswith("002/")


def test_only_teachers(case: Case) -> None:
    statement = case.make(whom="TEACHER")
    assert (statement.students, statement.teachers) == (0, 1)


def test_only_one_class(case: Case) -> None:
    StudentFactory.create(school=case.school, class_name="Kelas 6B")
    statement = case.make(whom="STUDENT", classes=["Kelas 6B"])
    assert statement.lines.get().class_name == "Kelas 6B"


def test_people_who_are_not_ready_are_left_out_and_named_by_reason(case: Case) -> None:
    pupil, old = Student.objects.filter(school=case.school).order_by("id")[:2]
    PhoneRecord.objects.filter(pk=pupil.record_id).update(ownership="")
    PhoneRecord.objects.filter(pk=old.record_id).update(answered_at=timezone.now() - timedelta(days=60))
    page = case.at_school.get(MAKE).content.decode()
    assert "1 siswa dan 1 guru siap dinyatakan" in page
    assert "Kepemilikan nomor belum diisi" in page
    assert "Jawaban provider sudah terlalu lama" in page
    answer = case.at_school.post(MAKE, {"head_name": "Siti", "whom": "BOTH"}, follow=True)
    assert "1 orang tidak ikut: kepemilikan nomor belum diisi." in answer.content.decode()
    assert Statement.objects.get().people == 2


def test_unready_cells_link_to_their_lists(case: Case) -> None:
    record = Student.objects.filter(school=case.school).earliest("id").record
    PhoneRecord.objects.filter(pk=record.pk).update(state=State.GRACE, answered_at=timezone.now())
    page = case.at_school.get(MAKE).content.decode()
    assert f'href="{reverse("students:list")}?keadaan=GRACE"' in page


def test_head_of_school_is_taken_from_the_form(case: Case) -> None:
    statement = case.make(head_name="Budi Santoso", head_nip="19700101")
    assert (statement.head_name, statement.head_nip) == ("Budi Santoso", "19700101")


def test_missing_head_stands_beside_the_field(case: Case) -> None:
    answer = case.at_school.post(MAKE, {"head_name": "", "whom": "BOTH"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["head_name"]
    assert not Statement.objects.exists()


def test_nobody_ready_says_that_the_provider_has_not_answered(case: Case) -> None:
    PhoneRecord.objects.filter(school=case.school).update(state=State.READY, answered_at=None)
    page = case.at_school.get(MAKE).content.decode()
    assert "SPTJM belum dapat dibuat: provider belum menjawab nomor sekolah ini." in page
    assert "<button" not in page.split('id="isi"')[1].split("</main>")[0]
    answer = case.at_school.post(MAKE, {"head_name": "Siti", "whom": "BOTH"}, follow=True)
    assert "Tidak ada penerima" in answer.content.decode()


def test_everybody_stated_says_so(case: Case) -> None:
    case.make()
    assert "Semua siswa dan guru sudah ada di SPTJM." in case.at_school.get(MAKE).content.decode()


def test_after_the_deadline_no_statement_is_made(case: Case) -> None:
    case.period.deadline_at = timezone.now() - timedelta(hours=1)
    case.period.save()
    assert "Tenggat SPTJM periode ini sudah lewat" in case.at_school.get(MAKE).content.decode()
    case.at_school.post(MAKE, {"head_name": "Siti", "whom": "BOTH"})
    assert not Statement.objects.exists()


def test_outside_the_regions_window_no_statement_is_made(case: Case) -> None:
    later = timezone.now() + timedelta(days=2)
    window = WindowFactory.create(
        period=case.period,
        kind=WindowKind.PREPARE,
        region_prefix="03",
        opens_at=later,
        closes_at=later + timedelta(days=1),
    )
    assert "dapat dibuat mulai" in case.at_school.get(MAKE).content.decode()
    window.region_prefix = "12"
    window.save()
    assert "siap dinyatakan" in case.at_school.get(MAKE).content.decode()


def test_family_on_one_number_gets_a_slot_each(case: Case) -> None:
    number = "+6281233334444"
    Student.objects.filter(school=case.school).update(record=None)
    PhoneRecord.objects.filter(school=case.school, role="STUDENT").delete()
    for pupil in Student.objects.filter(school=case.school):
        pupil.record = RecordFactory.create(person_id=pupil.peserta_didik_id, school=case.school, number=number)
        pupil.save()
    case.make()
    assert sorted(Entitlement.objects.filter(number=number).values_list("slot", flat=True)) == [1, 2, 3]


def test_freed_slot_is_given_again(case: Case) -> None:
    number = "+6281233334444"
    others = [StudentFactory.create(school=case.school, class_name=f"Kelas {n}") for n in "ABC"]
    for pupil in others:
        PhoneRecord.objects.filter(students=pupil).update(number=number)
    first = case.make(whom="STUDENT", classes=["Kelas A"])
    case.make(whom="STUDENT", classes=["Kelas B"])
    case.at_school.post(reverse("sptjm:void", args=[first.pk]), {"reason": "salah orang"})
    case.make(whom="STUDENT", classes=["Kelas C"])
    live = Entitlement.objects.live().filter(number=number)
    assert sorted(live.values_list("slot", flat=True)) == [1, 2]


def test_over_shared_number_is_counted_again_live(case: Case) -> None:
    number = "+6281233334444"
    pupil = Student.objects.filter(school=case.school).earliest("id")
    PhoneRecord.objects.filter(students=pupil).update(number=number)
    RecordFactory.create_batch(case.period.sharing_max, number=number)
    PhoneRecord.objects.filter(number=number).update(sharing=Sharing.NONE)
    statement = case.make()
    assert statement.people == 3
    assert not Entitlement.objects.filter(number=number).exists()


def test_repaired_after_a_failure_follows_the_failed_claim(case: Case) -> None:
    statement = case.make()
    claims = Entitlement.objects.filter(statement_line__statement=statement)
    for stage in (Stage.UPLOADED, Stage.APPROVED, Stage.RELEASED, Stage.FAILED):
        claims.update(stage=stage)
    case.make()
    follower = Entitlement.objects.live().earliest("id")
    assert follower.follows.record_id == follower.record_id
    assert follower.follows.stage == Stage.FAILED


def test_the_story_links_an_attempt_to_the_one_before(case: Case) -> None:
    statement = case.make()
    claims = Entitlement.objects.filter(statement_line__statement=statement)
    for stage in (Stage.UPLOADED, Stage.APPROVED, Stage.RELEASED):
        claims.update(stage=stage)
    claims.update(stage=Stage.FAILED, code="NUMBER_BLOCKED")
    case.make()
    pupil = Student.objects.filter(school=case.school).earliest("id")
    page = case.at_school.get(f"/siswa/{pupil.pk}/riwayat/").content.decode()
    assert "Percobaan baru setelah kuota gagal" in page
    assert "nomor diblokir." in page


def test_person_who_left_is_not_stated(case: Case) -> None:
    pupil = Student.objects.filter(school=case.school).earliest("id")
    Student.objects.filter(pk=pupil.pk).update(eligibility=Eligibility.LEFT)
    assert case.make().students == 2


def test_other_roles_cannot_make(case: Case) -> None:
    assert case.at_office.get(MAKE).status_code == 403
    assert case.at_nation.post(MAKE, {"head_name": "Siti", "whom": "BOTH"}).status_code == 403


def test_number_of_queries_does_not_grow_with_the_school(case: Case) -> None:
    counts = []
    for students in (2, 60):
        browser = browser_of(operator_of(a_school(students=students, teachers=2)))
        with CaptureQueriesContext(connection) as asked:
            assert browser.post(MAKE, {"head_name": "Siti", "whom": "BOTH"}).status_code == 302
        counts.append(len(asked))
    assert counts[0] == counts[1]
