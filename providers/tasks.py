from celery import shared_task
from django.utils import timezone

from .sharing import recount_requested


@shared_task
def recount_sharing() -> int:
    """Count the sharers of requested numbers again; two at once wait for each other."""
    return recount_requested(now=timezone.now())
