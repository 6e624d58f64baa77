"""Sending approved claims to the providers: one stage, one order batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from providers import injection
from providers.choices import BY_PERIOD, USABLE_STATES, Eligibility, Stage
from providers.models import Entitlement
from schools.models import Period, School, Window
from sptjm.choices import StatementStatus
from sptjm.models import Statement
from sptjm.policies import NotAllowed, open_release_windows
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.batches.actions import hand_in
from vervalponsel.batches.models import Batch
from vervalponsel.kit.db import shared_lock
from vervalponsel.kit.sqlfiles import run_step

from .claims import APPROVED, move

RELEASE, ORDER = "release", "order"
"""The kind of batch, and what its chunks are called."""


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


def approved_in(window: Window) -> QuerySet[Entitlement]:
    """The window's approved claims."""
    claims = Entitlement.objects.approved().filter(period=window.period)
    if window.region_prefix:
        claims = claims.filter(school__in=School.objects.in_region(window.region_prefix))
    return claims


def releasable(*, window: Window, by: Actor, now: datetime, claims: QuerySet[Entitlement] | None = None) -> Releasable:
    """Split the window's approved claims, or some of them: ready; approved by the actor; without coverage; too old.

    A claim carried over from the period before has no statement and nobody's approval to keep apart from.
    """
    period, claims = window.period, approved_in(window) if claims is None else claims
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


def order_piece(*, by: Actor, window: Window, batch: Batch, piece: Mapping[str, Any], now: datetime) -> dict[str, int]:
    """Freeze the orders of what is ready in a piece of the window's claims, within the caller's transaction.

    ``piece``: see ``injection.begin``. Counts: those of ``injection.order``, and ``own_approved``, ``dropped``,
    ``statements``. While it runs, statements of the piece wait; who would take back an approval is told so.
    """
    shared_lock(APPROVED, window.period_id)
    with connection.cursor() as cursor:
        bounds = {"period": window.period_id, "first": piece["first"], "last": piece["last"]}
        run_step(cursor, "sptjm", "hold_approved", bounds)
    mine = approved_in(window).filter(pk__range=(piece["first"], piece["last"]))
    counts = {"dropped": drop_unfit(mine, window.period, now=now)}
    found = releasable(window=window, by=by, now=now, claims=mine)
    counts["own_approved"] = found.own.count()
    counts |= injection.order(period=window.period, claims=found.others, piece=piece, by=by, now=now, batch=batch)
    counts["statements"] = _mark_statements(piece, by=by, batch=batch, now=now)
    return counts


@transaction.atomic
def note_release(*, by: Actor, window: Window, batch: Batch, counts: dict[str, Any], now: datetime) -> None:
    """Keep what came of a release; a run that was cut off afterwards notes it once."""
    if Batch.objects.filter(pk=batch.pk, counts={}).update(counts=counts):
        record(by=by, action="release.ordered", target=window, now=now, after=counts, batch_id=batch.pk)


def drop_unfit(approved: QuerySet[Entitlement], period: Period, *, now: datetime) -> int:
    """Approved claims of people who are no recipients any more, or whose number is not usable, fall out."""
    stay = [Eligibility.OK] if period.is_current else [Eligibility.OK, *BY_PERIOD]
    left = approved.exclude(record__eligibility__in=stay)
    unusable = approved.filter(record__eligibility__in=stay).exclude(record__state__in=USABLE_STATES)
    gone = move(left, to=Stage.DROPPED, now=now, code="NOT_ELIGIBLE")
    return gone + move(unusable, to=Stage.DROPPED, now=now, code="NOT_USABLE")


def _mark_statements(piece: Mapping[str, Any], *, by: Actor, batch: Batch, now: datetime) -> int:
    """A statement is released with its first claim; what was left behind follows it later."""
    released = Entitlement.objects.filter(pk__range=(piece["first"], piece["last"]), stage=Stage.RELEASED)
    moved = Statement.objects.approved().filter(
        pk__in=Statement.objects.filter(lines__entitlement__in=released).values("pk")
    )
    return moved.update(status=StatementStatus.RELEASED, released_by=by.user, released_at=now, release_batch=batch)
