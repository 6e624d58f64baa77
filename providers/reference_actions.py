"""What Pusdatin changes by hand about prefixes and packages; each with one audit event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.audit.saving import save_recorded
from vervalponsel.batches.models import Batch

from .models import Package, Prefix
from .prefixes import differing, table_on
from .rereading import hand_in_prefixes


@transaction.atomic
def save_prefix(*, by: Actor, prefix: Prefix, values: dict[str, Any], now: datetime) -> Batch | None:
    """Add a prefix range or change one; the batch that reads the numbers again whose owner is another from today.

    What a later day brings about is handed in on that day.
    """
    today = timezone.localdate(now)
    before = table_on(today)
    save_recorded(by=by, target=prefix, values=values, action="prefix", now=now)
    concerned = differing(before, table_on(today))
    return hand_in_prefixes(by=by, prefixes=concerned, now=now) if concerned else None


def save_package(*, by: Actor, package: Package, values: dict[str, Any], now: datetime) -> Package:
    """Add a package to a period."""
    save_recorded(by=by, target=package, values=values, action="package", now=now)
    return package


@transaction.atomic
def remove_package(*, by: Actor, package: Package, now: datetime) -> None:
    """Take a package away; one that a claim already uses stays (the database refuses)."""
    before = {"role": package.role, "jenjang": package.jenjang, "gigabytes": package.gigabytes}
    record(by=by, action="package.removed", target=package, now=now, before=before)
    package.delete()
