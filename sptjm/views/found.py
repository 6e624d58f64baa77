"""How every view here finds its object: through what the actor sees, else 404."""

from datetime import datetime

from django.http import Http404
from django.shortcuts import get_object_or_404

from schools.models import School
from sptjm.models import Statement
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Role
from vervalponsel.audit.actions import record


def statement_of(request: Request, pk: int) -> Statement:
    """A statement that the actor sees, with school and period."""
    seen = Statement.objects.visible_to(request.actor).select_related(
        "school", "period", "print_batch", "release_batch"
    )
    return get_object_or_404(seen, pk=pk)


def own_school(actor: Actor) -> School:
    """The operator's school; 404 for somebody who works for none."""
    school = School.objects.visible_to(actor).filter(npsn=actor.scope_code).first() if actor.scope_code else None
    if school is None:
        raise Http404
    return school


def note_seen(*, by: Actor, statement: Statement, now: datetime) -> None:
    """Pusdatin's look at names is recorded (domain.md §8)."""
    if by.role == Role.PUSDATIN:
        record(by=by, action="statement.seen", target=statement, now=now, scope_code=statement.school.npsn)
