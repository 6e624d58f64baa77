"""Taking a cut-off back, as long as nothing of it has been edited, sent or stated: the register is as it was before.

A batch of its own that goes school by school. What was taken back leaves ``CutoffBefore`` in the same commit, so that a
killed run goes on where it was. Meanwhile the register is shut to everybody else (register_gate.sql).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Q

from schools import tallies
from schools.choices import RowKind
from schools.models import CutoffBefore, CutoffRun, School
from schools.periods import SchoolRange, SizedRange
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.audit.models import Event
from vervalponsel.batches.actions import hand_in, run_again
from vervalponsel.batches.choices import LIVE
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import LockLost, Refused, Run, show_progress
from vervalponsel.kit.sqlfiles import run_step

from .pipeline import turn

KIND = "revert-cutoff"
PAGE_WAITS = "5s"
_CHECKED = "checked"
_OPEN = "SELECT set_config('vervalponsel.reverting', %s, %s)"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way, how often (0: it is a fact, not a number), in a sentence."""

    sentence: str
    n: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """People of one kind: what of them stands in the way, and how they go back."""

    word: str
    label: str
    obstacles: Callable[[CutoffRun], list[Obstacle]]
    ranges: Callable[[CutoffRun], list[SizedRange]]
    undo_range: Callable[[CutoffRun, SchoolRange, CursorWrapper], None]
    finish: Callable[[datetime], None]


_PARTS: dict[str, Part] = {}


def register_part(part: Part) -> None:
    """Make a part known; they go back in the order in which they registered."""
    if _PARTS.setdefault(part.word, part) != part:
        raise ValueError(f"part registered twice: {part.word}")


def obstacles_of(run: CutoffRun) -> list[Obstacle]:
    """Why a run cannot be taken back; nothing when it can."""
    found = _not_at_all(run)
    return found or [*_others_since(run), *(each for part in _PARTS.values() for each in part.obstacles(run))]


