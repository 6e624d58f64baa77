"""A number that looks made up is a question to the school, answered by confirming or correcting; never a refusal."""

import re

import pytest
from django.urls import reverse

from providers.choices import Sharing, State
from providers.questions import judge_requested
from providers.sharing import recount_requested
from tests.factories import PeriodFactory, RecordFactory, SchoolFactory, operator_of
from tests.students.factories import a_student, record_of
from vervalponsel.audit.models import Event

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}
ASKED = "Apakah nomor ini benar?"


@pytest.fixture(autouse=True)
def _nobody_rings(monkeypatch):
    monkeypatch.setattr("providers.recipients.actions.current_app.send_task", lambda *a, **k: None)


@pytest.fixture
def school():
    PeriodFactory.create()
    return SchoolFactory.create()


@pytest.fixture
def operator(client, school):
    client.force_login(operator_of(school).user)
    return client


@pytest.fixture
def doubtful(school):
    a_student(school, name="Budi", number="+6281379140528")
    student = a_student(school, name="Ani", number="+6281312345678", typed="081312345678")
    judge_requested()
    return student


def text_of(response) -> str:
    return " ".join(re.sub(r'value="[A-Za-z0-9]{64}"', "", response.content.decode()).split())


def test_list_and_home_ask_and_lead_to_the_numbers(operator, doubtful):
    page = text_of(operator.get("/siswa/"))
    assert page.count(ASKED) == 1
    assert "1 nomor perlu Anda pastikan" in page

    home = text_of(operator.get("/"))
    assert "1 nomor perlu Anda pastikan benar." in home
    found = text_of(operator.get(re.findall(r'href="(/siswa/\?tanya=[a-z]+)"', home)[0]))
    assert "Ani" in found
    assert "Budi" not in found


def test_a_run_of_numbers_is_asked_about_in_other_words(operator, school):
    for i in range(5):
        a_student(school, name=f"Murid {i}", number=f"+628137914052{i}")
    judge_requested()
    assert text_of(operator.get("/siswa/")).count("Lima nomor atau lebih di sekolah ini berurutan.") == 5


def test_confirming_answers_the_question_for_good(operator, doubtful):
    editor = text_of(operator.get(f"/siswa/{doubtful.pk}/ubah/"))
    assert "Ya, nomor ini benar" in editor
    assert operator.post(reverse("students:confirm", args=[doubtful.pk])).status_code == 302

    assert record_of(doubtful).confirmed_at
    assert Event.objects.of(record_of(doubtful)).filter(action="number.confirmed").count() == 1
    assert ASKED not in text_of(operator.get(f"/siswa/{doubtful.pk}/ubah/"))
    assert "perlu Anda pastikan" not in text_of(operator.get("/siswa/"))
    assert "perlu Anda pastikan" not in text_of(operator.get("/"))
    judge_requested()
    assert not record_of(doubtful).is_in_question, "not asked again"


def test_a_number_that_nobody_validated_yet_can_be_confirmed_too(operator, school):
    student = a_student(school, number="+6281311111111", state=State.READY, answered_at=None)
    judge_requested()
    operator.post(reverse("students:confirm", args=[student.pk]), **HTMX)
    assert record_of(student).confirmed_at


def test_an_ordinary_number_without_an_answer_cannot(operator, school):
    student = a_student(school, number="+6281379140528", state=State.READY, answered_at=None)
    operator.post(reverse("students:confirm", args=[student.pk]))
    assert record_of(student).confirmed_at is None


def test_another_number_is_asked_about_anew(operator, doubtful):
    operator.post(reverse("students:confirm", args=[doubtful.pk]))
    data = {"typed": "081312222222", "ownership": "MOTHER", "version": record_of(doubtful).version, "back": ""}
    assert operator.post(f"/siswa/{doubtful.pk}/ubah/", data).status_code == 302
    assert not record_of(doubtful).looks_made_up
    judge_requested()
    assert record_of(doubtful).is_in_question

    data |= {"typed": "081379140529", "version": record_of(doubtful).version}
    operator.post(f"/siswa/{doubtful.pk}/ubah/", data)
    judge_requested()
    assert not record_of(doubtful).looks_made_up


def test_a_question_hinders_nothing(operator, doubtful):
    """It can be saved, and stated, without an answer."""
    assert record_of(doubtful).cell == "USABLE"
    data = {"typed": "081312345678", "ownership": "FATHER", "version": record_of(doubtful).version, "back": ""}
    operator.post(f"/siswa/{doubtful.pk}/ubah/", data)
    assert record_of(doubtful).ownership == "FATHER"


def test_the_enter_key_saves_and_confirms_nothing(operator, doubtful):
    """Browsers press the first button of a form."""
    form = operator.get(f"/siswa/{doubtful.pk}/ubah/").content.decode().partition('action="/siswa/')[2]
    first = re.findall(r"<button[^>]*>", form)[0]
    assert "formaction" not in first
    assert "name=" not in first


def test_a_school_is_told_how_many_share_and_how_many_are_its_own(operator, school, now):
    number = "+6281379140528"
    student = a_student(school, name="Ani", number=number, typed="081379140528")
    a_student(school, name="Budi", number=number)
    RecordFactory.create_batch(3, number=number)
    recount_requested(now=now)
    assert record_of(student).sharing == Sharing.TO_CONFIRM

    told = "Nomor ini dipakai 5 penerima, 2 di antaranya di sekolah ini."
    for page in ("/siswa/", f"/siswa/{student.pk}/ubah/", f"/siswa/{student.pk}/riwayat/"):
        assert told in text_of(operator.get(page)), page


def test_a_fairly_shared_number_is_told_in_editor_and_story(operator, school, now):
    student = a_student(school, number="+6281379140528")
    a_student(school, name="Budi", number="+6281379140528")
    recount_requested(now=now)
    for page in (f"/siswa/{student.pk}/ubah/", f"/siswa/{student.pk}/riwayat/"):
        assert "Nomor ini dipakai 2 penerima, semuanya di sekolah ini." in text_of(operator.get(page))
