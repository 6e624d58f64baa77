"""What every page of a signed-in person shows: the period, the navigation, how old the register's data are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from schools.models import CutoffRun, Period
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Permission, Role

from .links import url_of


class NavItem(NamedTuple):
    """One line of the navigation."""

    label: str
    url: str
    active: bool


def desk(request: HttpRequest) -> dict[str, object]:
    """Context of every page; nothing is asked of the database before a template uses it."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not request.user.is_authenticated:
        return {}
    return {
        "current_period": SimpleLazyObject(lambda: Period.objects.current().first()),
        "cutoff_date": SimpleLazyObject(_cutoff_date),
        "nav_items": list(nav_items(actor, request.path)),
    }


def _cutoff_date() -> object:
    newest = CutoffRun.objects.applied().order_by("-cutoff_date", "-id").values_list("cutoff_date", flat=True)
    return newest.first()


_BY_ROLE: dict[str, tuple[tuple[str, str, Permission], ...]] = {
    Role.OPERATOR: (
        ("Nomor siswa", "students:list", Permission.SEE_RECIPIENTS),
        ("Nomor guru", "teachers:list", Permission.SEE_RECIPIENTS),
        ("SPTJM", "sptjm:list", Permission.MAKE_STATEMENTS),
        ("Rekap", "schools:recap", Permission.SEE_RECAPS),
    ),
    Role.DINAS: (
        ("Periksa SPTJM", "sptjm:queue", Permission.REVIEW_SCANS),
        ("Sekolah", "desk:chase", Permission.SEE_RECAPS),
        ("Rekap", "schools:recap", Permission.SEE_RECAPS),
        ("Operator", "schools:accounts", Permission.MANAGE_OPERATORS),
    ),
    Role.PUSDATIN: (
        ("Rekap", "schools:recap", Permission.SEE_RECAPS),
        ("SPTJM", "sptjm:release", Permission.RELEASE),
        ("Provider", "providers:ledger", Permission.SEE_LEDGER),
        ("Pekerjaan", "batches:list", Permission.SEE_BATCHES),
        ("Kelola", "schools:manage", Permission.MANAGE),
    ),
    Role.LPMP: (("Rekap", "schools:recap", Permission.SEE_RECAPS),),
}
"""Every role's few words, and the page and permission behind each."""


def nav_items(actor: Actor, path: str) -> Iterator[NavItem]:
    """At most six lines, by role; only what the actor may open. Pusdatin answers the helpdesk instead of asking it."""
    home, help_page = reverse("desk:home"), reverse("desk:help")
    yield NavItem("Beranda", home, path == home)
    for label, name, permission in _BY_ROLE.get(actor.role, ()):
        if actor.may(permission) and (url := url_of(name)):
            yield NavItem(label, url, path.startswith(url))
    if actor.role != Role.PUSDATIN:
        yield NavItem("Bantuan", help_page, path == help_page)
