"""Ordering quota: approved claims become frozen order lines, and their files are offered to the providers."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Max, QuerySet

from schools.models import Period
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.batches.models import Batch
from vervalponsel.kit.db import transaction_lock
from vervalponsel.kit.sqlfiles import run_step

from .choices import ExchangeStatus, Purpose
from .files import publish, write_part
from .models import Entitlement, Exchange, ExchangePart
from .querysets import LINES_AT_MOST

STEPS = ("10_hold", "20_judge", "30_exchanges", "40_lines", "50_claims", "60_ask_again")
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


@transaction.atomic
def order(
    *, period: Period, stage: int, entitlements: QuerySet[Entitlement], by: Actor, now: datetime, batch: Batch
) -> dict[str, int]:
    """Order quota for those of ``entitlements`` that may have it now: APPROVED → RELEASED, one line each.

    Returns counts by verdict. What is held stays APPROVED: ``asked_again`` (no fresh, usable answer: it is asked by
    itself), ``held_no_coverage``, ``held_shared``, ``held_not_eligible``, ``no_package`` ``waiting_for_report``
    (an earlier order of the same person has no report yet) and ``next_release`` (this batch's order to that provider is
    published already). Call ``offer`` after the commit.
    """
    transaction_lock("order", period.pk)
    params = {"period": period.pk, "stage": stage, "batch": batch.pk, "now": now, "most": LINES_AT_MOST}
    with connection.cursor() as cursor:
        if not _choose(cursor, entitlements):
            return dict.fromkeys(VERDICTS, 0)
        for name in STEPS:
            run_step(cursor, "providers", f"injection/{name}", params)
        cursor.execute("SELECT verdict, count(*) FROM order_judged GROUP BY verdict")
        counts = dict.fromkeys(VERDICTS, 0) | dict(cursor.fetchall())
        cursor.execute("DROP TABLE order_chosen, order_judged")
    record(by=by, action="quota.ordered", target=batch, now=now, after=counts, batch_id=batch.pk)
    return counts


def _choose(cursor: object, entitlements: QuerySet[Entitlement]) -> bool:
    """Lay the ids that the queryset names into a table of this session; False when it can name none."""
    try:
        chosen, params = entitlements.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return False
    cursor.execute("CREATE TEMP TABLE order_chosen (id bigint PRIMARY KEY) ON COMMIT DROP")  # type: ignore[attr-defined]
    cursor.execute("INSERT INTO order_chosen " + chosen, params)  # type: ignore[attr-defined]
    return True


def offer(*, batch: Batch, by: Actor, now: datetime) -> int:
    """Publish the orders of a release; returns how many it has published, in this attempt or before. Safe to repeat."""
    orders = Exchange.objects.filter(batch=batch, purpose=Purpose.INJECT)
    for exchange in orders.filter(status=ExchangeStatus.PREPARING).order_by("id"):
        while write_next_part(exchange):
            pass
        with transaction.atomic():
            whole = publish(exchange, now=now)
            if whole:
                facts = {"rows": whole.rows, "sha256": whole.sha256}
                record(by=by, action="exchange.prepared", target=whole, now=now, after=facts, batch_id=batch.pk)
    return orders.exclude(status=ExchangeStatus.PREPARING).count()


@transaction.atomic
def write_next_part(exchange: Exchange) -> ExchangePart | None:
    """Write the part behind the last one that is there; None when all lines lie in parts."""
    last = exchange.parts.aggregate(line=Max("last_line"))["line"] or 0
    return write_part(exchange, last + 1, last + settings.EXCHANGE_LINES_PER_PART)
