"""The prefix table in force on a day, as Pusdatin keeps it in the database."""

from datetime import date

from .models import Prefix
from .reading import PrefixTable


def table_on(day: date) -> PrefixTable:
    """Whose prefix is whose on ``day``; an empty database knows nobody's."""
    ranges = Prefix.objects.valid_on(day).values_list("provider_id", "first", "last")
    return PrefixTable({prefix: owner for owner, first, last in ranges for prefix in range(first, last + 1)})
