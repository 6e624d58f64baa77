"""Calls of machines with their keys: as HTTP Basic or as a bearer token, and so many a minute."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from ninja.security import HttpBasicAuth, HttpBearer
from ninja.throttling import BaseThrottle

from .machine_keys import MachineKey

KeyOf = Callable[[str, str], MachineKey | None]
"""(key_id, secret) → the valid key; it becomes the request's ``auth``."""


class BasicKey(HttpBasicAuth):
    """``Authorization: Basic base64(key_id:secret)``"""

    def __init__(self, key_of: KeyOf) -> None:
        super().__init__()
        self._key_of = key_of

    def authenticate(self, request: HttpRequest, username: str, password: str) -> MachineKey | None:
        return self._key_of(username, password)


class BearerKey(HttpBearer):
    """``Authorization: Bearer key_id.secret``"""

    def __init__(self, key_of: KeyOf) -> None:
        super().__init__()
        self._key_of = key_of

    def authenticate(self, request: HttpRequest, token: str) -> MachineKey | None:
        key_id, _, secret = token.partition(".")
        return self._key_of(key_id, secret)


class PerKey(BaseThrottle):
    """So many calls a minute for each key, as ``setting`` says; without a cache nobody is held up."""

    def __init__(self, setting: str) -> None:
        self._setting = setting

    def allow_request(self, request: HttpRequest) -> bool:
        key: MachineKey = request.auth  # type: ignore[attr-defined]
        counter = f"calls:{key.key_id}:{int(time.time() // 60)}"
        cache.add(counter, 0, 120)
        try:
            return cache.incr(counter) <= getattr(settings, self._setting)
        except ValueError:
            return True

    def wait(self) -> float:
        return 60 - time.time() % 60
