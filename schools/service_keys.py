"""Keys of the machines that hand in deltas: made, replaced with an overlap, revoked."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.kit.machine_keys import new_secret

from .models import ServiceKey

OVERLAP = timedelta(days=7)
"""How long the older key goes on working after it was replaced."""


@transaction.atomic
def create_key(*, by: Actor, service: str, now: datetime) -> tuple[ServiceKey, str]:
    """A new key, and its secret, which is not kept and cannot be shown again."""
    secret, secret_sha256 = new_secret()
    key = ServiceKey.objects.create(
        service=service, key_id=f"dapodik-{secrets.token_hex(5)}", secret_sha256=secret_sha256, created_at=now
    )
    facts = {"service": service, "key_id": key.key_id}
    record(by=by, action="service_key.created", target=key, now=now, after=facts)
    return key, secret


@transaction.atomic
def replace_key(*, by: Actor, key: ServiceKey, now: datetime) -> tuple[ServiceKey, str]:
    """A new key for the same service; the older one works until OVERLAP is over, so that no delta is lost."""
    held = ServiceKey.objects.select_for_update().get(pk=key.pk)
    made, secret = create_key(by=by, service=held.service, now=now)
    until = min(held.expires_at or now + OVERLAP, now + OVERLAP)
    ServiceKey.objects.filter(pk=held.pk).update(expires_at=until)
    facts = {"by": made.key_id, "expires_at": until.isoformat()}
    record(by=by, action="service_key.replaced", target=held, now=now, after=facts)
    return made, secret


@transaction.atomic
def revoke_key(*, by: Actor, key: ServiceKey, now: datetime) -> ServiceKey:
    """End a key at once; repeated it changes nothing."""
    if ServiceKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
        record(by=by, action="service_key.revoked", target=key, now=now)
    key.refresh_from_db()
    return key


def service_actor(key: ServiceKey) -> Actor:
    """The Actor of a machine."""
    return Actor.system(f"layanan:{key.service}")
