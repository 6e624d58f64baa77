"""Saving what a form validated, together with the event that tells what was before and after."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from vervalponsel.accounts.actor import Actor

from .actions import record


@transaction.atomic
def save_recorded(*, by: Actor, target: models.Model, values: dict[str, Any], action: str, now: datetime) -> None:
    """Write an object that a management form validated. Nothing changed is no event."""
    is_new = target.pk is None
    stored = None if is_new else type(target)._base_manager.select_for_update().get(pk=target.pk)
    before = {name: plain(getattr(stored, name)) for name in values} if stored else {}
    for name, value in values.items():
        setattr(target, name, value)
    after = {name: plain(getattr(target, name)) for name in values}
    if before == after:
        return
    target.save(update_fields=None if is_new else list(values))
    changed = [name for name in after if before.get(name) != after[name]]
    record(
        by=by,
        action=f"{action}.{'created' if is_new else 'changed'}",
        target=target,
        now=now,
        before={name: before[name] for name in changed if name in before},
        after={name: after[name] for name in changed},
    )


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.pk if isinstance(value, models.Model) else value
