"""Everything that can go wrong in the interface, as (status, code, sentence)."""

from __future__ import annotations

from vervalponsel.kit.interfaces import POSTING, Failures

CATALOGUE = {
    "UNAUTHENTICATED": (401, "Kunci tidak ada, salah, kedaluwarsa atau dicabut."),
    "NOT_FOUND": (404, "Tidak ada di sini, atau milik provider lain."),
    "NOT_RECEIPTED": (409, "Kirim dulu tanda terima untuk berkas ini."),
    "WRONG_PURPOSE": (409, "Jawaban hanya untuk MATCH, laporan hanya untuk INJECT."),
    "TOTALS_DIFFER": (409, "Jumlah kendali tidak sama dengan manifes."),
    "GONE": (410, "Masa simpan berkas ini sudah lewat."),
    "RANGE": (416, "Rentang byte di luar berkas."),
    "INVALID": (422, "Isi permintaan tidak sesuai dokumen antarmuka."),
    "COLUMNS_MISSING": (422, "Baris pertama tidak memuat semua kolom wajib."),
    "TOO_MANY": (429, "Terlalu banyak permintaan; ulangi setelah Retry-After detik."),
    **POSTING,
}
"""Code → (status, sentence): published in the document's description."""

failures = Failures(CATALOGUE, realm="provider")
wrong, answer_with, install = failures.wrong, failures.answer_with, failures.install
