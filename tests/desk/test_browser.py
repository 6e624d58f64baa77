"""The operator's list in Chromium, with a keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, expect, sync_playwright

from providers.choices import Sharing, State
from schools.models import School
from tests.factories import PeriodFactory, SchoolFactory, operator_of
from tests.journey.browser import CHROMIUM_FLAGS
from tests.students.factories import a_student, record_of

# A busy machine answers late; what is judged is what comes, not how soon.
expect.set_options(timeout=20_000)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school() -> School:
    PeriodFactory.create()
    return SchoolFactory.create()


@pytest.fixture
def _static(settings, tmp_path: Path) -> None:
    """What pages load, of the installed packages too; the test server only knows one folder."""
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.fixture
def page(_static, live_server, school, client: Client) -> Iterator[Page]:
    """Signed in as the school's operator; a script's fault fails the test."""
    client.force_login(operator_of(school).user)  # type: ignore[arg-type]
    faults: list[str] = []
    # While the driver's event loop runs, this thread has another connection than before; neither may outlive its part.
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        context = browser.new_context(base_url=live_server.url)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        opened = context.new_page()
        opened.on("pageerror", lambda error: faults.append(str(error)))
        yield opened
        browser.close()
        connections.close_all()
    assert faults == []


def test_a_number_is_corrected_without_leaving_the_keyboard(page, school):
    student = a_student(school, name="Siti Aminah", state=State.INACTIVE, answered_at=None)
    page.goto("/siswa/")
    page.get_by_role("link", name="Perbaiki nomor Siti Aminah").press("Enter")
    field = page.get_by_label("Nomor ponsel")
    expect(field).to_be_focused()
    field.fill("0813 1000 0001 / 0856-1000-0002")
    field.press("Enter")
    expect(page.get_by_text("Ada dua nomor di sini. Pilih salah satu.")).to_be_visible()
    expect(page.get_by_label("Nomor ponsel")).to_be_focused()
    page.get_by_role("button", name="0856-1000-0002").press("Enter")
    expect(page.get_by_label("Nomor ponsel")).to_have_count(0)
    expect(page.locator(f"#r{student.pk}")).to_contain_text("0856-1000-0002")
    expect(page.locator("#live")).to_have_text("Siti Aminah: Tersimpan. Sesuai format, menunggu dicek provider.")
    expect(page.locator(f"#ubah-{student.pk}")).to_be_focused()
    expect(page.locator("#keadaan-daftar")).to_contain_text("Tidak ada nomor siswa yang perlu diperbaiki.")
    assert record_of(student).number == "+6285610000002"


def test_cancelling_gives_the_row_back(page, school):
    student = a_student(school, name="Siti Aminah")
    page.goto("/siswa/")
    page.get_by_role("link", name="Ubah nomor Siti Aminah").click()
    page.get_by_role("link", name="Batal").click()
    expect(page.locator(f"#r{student.pk} .badge")).to_have_text("Siap masuk SPTJM")
    expect(page.locator(f"#ubah-{student.pk}")).to_be_focused()


def test_a_button_of_a_row_acts_in_place(page, school):
    student = a_student(school, sharing=Sharing.TO_CONFIRM, share_count=4)
    page.goto("/siswa/?keadaan=perbaiki")
    page.get_by_role("button", name="Mereka satu keluarga").click()
    expect(page.locator(f"#r{student.pk} .badge")).to_have_text("Siap masuk SPTJM")
    assert page.url.endswith("/siswa/?keadaan=perbaiki")


def test_filters_are_pushed_to_the_address(page, school):
    a_student(school, name="Ani", state=State.INACTIVE, answered_at=None)
    a_student(school, name="Budi")
    page.goto("/siswa/")
    page.get_by_label("Keadaan", exact=True).select_option("perbaiki")
    expect(page.get_by_role("caption")).to_have_text("1 sampai 1 dari 1 siswa")
    expect(page.get_by_role("link", name="Budi")).to_have_count(0)
    assert "keadaan=perbaiki" in page.url


def test_the_chosen_rows_get_their_owner(page, school):
    ani, budi = (a_student(school, name=name, ownership="") for name in ("Ani", "Budi"))
    page.goto("/siswa/")
    page.get_by_text("Isi banyak baris sekaligus").click()
    page.get_by_label("Pilih Ani").check()
    page.get_by_label("Kepemilikan nomor").select_option("MOTHER")
    page.get_by_role("button", name="Isi untuk yang dicentang").click()
    expect(page.get_by_text("Kepemilikan 1 nomor diisi.")).to_be_visible()
    assert [record_of(student).ownership for student in (ani, budi)] == ["MOTHER", ""]
