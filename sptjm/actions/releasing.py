"""Sending approved claims to the providers: one stage, one order batch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from providers import injection
from providers.choices import BY_PERIOD, USABLE_STATES, Eligibility, Stage
from providers.models import Entitlement
from providers.sharing import recount_requested
from schools.models import Period, School, Window
from sptjm.choices import StatementStatus
from sptjm.models import Statement
from sptjm.policies import NotAllowed, open_release_windows
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.batches.actions import hand_in
from vervalponsel.batches.models import Batch
from vervalponsel.kit.db import transaction_lock
from vervalponsel.kit.sqlfiles import run_step

from .claims import APPROVED, move

RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Releasable:
    """The approved claims of a window by what becomes of them now.

    ``own`` and ``others`` are all of them; ``ready``, ``held`` and ``stale`` are all of ``others``.
    """

    own: QuerySet[Entitlement]
    others: QuerySet[Entitlement]
    ready: QuerySet[Entitlement]
    held: QuerySet[Entitlement]
    stale: QuerySet[Entitlement]


def releasable(*, window: Window, by: Actor, now: datetime) -> Releasable:
    """Split the window's approved claims: ready; approved by the actor; without coverage; answers too old.

    A claim carried over from the period before has no statement and nobody's approval to keep apart from.
    """
    period = window.period
    claims = Entitlement.objects.approved().filter(period=period)
    if window.region_prefix:
        claims = claims.filter(school__in=School.objects.in_region(window.region_prefix))
    own = Q(statement_line__statement__approved_by=by.user, statement_line__isnull=False) if by.user else Q(pk__in=[])
    held = Q(school__no_coverage=True) if period.holds_no_coverage else Q(pk__in=[])
    fresh = Q(record__answered_at__gte=now - timedelta(days=period.answer_valid_days))
    mine = claims.filter(own)
    others = claims.exclude(pk__in=mine.values("pk"))
    return Releasable(
        own=mine,
        others=others,
        ready=others.exclude(held).filter(fresh),
        held=others.filter(held),
        stale=others.exclude(held).exclude(fresh),
    )


def hand_in_release(*, by: Actor, window: Window, now: datetime, token: str = "") -> tuple[Batch, bool]:
    """Order the release of a stage; (batch, created). Raises NotAllowed outside the window's time."""
    if window not in open_release_windows(now):
        raise NotAllowed(f"{window.name} tidak sedang dibuka.")
    return hand_in(
        by=by,
        kind=RELEASE,
        title=f"Kirim ke provider: {window.period.name}, {window.name}",
        now=now,
        params={"window": window.pk, "assignment": by.assignment.pk if by.assignment else None},
        dedupe_key=f"{RELEASE}/{window.pk}/{token}" if token else None,
    )


def release(*, by: Actor, window: Window, batch: Batch, now: datetime) -> dict[str, Any]:
    """Count the sharers again where that is due, then ``order_ready``."""
    recount_requested(now=now)
    return order_ready(by=by, window=window, batch=batch, now=now)


@transaction.atomic
def order_ready(*, by: Actor, window: Window, batch: Batch, now: datetime) -> dict[str, Any]:
    """Freeze the orders of all that is ready, and say what is not and why.

    Counts: those of ``injection.order``, and ``own_approved``, ``dropped``, ``statements``. They are kept in the batch
    by the same transaction, so that a run that was cut off afterwards orders nothing twice.
    """
    transaction_lock(APPROVED, window.period_id)
    batch.refresh_from_db(fields=["counts"])
    if batch.counts:
        return dict(batch.counts)
    with connection.cursor() as cursor:
        run_step(cursor, "sptjm", "hold_approved", {"period": window.period_id})
    counts: dict[str, Any] = {"dropped": drop_unfit(window.period, now=now)}
    found = releasable(window=window, by=by, now=now)
    counts["own_approved"] = found.own.count()
    counts |= injection.order(
        period=window.period, stage=window.stage, entitlements=found.others, by=by, now=now, batch=batch
    )
    counts["statements"] = _mark_statements(window.period, by=by, batch=batch, now=now)
    Batch.objects.filter(pk=batch.pk).update(counts=counts)
    record(by=by, action="release.ordered", target=window, now=now, after=counts, batch_id=batch.pk)
    return counts


def drop_unfit(period: Period, *, now: datetime) -> int:
    """Approved claims of people who are no recipients any more, or whose number is not usable, fall out."""
    approved = Entitlement.objects.approved().filter(period=period)
    stay = [Eligibility.OK] if period.is_current else [Eligibility.OK, *BY_PERIOD]
    left = approved.exclude(record__eligibility__in=stay)
    unusable = approved.filter(record__eligibility__in=stay).exclude(record__state__in=USABLE_STATES)
    gone = move(left, to=Stage.DROPPED, now=now, code="NOT_ELIGIBLE")
    return gone + move(unusable, to=Stage.DROPPED, now=now, code="NOT_USABLE")


def _mark_statements(period: Period, *, by: Actor, batch: Batch, now: datetime) -> int:
    """A statement is released with its first claim; what was left behind follows it later."""
    moved = Statement.objects.approved().filter(
        period=period, pk__in=Statement.objects.filter(lines__entitlement__stage=Stage.RELEASED).values("pk")
    )
    return moved.update(status=StatementStatus.RELEASED, released_by=by.user, released_at=now, release_batch=batch)
