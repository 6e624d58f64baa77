"""Ordering quota: approved claims become frozen order lines, piece by piece, and their files are offered."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet

from schools.models import Period
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.batches.models import Batch
from vervalponsel.kit.sqlfiles import run_step

from .choices import ExchangeStatus, Purpose
from .files import publish, write_part
from .models import Entitlement, Exchange

STEPS = ("10_hold", "15_exchanges", "20_judge", "40_lines", "50_claims", "60_ask_again")
VERDICTS = (
    "ordered",
    "asked_again",
    "held_no_coverage",
    "held_shared",
    "held_not_eligible",
    "no_package",
    "waiting_for_report",
    "next_release",
)
_IN_PIECES = (
    "SELECT min(id), max(id), count(*) FROM ("
    "SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS piece FROM ({}) AS claims (id)) AS numbered"
    " GROUP BY piece ORDER BY piece"
)


@transaction.atomic
def begin(*, batch: Batch, period: Period, stage: int, claims: QuerySet[Entitlement], now: datetime) -> list[Any]:
    """Begin the batch's orders, one for each provider of ``claims``; returns the pieces in which they are ordered.

    A piece is what ``order`` takes as ``piece``: claims by their ids, ``first`` to ``last``, at most ``most`` of them;
    the lines of the piece are numbered behind ``before``. Some claims may be added in between, hence ``most``.
    """
    providers = claims.order_by().values_list("provider_id", flat=True).distinct()
    for provider in sorted(providers):
        facts = {"period": period, "stage": stage, "created_at": now}
        Exchange.objects.get_or_create(batch=batch, provider_id=provider, purpose=Purpose.INJECT, defaults=facts)
    most = settings.EXCHANGE_LINES_PER_PART
    return [
        {"first": first, "last": last, "before": number * most, "most": most, "rows": rows}
        for number, (first, last, rows) in enumerate(_in_pieces(claims, most))
    ]


def order(
    *, period: Period, claims: QuerySet[Entitlement], piece: Mapping[str, Any], by: Actor, now: datetime, batch: Batch
) -> dict[str, int]:
    """Order quota for those of the piece's ``claims`` that may have it now: APPROVED → RELEASED, one line each.

    Within the caller's transaction. Returns counts by verdict. What is held stays APPROVED: ``asked_again`` (no fresh,
    usable answer: it is asked by itself), ``held_no_coverage``, ``held_shared``, ``held_not_eligible``, ``no_package``,
    ``waiting_for_report`` (an earlier order of the same person has no report yet) and ``next_release`` (this batch's
    order to that provider is published already, or was not begun).
    """
    params = {"period": period.pk, "batch": batch.pk, "now": now, "before": piece["before"]}
    with connection.cursor() as cursor:
        if not _choose(cursor, claims, piece):
            return dict.fromkeys(VERDICTS, 0)
        for name in STEPS:
            run_step(cursor, "providers", f"injection/{name}", params)
        cursor.execute("SELECT verdict, count(*) FROM order_judged GROUP BY verdict")
        counts = dict.fromkeys(VERDICTS, 0) | dict(cursor.fetchall())
        cursor.execute("DROP TABLE order_chosen, order_judged")
    for exchange in orders_of(batch).filter(status=ExchangeStatus.PREPARING).order_by("id"):
        write_part(exchange, piece["before"] + 1, piece["before"] + piece["most"])
    record(by=by, action="quota.ordered", target=batch, now=now, after=counts, batch_id=batch.pk)
    return counts


def orders_of(batch: Batch) -> QuerySet[Exchange]:
    """The orders of a release."""
    return Exchange.objects.filter(batch=batch, purpose=Purpose.INJECT)


def _in_pieces(claims: QuerySet[Entitlement], most: int) -> list[tuple[int, int, int]]:
    """(first id, last id, how many) of each piece."""
    try:
        ids, params = claims.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_IN_PIECES.format(ids), [most, *params])
        found: list[tuple[int, int, int]] = cursor.fetchall()
    return found


def _choose(cursor: CursorWrapper, claims: QuerySet[Entitlement], piece: Mapping[str, Any]) -> bool:
    """Lay the ids of the piece into a table of this session; False when the queryset can name none."""
    own = claims.filter(pk__range=(piece["first"], piece["last"])).order_by("pk")[: piece["most"]]
    try:
        chosen, params = own.values("pk").query.sql_with_params()
    except EmptyResultSet:
        return False
    cursor.execute("CREATE TEMP TABLE order_chosen (id bigint PRIMARY KEY) ON COMMIT DROP")
    cursor.execute(f"INSERT INTO order_chosen {chosen}", params)
    return True


def offer(*, batch: Batch, by: Actor, now: datetime) -> int:
    """Publish the orders of a release; returns how many it has published, in this attempt or before. Safe to repeat."""
    for exchange in orders_of(batch).filter(status=ExchangeStatus.PREPARING).order_by("id"):
        with transaction.atomic():
            whole = publish(exchange, now=now)
            if whole:
                facts = {"rows": whole.rows, "sha256": whole.sha256}
                record(by=by, action="exchange.prepared", target=whole, now=now, after=facts, batch_id=batch.pk)
    return orders_of(batch).exclude(status=ExchangeStatus.PREPARING).count()