def seen_in_time(run: CutoffRun) -> list[Obstacle] | None:
    """The same for a page; None when counting takes too long: then the batch looks before it begins."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [PAGE_WAITS])
            found = obstacles_of(run)
            # The rest of the request is under no such limit, also inside a larger transaction.
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
            return found
    except OperationalError:
        return None


def _not_at_all(run: CutoffRun) -> list[Obstacle]:
    if run.is_trial or run.begun_at is None:
        return [Obstacle("Tarikan ini tidak menulis apa pun.")]
    if run.reverted_at:
        return [Obstacle("Tarikan ini sudah dibatalkan.")]
    if run.batch.status in LIVE:
        return [Obstacle("Tarikan ini masih berjalan.")]
    return []


def _others_since(run: CutoffRun) -> Iterator[Obstacle]:
    """What else has built upon it."""
    later = CutoffRun.objects.filter(written_at__gt=run.begun_at, reverted_at=None).exclude(pk=run.pk)
    for other in later.select_related("batch").order_by("-written_at")[:3]:
        yield Obstacle(f"{other.batch.title} ditulis sesudahnya. Batalkan itu lebih dahulu.")
    opened = Batch.objects.filter(kind="open-period").filter(Q(created_at__gte=run.begun_at) | Q(status__in=LIVE))
    if batch := opened.order_by("-pk").first():
        yield Obstacle(f"Periode dibuka sesudahnya ({batch.title}).")
    if n := _edited_places(run):
        yield Obstacle(f"{n} sekolah atau dinas dari tarikan ini sudah diatur Pusdatin.", n)


def _edited_places(run: CutoffRun) -> int:
    kept = CutoffBefore.objects.filter(run=run)
    offices = [str(pk) for pk in kept.filter(kind=RowKind.OFFICE).values_list("row_id", flat=True)]
    edited = Event.objects.filter(target_type="office", target_id__in=offices).count() if offices else 0
    new = kept.filter(kind=RowKind.SCHOOL, old__isnull=True).values("row_id")
    return edited + School.objects.filter(pk__in=new, no_coverage=True).count()


def hand_in_revert(*, by: Actor, run: CutoffRun, now: datetime) -> Batch:
    """Ask for a run to be taken back; asked again it is the same batch, and one that was refused is tried again."""
    title = f"Membatalkan {run.batch.title}"[:160]
    batch, created = hand_in(
        by=by, kind=KIND, title=title, now=now, params={"run": run.pk}, dedupe_key=f"{KIND}:{run.pk}"
    )
    return batch if created else run_again(by=by, batch=batch, now=now)


def run_revert(run: Run) -> dict[str, object]:
    """Handler of ``revert-cutoff``. Cut off anywhere, it goes on; it does not stop half way."""
    target = CutoffRun.objects.select_related("batch").get(pk=run.batch.params["run"])
    if target.reverted_at:
        return {"changes": target.planned_changes or 0}
    with turn(run):
        if not run.batch.counts.get(_CHECKED):
            _shut_and_check(run, target)
        for part in _PARTS.values():
            _take_back(run, target, part)
        _tell(run, "Menghitung ulang")
        with _let_in():
            for part in _PARTS.values():
                part.finish(run.now())
        _tell(run, "Sekolah dan wilayah")
        _finish(run, target)
    return {"changes": target.planned_changes or 0}


def _shut_and_check(run: Run, target: CutoffRun) -> None:
    """Shut the register, wait for whoever is writing, and look once more; raises Refused and opens it again."""
    _tell(run, "Memeriksa")
    CutoffRun.objects.filter(pk=target.pk).update(reverting_at=run.now())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE providers_phonerecord, providers_entitlement IN SHARE ROW EXCLUSIVE MODE")
    if found := obstacles_of(target):
        CutoffRun.objects.filter(pk=target.pk).update(reverting_at=None)
        raise Refused("Tidak dapat dibatalkan. " + " ".join(each.sentence for each in found))
    run.batch.counts = {**run.batch.counts, _CHECKED: True}
    run.batch.save(update_fields=["counts"])


def _take_back(run: Run, target: CutoffRun, part: Part) -> None:
    ranges = part.ranges(target)
    total, done = sum(size for _, size in ranges), 0
    for schools, size in ranges:
        _tell(run, f"Mengembalikan {part.label}", done, total)
        with writing() as cursor:
            part.undo_range(target, schools, cursor)
        done += size


@contextmanager
def writing() -> Iterator[CursorWrapper]:
    """One commit for which the register is open."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_OPEN, ["on", True])
        for name, value in (("work_mem", "256MB"), ("jit", "off")):
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        yield cursor


@contextmanager
def _let_in() -> Iterator[None]:
    """The register is open for this connection, for work that commits piece by piece."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, ["on", False])
    try:
        yield
    finally:
        # A lost connection has taken its setting along, and a new one must not hide why it was lost.
        with suppress(DatabaseError, InterfaceError), connection.cursor() as cursor:
            cursor.execute(_OPEN, ["off", False])


def _finish(run: Run, target: CutoffRun) -> None:
    """Schools and regions, the sums, and the word that it is done, in one commit."""
    now = run.now()
    with writing() as cursor:
        kept = CutoffBefore.objects.filter(run=target, kind__in=(RowKind.RECORD, RowKind.CLAIM))
        if kept.exists():
            raise RuntimeError("numbers of the run are left over")
        # Who folds meanwhile would write figures of schools that go.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('schools_fold_tallies'))")
        tallies.fold()
        run_step(cursor, "schools", "undo/schools", {"run_id": target.pk})
        tallies.rebuild_rollups()
        CutoffRun.objects.filter(pk=target.pk).update(reverted_at=now)
        facts: dict[str, Any] = {"title": target.batch.title, "changes": target.planned_changes}
        record(
            by=_starter(run.batch), action="cutoff.reverted", target=target, now=now, after=facts, batch_id=run.batch.pk
        )


def _starter(batch: Batch) -> Actor:
    return Actor(user=batch.created_by, assignment=None, name=batch.actor_name)


def _tell(run: Run, step: str, done: int = 0, total: int | None = None) -> None:
    """Progress that heeds no wish to stop: half a register helps nobody."""
    if run.held.is_lost:
        raise LockLost
    show_progress(run.batch.pk, step, done, total, now=run.now())
