"""Numbers that a provider answered in different ways: a person sees every answer and decides what becomes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max, QuerySet

from vervalponsel.accounts.actor import Actor
from vervalponsel.kit.paging import Slice

from .choices import Purpose
from .models import Exchange, ExchangeLine, Provider


@dataclass(frozen=True, slots=True)
class Contested:
    """One number with the lines in which it was asked or filled; the newest answer first."""

    number: str
    purpose: Purpose
    provider: Provider
    lines: list[ExchangeLine]

    @property
    def anchor(self) -> ExchangeLine:
        """The line that stands for the number in forms: an address must not name the number."""
        return self.lines[0]


def to_review(actor: Actor, exchange: Exchange | None = None) -> QuerySet[ExchangeLine]:
    """Lines that wait for a person's eye: of one exchange or of all."""
    lines = ExchangeLine.objects.visible_to(actor).to_review()
    return lines.filter(exchange=exchange) if exchange else lines


def contested_numbers(lines: QuerySet[ExchangeLine]) -> QuerySet:
    """Provider, purpose and number of the given lines, the latest answered first."""
    groups = ExchangeLine.objects.filter(pk__in=lines.values("pk"))
    named = groups.values("exchange__provider_id", "purpose", "number").annotate(last=Max("outcome_at"))
    return named.order_by("-last", "number", "purpose")


def contested_of(page: Slice) -> list[Contested]:
    """The numbers of a page with all their contradicted lines, of other exchanges too, decided about or not."""
    found = lines_of([row["number"] for row in page])
    providers = Provider.objects.in_bulk()
    keys = [(row["exchange__provider_id"], row["purpose"], row["number"]) for row in page]
    return [
        Contested(number, Purpose(purpose), providers[code], found[code, purpose, number])
        for code, purpose, number in keys
    ]


def lines_of(numbers: Iterable[str]) -> dict[tuple[str, str, str], list[ExchangeLine]]:
    """Contradicted lines by provider, purpose and number, the latest first."""
    lines = ExchangeLine.objects.filter(is_contradicted=True, number__in=list(numbers))
    found: dict[tuple[str, str, str], list[ExchangeLine]] = defaultdict(list)
    for line in lines.select_related("exchange").prefetch_related("answers").order_by("-outcome_at", "-id"):
        found[line.exchange.provider_id, line.purpose, line.number].append(line)
    return found
