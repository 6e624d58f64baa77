from celery import shared_task
from django.utils import timezone

from .cutoff.keeping import forget_old
from .tallies import fold


@shared_task
def fold_tallies() -> int:
    """Sum the appended figures; -1 says that another fold was at it."""
    return fold()


@shared_task
def forget_old_cutoffs() -> int:
    """Delete bundles whose time is over."""
    return forget_old(now=timezone.now())
