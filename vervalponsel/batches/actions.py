"""Handing in, stopping and running again."""

from __future__ import annotations

import hashlib
import logging
from datetime import datetime
from typing import Any

from celery import current_app
from django.core.files.base import File
from django.db import IntegrityError, transaction

from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record

from .choices import ChunkStatus, Status
from .models import Batch, Chunk
from .registry import kind_of

log = logging.getLogger(__name__)

RUN_TASK = "vervalponsel.batches.tasks.run"
HELP_TASK = "vervalponsel.batches.tasks.help_with"


def hand_in(
    *,
    by: Actor,
    kind: str,
    title: str,
    now: datetime,
    scope_code: str = "",
    file: File | None = None,
    params: dict[str, Any] | None = None,
    dedupe_key: str | None = None,
) -> tuple[Batch, bool]:
    """Store a batch (with its file) and ring the doorbell after commit; returns (batch, created).

    The same ``dedupe_key`` again gives the batch that is already there: nothing runs twice.
    """
    if known := batch_of_key(dedupe_key):
        return known, False
    batch = Batch(
        kind=kind_of(kind).name,
        title=title,
        scope_code=scope_code,
        params=params or {},
        dedupe_key=dedupe_key,
        created_by=by.user,
        actor_name=by.label,
        created_at=now,
    )
    if file is not None:
        batch.file_name, batch.sha256 = (file.name or "")[-200:], sha256_of(file)
        batch.file.save(f"{batch.sha256[:16]}", file, save=False)
    try:
        with transaction.atomic():
            batch.save()
            facts = {"kind": kind, "sha256": batch.sha256}
            record(by=by, action="batch.handed_in", target=batch, now=now, after=facts, scope_code=scope_code)
    except IntegrityError:
        if file is not None:
            batch.file.delete(save=False)
        if dedupe_key is None:
            raise
        return Batch.objects.get(dedupe_key=dedupe_key), False
    transaction.on_commit(lambda: ring(batch))
    return batch, True


def batch_of_key(dedupe_key: str | None) -> Batch | None:
    """The batch that was handed in with this key."""
    return Batch.objects.filter(dedupe_key=dedupe_key).first() if dedupe_key else None


def sha256_of(file: File) -> str:
    """Hex digest of a file, read in blocks; leaves it at its start."""
    digest = hashlib.sha256()
    for block in file.chunks():
        digest.update(block)
    file.seek(0)
    return digest.hexdigest()


def ring(batch: Batch) -> None:
    """Ask a worker to look at the batch. A bell that cannot be rung is logged; the re-ringer tries again."""
    _send(RUN_TASK, batch)


def ring_for_help(batch: Batch, helpers: int) -> None:
    """Ask so many further workers to take chunks of a batch that is running; without them it only takes longer."""
    for _ in range(helpers):
        if not _send(HELP_TASK, batch):
            return


def _send(task: str, batch: Batch) -> bool:
    try:
        current_app.send_task(task, [batch.pk], queue=kind_of(batch.kind).queue, retry=False)
    except Exception as problem:  # noqa: BLE001 - whatever the broker says, the row is the truth
        log.warning("doorbell for batch %s not rung: %s", batch.pk, type(problem).__name__)
        return False
    return True


def run_again(*, by: Actor, batch: Batch, now: datetime) -> Batch:
    """Queue a stopped, failed, parked or refused batch again; its failed chunks are free again, what is done stays."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.status in (Status.STOPPED, Status.FAILED, Status.PARKED, Status.REFUSED):
            before = batch.status
            batch.status, batch.attempts, batch.stop_wanted, batch.error = Status.QUEUED, 0, False, ""
            batch.finished_at = None
            batch.save(update_fields=["status", "attempts", "stop_wanted", "error", "finished_at"])
            left = Chunk.objects.filter(batch=batch).exclude(status=ChunkStatus.DONE)
            left.update(status=ChunkStatus.WAITING, attempts=0, error="")
            record(by=by, action="batch.run_again", target=batch, now=now, before={"status": before})
    transaction.on_commit(lambda: ring(batch))
    return batch


def hand_in_again(
    *, by: Actor, batch: Batch, title: str, params: dict[str, Any], dedupe_key: str, now: datetime
) -> tuple[Batch, bool]:
    """Hand the kept file of a batch in once more, with other params; returns (batch, created)."""
    if known := batch_of_key(dedupe_key):
        return known, False
    fresh = Batch(
        kind=batch.kind,
        title=title,
        scope_code=batch.scope_code,
        params=params,
        dedupe_key=dedupe_key,
        file=batch.file.name,
        file_name=batch.file_name,
        sha256=batch.sha256,
        created_by=by.user,
        actor_name=by.label,
        created_at=now,
    )
    try:
        with transaction.atomic():
            fresh.save()
            facts = {"kind": batch.kind, "sha256": batch.sha256, "again": batch.pk}
            record(by=by, action="batch.handed_in", target=fresh, now=now, after=facts, scope_code=batch.scope_code)
    except IntegrityError:
        return Batch.objects.get(dedupe_key=dedupe_key), False
    transaction.on_commit(lambda: ring(fresh))
    return fresh, True


def refuse_parked(*, by: Actor, batch: Batch, sentence: str, now: datetime) -> Batch:
    """End a batch that waited for a person's word."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        if batch.status == Status.PARKED:
            batch.status, batch.error, batch.finished_at = Status.REFUSED, sentence, now
            batch.save(update_fields=["status", "error", "finished_at"])
            record(by=by, action="batch.refused", target=batch, now=now)
    return batch


def ask_to_stop(*, by: Actor, batch: Batch, now: datetime) -> Batch:
    """Wish that a live batch stop at its next commit."""
    with transaction.atomic():
        if Batch.objects.live().filter(pk=batch.pk, stop_wanted=False).update(stop_wanted=True):
            record(by=by, action="batch.stop_wanted", target=batch, now=now)
    batch.refresh_from_db()
    return batch
