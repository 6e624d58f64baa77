"""Who calls: a provider's machine with one of its own keys."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from providers.actions import provider_actor
from providers.models import Credential
from vervalponsel.accounts.actor import Actor
from vervalponsel.kit.machine_keys import found_key


def credential_of(key_id: str, secret: str) -> Credential | None:
    """The valid key of a cooperating provider that has this secret, else None."""
    now = timezone.now()
    valid = Credential.objects.usable(now).filter(provider__is_active=True).select_related("provider")
    return found_key(valid, key_id, secret, now=now)


def caller(request: HttpRequest) -> Credential:
    """The key that the call came with."""
    return request.auth  # type: ignore[attr-defined]


def acting(request: HttpRequest) -> Actor:
    """The Actor of the call."""
    return provider_actor(caller(request).provider_id)
