"""Opening and closing a period: batches that go school by school, in steps that the apps register."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import connection, transaction

from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.audit.models import Event
from vervalponsel.batches.actions import hand_in
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import Refused, Run
from vervalponsel.kit.db import transaction_lock

from .choices import PeriodStatus
from .cutoff.indexes import put_back_when_free
from .models import Period, School

SCHOOLS_AT_ONCE = 500

SchoolRange = tuple[int, int]
"""School ids from (inclusive) to (inclusive)."""
SizedRange = tuple[SchoolRange, int]
"""A range and how many schools or rows lie in it."""

StepFunction = Callable[[Period, SchoolRange, datetime], int]
"""What a step does with the schools of a range in a transaction of its own; returns how many rows it changed.

Done again it changes nothing more.
"""


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
    """Make a period the current one; the schools follow in a batch. Raises Refused when it cannot be.

    Of the one that is current already it gives the batch that followed its opening.
    """
    with transaction.atomic():
        transaction_lock("periods")
        period = Period.objects.select_for_update().get(pk=period.pk)
        if period.status == PeriodStatus.CLOSED:
            raise Refused("Periode ini sudah ditutup.")
        if not period.windows.exists():
            raise Refused("Isi dulu jendela waktu periode ini.")
        if not period.is_current:
            _make_current(by, period, now)
        times = Event.objects.of(period).filter(action="period.opened").count()
        return _batch(by, "open-period", f"Membuka {period.name}", period, now, times)


def _make_current(by: Actor, period: Period, now: datetime) -> None:
    before = Period.objects.current().first()
    Period.objects.current().update(is_current=False)
    period.status, period.is_current = PeriodStatus.OPEN, True
    period.save(update_fields=["status", "is_current"])
    after = {"current": period.name, "before": before.name if before else ""}
    record(by=by, action="period.opened", target=period, now=now, after=after)


def close_period(*, by: Actor, period: Period, now: datetime) -> Batch:
    """Close a period: its claims stay readable, their locks end. Raises Refused for the one being prepared."""
    with transaction.atomic():
        transaction_lock("periods")
        period = Period.objects.select_for_update().get(pk=period.pk)
        if period.status != PeriodStatus.OPEN:
            raise Refused("Hanya periode yang sedang berjalan dapat ditutup.")
        if period.is_current:
            raise Refused("Periode yang sedang disiapkan tidak dapat ditutup. Buka periode berikutnya dahulu.")
        period.status = PeriodStatus.CLOSED
        period.save(update_fields=["status"])
        record(by=by, action="period.closed", target=period, now=now)
        return _batch(by, "close-period", f"Menutup {period.name}", period, now)


def _batch(by: Actor, kind: str, title: str, period: Period, now: datetime, times: int = 1) -> Batch:
    """The batch of the period's ``times``-th opening (or of its closing): pressed twice it is the same."""
    key = f"{kind}:{period.pk}:{times}"
    batch, _ = hand_in(by=by, kind=kind, title=title, now=now, params={"period": period.pk}, dedupe_key=key)
    return batch


def run_opening(run: Run) -> dict[str, object]:
    """Handler of ``open-period``: repeated from the start it changes nothing that was done."""
    put_back_when_free()
    return _walk(run, _OPENING, check=_refuse_overtaken)


def run_closing(run: Run) -> dict[str, object]:
    """Handler of ``close-period``."""
    return _walk(run, _CLOSING)


def _walk(run: Run, steps: list[Step], check: Callable[[Period], None] | None = None) -> dict[str, object]:
    """Take every range of schools through the steps; ``check`` may still undo a step before its commit."""
    period = Period.objects.get(pk=run.batch.params["period"])
    counts = dict.fromkeys((step.name for step in steps), 0)
    total, done = School.objects.count(), 0

    def take(step: Step, schools: SchoolRange) -> int:
        changed = step.function(period, schools, run.now())
        if check:
            check(period)
        return changed

    for schools, size in ranges_of_schools():
        for step in steps:
            counts[step.name] += run.commit(partial(take, step, schools))
        done += size
        run.progress("Sekolah demi sekolah", done, total)
    return {"schools": done, **counts}


def _refuse_overtaken(period: Period) -> None:
    """Steps speak of the current period; held to the commit, so that no other becomes current in between."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM schools_period WHERE id = %s AND is_current FOR SHARE", [period.pk])
        if not cursor.fetchone():
            raise Refused("Periode lain sudah dibuka; sekolah-sekolah mengikuti periode itu.")


def ranges_of_schools() -> Iterator[SizedRange]:
    """Ranges of school ids with how many schools lie in each, in order; every school lies in exactly one."""
    last = 0
    while True:
        ids = list(School.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:SCHOOLS_AT_ONCE])
        if not ids:
            return
        yield (ids[0], ids[-1]), len(ids)
        last = ids[-1]
