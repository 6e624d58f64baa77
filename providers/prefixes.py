"""The prefix table as Pusdatin keeps it in the database, and what a change of it concerns."""

from collections.abc import Iterable
from datetime import date, timedelta

from .models import Prefix
from .reading import PrefixRange, PrefixTable


def table_on(day: date) -> PrefixTable:
    """Whose prefix is whose on ``day``; an empty database knows nobody's."""
    return PrefixTable.on(day, ranges_of(Prefix.objects.valid_on(day)))


def ranges_of(prefixes: Iterable[Prefix]) -> list[PrefixRange]:
    """The rows as the pure reading knows them."""
    return [PrefixRange(p.provider_id, p.first, p.last, p.valid_from, p.valid_to) for p in prefixes]


def owners_since(day: date) -> list[int]:
    """Prefixes that have another owner on ``day`` than the day before."""
    return differing(table_on(day - timedelta(days=1)), table_on(day))


def differing(before: PrefixTable, after: PrefixTable) -> list[int]:
    """Prefixes whose owner is not the same in both tables."""
    known = before.owners.keys() | after.owners.keys()
    return sorted(prefix for prefix in known if before.owners.get(prefix) != after.owners.get(prefix))
