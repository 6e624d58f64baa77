from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from .actions import ring
from .choices import Status
from .models import Batch
from .registry import kinds_by_queue
from .runner import is_abandoned, run_batch

RING_AGAIN_AFTER = timedelta(seconds=30)
MOST_RINGS = 100
"""For each queue and round: a crowd that merely waits its turn must not fill the broker with bells."""


@shared_task
def run(batch_id: int) -> str:
    """Run one batch; a second ring for the same one finds nothing to do."""
    return run_batch(batch_id) or "nothing to do"


@shared_task
def ring_again() -> int:
    """Ring once more for what waits too long or was abandoned by a dead worker, the oldest of each queue first."""
    before = timezone.now() - RING_AGAIN_AFTER
    late = Batch.objects.live().filter(created_at__lt=before).order_by("id")
    oldest = [batch for kinds in kinds_by_queue().values() for batch in late.filter(kind__in=kinds)[:MOST_RINGS]]
    lost = [batch for batch in oldest if batch.status == Status.QUEUED or is_abandoned(batch)]
    for batch in lost:
        ring(batch)
    return len(lost)
