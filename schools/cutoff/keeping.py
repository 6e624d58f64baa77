"""How long a bundle is kept: it names children, so it goes once nobody can need it to start a run again."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from vervalponsel.batches.choices import FINAL
from vervalponsel.batches.models import Batch

from .pipeline import KINDS


def forget_old(*, now: datetime) -> int:
    """Delete the files of cut-offs that ended CUTOFF_KEPT_DAYS ago; their receipts stay. Returns how many."""
    before = now - timedelta(days=settings.CUTOFF_KEPT_DAYS)
    ended = (
        Batch.objects.filter(kind__in=KINDS, status__in=FINAL, finished_at__lt=before).exclude(file="").order_by("id")
    )
    # A trial and what it was applied as have one file.
    needed = Batch.objects.filter(kind__in=KINDS).exclude(pk__in=ended.values("pk")).exclude(file="").values("file")
    ended = ended.exclude(file__in=needed)
    for batch in ended:
        batch.file.delete(save=False)
        batch.save(update_fields=["file"])
    return len(ended)
