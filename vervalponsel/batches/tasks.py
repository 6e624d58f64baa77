from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import chunks
from .actions import ring, ring_for_help
from .choices import LIVE, Status
from .models import Batch
from .registry import kinds_by_queue
from .runner import is_abandoned, run_batch

RING_AGAIN_AFTER = timedelta(seconds=30)
MOST_RINGS = 100
"""For each queue and round: a crowd that merely waits its turn must not fill the broker with bells."""


@shared_task
def run(batch_id: int) -> str:
    """Run one batch; a second ring for the same one finds nothing to do. What waited for its end is rung."""
    status = run_batch(batch_id)
    if status and status not in LIVE:
        ring_next(batch_id)
    return status or "nothing to do"


def ring_next(batch_id: int) -> Batch | None:
    """Ring the oldest batch that waited for its turn after this one; returns it."""
    kind = Batch.objects.values_list("kind", flat=True).get(pk=batch_id)
    following = Batch.objects.live().in_turn_with(kind).order_by("id").first()
    if following:
        ring(following)
    return following


@shared_task
def help_with(batch_id: int) -> str:
    """Take chunks of a batch that another worker runs, until none is free."""
    return f"{chunks.help_with(batch_id)} chunks"


@shared_task
def ring_again() -> int:
    """Ring once more for what waits too long or was abandoned by a dead worker, the oldest of each queue first."""
    before = timezone.now() - RING_AGAIN_AFTER
    late = Batch.objects.live().filter(created_at__lt=before).order_by("id")
    oldest = [batch for kinds in kinds_by_queue().values() for batch in late.filter(kind__in=kinds)[:MOST_RINGS]]
    lost = [batch for batch in oldest if batch.status == Status.QUEUED or is_abandoned(batch)]
    for batch in lost:
        ring(batch)
    for batch in chunks.short_of_hands(set(oldest) - set(lost)):
        ring_for_help(batch, 1)
    return len(lost)
