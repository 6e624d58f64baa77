"""A batch's work in chunks that any number of workers on any number of hosts take from one another's hands.

The batch's handler plans chunks and works through them; whoever else hears the doorbell helps. A chunk is claimed by a
lock that belongs to the connection, its attempt is counted first, and its work and outcome are one transaction: killed,
it is as if it had not been begun, and free again at once. Without another worker or a broker the handler does all.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from vervalponsel.kit.db import Held, advisory_lock, is_shut

from .actions import ring_for_help
from .choices import ChunkStatus, Status
from .models import Batch, Chunk
from .registry import chunk_handler, register_chunks
from .runner import SHUT, NotYet, Parked, Refused, Run, Stopped, commit_again

__all__ = ["ChunkWork", "ChunksFailed", "Desk", "help_with", "plan", "register_chunks", "results", "work_through"]

log = logging.getLogger(__name__)

LOCK = "chunk"
MOST_ATTEMPTS = 3
PAUSE_SECONDS = 0.02
BROKE = "Potongan ini berkali-kali terputus di tengah jalan."
FAILED = "Terjadi kesalahan di sistem. Tim teknis sudah diberi tahu."


Thing = TypeVar("Thing")


class ChunksFailed(Parked):
    """Some chunks were set aside, all others are done; a person may have them tried again."""

    def __init__(self, failed: int, planned: int) -> None:
        super().__init__(
            f"{failed} dari {planned} potongan gagal; yang lain sudah selesai. Coba lagi potongan yang gagal."
        )


class Desk(ExitStack):
    """What a worker keeps at hand from one chunk of a batch to the next; closed when the worker leaves the batch."""

    def __init__(self) -> None:
        super().__init__()
        self._things: dict[str, Any] = {}

    def keep(self, name: str, make: Callable[[], AbstractContextManager[Thing]]) -> Thing:
        """The thing of this name, entered when it is asked for the first time."""
        if name not in self._things:
            self._things[name] = self.enter_context(make())
        found: Thing = self._things[name]
        return found


@dataclass(frozen=True, slots=True)
class ChunkWork:
    """What a chunk's handler gets. It runs in the transaction that also notes the outcome: no commit of its own."""

    batch: Batch
    number: int
    params: Mapping[str, Any]
    desk: Desk

    def now(self) -> datetime:
        """The worker's clock."""
        return timezone.now()


def plan(run: Run, name: str, pieces: Sequence[Mapping[str, Any]], *, first: int = 1) -> None:
    """Plan chunks ``first``, ``first`` + 1, … of this name; one that is planned already stays as it is.

    The same pieces must come in the same order again when the batch is run again. ``rows`` among a piece's params is
    its weight in the progress. More may be planned while others work on the first ones.
    """
    fresh = [
        Chunk(batch=run.batch, name=name, number=number, params=dict(params), rows=int(params.get("rows", 1)))
        for number, params in enumerate(pieces, first)
    ]
    Chunk.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1000)
    ring_for_help(run.batch, _helpers(first - 1 + len(fresh)) - _helpers(first - 1))


def _helpers(pieces: int) -> int:
    """How many further workers so many pieces are worth: one is done by the batch's own."""
    return max(0, min(pieces - 1, settings.CHUNK_HELPERS))


def work_through(run: Run, name: str, label: str) -> dict[str, int]:
    """Work until no chunk of this name is left, also those that others hold; returns the sums of their counts.

    Raises ChunksFailed when some were set aside, Stopped when a person wants it to stop (then nobody is at work).
    """
    mine = Chunk.objects.filter(batch=run.batch, name=name)
    with Desk() as desk:
        _work_while_any(run, mine, label, desk)
    run.progress(label, *_progress(mine))
    found = mine.aggregate(planned=Count("pk"), failed=Count("pk", filter=Q(status=ChunkStatus.QUARANTINED)))
    if found["failed"]:
        raise ChunksFailed(**found)
    return results(run.batch, name)


def _work_while_any(run: Run, mine: Any, label: str, desk: Desk) -> None:
    while mine.waiting().exists():
        done, total = _progress(mine)
        try:
            run.progress(label, done, total)
        except Stopped:
            _wait_for(mine.waiting())
            raise
        # What goes wrong from here on is counted by the chunk.
        Batch.objects.filter(pk=run.batch.pk, attempts__gt=0).update(attempts=0)
        if not _work_on_one(run.batch, mine, desk):
            _wait_for(mine.waiting(), most=1)
            time.sleep(PAUSE_SECONDS)  # between two tries of a chunk its holder has no row lock


def results(batch: Batch, name: str) -> dict[str, int]:
    """The counts of the chunks that are done, summed by key."""
    done = Chunk.objects.filter(batch=batch, name=name, status=ChunkStatus.DONE)
    total: Counter[str] = Counter()
    for counts in done.order_by("number").values_list("counts", flat=True):
        total.update(counts)
    return dict(total)


