from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from .actions import ring
from .choices import Status
from .models import Batch
from .runner import is_abandoned, run_batch

RING_AGAIN_AFTER = timedelta(seconds=30)


@shared_task
def run(batch_id: int) -> str:
    """Run one batch; a second ring for the same one finds nothing to do."""
    return run_batch(batch_id) or "nothing to do"


@shared_task
def ring_again() -> int:
    """Ring once more for what waits too long or was abandoned by a dead worker."""
    before = timezone.now() - RING_AGAIN_AFTER
    late = [b for b in Batch.objects.live().order_by("id") if b.created_at < before]
    lost = [b for b in late if b.status == Status.QUEUED or is_abandoned(b)]
    for batch in lost:
        ring(batch)
    return len(lost)
