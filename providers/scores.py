"""Score cards: how each provider answers, from the counts kept with its files; no line is counted here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from vervalponsel.batches.models import Batch

from .choices import ExchangeStatus, Outcome, Purpose
from .intake import KINDS
from .ledger import OPEN, answered_in
from .models import Exchange, Provider

LAST_FILES = 2000
TROUBLES = ("held", "unknown_line", "number_not_sent", "bad")
"""Counts of a file of answers whose rows could not be used."""


@dataclass
class Score:
    """How a provider answers, over some of its files. Every figure is a number of lines or files."""

    provider: Provider
    files: int = 0
    open_files: int = 0
    asked: int = 0
    answered: int = 0
    active: int = 0
    contradicted: int = 0
    ordered: int = 0
    injected: int = 0
    failed: int = 0
    reversed: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    @property
    def lines(self) -> int:
        """Of questions and orders together."""
        return self.asked + self.ordered

    @property
    def told(self) -> int:
        """Lines with an answer or a report."""
        return self.answered + self.reported

    @property
    def unanswered(self) -> int:
        return self.lines - self.told

    @property
    def reported(self) -> int:
        return self.injected + self.failed + self.reversed

    @property
    def unknown_words(self) -> int:
        return self.troubles["held"]

    @property
    def unknown_lines(self) -> int:
        """Rows that spoke of no line or number of the file, or could not be read."""
        return self.troubles["unknown_line"] + self.troubles["number_not_sent"] + self.troubles["bad"]

    @property
    def trouble(self) -> int:
        """Rows of answers that could not be used as they came."""
        return self.unknown_words + self.unknown_lines

    @property
    def typical_seconds(self) -> float | None:
        """Median time from preparing to the last answer."""
        return sorted(self.seconds)[len(self.seconds) // 2] if self.seconds else None

    @property
    def longest_seconds(self) -> float | None:
        return max(self.seconds, default=None)


def scores(exchanges: Iterable[Exchange]) -> list[Score]:
    """A score card for every provider, also for one that has no file yet."""
    listed = list(exchanges)
    cards = {provider.pk: Score(provider) for provider in Provider.objects.order_by("name")}
    for exchange in listed:
        _add(cards[exchange.provider_id], exchange)
    for code, counts in _told([exchange.pk for exchange in listed]):
        cards[code].troubles.update({name: int(counts.get(name, 0)) for name in TROUBLES})
    return list(cards.values())


def _told(exchanges: list[int]) -> Iterable[tuple[str, dict[str, int]]]:
    """(provider, counts) of the files that answer those exchanges; one that was read again is not counted twice."""
    files = Batch.objects.filter(kind__in=KINDS.values(), params__exchange__in=exchanges)
    return files.exclude(params__has_key="again_of").values_list("params__provider", "counts")


def _add(card: Score, exchange: Exchange) -> None:
    counts = Counter({name: int(n) for name, n in exchange.counts.items()})
    card.files += 1
    card.open_files += exchange.status in OPEN
    card.contradicted += counts["contradicted"]
    # A number that was corrected meanwhile is nobody's debt; what was closed without an answer is the provider's.
    asked = exchange.rows - (0 if exchange.status == ExchangeStatus.CLOSED else counts["withdrawn"])
    if exchange.purpose == Purpose.MATCH:
        card.asked += asked
        card.answered += answered_in(exchange)
        card.active += counts[Outcome.ACTIVE] + counts[Outcome.POSTPAID]
    else:
        card.ordered += asked
        card.injected += counts[Outcome.SUCCEEDED]
        card.failed += counts[Outcome.FAILED]
        card.reversed += counts[Outcome.REVERSED]
    if exchange.answered_at and exchange.prepared_at:
        card.seconds.append((exchange.answered_at - exchange.prepared_at).total_seconds())