def help_with(batch_id: int) -> int:
    """Take chunks of a running batch until none is free or it is to stop; returns how many were worked on."""
    worked = 0
    with Desk() as desk, suppress(NotYet):
        while batch := Batch.objects.filter(pk=batch_id, status=Status.RUNNING, stop_wanted=False).first():
            chunk = _work_on_one(batch, Chunk.objects.filter(batch=batch), desk)
            if chunk is None:
                break
            worked += 1
            done, total = _progress(Chunk.objects.filter(batch=batch, name=chunk.name))
            Batch.objects.filter(pk=batch_id).update(done=done, total=total, heartbeat_at=timezone.now())
    return worked


def short_of_hands(batches: Iterable[Batch]) -> list[Batch]:
    """Those of the running batches that have chunks to spare for another worker."""
    waiting = Chunk.objects.waiting().filter(batch__in=list(batches)).values("batch").annotate(n=Count("pk"))
    return list(Batch.objects.filter(pk__in=[row["batch"] for row in waiting if row["n"] > 1]))


def _progress(chunks: Any) -> tuple[int, int]:
    found = chunks.aggregate(total=Sum("rows"), done=Sum("rows", filter=~Q(status=ChunkStatus.WAITING)))
    return found["done"] or 0, found["total"] or 0


def _work_on_one(batch: Batch, chunks: Any, desk: Desk) -> Chunk | None:
    """Claim a free chunk and work on it once, whatever comes of it; None when none is free."""
    held_by_others: list[int] = []
    while True:
        with transaction.atomic():
            free = chunks.waiting().exclude(pk__in=held_by_others).in_turn()
            chunk = free.select_for_update(skip_locked=True).first()
        if chunk is None:
            return None
        with advisory_lock(LOCK, chunk.pk % 2**31) as held:
            if held is None:
                held_by_others.append(chunk.pk)
                continue
            if _begin(chunk):
                _attempt(batch, chunk, held, desk)
        return chunk


def _begin(chunk: Chunk) -> bool:
    """Count the attempt, in a commit of its own; False when the chunk is finished or has had its attempts."""
    with transaction.atomic():
        row = Chunk.objects.select_for_update().waiting().filter(pk=chunk.pk).first()
        if row is None:
            return False
        if row.attempts >= MOST_ATTEMPTS:
            _quarantine(row, row.error or BROKE)
            return False
        chunk.attempts = row.attempts = row.attempts + 1
        row.worker, row.begun_at = f"{socket.gethostname()}:{os.getpid()}"[:120], timezone.now()
        row.save(update_fields=["attempts", "worker", "begun_at"])
        return True


def _attempt(batch: Batch, chunk: Chunk, held: Held, desk: Desk) -> None:
    try:
        commit_again(partial(_work, batch, chunk.pk, desk), held)
    except (NotYet, SoftTimeLimitExceeded):
        # The worker's time is over, or the chunk's has not come: no fault of the chunk.
        _give_back(chunk)
        raise
    except Refused as reason:
        _quarantine(chunk, str(reason))
    except Exception as problem:
        if held.is_lost:
            raise
        if is_shut(problem):
            _give_back(chunk)
            raise NotYet(SHUT) from problem
        log.exception("chunk %s of batch %s failed", chunk.pk, batch.pk, exc_info=problem)
        if chunk.attempts >= MOST_ATTEMPTS:
            _quarantine(chunk, f"{FAILED} ({type(problem).__name__})")


def _give_back(chunk: Chunk) -> None:
    """The attempt does not count."""
    Chunk.objects.filter(pk=chunk.pk).update(attempts=chunk.attempts - 1)


def _work(batch: Batch, pk: int, desk: Desk) -> None:
    """The work and its outcome, in the caller's transaction.

    Its commit does not wait for the disk: what a crash could lose, work and outcome together, is done again. Whatever
    is committed in the usual way afterwards, the batch's end at the latest, takes it along.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    row = Chunk.objects.select_for_update().waiting().filter(pk=pk).first()
    if row is None:
        return
    work = ChunkWork(batch=batch, number=row.number, params=row.params, desk=desk)
    row.counts = dict(chunk_handler(batch.kind, row.name)(work))
    row.status, row.finished_at, row.error = ChunkStatus.DONE, timezone.now(), ""
    row.save(update_fields=["counts", "status", "finished_at", "error"])


def _quarantine(chunk: Chunk, reason: str) -> None:
    Chunk.objects.filter(pk=chunk.pk).update(status=ChunkStatus.QUARANTINED, error=reason, finished_at=timezone.now())


def _wait_for(chunks: Any, most: int | None = None) -> None:
    """Wait until whoever works on these chunks has ended, well or not."""
    with transaction.atomic():
        list(chunks.order_by("id").select_for_update().values_list("pk")[:most])
