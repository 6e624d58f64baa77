"""How old the register's data of a school are: pages say it, so that nobody wonders why a repair is not here yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Q

from .cutoff.manifest import DELTA, NATION
from .models import CutoffRun, School


@dataclass(frozen=True, slots=True)
class Freshness:
    """The day that the last full cut-off tells of, when the last delta came in, when the school synchronised."""

    cutoff_date: date | None
    delta_at: datetime | None
    synced_at: datetime | None


def freshness_of(school: School) -> Freshness:
    """One query; a cut-off of another province tells nothing of this school."""
    full = Q(scope__in=(NATION, f"province:{school.province_code[:2]}"))
    told = CutoffRun.objects.applied().aggregate(
        cutoff_date=Max("cutoff_date", filter=full), delta_at=Max("applied_at", filter=Q(scope=DELTA))
    )
    return Freshness(told["cutoff_date"], told["delta_at"], school.last_sync_at)
