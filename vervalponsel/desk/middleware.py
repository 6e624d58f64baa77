"""Times in the zone of the school or office that reads them; a calm word while the register is shut."""

from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from schools.models import School
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Role
from vervalponsel.kit.db import is_shut
from vervalponsel.kit.zones import zone_of

A_DAY = 24 * 3600
CSRF_FIELD = "csrfmiddlewaretoken"
SHUT = "Nomor belum dapat diubah: Pusdatin sedang membatalkan tarikan Dapodik. Isian ini belum tersimpan."
"""Said where a script asked and a page would not be shown; a header takes ASCII only."""


class ShutMiddleware:
    """Who would write to the register while it is shut is told to come again in some minutes; nothing was saved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if not is_shut(problem):
            return None
        answer = render(request, "shut.html", {"typed": typed_in(request)}, status=503)
        answer["Retry-After"] = "120"
        answer["X-Reason"] = SHUT
        return answer


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form brought, name by name, to be sent once more; nothing where a file came too: no page keeps one."""
    if request.FILES:
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values if name != CSRF_FIELD]


class ZoneMiddleware:
    """Activates the actor's zone for the time of a request; machines and strangers keep western time."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zone_of(region_of(request.actor))):  # type: ignore[attr-defined]
            return self.get_response(request)


def region_of(actor: Actor) -> str:
    """The kode_wilayah an actor works in; a school's is remembered, since schools do not move between zones."""
    if actor.role != Role.OPERATOR:
        return actor.scope_code
    key = f"zone-of-school:{actor.scope_code}"
    known = cache.get(key)
    if known is None:
        known = School.objects.filter(npsn=actor.scope_code).values_list("province_code", flat=True).first() or ""
        cache.set(key, known, A_DAY)
    return str(known)
