"""Opening and closing a period: batches that go school by school, in steps that the apps register."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.batches.actions import hand_in
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import Refused, Run

from .choices import PeriodStatus
from .models import Period, School

SCHOOLS_AT_ONCE = 500

SchoolRange = tuple[int, int]
"""School ids from (inclusive) to (inclusive)."""

StepFunction = Callable[[Period, SchoolRange, datetime], int]
"""What a step does with the schools of a range in one transaction; returns how many rows it changed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that opening (or closing) a period does for a range of schools; smaller ``order`` goes first."""

    order: int
    name: str
    label: str
    function: StepFunction


_OPENING: list[Step] = []
_CLOSING: list[Step] = []


def on_opening(step: Step) -> None:
    """Register a step of opening."""
    _register(_OPENING, step)


def on_closing(step: Step) -> None:
    """Register a step of closing."""
    _register(_CLOSING, step)


def _register(steps: list[Step], step: Step) -> None:
    if step.name not in {known.name for known in steps}:
        steps.append(step)
        steps.sort(key=lambda known: known.order)


def open_period(*, by: Actor, period: Period, now: datetime) -> Batch:
    """Make a draft the current period; the schools follow in a batch. Raises Refused when it cannot be."""
    with transaction.atomic():
        period = Period.objects.select_for_update().get(pk=period.pk)
        if period.status == PeriodStatus.CLOSED:
            raise Refused("Periode ini sudah ditutup.")
        if not period.windows.exists():
            raise Refused("Isi dulu jendela waktu periode ini.")
        before = Period.objects.current().first()
        Period.objects.current().exclude(pk=period.pk).update(is_current=False)
        period.status, period.is_current = PeriodStatus.OPEN, True
        period.save(update_fields=["status", "is_current"])
        after = {"current": period.name, "before": before.name if before else ""}
        record(by=by, action="period.opened", target=period, now=now, after=after)
        return _batch(by, "open-period", f"Membuka {period.name}", period, now)


def close_period(*, by: Actor, period: Period, now: datetime) -> Batch:
    """Close a period: its claims stay readable, their locks end. Raises Refused for the one being prepared."""
    with transaction.atomic():
        period = Period.objects.select_for_update().get(pk=period.pk)
        if period.status != PeriodStatus.OPEN:
            raise Refused("Hanya periode yang sedang berjalan dapat ditutup.")
        if period.is_current:
            raise Refused("Periode yang sedang disiapkan tidak dapat ditutup. Buka periode berikutnya dahulu.")
        period.status = PeriodStatus.CLOSED
        period.save(update_fields=["status"])
        record(by=by, action="period.closed", target=period, now=now)
        return _batch(by, "close-period", f"Menutup {period.name}", period, now)


def _batch(by: Actor, kind: str, title: str, period: Period, now: datetime) -> Batch:
    key = f"{kind}:{period.pk}"
    batch, _ = hand_in(by=by, kind=kind, title=title, now=now, params={"period": period.pk}, dedupe_key=key)
    return batch


def run_opening(run: Run) -> dict[str, object]:
    """Handler of ``open-period``: repeated from the start it changes nothing that was done."""
    return _walk(run, _OPENING)


def run_closing(run: Run) -> dict[str, object]:
    """Handler of ``close-period``."""
    return _walk(run, _CLOSING)


def _walk(run: Run, steps: list[Step]) -> dict[str, object]:
    period = Period.objects.get(pk=run.batch.params["period"])
    counts = dict.fromkeys((step.name for step in steps), 0)
    total, done = School.objects.count(), 0
    for schools, size in ranges_of_schools():
        with transaction.atomic():
            for step in steps:
                counts[step.name] += step.function(period, schools, run.now())
        done += size
        run.progress("Sekolah demi sekolah", done, total)
    return {"schools": done, **counts}


def ranges_of_schools() -> Iterator[tuple[SchoolRange, int]]:
    """Ranges of school ids with how many schools lie in each, in order; every school lies in exactly one."""
    last = 0
    while True:
        ids = list(School.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:SCHOOLS_AT_ONCE])
        if not ids:
            return
        yield (ids[0], ids[-1]), len(ids)
        last = ids[-1]
