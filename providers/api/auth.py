"""Who calls: a provider's machine with one of its own keys, as HTTP Basic or as a bearer token."""

from __future__ import annotations

import hmac
import time
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBasicAuth, HttpBearer
from ninja.throttling import BaseThrottle

from providers.actions import note_use, provider_actor
from providers.models import Credential
from vervalponsel.accounts.actor import Actor
from vervalponsel.kit.digests import hash_of


class BasicKey(HttpBasicAuth):
    """``Authorization: Basic base64(key_id:secret)``"""

    def authenticate(self, request: HttpRequest, username: str, password: str) -> Credential | None:
        return credential_of(username, password, now=timezone.now())


class BearerKey(HttpBearer):
    """``Authorization: Bearer key_id.secret``"""

    def authenticate(self, request: HttpRequest, token: str) -> Credential | None:
        key_id, _, secret = token.partition(".")
        return credential_of(key_id, secret, now=timezone.now())


def credential_of(key_id: str, secret: str, *, now: datetime) -> Credential | None:
    """The valid key of a cooperating provider that has this secret, else None; compared in constant time."""
    if "\x00" in key_id:
        return None
    usable = Credential.objects.filter(revoked_at=None, provider__is_active=True).filter(
        Q(expires_at=None) | Q(expires_at__gt=now)
    )
    found = usable.select_related("provider").filter(key_id=key_id).first()
    right = hmac.compare_digest(hash_of(secret), found.secret_sha256 if found else hash_of(""))
    if found is None or not right:
        return None
    note_use(credential=found, now=now)
    return found


class PerKey(BaseThrottle):
    """So many calls a minute for each key; without a cache nobody is held up."""

    def allow_request(self, request: HttpRequest) -> bool:
        key = f"api:{caller(request).key_id}:{int(time.time() // 60)}"
        cache.add(key, 0, 120)
        try:
            return cache.incr(key) <= settings.PROVIDER_CALLS_PER_MINUTE
        except ValueError:
            return True

    def wait(self) -> float:
        return 60 - time.time() % 60


def caller(request: HttpRequest) -> Credential:
    """The key that the call came with."""
    return request.auth  # type: ignore[attr-defined]


def acting(request: HttpRequest) -> Actor:
    """The Actor of the call."""
    return provider_actor(caller(request).provider_id)
