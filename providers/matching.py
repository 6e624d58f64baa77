"""Asking providers: who is due is frozen part by part by any number of workers, published whole, and then marked.

Between publishing and marking a number is asked, but its record does not say so yet: the line is what counts, and
nobody is asked twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from schools.models import Period
from vervalponsel.batches.choices import ChunkStatus
from vervalponsel.batches.chunks import ChunksFailed, ChunkWork, plan, work_through
from vervalponsel.batches.models import Batch, Chunk
from vervalponsel.batches.runner import Refused, Run
from vervalponsel.kit.db import shared_lock
from vervalponsel.kit.sqlfiles import run_step

from .choices import ExchangeStatus, Purpose
from .files import publish, write_part
from .intake import settle
from .models import Exchange, ExchangeLine, Provider
from .querysets import LINES_AT_MOST, keys_of

KIND = "dump"
FREEZE, MARK = "freeze", "mark"


def prepare(run: Run) -> dict[str, object]:
    """Handler of a dump. Cut off anywhere, it goes on from there.

    An exchange of which a part could not be frozen stays unpublished until a person has it tried again.
    """
    period = Period.objects.current().first()
    if period is None:
        raise Refused("Belum ada periode yang sedang disiapkan, jadi belum ada yang dapat ditanyakan.")
    for provider in Provider.objects.filter(is_active=True).order_by("code"):
        plan_freezing(run, provider, period)
    failed = _frozen(run)
    published = publish_whole(run)
    for exchange in published:
        plan_marking(run, exchange)
    work_through(run, MARK, "Menandai nomor yang sedang dicek")
    settle_withdrawn(now=run.now())
    if failed:
        raise failed
    counts: dict[str, object] = {exchange.provider_id: exchange.rows for exchange in published}
    return counts | {"rows": sum(exchange.rows for exchange in published)}


def plan_freezing(run: Run, provider: Provider, period: Period) -> None:
    """Begin the batch's exchange with a provider and plan its parts, behind those that are planned already.

    Each is planned in a commit of its own: other workers take the first ones meanwhile.
    """
    begun = {"period": period, "created_at": run.now()}
    own = {"batch": run.batch, "provider": provider, "purpose": Purpose.MATCH}
    planned = Chunk.objects.filter(batch=run.batch, name=FREEZE)
    begun_before = Exchange.objects.filter(**own).first()
    if begun_before and begun_before.status != ExchangeStatus.PREPARING:
        return
    mine = planned.filter(params__exchange=begun_before.pk if begun_before else None)
    newest = mine.order_by("-number").first()
    most, after = settings.EXCHANGE_LINES_PER_PART, newest.params["last"] if newest else 0
    for number, (first, last, rows) in enumerate(ranges_of(provider, most, after), mine.count()):
        run.progress(f"Merencanakan pertanyaan untuk {provider.name}")
        with transaction.atomic():
            exchange = Exchange.objects.get_or_create(**own, defaults=begun)[0]
            facts = {"exchange": exchange.pk, "provider": provider.pk, "most": most, "before": number * most}
            plan(run, FREEZE, [facts | {"first": first, "last": last, "rows": rows}], first=next_number(planned))


def ranges_of(provider: Provider, most: int, after: int) -> Iterator[tuple[int, int, int]]:
    """(first record, last record, how many due numbers) of each part to be, behind the record ``after``."""
    last: int | None = after
    with connection.cursor() as cursor:
        while last is not None:
            facts = {"provider": provider.pk, "most": most, "after": last}
            run_step(cursor, "providers", "matching/next_range", facts)
            first, last, rows = cursor.fetchone()
            if rows:
                yield first, last, rows


def freeze(work: ChunkWork) -> dict[str, int]:
    """Work on one chunk: the lines of a range of records, and their file."""
    exchange = Exchange.objects.get(pk=work.params["exchange"])
    if exchange.status != ExchangeStatus.PREPARING:
        return {}
    with connection.cursor() as cursor:
        if others_are_out(exchange):
            run_step(cursor, "providers", "matching/10_withdraw", dict(work.params))
        run_step(cursor, "providers", "matching/20_freeze", dict(work.params))
        run_step(cursor, "providers", "matching/30_asked_again", dict(work.params))
    before = work.params["before"]
    part = write_part(exchange, before + 1, before + work.params["most"])
    return {"rows": part.rows} if part else {}


def others_are_out(exchange: Exchange) -> bool:
    """Whether an older dump may have lines that wait for an answer."""
    done = (ExchangeStatus.ANSWERED, ExchangeStatus.CLOSED)
    others = Exchange.objects.filter(purpose=Purpose.MATCH).exclude(batch=exchange.batch_id)
    return others.exclude(status__in=done).exists()


def _frozen(run: Run) -> ChunksFailed | None:
    try:
        work_through(run, FREEZE, "Membekukan nomor")
    except ChunksFailed as reason:
        return reason
    return None


def publish_whole(run: Run) -> list[Exchange]:
    """Publish the batch's exchanges whose parts are all frozen; returns those, and what was published before."""
    open_chunks = Chunk.objects.filter(batch=run.batch, name=FREEZE).exclude(status=ChunkStatus.DONE)
    unfinished = set(open_chunks.values_list("params__exchange", flat=True))
    begun = Exchange.objects.filter(batch=run.batch, purpose=Purpose.MATCH).exclude(pk__in=unfinished).order_by("id")
    return [whole for whole in [publish(exchange, now=run.now()) for exchange in begun] if whole]


