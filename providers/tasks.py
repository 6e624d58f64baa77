from celery import shared_task
from django.utils import timezone

from vervalponsel.accounts.actor import Actor
from vervalponsel.kit.db import advisory_lock

from .actions import prepare_dump
from .matching import due_providers, is_at_it, want_old_again
from .questions import judge_requested
from .rereading import follow_prefixes as follow
from .retention import remove_old_files
from .sharing import recount_requested

SKIPPED = "skipped: the one before is still at it"


@shared_task
def recount_sharing() -> str:
    """Count the sharers of requested numbers again, and look through the schools whose numbers changed."""
    with advisory_lock("recount sharing") as got:
        return f"{recount_requested(now=timezone.now())} shared, {judge_requested()} in question" if got else SKIPPED


@shared_task
def prepare_dumps() -> str:
    """Hand in a dump when some provider has something to be asked."""
    with advisory_lock("prepare dumps") as got:
        due = due_providers() if got and not is_at_it() else []
        if not due:
            return "nothing to ask" if got else SKIPPED
        batch, created = prepare_dump(by=Actor.system(), now=timezone.now())
        return f"dump {batch.pk}" if created else SKIPPED


@shared_task
def ask_old_again() -> str:
    """Let answers that are too old, and numbers that were in grace, be asked again."""
    with advisory_lock("ask old again") as got:
        return str(want_old_again(now=timezone.now())) if got else SKIPPED


@shared_task
def follow_prefixes() -> str:
    """Have numbers read again whose prefix changed its owner today, and those that are no longer locked."""
    with advisory_lock("follow prefixes") as got:
        return f"{len(follow(by=Actor.system(), now=timezone.now()))} batches" if got else SKIPPED


@shared_task
def remove_exchanged_files() -> str:
    """Remove exchanged files whose time is over."""
    with advisory_lock("remove exchanged files") as got:
        return str(remove_old_files(by=Actor.system(), now=timezone.now())) if got else SKIPPED
