from datetime import datetime

from django.db import transaction

from providers.choices import Stage
from sptjm.choices import StatementStatus
from sptjm.models import Statement
from sptjm.policies import VOIDABLE, Overtaken
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record

from .claims import locked, move_claims, npsn_of


@transaction.atomic
def void(*, by: Actor, statement: Statement, reason: str, now: datetime) -> Statement:
    """Give a statement up: its numbers are free again, its own number stays used.

    Raises Overtaken when it was approved meanwhile; voiding a voided one changes nothing.
    """
    held = locked(statement)
    if held.status == StatementStatus.VOIDED:
        return held
    if held.status not in VOIDABLE:
        raise Overtaken(f"SPTJM ini tidak dapat dibatalkan lagi: {held.get_status_display().lower()}.")
    before = held.status
    held.status, held.voided_at, held.void_reason = StatementStatus.VOIDED, now, reason
    held.save(update_fields=["status", "voided_at", "void_reason"])
    freed = move_claims(held, sources=(Stage.STATED, Stage.UPLOADED, Stage.RETURNED), to=Stage.VOIDED, now=now)
    record(
        by=by,
        action="statement.voided",
        target=held,
        now=now,
        before={"status": before},
        after={"reason": reason, "freed": freed},
        scope_code=npsn_of(held),
    )
    return held
