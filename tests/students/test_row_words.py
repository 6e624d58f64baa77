"""What the badge of a row says about a number that is not simply usable or not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from providers.choices import State
from providers.models import Exchange
from providers.recipients.sentences import said_of
from schools.models import Period
from tests.factories import PeriodFactory, SchoolFactory, a_provider, operator_of
from tests.students.factories import a_student
from vervalponsel.batches.models import Batch
from vervalponsel.kit.templatetags.ui import tanggal, wib

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    PeriodFactory.create()
    return SchoolFactory.create()


def page_of(client: Client, school) -> str:
    client.force_login(operator_of(school).user)  # type: ignore[arg-type]
    return client.get("/siswa/").content.decode()


def test_an_active_number_without_owner_is_not_called_ready(client, school):
    a_student(school, ownership="")
    assert "Aktif, isi kepemilikan" in page_of(client, school)


def test_an_active_number_with_owner_is_ready_and_its_owner_stands_beside_it(client, school):
    a_student(school, ownership="MOTHER")
    page = page_of(client, school)
    assert "Siap masuk SPTJM" in page
    assert "milik Ibu" in page


def test_a_quota_that_was_taken_back_does_not_read_as_never_come_in(school):
    record = a_student(school, state=State.FAILED, code="PACKAGE_REJECTED").record
    assert record
    record.refresh_from_db()
    assert said_of(record).word == "Kuota gagal masuk"
    taken = said_of(record, taken_back=True)
    assert taken.word == "Kuota ditarik kembali"
    assert taken.sentence.startswith("Kuota ditarik kembali")


def test_an_answered_number_that_is_asked_again_says_so(client, school):
    asked_at = timezone.now() - timedelta(hours=3)
    batch = Batch.objects.create(kind="dump", title="Dump", actor_name="uji", created_at=asked_at)
    period = Period.objects.get()
    exchange = Exchange.objects.create(
        provider=a_provider(), purpose="MATCH", period=period, status="OFFERED", batch=batch, created_at=asked_at
    )
    answered_at = timezone.now() - timedelta(days=4)
    a_student(school, state=State.INACTIVE, answered_at=answered_at, asked_in=exchange)
    page = page_of(client, school)
    assert f"Tidak aktif menurut Telkomsel, {tanggal(answered_at)}." in page
    assert f"Sedang dicek ulang Telkomsel sejak {wib(asked_at)}." in page
