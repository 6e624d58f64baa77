"""Whose figures an actor may read."""

from __future__ import annotations

from django.db.models import QuerySet

from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Role

from .models import Region
from .querysets import jenjang_of, region_code


def regions_for(actor: Actor) -> QuerySet[Region]:
    """The actor's own region and what lies below it; an operator has a school, not a region."""
    if actor.sees_nation:
        return Region.objects.all()
    if actor.role in (Role.DINAS, Role.LPMP) and actor.scope_code:
        return Region.objects.filter(code__startswith=actor.scope_code)
    return Region.objects.none()


def own_region_code(actor: Actor) -> str:
    """Where an actor's recaps begin."""
    return region_code("" if actor.sees_nation else actor.scope_code)


def jenjang_for(actor: Actor) -> list[str]:
    """The jenjang whose figures an actor reads; empty means all."""
    return [str(j) for j in jenjang_of(actor)] if actor.role == Role.DINAS else []
