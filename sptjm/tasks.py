"""What a worker runs: handlers of this app's kinds of batches."""

from functools import partial
from typing import Any

from django.utils import timezone

from providers import injection
from providers.sharing import recount_requested
from schools.models import Window
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.models import Assignment
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import Refused, Run

from .actions.releasing import order_ready
from .choices import StatementStatus
from .models import Statement


def run_print(run: Run) -> dict[str, Any]:
    """Handler of the kind ``print-statement``: draw the paper and keep it. Drawn again it is the same."""
    # The printing libraries take seconds to load, which only the worker that prints should pay.
    from .printing.run import draw_statement, keep

    statement = Statement.objects.select_related("school", "period").get(pk=run.batch.params["statement"])
    if statement.status == StatementStatus.VOIDED:
        raise Refused("SPTJM ini sudah dibatalkan, jadi tidak dicetak.")
    run.progress("Menyusun surat dan lampiran", 0, statement.people)
    pdf, pages = draw_statement(statement)
    keep(statement, pdf=pdf, pages=pages, now=timezone.now())
    return {"pages": pages, "rows": statement.people, "bytes": len(pdf)}


def run_release(run: Run) -> dict[str, Any]:
    """Handler of the kind ``release``: order what is ready, then offer the files to the providers."""
    by, now = actor_of(run.batch), timezone.now()
    window = Window.objects.select_related("period").get(pk=run.batch.params["window"])
    run.progress("Menyusun perintah pengisian")
    recount_requested(now=now)
    counts = run.commit(partial(order_ready, by=by, window=window, batch=run.batch, now=now))
    run.progress("Menawarkan berkas kepada provider")
    offered = injection.offer(batch=run.batch, by=by, now=now)
    return counts | {"offered": offered}


def actor_of(batch: Batch) -> Actor:
    """The person who handed the batch in, in the assignment they had then."""
    assignment = Assignment.objects.filter(pk=batch.params.get("assignment")).first()
    return Actor(user=batch.created_by, assignment=assignment, name=batch.actor_name)
