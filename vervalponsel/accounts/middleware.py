from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from .actor import Actor
from .models import Assignment

SESSION_KEY = "assignment_id"


class ActorMiddleware:
    """Sets ``request.actor``: the signed-in person in the assignment they chose last, else their first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: actor_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor:
    """The request's Actor; nobody (no user, no name) when not signed in or without any assignment."""
    if not request.user.is_authenticated:
        return Actor(user=None, assignment=None)
    held = list(Assignment.objects.active().filter(user=request.user).order_by("id"))
    chosen = request.session.get(SESSION_KEY)
    current = next((a for a in held if a.pk == chosen), held[0] if held else None)
    return Actor(user=request.user, assignment=current, has_several=len(held) > 1)
