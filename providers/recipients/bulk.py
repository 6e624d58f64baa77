"""Whose the numbers are, stated for many at once: one batch, whose events say what happened to each record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from providers.choices import Ownership
from providers.models import Entitlement, PhoneRecord
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.models import Event
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.registry import Kind, register
from vervalponsel.batches.runner import Refused, Run
from vervalponsel.batches.words import register_words

KIND = "ownership"


def register_kind() -> None:
    """Make the kind known; called when the app is ready."""
    register(Kind(KIND, "Pengisian kepemilikan", _never_run, queue="interactive"))
    register_words({"changed": "Diisi", "locked": "Dilewati, terkunci di SPTJM", "same": "Sudah terisi sama"})


def _never_run(run: Run) -> dict[str, object]:
    """It was done when it was asked for; the batch only tells of it."""
    raise Refused("Pengisian kepemilikan selesai saat diminta dan tidak dijalankan lagi.")


@transaction.atomic
def state_ownership(*, by: Actor, record_ids: Sequence[int], ownership: Ownership, now: datetime) -> Batch:
    """State the owner of several numbers; those in a live SPTJM stay as they are and are counted."""
    held = list(PhoneRecord.objects.select_for_update().filter(pk__in=record_ids).order_by("pk"))
    locked = set(Entitlement.objects.live().filter(record__in=held).values_list("record_id", flat=True))
    different = [record for record in held if record.ownership != ownership]
    changed = [record for record in different if record.pk not in locked]
    counts = {
        "changed": len(changed),
        "locked": len(different) - len(changed),
        "same": len(held) - len(different),
    }
    batch = _batch(by, ownership, counts, now)
    Event.objects.bulk_create([_event(by, record, ownership, batch, now) for record in changed], batch_size=500)
    PhoneRecord.objects.filter(pk__in=[record.pk for record in changed]).update(
        ownership=ownership, version=F("version") + 1
    )
    return batch


def _batch(by: Actor, ownership: Ownership, counts: dict[str, int], now: datetime) -> Batch:
    total = sum(counts.values())
    return Batch.objects.create(
        kind=KIND,
        title=f"Kepemilikan diisi: {Ownership(ownership).label}",
        scope_code=by.scope_code,
        status=Status.DONE,
        params={"ownership": ownership},
        counts=counts,
        done=total,
        total=total,
        created_by=by.user,
        actor_name=by.label,
        created_at=now,
        started_at=now,
        finished_at=now,
    )


def _event(by: Actor, record: PhoneRecord, ownership: Ownership, batch: Batch, now: datetime) -> Event:
    return Event(
        at=now,
        user=by.user,
        assignment=by.assignment,
        actor_name=by.label,
        scope_code=by.scope_code,
        action="number.saved",
        target_type=record._meta.model_name or "",
        target_id=str(record.pk),
        before={"ownership": record.ownership},
        after={"ownership": ownership},
        batch_id=batch.pk,
    )
