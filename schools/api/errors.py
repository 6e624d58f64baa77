"""Everything that can go wrong in the interface, as (status, code, sentence)."""

from __future__ import annotations

from vervalponsel.kit.interfaces import POSTING, Failures

CATALOGUE = {
    "UNAUTHENTICATED": (401, "Kunci layanan tidak ada, salah, kedaluwarsa atau dicabut."),
    "NOT_A_DELTA": (403, "Kunci layanan hanya boleh mengirim delta."),
    "NOT_FOUND": (404, "Tidak ada di sini, atau milik layanan lain."),
    "INVALID": (422, "Isi permintaan tidak sesuai dokumen antarmuka."),
    "BUNDLE_WRONG": (422, "Isi delta salah; pesannya menyebut berkas, baris, dan kolom."),
    "TOO_MANY": (429, "Terlalu banyak permintaan; ulangi setelah Retry-After detik."),
    "UNAVAILABLE": (503, "Sistem sedang tidak dapat melayani; ulangi setelah Retry-After detik."),
    **POSTING,
}
"""Code → (status, sentence): published in the document's description."""

failures = Failures(CATALOGUE, realm="register")
wrong, answer_with, install = failures.wrong, failures.answer_with, failures.install
