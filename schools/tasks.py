from celery import shared_task
from django.utils import timezone

from .cutoff import indexes
from .cutoff.inbox import forget_taken, look_into_inbox
from .cutoff.keeping import forget_old
from .tallies import fold


@shared_task
def fold_tallies() -> int:
    """Sum the appended figures; -1 says that another fold was at it."""
    return fold()


@shared_task
def forget_old_cutoffs() -> int:
    """Delete bundles whose time is over, those of the watched folder too."""
    forget_taken(now=timezone.now())
    return forget_old(now=timezone.now())


@shared_task
def watch_inbox() -> int:
    """Take what lies in the watched folder; -1 says that another look was at it."""
    return look_into_inbox(now=timezone.now())


@shared_task
def put_back_indexes() -> int:
    """Build the indexes that a killed first load left put away; -1 says that a cut-off is at it."""
    return indexes.put_back_when_free()
