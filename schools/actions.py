"""What Pusdatin changes by hand about periods, offices and schools; each with one audit event."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.audit.saving import plain, save_recorded

from .models import Office, Period, School, Window


def save_period(*, by: Actor, period: Period, values: dict[str, Any], now: datetime) -> Period:
    """Create a draft period or change one."""
    save_recorded(by=by, target=period, values=values, action="period", now=now)
    return period


def save_window(*, by: Actor, window: Window, values: dict[str, Any], now: datetime) -> Window:
    """Add a window to a period or move it: deadlines slip."""
    save_recorded(by=by, target=window, values=values, action="window", now=now)
    return window


@transaction.atomic
def remove_window(*, by: Actor, window: Window, now: datetime) -> None:
    """Take a window away."""
    before = {"name": window.name, "opens_at": plain(window.opens_at), "closes_at": plain(window.closes_at)}
    record(by=by, action="window.removed", target=window, now=now, before=before)
    window.delete()


def save_office(*, by: Actor, office: Office, values: dict[str, Any], now: datetime) -> Office:
    """Change what an office judges, or say that nobody works there: Pusdatin then judges in its place."""
    save_recorded(by=by, target=office, values=values, action="office", now=now)
    return office


@transaction.atomic
def mark_coverage(*, by: Actor, npsn: Iterable[str], no_coverage: bool, now: datetime) -> tuple[int, list[str]]:
    """Mark schools; returns how many changed, and the NPSN that no school has."""
    wanted = set(npsn)
    schools = list(School.objects.select_for_update().filter(npsn__in=wanted).order_by("id"))
    changed = [school for school in schools if school.no_coverage != no_coverage]
    for school in changed:
        school.no_coverage = no_coverage
        school.save(update_fields=["no_coverage"])
        after = {"no_coverage": no_coverage}
        record(by=by, action="school.coverage", target=school, now=now, after=after, scope_code=school.npsn)
    return len(changed), sorted(wanted - {school.npsn for school in schools})
