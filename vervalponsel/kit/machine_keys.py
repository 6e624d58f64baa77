"""Keys of machines that call an HTTP interface: a public id, and a secret of which only a hash is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

_NOTED_EVERY = timedelta(minutes=1)


def new_secret() -> tuple[str, str]:
    """A secret, to be shown once, and the hash to keep of it."""
    secret = secrets.token_urlsafe(32)
    return secret, _hash_of(secret)


def _hash_of(secret: str) -> str:
    """Secrets are 256 random bits: a plain digest of them cannot be guessed back."""
    return hashlib.sha256(secret.encode()).hexdigest()


class MachineKeyQuerySet(models.QuerySet):
    def usable(self, now: datetime) -> Self:
        """Neither revoked nor expired."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


class MachineKey(models.Model):
    """What every such key has; whose it is, the part says."""

    key_id = models.CharField(max_length=24, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


Key = TypeVar("Key", bound=MachineKey)


def found_key(keys: models.QuerySet[Key], key_id: str, secret: str, *, now: datetime) -> Key | None:
    """The one of these keys that has this secret, else None; compared in constant time, its use noted."""
    if "\x00" in key_id:
        return None
    found = keys.filter(key_id=key_id).first()
    right = hmac.compare_digest(_hash_of(secret), found.secret_sha256 if found else _hash_of(""))
    if found is None or not right:
        return None
    if found.last_used_at is None or now - found.last_used_at > _NOTED_EVERY:
        keys.filter(pk=found.pk).update(last_used_at=now)
    return found
