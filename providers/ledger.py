"""What the ledger's pages show: how far each file is, who keeps us waiting, how well each provider answers.

Figures come from the counts kept with each exchange; no page counts lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q

from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.models import Batch
from vervalponsel.kit.figures import Bar, bars

from .choices import INJECT_OUTCOMES, MATCH_OUTCOMES, ExchangeStatus, Outcome, Purpose
from .intake import KINDS
from .models import Exchange, ExchangeLine, Provider
from .policies import TONES

LATE_AFTER = timedelta(hours=24)
GOOD = (Outcome.ACTIVE, Outcome.POSTPAID, Outcome.SUCCEEDED)


@dataclass(frozen=True, slots=True)
class Standing:
    """An exchange as the list shows it. ``waiting`` is how long answers have been missing, None when none are."""

    exchange: Exchange
    tone: str
    answered: int
    missing: int
    contradicted: int
    waiting: timedelta | None

    @property
    def is_late(self) -> bool:
        return self.waiting is not None and self.waiting > LATE_AFTER

    @property
    def waiting_seconds(self) -> float | None:
        return self.waiting.total_seconds() if self.waiting is not None else None


def standing(exchange: Exchange, now: datetime) -> Standing:
    """How far an exchange is, from the counts kept with it."""
    counts = exchange.counts
    is_open = exchange.status in (ExchangeStatus.PREPARED, ExchangeStatus.OFFERED, ExchangeStatus.RECEIPTED)
    answered = sum(int(counts.get(name, 0)) for name in (*MATCH_OUTCOMES, *INJECT_OUTCOMES))
    since = exchange.prepared_at if is_open else None
    return Standing(
        exchange=exchange,
        tone=TONES[ExchangeStatus(exchange.status)],
        answered=answered,
        missing=int(counts.get("unanswered", exchange.rows - answered)) if is_open else 0,
        contradicted=int(counts.get("contradicted", 0)),
        waiting=now - since if since else None,
    )


def outcome_bars(exchange: Exchange) -> list[Bar]:
    """The lines by outcome; the contradicted and stale ones are told beside."""
    outcomes = MATCH_OUTCOMES if exchange.purpose == Purpose.MATCH else INJECT_OUTCOMES
    rows: list[tuple[Any, ...]] = [
        (outcome.label, exchange.counts.get(outcome.value, 0), "", "ok" if outcome in GOOD else "fix")
        for outcome in outcomes
    ]
    rows.append(
        ("Belum dijawab", exchange.counts.get("unanswered", 0 if exchange.counts else exchange.rows), "", "wait")
    )
    return bars([*rows, ("Tanpa jawaban", exchange.counts.get("withdrawn", 0))])


def steps_of(exchange: Exchange) -> list[dict[str, Any]]:
    """The way of the file, for the steps of the page."""
    way = (
        ("Disiapkan", exchange.prepared_at),
        ("Ditawarkan", exchange.offered_at),
        ("Diterima provider", exchange.receipted_at),
        ("Terjawab", exchange.answered_at),
    )
    done = [bool(at) for _, at in way]
    now = done.index(False) if False in done and exchange.status != ExchangeStatus.CLOSED else -1
    return [
        {"name": name, "at": at, "state": "done" if at else "now" if place == now else "todo"}
        for place, (name, at) in enumerate(way)
    ]


def answer_files(exchange: Exchange) -> list[Batch]:
    """The files that were handed in for the exchange, newest first."""
    kind = KINDS[Purpose(exchange.purpose)]
    return list(Batch.objects.filter(kind=kind, params__exchange=exchange.pk).newest_first()[:50])


def contradictions(exchange: Exchange) -> Any:
    """Lines for a person to look at: answered in different ways, alone or beside another line of the same number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number FROM providers_exchangeline WHERE exchange_id = %s AND outcome <> ''"
            " GROUP BY number HAVING count(DISTINCT outcome) > 1 LIMIT 5000",
            [exchange.pk],
        )
        torn = [row[0] for row in cursor.fetchall()]
    lines = ExchangeLine.objects.filter(exchange=exchange).filter(Q(is_contradicted=True) | Q(number__in=torn))
    return lines.prefetch_related("answers").order_by("number", "line_no")


@dataclass
class Score:
    """How a provider answers, over its last files."""

    provider: Provider
    files: int = 0
    asked: int = 0
    answered: int = 0
    active: int = 0
    contradicted: int = 0
    injected: int = 0
    failed: int = 0
    hours: list[float] = field(default_factory=list)

    @property
    def typical_seconds(self) -> float | None:
        """Median time from preparing to the last answer."""
        return sorted(self.hours)[len(self.hours) // 2] * 3600 if self.hours else None


def scores(exchanges: Iterable[Exchange]) -> list[Score]:
    """A score card for every provider, also for one that has no file yet."""
    cards = {provider.pk: Score(provider) for provider in Provider.objects.order_by("name")}
    for exchange in exchanges:
        _add(cards[exchange.provider_id], exchange)
    return list(cards.values())


def _add(card: Score, exchange: Exchange) -> None:
    counts: dict[str, int] = defaultdict(int, exchange.counts)
    card.files += 1
    card.contradicted += counts["contradicted"]
    if exchange.purpose == Purpose.MATCH:
        card.asked += exchange.rows
        card.answered += sum(counts[outcome] for outcome in MATCH_OUTCOMES)
        card.active += counts[Outcome.ACTIVE] + counts[Outcome.POSTPAID]
    else:
        card.injected += counts[Outcome.SUCCEEDED]
        card.failed += counts[Outcome.FAILED] + counts[Outcome.REVERSED]
    if exchange.answered_at and exchange.prepared_at:
        card.hours.append((exchange.answered_at - exchange.prepared_at).total_seconds() / 3600)


def waiting_longest(actor: Actor, now: datetime) -> list[Standing]:
    """The chase list: open files, the oldest first."""
    found = Exchange.objects.visible_to(actor).unanswered().select_related("provider", "period")
    return [standing(exchange, now) for exchange in found.order_by("prepared_at", "id")[:100]]
