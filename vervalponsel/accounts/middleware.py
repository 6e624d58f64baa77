from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from django.views.defaults import bad_request

from .actor import Actor
from .models import Assignment

View = Callable[..., HttpResponse]
SESSION_KEY = "assignment_id"


class ActorMiddleware:
    """Sets ``request.actor``: the signed-in person in the assignment they chose last, else their first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


class PersonalPagesMiddleware:
    """What only signed-in people see stays in no browser's store, and is never asked for with a zero byte.

    Schools share computers: after signing out, going back must not show the pupils again. A view that sets
    Cache-Control itself knows better. PostgreSQL's texts hold no zero byte, so such an address names nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "is_personal", False) and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_view(self, request: HttpRequest, view: View, args: object, kwargs: object) -> HttpResponse | None:
        """Mark what needs a sign-in; machines and public pages judge their input themselves."""
        request.is_personal = getattr(view, "login_required", True)  # type: ignore[attr-defined]
        has_zero = "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")
        if request.is_personal and has_zero:  # type: ignore[attr-defined]
            return bad_request(request, ValueError())
        return None


def actor_of(request: HttpRequest) -> Actor:
    """The request's Actor; nobody (no user, no name) when not signed in or without any assignment."""
    if not request.user.is_authenticated:
        return Actor(user=None, assignment=None)
    held = list(Assignment.objects.active().filter(user=request.user).order_by("id"))
    chosen = request.session.get(SESSION_KEY)
    current = next((a for a in held if a.pk == chosen), held[0] if held else None)
    return Actor(user=request.user, assignment=current, has_several=len(held) > 1)
