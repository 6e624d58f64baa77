"""Correcting numbers in place, with HTMX and without JavaScript."""

import json
import re
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from providers.choices import Sharing, Source, State
from providers.models import PhoneRecord
from providers.recipients.actions import ChangedMeanwhile, save_number
from tests.factories import PeriodFactory, SchoolFactory, StudentFactory, a_provider, operator_of
from tests.providers.test_claims import claim
from tests.students.factories import a_student
from vervalponsel.audit.models import Event
from vervalponsel.batches.models import Batch

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def period():
    return PeriodFactory.create()


@pytest.fixture
def school(period):
    return SchoolFactory.create()


@pytest.fixture
def operator(client, school):
    client.force_login(operator_of(school).user)
    return client


@pytest.fixture(autouse=True)
def rung(monkeypatch):
    """What was rung for; nobody answers."""
    rung: list[tuple] = []
    monkeypatch.setattr("providers.recipients.actions.current_app.send_task", lambda *a, **k: rung.append(a))
    return rung


def edit(client, student, *, typed, ownership="MOTHER", version=1, **extra):
    data = {"typed": typed, "ownership": ownership, "version": version, "back": "/siswa/?keadaan=perbaiki"}
    return client.post(f"/siswa/{student.pk}/ubah/", data | extra.pop("more", {}), **extra)


def stored(student) -> PhoneRecord:
    return PhoneRecord.objects.get(pk=student.record_id)


def stored_row(student) -> dict:
    return PhoneRecord.objects.filter(pk=student.record_id).values().get()


def test_a_new_number_is_ready_to_be_asked_again(operator, school):
    student = a_student(school, state=State.INACTIVE, sharing=Sharing.STOPPED, share_count=11)
    response = edit(operator, student, typed="+62 813-9999 0001")
    assert response.status_code == 302
    assert response["Location"] == f"/siswa/?keadaan=perbaiki#r{student.pk}"
    record = stored(student)
    assert (record.number, record.provider_id, record.state) == ("+6281399990001", "TELKOMSEL", State.READY)
    assert (record.answered_at, record.sharing, record.source) == (None, Sharing.NONE, Source.EDITED)
    assert record.version == 2
    event = Event.objects.of(record).get()
    assert event.before["state"] == "INACTIVE"
    assert event.after["number"] == "+6281399990001"
    assert event.scope_code == school.npsn


@pytest.mark.parametrize("typed", ["0812-1000-0000", "+6281210000000", " 6281210000000 ", "081210000000 (ibu)"])
def test_saving_an_unchanged_number_changes_nothing_at_all(operator, school, typed):
    student = a_student(school, number="+6281210000000", typed="081210000000")
    before = stored_row(student)
    edit(operator, student, typed=typed)
    assert stored_row(student) == before
    assert not Event.objects.exists()


def test_an_unchanged_number_is_no_conflict_however_old_the_form(operator, school):
    student = a_student(school, number="+6281210000000", version=7)
    assert edit(operator, student, typed="081210000000", version=3).status_code == 302


