"""The kinds of batches that this part runs."""

from vervalponsel.batches.registry import Kind, register

from .cutoff.pipeline import DELTA_KIND, KIND, run_cutoff
from .periods import run_closing, run_opening


def register_kinds() -> None:
    """Make the kinds known; called when the app is ready."""
    register(Kind("open-period", "Pembukaan periode", run_opening, queue="import"))
    receipt = "schools/_cutoff_receipt.html"
    register(Kind(KIND, "Tarikan Dapodik", run_cutoff, queue="import", retries=10, template=receipt, turn=KIND))
    register(Kind(DELTA_KIND, "Delta Dapodik", run_cutoff, queue="deltas", retries=10, template=receipt, turn=KIND))
    register(Kind("close-period", "Penutupan periode", run_closing, queue="import"))