def plan_marking(run: Run, exchange: Exchange) -> None:
    """Plan a chunk for each part of a published exchange, unless that is done already."""
    planned = Chunk.objects.filter(batch=run.batch, name=MARK)
    if planned.filter(params__exchange=exchange.pk).exists():
        return
    parts = exchange.parts.in_order().values_list("first_line", "last_line", "rows")
    pieces = [{"exchange": exchange.pk, "first": first, "last": last, "rows": rows} for first, last, rows in parts]
    plan(run, MARK, pieces, first=next_number(planned))


def next_number(planned: QuerySet[Chunk]) -> int:
    return (planned.aggregate(last=Max("number"))["last"] or 0) + 1


def mark(work: ChunkWork) -> dict[str, int]:
    """Work on one chunk: the records of a published part show that they are being asked."""
    # Who ends the waiting of an exchange holds this lock alone: nothing may be marked after that.
    shared_lock("intake", work.params["exchange"])
    first, last = keys_of(work.params["exchange"], work.params["first"], work.params["last"])
    lines = {"exchange": work.params["exchange"], "first_key": first, "last_key": last}
    with connection.cursor() as cursor:
        run_step(cursor, "providers", "matching/40_hold", lines)
        return {"marked": run_step(cursor, "providers", "matching/50_mark", lines)}


def settle_withdrawn(*, now: datetime) -> None:
    """End the waiting for dumps whose last unanswered numbers were corrected: nobody owes an answer to them."""
    waiting = Exchange.objects.unanswered().filter(purpose=Purpose.MATCH)
    first, last = OuterRef("pk") * LINES_AT_MOST, (OuterRef("pk") + 1) * LINES_AT_MOST
    live = ExchangeLine.objects.filter(pk__gt=first, pk__lt=last, live=True)
    for exchange in waiting.filter(~Exists(live)).order_by("id"):
        settle(exchange, now=now)


def is_at_it() -> bool:
    """Whether a dump waits or runs."""
    return Batch.objects.live().filter(kind=KIND).exists()


def due_providers() -> list[str]:
    """Codes of the providers that have something to be asked."""
    with connection.cursor() as cursor:
        run_step(cursor, "providers", "matching/is_due")
        return [row[0] for row in cursor.fetchall()]


def want_old_again(*, now: datetime, most: int = 100_000) -> int:
    """Mark answers that are too old, or were grace, to be asked again; returns how many."""
    period = Period.objects.current().first()
    if period is None:
        return 0
    params = {
        "now": now,
        "too_old": now - timedelta(days=period.answer_valid_days),
        "grace_old": now - timedelta(hours=settings.GRACE_ASKED_AGAIN_HOURS),
        "most": most,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        return run_step(cursor, "providers", "matching/want_old_again", params)
