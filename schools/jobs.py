"""The kinds of batches that this part runs."""

from vervalponsel.batches.registry import Kind, register

from .cutoff import reverting
from .cutoff.pipeline import DELTA_KIND, KIND, run_cutoff
from .periods import run_closing, run_opening

PHASES = (
    ("Periksa berkas", ("Memeriksa", "Berkas utuh")),
    ("Muat", ("Memuat", "Berkas termuat")),
    ("Nilai", ("Menilai", "Menghitung wilayah", "Menghitung sekolah", "Menghitung peserta", "Menghitung ptk")),
    ("Rencana", ("Menghitung apa",)),
    ("Tulis", ("Mulai menulis", "Menggabungkan", "Peserta didik", "Guru", "peserta_didik.csv", "ptk.csv")),
    ("Hitung ulang", ("Menghitung", "Mencari")),
)
"""The way of a cut-off as its page shows it, with how the steps of each part begin; the first that fits counts."""


def register_kinds() -> None:
    """Make the kinds known; called when the app is ready."""
    register(Kind("open-period", "Pembukaan periode", run_opening, queue="import"))
    for name, label, queue in ((KIND, "Tarikan Dapodik", "import"), (DELTA_KIND, "Delta Dapodik", "deltas")):
        register(
            Kind(
                name,
                label,
                run_cutoff,
                queue=queue,
                retries=10,
                template="schools/_cutoff_receipt.html",
                turn=KIND,
                needs_second_person=True,
                phases=PHASES,
            )
        )
    register(
        Kind(
            reverting.KIND,
            "Pembatalan tarikan",
            reverting.run_revert,
            queue="import",
            retries=10,
            turn=KIND,
            may_be_stopped=False,
        )
    )
    register(Kind("close-period", "Penutupan periode", run_closing, queue="import"))
