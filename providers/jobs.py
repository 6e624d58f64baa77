"""The kinds of batches that this part runs."""

from vervalponsel.batches.registry import Kind, register

from .intake import KINDS, take_in
from .matching import KIND, prepare


def register_kinds() -> None:
    """Make the kinds known; called when the app is ready."""
    register(Kind(KIND, "Dump pemadanan", prepare, queue="providers"))
    register(Kind(KINDS["MATCH"], "Jawaban provider", take_in, queue="providers"))
    register(Kind(KINDS["INJECT"], "Laporan pengisian kuota", take_in, queue="reports"))
