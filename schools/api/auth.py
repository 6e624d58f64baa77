"""Who calls: a machine of the register with its own key."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from schools.models import ServiceKey
from vervalponsel.kit.machine_keys import found_key


def key_of(key_id: str, secret: str) -> ServiceKey | None:
    """The valid key that has this secret, else None."""
    now = timezone.now()
    return found_key(ServiceKey.objects.usable(now), key_id, secret, now=now)


def caller(request: HttpRequest) -> ServiceKey:
    """The key that the call came with."""
    return request.auth  # type: ignore[attr-defined]
