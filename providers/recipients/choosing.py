"""Offices and Pusdatin look at one school at a time: finding it, and recording that they looked."""

from __future__ import annotations

from datetime import datetime

from schools.models import School
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Role
from vervalponsel.audit.actions import record as audit

from .people import People

MOST = 50


def choosing_context(request: Request, people: People) -> dict[str, object]:
    """Schools by NPSN or part of the name; nothing is listed before something is asked."""
    text = request.GET.get("sekolah", "").strip()
    schools = School.objects.visible_to(request.actor).active().order_by("name", "id")
    found = schools.matching(text)[:MOST] if len(text) >= 3 else schools.none()
    return {"people": people, "text": text, "schools": found, "most": MOST}


def note_seen(*, by: Actor, school: School, people: People, now: datetime) -> None:
    """Pusdatin's look at names is recorded (domain.md §8)."""
    if by.role == Role.PUSDATIN:
        audit(
            by=by, action="recipients.seen", target=school, now=now, after={"role": people.role}, scope_code=school.npsn
        )
