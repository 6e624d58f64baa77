from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .permissions import Permission

View = Callable[..., HttpResponseBase]


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Refuse (403) an actor whose role lacks one of the permissions; objects are found by ``visible_to``."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not all(request.actor.may(p) for p in permissions):  # type: ignore[attr-defined]
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
