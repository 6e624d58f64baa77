"""The second person's word on a cut-off that would change too much."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from schools.models import CutoffRun
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Permission
from vervalponsel.audit.actions import record
from vervalponsel.batches.actions import refuse_parked, run_again
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch


class NotPossible(Exception):
    """The word does not count; the message is the sentence for the person."""


def may_decide(actor: Actor, batch: Batch) -> bool:
    """Another person than the one who handed it in, with the right to hand one in themselves."""
    return actor.user is not None and actor.may(Permission.MANAGE) and actor.user.pk != batch.created_by_id


@transaction.atomic
def approve(*, by: Actor, batch: Batch, now: datetime) -> Batch:
    """Allow what was planned: the batch goes on, and waits again only if more than this would change."""
    run = _held(by, batch)
    CutoffRun.objects.filter(pk=run.pk).update(approved_by=by.user, approved_at=now, approved_excess=run.excess)
    facts = {"excess": run.excess}
    record(by=by, action="cutoff.approved", target=run, now=now, after=facts, batch_id=batch.pk)
    return run_again(by=by, batch=batch, now=now)


@transaction.atomic
def refuse(*, by: Actor, batch: Batch, reason: str, now: datetime) -> Batch:
    """End it: nothing of it was written."""
    run = _held(by, batch)
    facts = {"reason": reason, "excess": run.excess}
    record(by=by, action="cutoff.refused", target=run, now=now, after=facts, batch_id=batch.pk)
    return refuse_parked(by=by, batch=batch, sentence=f"Ditolak oleh {_name(by)}: {reason}", now=now)


def _held(by: Actor, batch: Batch) -> CutoffRun:
    """The run of a batch that waits for this person's word."""
    held = Batch.objects.select_for_update().get(pk=batch.pk)
    run = CutoffRun.objects.filter(batch=held).first()
    if held.status != Status.PARKED or run is None:
        raise NotPossible("Tarikan ini tidak sedang menunggu persetujuan.")
    if not may_decide(by, held):
        raise NotPossible("Yang memasukkan tarikan tidak dapat menyetujuinya sendiri. Mintalah orang kedua.")
    return run


def _name(by: Actor) -> str:
    return by.user.name if by.user and by.user.name else by.label
