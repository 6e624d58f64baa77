"""Running one batch: claim, progress, outcome."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Case, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from vervalponsel.kit.db import Held, advisory_lock, hurried_transaction, is_locked, is_shut

from .choices import LIVE, Status
from .models import Batch, RowError
from .registry import kind_of

log = logging.getLogger(__name__)

LOCK = "batch"
ATTEMPTS_PER_COMMIT = 3
STOPPED = "Dihentikan atas permintaan."
SHUT = "Menunggu pembatalan tarikan selesai; sesudah itu berjalan dengan sendirinya."

Result = TypeVar("Result")


class Refused(Exception):
    """The input is wrong as a whole; the message is the sentence shown to the person."""


class Stopped(Exception):
    """A person asked the batch to stop; what is committed stays, the rest was not begun."""


class Parked(Exception):
    """The batch waits for a person's word; the message says which."""


class NotYet(Exception):
    """The batch cannot run now: it gives its worker back and waits to be rung again; the message says for what."""


class LockLost(Exception):
    """The connection that held the batch's lock is gone: somebody else may be running it already."""


class Run:
    """What a handler holds: the batch, its lock, and the ways to tell how far it is."""

    def __init__(self, batch: Batch, held: Held) -> None:
        self.batch = batch
        self.held = held

    def now(self) -> datetime:
        """The worker's clock, for what a handler passes down."""
        return timezone.now()

    def progress(self, step: str, done: int = 0, total: int | None = None) -> None:
        """Show progress and heed a wish to stop (raises Stopped, or LockLost). Call between commits, not inside one."""
        if self.held.is_lost:
            raise LockLost
        now = timezone.now()
        show_progress(self.batch.pk, step, done, total, now=now)
        if Batch.objects.filter(pk=self.batch.pk, stop_wanted=True).exists():
            raise Stopped

    def commit(self, work: Callable[[], Result]) -> Result:
        """Do ``work`` in a transaction of its own, and once more when another transaction was in its way."""
        return commit_again(work, self.held)

    def set_aside(self, code: str, line: int, *, file: str = "", column: str = "", **facts: object) -> None:
        """Record one refused row of the input."""
        RowError.objects.create(batch=self.batch, code=code, line=line, file=file, column=column, facts=facts)


def commit_again(work: Callable[[], Result], held: Held) -> Result:
    """Do ``work`` in a transaction of its own, a few times when others are in its way, while the lock is held."""
    for _ in range(ATTEMPTS_PER_COMMIT - 1):
        try:
            with transaction.atomic():
                return work()
        except (IntegrityError, OperationalError):
            if held.is_lost:
                raise
    with transaction.atomic():
        return work()


def show_progress(batch_id: int, step: str, done: int, total: int | None, *, now: datetime) -> None:
    """Write how far a batch is; ``step_at`` stays while the step is the same, so that its pace can be told."""
    since = Case(When(step=step, then=Coalesce("step_at", Value(now))), default=Value(now))
    with hurried_transaction():
        Batch.objects.filter(pk=batch_id).update(step=step, step_at=since, done=done, total=total, heartbeat_at=now)


def run_batch(batch_id: int) -> Status | None:
    """Run a queued or abandoned batch once; its status afterwards.

    None when there is nothing to do, when somebody else runs it, or when the database was lost: then the row still says
    RUNNING, nobody holds the lock, and the re-ringer sends it to a worker again.
    """
    with advisory_lock(LOCK, batch_id) as held:
        batch = claim(batch_id, timezone.now()) if held else None
        if held is None or batch is None:
            return None
        if batch.status == Status.RUNNING:
            try:
                status, counts, error = outcome_of(Run(batch, held))
            except NotYet as reason:
                return put_back(batch, str(reason))
            if held.is_lost:
                log.warning("batch %s lost its connection and waits to be run again", batch_id)
                return None
            finish(batch, status=status, counts=counts, error=error, now=timezone.now())
        return Status(batch.status)


def claim(batch_id: int, now: datetime) -> Batch | None:
    """Take the batch, whose lock the caller holds; None when it is final or parked.

    One that was told to stop or is out of attempts is finished at once; otherwise it is RUNNING.
    """
    with transaction.atomic():
        batch = Batch.objects.select_for_update().filter(pk=batch_id, status__in=LIVE).first()
        if batch is None:
            return None
        if batch.stop_wanted:
            finish(batch, status=Status.STOPPED, counts=batch.counts, error=STOPPED, now=now)
            return batch
        if batch.attempts >= kind_of(batch.kind).retries:
            sentence = "Pekerjaan ini berkali-kali terputus. Hubungi Pusdatin."
            finish(batch, status=Status.FAILED, counts=batch.counts, error=sentence, now=now)
            return batch
        batch.attempts += 1
        batch.status, batch.started_at, batch.heartbeat_at = Status.RUNNING, batch.started_at or now, now
        batch.save(update_fields=["attempts", "status", "started_at", "heartbeat_at"])
        return batch


def outcome_of(run: Run) -> tuple[Status, dict[str, object], str]:
    """Call the handler and turn whatever happens into (status, counts, sentence)."""
    batch = run.batch
    try:
        return Status.DONE, kind_of(batch.kind).handler(run), ""
    except Refused as reason:
        return Status.REFUSED, {}, str(reason)
    except Parked as reason:
        return Status.PARKED, {}, str(reason)
    except Stopped:
        return Status.STOPPED, {}, STOPPED
    except (NotYet, SoftTimeLimitExceeded):
        # A task may take only so long: the next one goes on, as often as the kind may be tried.
        raise
    except Exception as problem:
        if is_shut(problem):
            raise NotYet(SHUT) from problem
        log.exception("batch %s (%s) failed", batch.pk, batch.kind, exc_info=problem)
        return Status.FAILED, {}, "Terjadi kesalahan di sistem. Tim teknis sudah diberi tahu; coba jalankan lagi."


def finish(batch: Batch, *, status: Status, counts: dict[str, object], error: str, now: datetime) -> None:
    batch.status, batch.counts, batch.error, batch.finished_at = status, counts or batch.counts, error, now
    batch.save(update_fields=["status", "counts", "error", "finished_at"])


def put_back(batch: Batch, waiting_for: str) -> Status:
    """Queue a batch that has to wait for another one; its attempt does not count, nor does the time."""
    attempts = batch.attempts - 1
    Batch.objects.filter(pk=batch.pk, status=Status.RUNNING).update(
        status=Status.QUEUED,
        attempts=attempts,
        started_at=batch.started_at if attempts else None,
        step=waiting_for[:120],
    )
    return Status.QUEUED


def is_abandoned(batch: Batch) -> bool:
    """RUNNING by its row, while nobody holds its lock: the worker died."""
    return batch.status == Status.RUNNING and not is_locked(LOCK, batch.pk)
