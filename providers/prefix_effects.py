"""What a change of the prefix table would bring about, before it is made: how many numbers, from which day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from .models import Entitlement, PhoneRecord, Prefix
from .prefixes import differing, ranges_of
from .reading import Code, PrefixTable, read_number

MOST_COUNTED = 100_000
"""Nobody waits for an exact number of millions: beyond it a figure says "more than"."""
MOST_READ = 20_000


@dataclass(frozen=True, slots=True)
class Figure:
    """A count that may have been cut short."""

    n: int
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens on a day: numbers with a provider, those in a live statement, and those that become readable."""

    day: date
    is_today: bool
    prefixes: list[int]
    numbers: Figure
    locked: Figure
    readable: Figure


def effects_of(prefix: Prefix, *, today: date) -> list[Effect]:
    """The days from today on which the row as it would be makes a difference to the row as it is stored."""
    others = ranges_of(Prefix.objects.exclude(pk=prefix.pk))
    old = ranges_of(Prefix.objects.filter(pk=prefix.pk)) if prefix.pk else []
    new = ranges_of([prefix])
    ends = {end for held in (*old, *new) for end in (held.valid_from, held.valid_to) if end and end > today}
    known: list[int] = []
    found = []
    for day in sorted({today} | ends):
        after = PrefixTable.on(day, [*others, *new])
        concerned = differing(PrefixTable.on(day, [*others, *old]), after)
        if concerned and concerned != known:
            found.append(_effect(day, concerned, after, is_today=day == today))
        known = concerned
    return found


def _effect(day: date, prefixes: list[int], after: PrefixTable, *, is_today: bool) -> Effect:
    begins = Q()
    for prefix in prefixes:
        begins |= Q(number__gte=f"+62{prefix}", number__lt=f"+62{prefix + 1}")
    records = PhoneRecord.objects.filter(begins).exclude(number="")
    claimed = Exists(Entitlement.objects.live().filter(record=OuterRef("pk")))
    owned = [prefix for prefix in prefixes if prefix in after.owners]
    return Effect(
        day, is_today, prefixes, _counted(records), _counted(records.filter(claimed)), _readable(owned, after)
    )


def _counted(records: QuerySet[PhoneRecord]) -> Figure:
    n = records.order_by()[: MOST_COUNTED + 1].count()
    return Figure(min(n, MOST_COUNTED), n > MOST_COUNTED)


def _readable(owned: list[int], after: PrefixTable) -> Figure:
    """Numbers that were nobody's: what was typed is read with the table as it would be."""
    if not owned:
        return Figure(0)
    unowned = PhoneRecord.objects.filter(state="MALFORMED", code=Code.NO_PROVIDER).order_by("id")
    typed = list(unowned.values_list("typed", flat=True)[: MOST_READ + 1])
    wanted = PrefixTable({prefix: after.owners[prefix] for prefix in owned})
    return Figure(sum(read_number(text, wanted).code is None for text in typed[:MOST_READ]), len(typed) > MOST_READ)
