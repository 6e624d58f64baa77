"""The kinds of batches that this part runs."""

from django.urls import reverse

from vervalponsel.batches.models import Batch
from vervalponsel.batches.registry import Kind, register, register_chunks
from vervalponsel.batches.words import register_words

from .choices import Purpose
from .intake import KINDS, ROWS, take_chunk, take_in
from .matching import FREEZE, KIND, MARK, freeze, mark, prepare
from .rereading import KIND as REREAD
from .rereading import reread
from .shared_numbers import KIND as JUDGE_SHARING
from .shared_numbers import judge_again


def register_kinds() -> None:
    """Make the kinds known; called when the app is ready."""
    register(Kind(KIND, "Dump pemadanan", prepare, queue="providers"))
    register_chunks(KIND, FREEZE, freeze)
    register_chunks(KIND, MARK, mark)
    register(Kind(KINDS[Purpose.MATCH], "Jawaban provider", take_in, queue="providers", leads_to=exchange_of))
    register(Kind(KINDS[Purpose.INJECT], "Laporan pengisian kuota", take_in, queue="reports", leads_to=exchange_of))
    register(Kind(JUDGE_SHARING, "Penilaian nomor bersama", judge_again, queue="providers"))
    register(Kind(REREAD, "Pembacaan ulang nomor", reread, queue="providers", retries=50))
    for kind in KINDS.values():
        register_chunks(kind, ROWS, take_chunk)
    register_words(WORDS)


def exchange_of(batch: Batch) -> tuple[str, str]:
    """The exchange that a file of answers belongs to: words and address."""
    exchange = batch.params["exchange"]
    return f"Lihat berkas {exchange}", reverse("providers:exchange", args=[exchange])


WORDS = {
    "changed_provider": "Pindah provider, dicek ulang",
    "without_provider": "Tidak lagi milik provider mana pun",
    "readable": "Kini dapat dibaca",
    "marked": "Ditandai sedang dicek",
    "superseded": "Ada jawaban lain yang berlaku",
    "unknown_line": "Baris tidak dikenal",
    "number_not_sent": "Nomor bukan yang dikirim",
    "bad": "Baris rusak",
    "dropped_claims": "Dikeluarkan dari SPTJM",
    "ordered": "Dikirim ke provider",
    "asked_again": "Dicek ulang dulu",
    "held_no_coverage": "Ditahan: daerah tanpa sinyal",
    "held_shared": "Ditahan: nomor dipakai terlalu banyak",
    "held_not_eligible": "Ditahan: bukan penerima lagi",
    "no_package": "Ditahan: tidak ada paket",
    "waiting_for_report": "Ditahan: laporan sebelumnya belum ada",
    "next_release": "Ikut pengiriman berikutnya",
    "orders_closed": "Pesanan ditutup tanpa semua laporan",
}
"""What the counts of these batches are called."""
