"""Asking providers: who is due is frozen into one dump per provider, piece by piece, and published."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from schools.models import Period
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import Refused, Run
from vervalponsel.kit.db import transaction_lock
from vervalponsel.kit.sqlfiles import run_step

from .choices import ExchangeStatus, Purpose
from .files import publish
from .intake import settle
from .models import Exchange, ExchangeLine, Provider

KIND = "dump"
LINES_PER_FILE = 1_000_000
LINES_PER_COMMIT = 50_000


def prepare(run: Run) -> dict[str, object]:
    """Handler of a dump: for each provider the lines, then the file. Cut off anywhere, it goes on from there."""
    period = Period.objects.current().first()
    if period is None:
        raise Refused("Belum ada periode yang sedang disiapkan, jadi belum ada yang dapat ditanyakan.")
    counts: dict[str, object] = {}
    for provider in Provider.objects.filter(is_active=True).order_by("code"):
        exchange = exchange_for(run.batch, provider, period, run.now())
        for done in freeze(exchange):
            run.progress(f"Dump {provider.name}", done)
        if rows := finished(exchange, now=run.now()):
            counts[provider.code] = rows
    settle_withdrawn(now=run.now())
    counts["rows"] = sum(int(str(n)) for n in counts.values())
    return counts


def exchange_for(batch: Batch, provider: Provider, period: Period, now: datetime) -> Exchange:
    """The batch's exchange with a provider, begun or as it was left."""
    begun = {"period": period, "created_at": now}
    return Exchange.objects.get_or_create(batch=batch, provider=provider, purpose=Purpose.MATCH, defaults=begun)[0]


def freeze(exchange: Exchange) -> Iterator[int]:
    """Freeze piece by piece, one commit each; yields the lines so far. A published exchange gets no more."""
    done = ExchangeLine.objects.filter(exchange=exchange).count()
    while exchange.status == ExchangeStatus.PREPARING and done < LINES_PER_FILE:
        fresh = _freeze_piece(exchange, done)
        done += fresh
        yield done
        if not fresh:
            return


@transaction.atomic
def _freeze_piece(exchange: Exchange, before: int) -> int:
    # Two dumps at once must not both find the same record unasked.
    transaction_lock(f"dump {exchange.provider_id}")
    params = {"provider": exchange.provider_id, "exchange": exchange.pk, "before": before, "most": LINES_PER_COMMIT}
    with connection.cursor() as cursor:
        if not before:
            run_step(cursor, "providers", "matching/withdraw", params)
        return run_step(cursor, "providers", "matching/freeze", params)


def finished(exchange: Exchange, *, now: datetime) -> int:
    """Publish the frozen lines, or forget an exchange that has none; returns its rows."""
    if exchange.status != ExchangeStatus.PREPARING:
        return exchange.rows
    if not ExchangeLine.objects.filter(exchange=exchange).exists():
        exchange.delete()
        return 0
    return publish(exchange, now=now).rows


def settle_withdrawn(*, now: datetime) -> None:
    """End the waiting for dumps whose last unanswered numbers were corrected: nobody owes an answer to them."""
    waiting = Exchange.objects.unanswered().filter(purpose=Purpose.MATCH)
    live = ExchangeLine.objects.filter(exchange=OuterRef("pk"), live=True)
    for exchange in waiting.filter(~Exists(live)).order_by("id"):
        settle(exchange, now=now)


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
