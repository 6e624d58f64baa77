from datetime import datetime
from typing import Any

from django.db import models

from vervalponsel.accounts.actor import Actor

from .models import Event


def record(
    *,
    by: Actor,
    action: str,
    target: models.Model,
    now: datetime,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    scope_code: str = "",
    batch_id: int | None = None,
) -> Event:
    """Write one event; call it inside the transaction that makes the change.

    ``scope_code`` says whose event it is (an NPSN or a region); it defaults to the actor's own scope.
    """
    return Event.objects.create(
        at=now,
        user=by.user,
        assignment=by.assignment,
        actor_name=by.label,
        scope_code=scope_code or by.scope_code,
        action=action,
        target_type=target._meta.model_name or "",
        target_id=str(target.pk),
        before=before or {},
        after=after or {},
        batch_id=batch_id,
    )
