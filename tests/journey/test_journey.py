"""The whole cycle in a browser over the running stack: from a cut-off to an injection report, by clicking only."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import expect

from .browser import Person
from .stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("journey")]

SignIn = Callable[..., Person]
A_PUPIL = "Wulan Rahmawati"
"""Her number is inactive (known.INACTIVE_NUMBER); the operator types another one."""
FAILED_PUPIL = "Galih Pratama"
REPAIRED_NUMBER = "0878-2600-4100"
"""One that the simulated provider knows as active."""
RECIPIENTS_OF_THE_SD = 182
ANSWERED = "(Aktif|Tidak aktif) menurut Telkomsel|masa tenggang|Bukan nomor pelanggan"


def scan_of(person: Person, folder: Path) -> Path:
    """Download the statement's sheets and make the picture file that a scanner would make of them."""
    with person.page.expect_download() as waiting:
        person.follow("Unduh lembar cetak")
    printed, scanned = folder / "lembar.pdf", folder / "pindaian.pdf"
    waiting.value.save_as(printed)
    with pypdfium2.PdfDocument(printed) as document:
        pages = [page.render(scale=1.2).to_pil().convert("L") for page in document]
    pages[0].save(scanned, save_all=True, append_images=pages[1:])
    return scanned


def balances(person: Person) -> int:
    """Every cell of the balance sheet on the page adds up to its last line; returns the recipients."""
    table = person.page.locator("table", has_text="Semua penerima").first
    table.wait_for()  # what lists all rows does not wait for the page
    cells = {}
    for row in table.locator("tbody tr, tfoot tr").all():
        figures = [int(re.sub(r"\D", "", text) or 0) for text in row.locator("td").all_inner_texts()]
        cells[row.locator("th").inner_text().strip()] = figures
    total = cells.pop("Semua penerima")
    groups = [figures for name, figures in cells.items() if not name.startswith("–")]
    assert [sum(column) for column in zip(*groups, strict=True)] == total
    assert total[-1] == sum(total[:-1])
    return total[-1]


def make_statement(operator: Person, folder: Path) -> None:
    """Make the next statement, wait for its sheets, and hand in the signed scan."""
    operator.go("SPTJM")
    operator.follow("Buat SPTJM")
    operator.press("Buat dan cetak SPTJM")
    expect(operator.page.get_by_role("link", name=re.compile("Unduh lembar cetak"))).to_be_visible(timeout=60_000)
    operator.page.set_input_files("input[type=file]", scan_of(operator, folder))
    operator.press("^Unggah$")
    operator.reads("menunggu diperiksa|Diunggah")


def judge(office: Person, verdict: str) -> None:
    office.go("Periksa SPTJM")
    office.follow("Periksa yang tertua")
    expect(office.page.get_by_alt_text(re.compile("Halaman 1 dari pindaian"))).to_be_visible()
    if verdict == "return":
        office.page.get_by_label("Tanda tangan belum ada").check()
        office.picture("dinas-review")
        office.press("^Kembalikan$")
    else:
        office.press("^Setujui$")


def release(pusdatin: Person) -> None:
    pusdatin.page.goto("/")
    pusdatin.page.goto("/sptjm/kirim/")
    pusdatin.page.get_by_role("button", name=re.compile(r"^Kirim [\d.]+ penerima")).first.click()
    pusdatin.reload_until(r"penerima dari [\d.]+ SPTJM dikirim")


def find(person: Person, name: str) -> None:
    """Look a pupil up in the list."""
    person.go("Nomor siswa")
    person.page.get_by_label("Cari").fill(name)
    person.press("Tampilkan")
    expect(person.page.get_by_role("rowheader", name=re.compile(name)).first).to_be_visible()


def type_number(operator: Person, name: str, number: str, *, owner: str, picture: str = "") -> None:
    """Correct a pupil's number in the row where it stands."""
    row = operator.page.locator("tr", has_text=name)
    row.get_by_role("link", name=re.compile("Perbaiki|Ubah|Isi nomor")).click()
    operator.page.get_by_label("Nomor ponsel").fill(number)
    operator.page.get_by_label("Milik siapa").select_option(label=owner)
    if picture:
        operator.picture(picture)
    operator.press("^Simpan$")


def own_everybody(operator: Person) -> None:
    """State the mother as the owner of every number in the list."""
    operator.go("Nomor siswa")
    operator.page.locator("summary", has_text="Isi banyak baris sekaligus").click()
    operator.page.get_by_label("Kepemilikan nomor").select_option(label="Ibu")
    operator.press("Isi untuk semua")
    operator.reads("kepemilikan|Kepemilikan")


@dataclass
class Cast:
    """The people of the story, each in a browser of their own."""

    pusdatin: Person
    operator: Person
    office: Person
    folder: Path


def pusdatin_sees_the_cutoff(cast: Cast) -> None:
    """Step 1: the batch with its counts and refused rows, and the nation."""
    pusdatin = cast.pusdatin
    pusdatin.picture("pusdatin-home")
    pusdatin.go("Pekerjaan")
    pusdatin.follow("Tarikan")
    pusdatin.reads("disisihkan")
    pusdatin.picture("pusdatin-cutoff")
    pusdatin.go("Rekap")
    assert balances(pusdatin) > 14_000