def test_two_numbers_come_back_as_a_choice_and_nothing_is_saved(operator, school):
    student = a_student(school, number="+6281210000000")
    response = edit(operator, student, typed="081310000001 / 085610000002", **HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert "Ada dua nomor di sini. Pilih salah satu." in page
    assert 'name="choice" value="+6281310000001"' in page
    assert 'value="081310000001 / 085610000002"' in page
    assert stored(student).number == "+6281210000000"


def test_a_chosen_reading_is_saved(operator, school):
    student = a_student(school, empty=True)
    edit(operator, student, typed="081310000001 / 085610000002", more={"choice": "+6285610000002"})
    assert (stored(student).number, stored(student).provider_id) == ("+6285610000002", "INDOSAT")


def test_a_number_read_wrongly_from_the_register_opens_with_its_readings(operator, school):
    a_provider("TRI")
    student = a_student(
        school, number="", provider=None, typed="089610000001/081310000002", state=State.MALFORMED, code="TWO_NUMBERS"
    )
    page = operator.get(f"/siswa/{student.pk}/ubah/").content.decode()
    assert "0896-1000-0001" in page
    assert "0813-1000-0002" in page


def test_the_number_can_be_emptied(operator, school):
    student = a_student(school)
    edit(operator, student, typed="")
    assert (stored(student).state, stored(student).number, stored(student).provider_id) == (State.EMPTY, "", None)


def test_an_older_form_shows_what_somebody_else_saved(operator, school):
    student = a_student(school, number="+6281210000000", version=4)
    response = edit(operator, student, typed="081310000009", version=3, **HTMX)
    page = response.content.decode()
    assert response.status_code == 422
    assert "diubah orang lain" in page
    assert "0812-1000-0000" in page
    assert 'value="081310000009"' in page
    assert 'name="version" value="4"' in page


def test_a_printed_number_stays(operator, school, period):
    student = a_student(school)
    claim(student.record, period)
    response = edit(operator, student, typed="081310000009", **HTMX)
    assert response.status_code == 422
    assert "terkunci di SPTJM" in response.content.decode()
    assert stored(student).number != "+6281310000009"


def test_the_fresh_row_equals_the_row_of_the_page(operator, school):
    student = a_student(school, state=State.INACTIVE, answered_at=None)
    answer = edit(operator, student, typed="081310000009", **HTMX)
    assert json.loads(answer["HX-Trigger"])["announce"]["value"].startswith("Siti Aminah: Tersimpan.")
    page = operator.get("/siswa/").content.decode()
    assert normal(row_in(answer.content.decode(), student)) == normal(row_in(page, student))
    assert normal(lead_in(answer.content.decode())) == normal(lead_in(page))


def row_in(html: str, student) -> str:
    return found(rf'<tr id="r{student.pk}">.*?</tr>', html)


def lead_in(html: str) -> str:
    return found(r'<div id="keadaan-daftar".*?</div>', html)


def found(pattern: str, html: str) -> str:
    match = re.search(pattern, html, re.DOTALL)
    assert match, pattern
    return match[0]


def normal(html: str) -> str:
    """Without what only a swap needs: where the focus goes, and which region is swapped."""
    return " ".join(html.replace(" data-focus", "").replace(' hx-swap-oob="true"', "").split())


def test_a_recheck_puts_the_number_into_the_next_dump(operator, school):
    student = a_student(school, state=State.GRACE, answered_at=None)
    operator.post(f"/siswa/{student.pk}/cek-ulang/")
    assert stored(student).recheck_wanted_at is not None
    page = operator.get("/siswa/").content.decode()
    assert "Cek ulang diminta" in page
    assert ">Minta cek ulang<" not in page


def test_a_recheck_of_an_active_number_is_refused_in_words(operator, school):
    student = a_student(school)
    page = operator.post(f"/siswa/{student.pk}/cek-ulang/", follow=True).content.decode()
    assert "tidak dapat dilakukan" in page
    assert stored(student).recheck_wanted_at is None


def test_an_operator_confirms_what_the_provider_validated_by_itself(operator, school):
    student = a_student(school)
    operator.post(f"/siswa/{student.pk}/tegaskan/")
    assert stored(student).confirmed_at is not None
    assert Event.objects.get().action == "number.confirmed"


def test_a_family_is_confirmed(operator, school):
    student = a_student(school, sharing=Sharing.TO_CONFIRM, share_count=4)
    operator.post(f"/siswa/{student.pk}/tegaskan-bersama/")
    assert (stored(student).sharing, stored(student).cell) == (Sharing.NONE, "USABLE")


def test_ownership_of_chosen_rows_and_of_all_that_the_filter_leaves(operator, school):
    ani, budi = a_student(school, name="Ani", ownership=""), a_student(school, name="Budi", ownership="")
    operator.post("/siswa/kepemilikan/", {"pick": [ani.pk], "ownership": "FATHER"})
    assert (stored(ani).ownership, stored(budi).ownership) == ("FATHER", "")
    operator.post("/siswa/kepemilikan/", {"every": "1", "query": "milik=kosong", "ownership": "MOTHER"})
    assert (stored(ani).ownership, stored(budi).ownership) == ("FATHER", "MOTHER")


def test_a_bulk_change_is_a_batch_and_every_record_has_its_event(operator, school, period):
    ani, budi, locked = (a_student(school, name=name, ownership="FATHER") for name in ("Ani", "Budi", "Cici"))
    claim(locked.record, period)
    picked = [student.pk for student in (ani, budi, locked)]
    page = operator.post("/siswa/kepemilikan/", {"pick": picked, "ownership": "MOTHER"}, follow=True).content.decode()
    assert "Kepemilikan 2 nomor diisi. 1 nomor dilewati karena terkunci di SPTJM." in page
    batch = Batch.objects.get(kind="ownership")
    assert batch.counts == {"changed": 2, "locked": 1, "same": 0}
    assert Event.objects.filter(batch_id=batch.pk, action="number.saved").count() == 2
    assert stored(ani).version == 2
    assert "Dilewati, terkunci di SPTJM" in operator.get(f"/pekerjaan/{batch.pk}/").content.decode()


def test_a_whole_page_is_saved_at_once_and_only_wrong_rows_come_back(operator, school):
    ani, budi, cici = (a_student(school, name=name) for name in ("Ani", "Budi", "Cici"))
    page = operator.get("/siswa/isi/").content.decode()
    assert page.count('name="row"') == 3
    data = {"row": [ani.pk, budi.pk, cici.pk], "back": "/siswa/"}
    for student, typed in ((ani, "081310000001"), (budi, "12"), (cici, stored(cici).typed)):
        data |= {f"typed-{student.pk}": typed, f"ownership-{student.pk}": "MOTHER", f"version-{student.pk}": "1"}
    response = operator.post("/siswa/isi/", data)
    answer = response.content.decode()
    assert response.status_code == 422
    assert "1 baris disimpan, 1 tidak berubah." in answer
    assert "Budi" in answer
    assert "Ani" not in answer
    assert stored(ani).number == "+6281310000001"
    assert stored(cici).version == 1


def test_ringing_happens_only_for_a_new_number(operator, school, rung, django_capture_on_commit_callbacks):
    student = a_student(school, ownership="")
    with django_capture_on_commit_callbacks(execute=True):
        edit(operator, student, typed=stored(student).typed, ownership="MOTHER")
    assert not rung
    with django_capture_on_commit_callbacks(execute=True):
        edit(operator, student, typed="081310000001", version=2)
    assert rung == [("providers.tasks.recount_sharing",)]


def test_a_strangers_pupil_does_not_exist(operator):
    other = StudentFactory.create()
    for path in ("", "ubah/"):
        assert operator.get(f"/siswa/{other.pk}/{path}").status_code == 404
    for path in ("ubah/", "cek-ulang/", "tegaskan/", "tegaskan-bersama/"):
        assert operator.post(f"/siswa/{other.pk}/{path}").status_code == 404
    operator.post("/siswa/kepemilikan/", {"pick": [other.pk], "ownership": "FATHER"})
    assert stored(other).ownership == "MOTHER"


def test_two_people_at_once_do_not_overwrite_each_other(school):
    student = a_student(school)
    actor, now = operator_of(school), datetime(2020, 9, 13, tzinfo=UTC)
    first = stored(student)
    save_number(by=actor, record=first, typed="081310000001", ownership="MOTHER", version=1, now=now)
    with pytest.raises(ChangedMeanwhile):
        save_number(by=actor, record=first, typed="081310000002", ownership="MOTHER", version=1, now=timezone.now())
    assert stored(student).number == "+6281310000001"
