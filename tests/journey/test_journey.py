"""The whole cycle in a browser over the running stack: from a cut-off to an injection report, by clicking only."""

from __future__ import annotations

import re
from collections.abc import Callable
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
        office.page.get_by_label("Alasan").select_option(label="Tanda tangan belum ada")
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


def test_from_a_cutoff_to_an_injection_report(stack: Stack, person: SignIn, tmp_path: Path) -> None:
    pusdatin = person("pusdatin")
    operator = person("operator.sd")
    office = person("dinas.brebes")

    # 1. Pusdatin sees the cut-off's batch and the nation.
    pusdatin.picture("pusdatin-home")
    pusdatin.go("Pekerjaan")
    pusdatin.follow("Tarikan")
    pusdatin.reads("disisihkan")
    pusdatin.picture("pusdatin-cutoff")
    pusdatin.go("Rekap")
    recipients = balances(pusdatin)
    assert recipients > 14_000

    # 2. The operator is told what to do next, corrects a number in place and states who owns it.
    operator.picture("operator-home")
    operator.follow(r"Perbaiki \d+ nomor")
    operator.reads("perlu diperbaiki")
    operator.picture("operator-list")
    find(operator, A_PUPIL)
    operator.reload_until("Tidak aktif menurut Smartfren")
    row = operator.page.locator("tr", has_text=A_PUPIL)
    row.get_by_role("link", name=re.compile("Perbaiki|Ubah")).click()
    operator.page.get_by_label("Nomor ponsel").fill("0812 2600 4099")
    operator.page.get_by_label("Milik siapa").select_option(label="Ibu")
    operator.picture("operator-editor")
    operator.press("^Simpan$")
    operator.reads("Sesuai format")
    expect(operator.page.get_by_role("row", name=re.compile("0812-2600-4099"))).to_contain_text("Ibu")

    # 3. The providers answer by themselves: the corrected number becomes usable, residue shows its reason.
    operator.reload_until(
        r"(Aktif|Tidak aktif|Masa tenggang|Bukan nomor).* menurut Telkomsel|Bukan nomor pelanggan", seconds=90
    )
    find(operator, "Dimas Aji Saputra")
    operator.reload_until("masa tenggang")
    operator.press("Minta cek ulang")
    operator.reload_until("Aktif menurut Telkomsel", seconds=90)

    # 4. Ownership of everybody at once, then the statement: locked, numbered, printed, scanned and handed in.
    operator.go("Nomor siswa")
    operator.page.locator("summary", has_text="Isi banyak baris sekaligus").click()
    operator.page.get_by_label("Kepemilikan nomor").select_option(label="Ibu")
    operator.press("Isi untuk semua")
    operator.go("SPTJM")
    operator.picture("operator-statements")
    make_statement(operator, tmp_path)
    operator.picture("operator-statement")
    find(operator, "Ilham Wicaksono")
    operator.reads("Terkunci|001")

    # 5. The office returns it with a reason, the school sees the reason and hands in anew, the office approves.
    judge(office, "return")
    operator.go("SPTJM")
    operator.follow(r"001/20326541")
    operator.reads("tanda tangan belum ada|Tanda tangan belum ada")
    operator.picture("operator-returned")
    again = tmp_path / "again"
    again.mkdir()
    operator.page.set_input_files("input[type=file]", scan_of(operator, again))
    operator.press("^Unggah$")
    operator.reads("menunggu diperiksa|Diunggah")
    judge(office, "approve")

    # 6. Pusdatin releases; the providers inject and report; who failed is repaired and injected in the same period.
    release(pusdatin)
    pusdatin.picture("pusdatin-release")
    find(operator, "Ilham Wicaksono")
    operator.reload_until(r"Kuota 35 GB masuk", seconds=90)
    operator.picture("operator-injected")
    find(operator, "Galih Pratama")
    operator.reload_until("Kuota gagal masuk", seconds=90)
    row = operator.page.locator("tr", has_text="Galih Pratama")
    row.get_by_role("link", name=re.compile("Perbaiki|Ubah")).click()
    operator.page.get_by_label("Nomor ponsel").fill("0878-2600-4113")
    operator.press("^Simpan$")
    operator.reload_until("Aktif menurut XL|Tidak aktif menurut XL|masa tenggang", seconds=90)
    find(operator, "Sekar Ayu Lestari")
    operator.reload_until("ditarik kembali|Kuota gagal", seconds=120)

    # 7. All recaps moved along and balance.
    for page in ("/sekolah/rekap/000000/", "/sekolah/rekap/030000/", "/sekolah/rekap/032900/"):
        pusdatin.page.goto(page)
        balances(pusdatin)
    pusdatin.picture("pusdatin-recap")
    operator.go("Rekap")
    assert balances(operator) == 182
    operator.picture("operator-recap")
    office.go("Rekap")
    balances(office)

    # 8. Pusdatin opens the next period: who is unchanged is carried over.
    pusdatin.go("Kelola")
    pusdatin.page.get_by_role("link", name=re.compile(r"^[A-Z][a-z]+ 20\d\d$")).last.click()
    pusdatin.picture("pusdatin-period")
    pusdatin.press("Buka periode")
    pusdatin.go("Pekerjaan")
    pusdatin.follow("Membuka")
    pusdatin.reload_until("Selesai")
    find(operator, "Ilham Wicaksono")
    operator.reads("disetujui|Disetujui|diteruskan")
    assert stack.process.poll() is None
