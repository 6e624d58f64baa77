"""Who calls: a machine of the register with its own key, as HTTP Basic or as a bearer token."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBasicAuth, HttpBearer
from ninja.throttling import BaseThrottle

from schools.models import ServiceKey
from schools.service_keys import key_of


class BasicKey(HttpBasicAuth):
    """``Authorization: Basic base64(key_id:secret)``"""

    def authenticate(self, request: HttpRequest, username: str, password: str) -> ServiceKey | None:
        return key_of(username, password, now=timezone.now())


class BearerKey(HttpBearer):
    """``Authorization: Bearer key_id.secret``"""

    def authenticate(self, request: HttpRequest, token: str) -> ServiceKey | None:
        key_id, _, secret = token.partition(".")
        return key_of(key_id, secret, now=timezone.now())


class PerKey(BaseThrottle):
    """So many calls a minute for each key; without a cache nobody is held up."""

    def allow_request(self, request: HttpRequest) -> bool:
        key = f"register-api:{caller(request).key_id}:{int(time.time() // 60)}"
        cache.add(key, 0, 120)
        try:
            return cache.incr(key) <= settings.DELTA_CALLS_PER_MINUTE
        except ValueError:
            return True

    def wait(self) -> float:
        return 60 - time.time() % 60


def caller(request: HttpRequest) -> ServiceKey:
    """The key that the call came with."""
    return request.auth  # type: ignore[attr-defined]
