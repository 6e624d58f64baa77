"""Judging scans: whose queue, the next one, two reviewers at once, and the way back to the school."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from providers.models import Entitlement
from schools.models import Office
from sptjm.models import Statement
from tests.factories import AssignmentFactory, an_actor, operator_of
from tests.sptjm.conftest import Case, browser_of
from tests.sptjm.factories import a_pdf, a_school
from vervalponsel.accounts.permissions import Role
from vervalponsel.audit.models import Event

pytestmark = pytest.mark.django_db
QUEUE = "/sptjm/periksa/"


def uploaded(case: Case) -> Statement:
    statement = case.make()
    case.upload(statement)
    return statement


def of_another_school(case: Case, **fields: Any) -> Statement:
    school = a_school(**fields)
    other = Case(case.period, school, operator_of(school), case.office, case.nation)
    return uploaded(other)


def test_queue_holds_what_waits_oldest_first(case: Case) -> None:
    first, second = uploaded(case), of_another_school(case)
    page = case.at_office.get(QUEUE)
    assert [s.pk for s in page.context["page"].rows] == [first.pk, second.pk]
    assert "2 pindaian menunggu diperiksa" in page.content.decode()


def test_queue_of_an_office_ends_at_its_region_and_jenjang(case: Case) -> None:
    of_another_school(case, district="120301")
    of_another_school(case, jenjang="SMA")
    assert not case.at_office.get(QUEUE).context["page"].rows


def test_queue_is_filtered(case: Case) -> None:
    uploaded(case)
    junior = of_another_school(case, jenjang="SMP")
    answer = case.at_office.get(QUEUE, {"jenjang": "SMP"}, headers={"HX-Request": "true"})
    assert [s.pk for s in answer.context["page"].rows] == [junior.pk]
    assert "<html" not in answer.content.decode()


def test_work_of_an_unstaffed_office_falls_to_pusdatin(case: Case) -> None:
    statement = uploaded(case)
    assert not case.at_nation.get(QUEUE).context["page"].rows
    Office.objects.update(is_staffed=False)
    assert [s.pk for s in case.at_nation.get(QUEUE).context["page"].rows] == [statement.pk]
    assert not case.at_office.get(QUEUE).context["page"].rows
    assert case.judge(statement, by=case.at_nation).status_code == 302
    statement.refresh_from_db()
    assert statement.status == "APPROVED"


def test_scan_stands_beside_masked_data(case: Case) -> None:
    statement = uploaded(case)
    page = case.at_office.get(reverse("sptjm:review", args=[statement.pk])).content.decode()
    scan = statement.scans.get()
    assert reverse("sptjm:picture", args=[scan.pk, 1]) in page
    assert reverse("sptjm:picture", args=[scan.pk, 2]) in page
    line = statement.lines.earliest("id")
    assert line.name in page
    assert f"0812-••••-{line.number[-4:]}" in page
    assert line.number[-8:-4] + "-" + line.number[-4:] not in page


def test_approving_moves_everybody_and_opens_the_next(case: Case) -> None:
    first, second = uploaded(case), of_another_school(case)
    answer = case.judge(first)
    assert answer["Location"] == reverse("sptjm:review", args=[second.pk])
    first.refresh_from_db()
    assert (first.status, first.approved_by) == ("APPROVED", case.office.user)
    assert set(Entitlement.objects.filter(school=case.school).values_list("stage", flat=True)) == {"APPROVED"}
    assert first.reviews.get().decision == "APPROVED"
    assert Event.objects.of(first).filter(action="statement.approved").count() == 1
    assert case.judge(second)["Location"] == reverse("sptjm:queue")


def test_next_one_stays_within_the_filter(case: Case) -> None:
    first, _other = uploaded(case), of_another_school(case, jenjang="SMP")
    third = of_another_school(case)
    scan = first.scans.get()
    url = reverse("sptjm:review", args=[first.pk]) + "?jenjang=SD"
    answer = case.at_office.post(url, {"scan": scan.pk, "decision": "approve"})
    assert answer["Location"] == reverse("sptjm:review", args=[third.pk]) + "?jenjang=SD"


def test_returned_with_a_reason_the_school_reads_it(case: Case) -> None:
    statement = uploaded(case)
    case.judge(statement, "return", code="SIGNATURE_MISSING", note="Halaman 1.")
    page = case.at_school.get(reverse("sptjm:detail", args=[statement.pk])).content.decode()
    assert "Dikembalikan: tanda tangan belum ada. Halaman 1." in page
    claim = Entitlement.objects.filter(school=case.school).earliest("id")
    assert (claim.stage, claim.code) == ("RETURNED", "SIGNATURE_MISSING")
    assert claim.record.cell == "RETURNED"


def test_returning_needs_a_reason_and_other_needs_words(case: Case) -> None:
    statement = uploaded(case)
    assert case.judge(statement, "return").status_code == 422
    answer = case.judge(statement, "return", code="OTHER")
    assert answer.status_code == 422
    assert "Tulis catatan" in answer.content.decode()
    statement.refresh_from_db()
    assert statement.status == "UPLOADED"


def test_second_reviewer_is_told_what_the_first_did(case: Case) -> None:
    statement = uploaded(case)
    colleague = browser_of(an_actor(Role.DINAS, "0329"))
    case.judge(statement)
    answer = case.judge(statement, "return", by=colleague, code="BLURRED")
    assert answer["Location"] == reverse("sptjm:detail", args=[statement.pk])
    page = colleague.get(answer["Location"]).content.decode()
    assert f"SPTJM ini sudah disetujui oleh {case.office.label}" in page
    statement.refresh_from_db()
    assert statement.status == "APPROVED"
    assert statement.reviews.count() == 1


def test_judgement_of_an_older_scan_does_not_count(case: Case) -> None:
    statement = uploaded(case)
    seen = statement.scans.get()
    case.upload(statement, a_pdf(4))
    posted = {"scan": seen.pk, "decision": "approve"}
    answer = case.at_office.post(reverse("sptjm:review", args=[statement.pk]), posted, follow=True)
    assert "pindaian yang lebih baru" in answer.content.decode()
    statement.refresh_from_db()
    assert statement.status == "UPLOADED"


def test_uploader_cannot_judge_their_own_scan(case: Case) -> None:
    statement = uploaded(case)
    AssignmentFactory.create(user=case.operator.user, role=Role.DINAS, scope_code="0329")
    both = case.at_school
    assert case.operator.user
    office = case.operator.user.assignments.get(role=Role.DINAS)
    session = both.session
    session["assignment_id"] = office.pk
    session.save()
    assert not both.get(QUEUE).context["page"].rows
    case.judge(statement, by=both)
    statement.refresh_from_db()
    assert statement.status == "UPLOADED"
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.filter(pk=statement.pk).update(approved_by=case.operator.user)


def test_foreign_offices_statement_does_not_exist(case: Case) -> None:
    statement = uploaded(case)
    stranger = browser_of(an_actor(Role.DINAS, "1203"))
    assert stranger.get(reverse("sptjm:review", args=[statement.pk])).status_code == 404
    assert case.judge(statement, by=stranger).status_code == 404
    assert stranger.get(reverse("sptjm:detail", args=[statement.pk])).status_code == 404
    assert case.judge(statement, by=case.at_school).status_code == 403


def test_pusdatin_returns_an_approved_one(case: Case) -> None:
    statement = case.approved()
    url = reverse("sptjm:give_back", args=[statement.pk])
    assert "4 penerima" in case.at_nation.get(url).content.decode()
    case.at_nation.post(url, {"code": "STAMP_DUTY_MISSING", "note": ""})
    statement.refresh_from_db()
    assert (statement.status, statement.approved_by) == ("RETURNED", None)
    assert set(Entitlement.objects.filter(school=case.school).values_list("stage", flat=True)) == {"RETURNED"}
    assert case.upload(statement, a_pdf(9)).status_code == 302
    assert case.at_office.get(url).status_code == 403


def test_pusdatins_look_at_names_is_recorded(case: Case) -> None:
    statement = uploaded(case)
    case.at_nation.get(reverse("sptjm:detail", args=[statement.pk]))
    assert Event.objects.of(statement).get(action="statement.seen").user == case.nation.user


def test_voiding_frees_the_numbers_and_keeps_the_statement(case: Case) -> None:
    statement = uploaded(case)
    url = reverse("sptjm:void", args=[statement.pk])
    assert "4 nomor di lembar ini dapat diubah lagi" in case.at_school.get(url).content.decode()
    assert case.at_school.post(url, {"reason": "ya"}).status_code == 422
    case.at_school.post(url, {"reason": "Ada siswa yang pindah."})
    case.at_school.post(url, {"reason": "Dikirim dua kali."})
    statement.refresh_from_db()
    assert (statement.status, statement.void_reason) == ("VOIDED", "Ada siswa yang pindah.")
    assert {claim.record.cell for claim in Entitlement.objects.filter(school=case.school)} == {"USABLE"}
    assert "Dibatalkan" in case.at_school.get("/sptjm/").content.decode()
    assert case.make().number.startswith("002/")


def test_approved_one_cannot_be_voided(case: Case) -> None:
    statement = case.approved()
    case.at_school.post(reverse("sptjm:void", args=[statement.pk]), {"reason": "Terlambat tahu."})
    statement.refresh_from_db()
    assert statement.status == "APPROVED"


def test_list_says_state_and_whose_move(case: Case) -> None:
    uploaded(case)
    page = case.at_school.get("/sptjm/").content.decode()
    assert "Menunggu diperiksa dinas pendidikan." in page
    assert "Dinas pendidikan" in page
    assert case.at_school.get("/sptjm/?keadaan=VOIDED").context["page"].rows == []


def test_story_tells_everything_in_order(case: Case) -> None:
    statement = case.approved()
    case.print(statement)
    page = case.at_school.get(reverse("sptjm:detail", args=[statement.pk]))
    told = [happening.sentence for happening in page.context["story"]]
    assert told == [
        "SPTJM dibuat untuk 3 siswa dan 1 guru.",
        "Pindaian diunggah, 2 halaman.",
        "Disetujui untuk 4 penerima.",
        "Lembar cetak siap, 2 halaman.",
    ]
