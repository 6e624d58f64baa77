"""What a cut-off would do, laid down before its first row is written: figures, and whether they are too large."""

from __future__ import annotations

from django.db.models import Sum

from schools.models import CutoffFigure, CutoffRun
from schools.tallies import NATION
from vervalponsel.batches.runner import Parked

from . import limits, registry
from .cutoff import Cutoff

FIGURES = ("entered", "moved_in", "left", "changed", "number_supplied")


def plan(cutoff: Cutoff) -> None:
    """Let every part judge; the figures that come of it stand for all attempts of the run.

    What an earlier attempt has begun to write was planned before that: its figures stay.
    """
    for step in registry.steps():
        if step.plan:
            step.plan(cutoff)
    if cutoff.has_begun:
        return
    cutoff.run.progress("Menghitung apa yang akan berubah")
    cutoff.step("schools", "figures_roll")
    record = cutoff.record
    record.planned_changes = cutoff.due
    record.excess = limits.as_json(limits.excess_of(record, cutoff.receipt))
    record.first_of = sorted(word for word, empty in cutoff.is_empty.items() if empty)
    record.save(update_fields=["planned_changes", "excess", "first_of"])


def figures_of(record: CutoffRun) -> dict[str, int]:
    """What the run does to people of the whole nation, pupils and teachers together."""
    rows = CutoffFigure.objects.filter(run=record, npsn="", region_code=NATION)
    sums = rows.aggregate(**{f"n_{name}": Sum(name) for name in FIGURES})
    return {name: sums[f"n_{name}"] or 0 for name in FIGURES}


def park_beyond_limits(cutoff: Cutoff) -> None:
    """Raise Parked while more would change than the limits, or a second person, allow."""
    record = cutoff.record
    if cutoff.has_begun:
        return
    if more := limits.not_allowed(limits.from_json(record.excess), record.approved_excess):
        raise Parked(limits.told(more))
