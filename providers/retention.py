"""Exchanged files are kept for a stated time after they are done with; ledger rows and digests stay for good."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.batches.choices import FINAL
from vervalponsel.batches.models import Batch

from .choices import ExchangeStatus
from .intake import KINDS
from .models import Exchange, ExchangePart

DONE = (ExchangeStatus.ANSWERED, ExchangeStatus.CLOSED)
MOST = 1000


def remove_old_files(*, by: Actor, now: datetime) -> int:
    """Remove parts of exchanges and files of answers that were done with too long ago; returns how many."""
    before = now - timedelta(days=settings.EXCHANGED_FILES_KEPT_DAYS)
    done = Exchange.objects.filter(status__in=DONE, prepared_at__lt=before).exclude(answered_at__gte=before)
    parts = ExchangePart.objects.filter(exchange__in=done.exclude(closed_at__gte=before)).exclude(file="")
    told = Batch.objects.filter(kind__in=KINDS.values(), status__in=FINAL, finished_at__lt=before).exclude(file="")
    found = [*parts.order_by("id")[:MOST], *told.order_by("id")[:MOST]]
    for row in found:
        _remove(row, by=by, now=now)
    return len(found)


def _remove(row: ExchangePart | Batch, *, by: Actor, now: datetime) -> None:
    """First the name, then the bytes: a run that is cut off leaves bytes without a name, never the other way."""
    name = row.file.name
    with transaction.atomic():
        row.file.name = ""
        row.save(update_fields=["file"])
        record(by=by, action="file.removed", target=row, now=now, before={"sha256": row.sha256})
    default_storage.delete(name)
