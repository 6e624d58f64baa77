"""What a worker runs: handlers of this app's kinds of batches."""

from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from providers import injection
from providers.sharing import recount_requested
from schools.models import Window
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.models import Assignment
from vervalponsel.batches.chunks import ChunksFailed, ChunkWork, plan, results, work_through
from vervalponsel.batches.models import Batch, Chunk
from vervalponsel.batches.runner import Refused, Run, Stopped

from .actions.releasing import ORDER, approved_in, note_release, order_piece
from .choices import StatementStatus
from .models import Statement

COUNTED = (*injection.VERDICTS, "own_approved", "dropped", "statements")


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
    """Handler of the kind ``release``: order what is ready piece by piece, then offer the files to the providers.

    Stopped, or with a piece set aside, what was ordered goes out all the same; the rest stays approved.
    """
    by, now, window = actor_of(run.batch), timezone.now(), window_of(run.batch)
    _plan(run, window)
    left_behind = _order(run)
    offered = injection.offer(batch=run.batch, by=by, now=now)
    if left_behind:
        raise left_behind
    counts = dict.fromkeys(COUNTED, 0) | results(run.batch, ORDER) | {"offered": offered}
    run.commit(partial(note_release, by=by, window=window, batch=run.batch, counts=counts, now=now))
    return counts


def _plan(run: Run, window: Window) -> None:
    """Plan the pieces, unless that is done already."""
    run.progress("Menyusun perintah pengisian")
    if Chunk.objects.filter(batch=run.batch, name=ORDER).exists():
        return
    recount_requested(now=timezone.now())
    claims = approved_in(window)
    with transaction.atomic():
        pieces = injection.begin(
            batch=run.batch, period=window.period, stage=window.stage, claims=claims, now=timezone.now()
        )
        plan(run, ORDER, pieces)


def _order(run: Run) -> ChunksFailed | Stopped | None:
    try:
        work_through(run, ORDER, "Menyusun perintah pengisian")
    except (ChunksFailed, Stopped) as reason:
        return reason
    return None


def order_chunk(work: ChunkWork) -> dict[str, int]:
    """Work on one chunk of a release."""
    return order_piece(
        by=actor_of(work.batch), window=window_of(work.batch), batch=work.batch, piece=work.params, now=work.now()
    )


def window_of(batch: Batch) -> Window:
    return Window.objects.select_related("period").get(pk=batch.params["window"])


def actor_of(batch: Batch) -> Actor:
    """The person who handed the batch in, in the assignment they had then."""
    assignment = Assignment.objects.filter(pk=batch.params.get("assignment")).first()
    return Actor(user=batch.created_by, assignment=assignment, name=batch.actor_name)