def operator_corrects_a_number(cast: Cast) -> None:
    """Step 2: told what to do next, corrects a number in place and states who owns it."""
    operator = cast.operator
    operator.picture("operator-home")
    operator.follow(r"Perbaiki \d+ nomor")
    operator.reads("perlu diperbaiki")
    operator.picture("operator-list")
    find(operator, A_PUPIL)
    operator.reload_until("Tidak aktif menurut Smartfren")
    type_number(operator, A_PUPIL, "0812 2600 4099", owner="Ibu", picture="operator-editor")
    operator.reads("Sesuai format")
    expect(operator.page.get_by_role("row", name=re.compile("0812-2600-4099"))).to_contain_text("Ibu")


def providers_answer(cast: Cast) -> None:
    """Step 3: the corrected number is answered, and one in its grace period is active when asked again."""
    operator = cast.operator
    operator.reload_until(ANSWERED, seconds=120)
    find(operator, "Dimas Aji Saputra")
    operator.reload_until("masa tenggang")
    operator.press("Minta cek ulang")
    operator.reads("Cek ulang diminta|Sedang dicek")
    operator.reload_until("Aktif menurut Telkomsel", seconds=120)


def operator_states(cast: Cast) -> None:
    """Step 4: ownership of everybody at once, then the statement: locked, numbered, printed, scanned, handed in."""
    operator = cast.operator
    own_everybody(operator)
    operator.go("SPTJM")
    operator.picture("operator-statements")
    make_statement(operator, cast.folder)
    operator.picture("operator-statement")
    find(operator, "Ilham Wicaksono")
    operator.reads("SPTJM 001")


def office_returns_and_approves(cast: Cast) -> None:
    """Step 5: returned with a reason that the school reads; handed in anew and approved."""
    operator = cast.operator
    judge(cast.office, "return")
    operator.go("SPTJM")
    operator.follow("001.20326541")
    operator.reads("[Tt]anda tangan belum ada")
    operator.picture("operator-returned")
    operator.page.set_input_files("input[type=file]", scan_of(operator, cast.folder))
    operator.press("^Unggah$")
    operator.reads("menunggu diperiksa|Diunggah")
    judge(cast.office, "approve")


def quota_comes_and_fails(cast: Cast) -> None:
    """Step 6: released, injected, reported; who failed is repaired and injected in the same period."""
    pusdatin, operator = cast.pusdatin, cast.operator
    release(pusdatin)
    pusdatin.picture("pusdatin-release")
    find(operator, "Ilham Wicaksono")
    operator.reload_until("Kuota 35 GB masuk", seconds=120)
    operator.picture("operator-injected")
    find(operator, "Sekar Ayu Lestari")
    operator.follow("Sekar Ayu Lestari")
    operator.reload_until("ditarik kembali", seconds=120)
    operator.picture("operator-story")
    find(operator, FAILED_PUPIL)
    operator.reload_until("Kuota gagal masuk", seconds=120)
    type_number(operator, FAILED_PUPIL, REPAIRED_NUMBER, owner="Ayah")
    operator.reads("Sesuai format")
    operator.reload_until("Aktif menurut", seconds=120)
    make_statement(operator, cast.folder)
    judge(cast.office, "approve")
    release(pusdatin)
    find(operator, FAILED_PUPIL)
    operator.reload_until("Kuota 35 GB masuk", seconds=120)


def recaps_balance(cast: Cast) -> None:
    """Step 7: every level moved along and balances."""
    for page in ("/sekolah/rekap/000000/", "/sekolah/rekap/030000/", "/sekolah/rekap/032900/"):
        cast.pusdatin.page.goto(page)
        balances(cast.pusdatin)
    cast.pusdatin.picture("pusdatin-recap")
    cast.operator.go("Rekap")
    assert balances(cast.operator) == RECIPIENTS_OF_THE_SD
    cast.operator.picture("operator-recap")
    cast.office.go("Rekap")
    balances(cast.office)


def next_period_opens(cast: Cast) -> None:
    """Step 8: who is unchanged is carried over."""
    pusdatin = cast.pusdatin
    pusdatin.go("Kelola")
    pusdatin.page.locator("tr", has_text="Disiapkan").get_by_role("link").first.click()
    pusdatin.picture("pusdatin-period")
    pusdatin.press("Buka periode")
    pusdatin.go("Pekerjaan")
    pusdatin.follow("Membuka")
    pusdatin.reload_until("Selesai")
    find(cast.operator, "Ilham Wicaksono")
    expect(cast.operator.page.get_by_role("row", name=re.compile("Ilham Wicaksono.*SPTJM disetujui"))).to_be_visible()
    cast.operator.picture("operator-carried")


STEPS = (
    pusdatin_sees_the_cutoff,
    operator_corrects_a_number,
    providers_answer,
    operator_states,
    office_returns_and_approves,
    quota_comes_and_fails,
    recaps_balance,
    next_period_opens,
)


def test_from_a_cutoff_to_an_injection_report(stack: Stack, person: SignIn, tmp_path: Path) -> None:
    cast = Cast(person("pusdatin"), person("operator.sd"), person("dinas.brebes"), tmp_path)
    for step in STEPS:
        step(cast)
    assert stack.process.poll() is None, "the demonstration ended by itself"
