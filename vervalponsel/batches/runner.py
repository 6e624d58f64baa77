"""Running one batch: claim, progress, outcome."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from vervalponsel.kit.db import advisory_lock, is_locked

from .choices import LIVE, Status
from .models import Batch, RowError
from .registry import kind_of

log = logging.getLogger(__name__)

LOCK = "batch"


class Refused(Exception):
    """The input is wrong as a whole; the message is the sentence shown to the person."""


class Stopped(Exception):
    """A person asked the batch to stop; what is committed stays, the rest was not begun."""


class Parked(Exception):
    """The batch waits for a person's word; the message says which."""


class Run:
    """What a handler holds: the batch, and the ways to tell how far it is."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch

    def now(self) -> datetime:
        """The worker's clock, for what a handler passes down."""
        return timezone.now()

    def progress(self, step: str, done: int = 0, total: int | None = None) -> None:
        """Show progress and heed a wish to stop (raises Stopped). Call between commits, not inside one."""
        now = timezone.now()
        Batch.objects.filter(pk=self.batch.pk).update(step=step, done=done, total=total, heartbeat_at=now)
        if Batch.objects.filter(pk=self.batch.pk, stop_wanted=True).exists():
            raise Stopped

    def set_aside(self, code: str, line: int, *, file: str = "", column: str = "", **facts: object) -> None:
        """Record one refused row of the input."""
        RowError.objects.create(batch=self.batch, code=code, line=line, file=file, column=column, facts=facts)


def run_batch(batch_id: int) -> Status | None:
    """Run a queued or abandoned batch once; None when there is nothing to do or somebody else runs it."""
    with advisory_lock(LOCK, batch_id) as got:
        batch = claim(batch_id, timezone.now()) if got else None
        if batch is None:
            return None
        status, counts, error = outcome_of(batch)
        finish(batch, status=status, counts=counts, error=error, now=timezone.now())
        return status


def claim(batch_id: int, now: datetime) -> Batch | None:
    """Take the batch (its lock is held by the caller) unless it is final, parked or out of attempts."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().filter(pk=batch_id, status__in=LIVE).first()
        if batch is None:
            return None
        if batch.attempts >= kind_of(batch.kind).retries:
            sentence = "Pekerjaan ini berkali-kali terputus. Hubungi Pusdatin."
            finish(batch, status=Status.FAILED, counts=batch.counts, error=sentence, now=now)
            return None
        batch.attempts += 1
        batch.status, batch.started_at, batch.heartbeat_at = Status.RUNNING, batch.started_at or now, now
        batch.save(update_fields=["attempts", "status", "started_at", "heartbeat_at"])
        return batch


def outcome_of(batch: Batch) -> tuple[Status, dict[str, object], str]:
    """Call the handler and turn whatever happens into (status, counts, sentence)."""
    try:
        return Status.DONE, kind_of(batch.kind).handler(Run(batch)), ""
    except Refused as reason:
        return Status.REFUSED, {}, str(reason)
    except Parked as reason:
        return Status.PARKED, {}, str(reason)
    except Stopped:
        return Status.STOPPED, {}, "Dihentikan atas permintaan."
    except Exception as problem:
        log.exception("batch %s (%s) failed", batch.pk, batch.kind, exc_info=problem)
        return Status.FAILED, {}, "Terjadi kesalahan di sistem. Tim teknis sudah diberi tahu; coba jalankan lagi."


def finish(batch: Batch, *, status: Status, counts: dict[str, object], error: str, now: datetime) -> None:
    batch.status, batch.counts, batch.error, batch.finished_at = status, counts or batch.counts, error, now
    batch.save(update_fields=["status", "counts", "error", "finished_at"])


def is_abandoned(batch: Batch) -> bool:
    """RUNNING by its row, while nobody holds its lock: the worker died."""
    return batch.status == Status.RUNNING and not is_locked(LOCK, batch.pk)
