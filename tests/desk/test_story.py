"""One recipient's whole story, in order and in words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from providers.choices import ExchangeStatus, Outcome
from providers.models import Exchange, ExchangeLine
from providers.recipients.actions import ask_recheck, save_number
from tests.factories import PeriodFactory, SchoolFactory, a_provider, an_actor, operator_of
from tests.students.factories import a_student, record_of
from vervalponsel.accounts.permissions import Role
from vervalponsel.batches.models import Batch

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    PeriodFactory.create()
    return SchoolFactory.create()


def answered(student, outcome, at, **fields) -> ExchangeLine:
    batch = Batch.objects.create(kind="dump", title="Dump", actor_name="uji", created_at=at)
    exchange = Exchange.objects.create(
        provider=a_provider(),
        purpose="MATCH",
        period=PeriodFactory._meta.model.objects.get(),
        status=ExchangeStatus.ANSWERED,
        batch=batch,
        created_at=at,
        offered_at=at,
    )
    return ExchangeLine.objects.create(
        exchange=exchange,
        purpose="MATCH",
        line_no=1,
        record=student.record,
        person_id=student.peserta_didik_id,
        npsn=student.school.npsn,
        number=student.record.number,
        outcome=outcome,
        outcome_at=at + timedelta(hours=2),
        live=False,
        **fields,
    )


def test_answers_and_edits_stand_in_the_order_in_which_they_happened(client, school):
    now = timezone.now()
    student = a_student(school, number="+6281210000000", state="INACTIVE", answered_at=None)
    operator = operator_of(school)
    answered(student, Outcome.INACTIVE, now - timedelta(days=3))
    ask_recheck(by=operator, record=record_of(student), now=now - timedelta(days=2))
    save_number(by=operator, record=record_of(student), typed="081310000001", ownership="FATHER", version=2, now=now)
    client.force_login(operator.user)
    page = client.get(f"/siswa/{student.pk}/riwayat/").content.decode()
    said = [
        "Nomor 0812-1000-0000 dikirim ke Telkomsel untuk dicek.",
        "Jawaban: tidak aktif.",
        "Cek ulang ke provider diminta.",
        "Nomor diubah dari 0812-1000-0000 menjadi 0813-1000-0001. Kepemilikan: Ayah.",
    ]
    places = [page.index(sentence) for sentence in said]
    assert places == sorted(places)


def test_what_the_page_advises_can_be_done_there(client, school):
    """A number that is said to be inactive is asked again from the page that says so, and the page comes back."""
    student = a_student(school, number="+6281210000000", state="INACTIVE")
    here = f"/siswa/{student.pk}/riwayat/"
    client.force_login(operator_of(school).user)
    assert "Minta cek ulang" in client.get(here).content.decode()

    answer = client.post(f"/siswa/{student.pk}/cek-ulang/", {"back": here}, follow=True)
    assert answer.redirect_chain[-1][0].startswith(here)
    page = answer.content.decode()
    assert "Cek ulang diminta." in page
    assert ">Minta cek ulang<" not in page
    elsewhere = client.post(f"/siswa/{student.pk}/cek-ulang/", {"back": "https://lain.example/siswa/"})
    assert elsewhere["Location"].startswith("/siswa/")

    client.force_login(an_actor(Role.DINAS, school.province_code[:2]).user)
    assert "cek-ulang" not in client.get(here).content.decode()


def test_a_stale_answer_says_why_it_was_not_used(client, school):
    student = a_student(school)
    answered(student, Outcome.ACTIVE, timezone.now(), is_stale=True)
    client.force_login(operator_of(school).user)
    page = client.get(f"/siswa/{student.pk}/riwayat/").content.decode()
    assert "Tidak dipakai karena nomornya sudah berubah." in page


def test_outside_the_school_every_number_in_it_is_masked(client, school):
    student = a_student(school, number="+6281210000000")
    save_number(
        by=operator_of(school),
        record=record_of(student),
        typed="081310000001",
        ownership="MOTHER",
        version=1,
        now=timezone.now(),
    )
    client.force_login(an_actor(Role.DINAS, "0329").user)
    page = client.get(f"/siswa/{student.pk}/riwayat/").content.decode()
    assert "0812-••••-0000 menjadi 0813-••••-0001" in page
    assert "1000-00" not in page


def test_the_row_opened_as_a_page_is_the_story(client, school):
    student = a_student(school)
    client.force_login(operator_of(school).user)
    assert client.get(f"/siswa/{student.pk}/")["Location"] == f"/siswa/{student.pk}/riwayat/"
