"""What Pusdatin changes by hand about prefixes and packages; each with one audit event."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.audit.saving import save_recorded

from .models import Package, Prefix


def save_prefix(*, by: Actor, prefix: Prefix, values: dict[str, Any], now: datetime) -> Prefix:
    """Add a prefix range or change one. Numbers already read keep their provider."""
    save_recorded(by=by, target=prefix, values=values, action="prefix", now=now)
    return prefix


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
