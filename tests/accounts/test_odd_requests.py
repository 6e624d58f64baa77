"""What no browser sends: zero bytes, digits that are none, keys longer than any number, owners nobody offers."""

import pytest
from django.test import Client

from providers.choices import Ownership
from tests.factories import StudentFactory, operator_of, pusdatin
from vervalponsel.accounts.actor import Actor
from vervalponsel.kit.keys import key_of

pytestmark = pytest.mark.django_db

ODD_KEYS = ("²", "٣", "9" * 5000, "-1", "\0", "")


def browser_of(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.user)  # type: ignore[arg-type]
    return client


@pytest.mark.parametrize("text", [*ODD_KEYS, None])
def test_what_is_no_key_names_no_row(text):
    assert key_of(text) == 0


def test_a_key_is_read():
    assert key_of("0042") == 42


@pytest.mark.parametrize(
    "address",
    [
        "/siswa/?npsn=%00",
        "/siswa/?sekolah=abc%00",
        "/belum-unggah/?jenjang=%00",
        "/sekolah/kelola/akun/?cari=%00",
        "/sekolah/rekap/%00/",
        "/sekolah/rekap/satuan/%00/",
    ],
)
def test_an_address_with_a_zero_byte_is_refused_in_words(address):
    answer = browser_of(pusdatin()).get(address)
    assert answer.status_code == 400
    assert "<html" in answer.content.decode()


@pytest.mark.parametrize("address", ["/pekerjaan/", "/provider/", "/sptjm/"])
def test_a_page_number_that_is_none_is_the_first(address):
    assert browser_of(pusdatin()).get(address, {"page": "²"}).status_code == 200


@pytest.mark.parametrize("key", ODD_KEYS)
def test_forms_survive_odd_keys(key):
    student = StudentFactory.create()
    client = browser_of(operator_of(student.school))
    assert client.post("/akun/tugas/", {"assignment": key}).status_code == 404
    assert client.post("/siswa/kepemilikan/", {"pick": key, "ownership": Ownership.OWN}).status_code == 302
    posted = {"row": [str(student.pk), key], f"version-{student.pk}": key}
    assert client.post("/siswa/isi/", posted).status_code == 302


def test_an_owner_that_no_form_offers_is_not_stored():
    student = StudentFactory.create()
    record = student.record
    assert record
    client = browser_of(operator_of(student.school))
    client.post(
        "/siswa/isi/",
        {"row": student.pk, f"ownership-{student.pk}": "HACKER", f"version-{student.pk}": record.version},
    )
    record.refresh_from_db()
    assert record.ownership == Ownership.MOTHER


def test_personal_pages_stay_in_no_browser():
    student = StudentFactory.create()
    client = browser_of(operator_of(student.school))
    for address in ("/", "/siswa/", f"/siswa/{student.pk}/riwayat/", "/sptjm/"):
        assert "no-store" in client.get(address)["Cache-Control"], address
