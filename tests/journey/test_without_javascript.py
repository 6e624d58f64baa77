"""The operator's part with JavaScript switched off: every form is a form, every link is a link."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .browser import Person
from .test_journey import ANSWERED, scan_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey")]

A_PUPIL = "Wulan Rahmawati"
NEW_NUMBER = "0812 2600 4101"


def corrects_a_number(operator: Person) -> None:
    """A page of its own for the editor; a wrong number comes back with its reason beside the field."""
    operator.go("Nomor siswa")
    operator.page.get_by_label("Cari").fill(A_PUPIL)
    operator.press("Tampilkan")
    row = operator.page.locator("tr", has_text=A_PUPIL)
    row.get_by_role("link", name=re.compile("Perbaiki|Ubah")).click()
    operator.page.get_by_label("Nomor ponsel").fill("0812 2600")
    operator.press("^Simpan$")
    expect(operator.page.get_by_role("alert").first).to_be_visible()
    expect(operator.page.get_by_label("Nomor ponsel")).to_have_value("0812 2600")
    operator.picture("no-script-refused")
    operator.page.get_by_label("Nomor ponsel").fill(NEW_NUMBER)
    operator.page.get_by_label("Milik siapa").select_option(label="Ibu")
    operator.press("^Simpan$")
    expect(operator.page.locator("tr", has_text=A_PUPIL)).to_contain_text("0812-2600-4101")


def fills_a_whole_page(operator: Person) -> None:
    """All rows of a page as one form."""
    operator.go("Nomor guru")
    operator.page.locator("summary", has_text="Isi banyak baris sekaligus").click()
    operator.follow(r"Ubah \d+ baris di halaman ini")
    for owner in operator.page.get_by_role("combobox").all():
        owner.select_option(label="Milik sendiri")
    operator.picture("no-script-several")
    operator.press("^Simpan")
    expect(operator.page.locator("h1")).to_be_visible()


def states_and_hands_in(operator: Person, folder: Path) -> None:
    """Statement, sheets and scan, by reloading where a script would renew the page."""
    operator.go("SPTJM")
    operator.follow("Buat SPTJM")
    operator.press("Buat dan cetak SPTJM")
    operator.reload_until("Unduh lembar cetak")
    operator.page.set_input_files("input[type=file]", scan_of(operator, folder))
    operator.press("^Unggah$")
    operator.reads("menunggu diperiksa|Diunggah")
    operator.picture("no-script-uploaded")


def test_the_operators_part_without_javascript(person: Callable[..., Person], tmp_path: Path) -> None:
    operator = person("operator.sd", javascript=False)
    operator.follow(r"Perbaiki \d+ nomor")
    corrects_a_number(operator)
    operator.reload_until(ANSWERED, seconds=120)
    fills_a_whole_page(operator)
    states_and_hands_in(operator, tmp_path)
