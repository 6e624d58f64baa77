"""Judging a scan. Two people may look at one: the first judgement counts, the second person is told."""

from datetime import datetime

from django.db import transaction

from providers.choices import Stage
from sptjm.choices import Decision, ReturnCode, StatementStatus
from sptjm.models import Review, Scan, Statement
from sptjm.policies import NotAllowed, Overtaken
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.kit.db import is_locked
from vervalponsel.kit.templatetags.ui import wib

from .claims import APPROVED, locked, move_claims, npsn_of


@transaction.atomic
def approve(*, by: Actor, statement: Statement, scan: Scan, now: datetime) -> Statement:
    """The scan is complete: its claims wait for the release. Raises Overtaken or NotAllowed with the sentence."""
    held = _to_judge(statement, scan=scan, by=by)
    held.status, held.approved_by, held.approved_at = StatementStatus.APPROVED, by.user, now
    held.save(update_fields=["status", "approved_by", "approved_at"])
    moved = move_claims(held, sources=(Stage.UPLOADED,), to=Stage.APPROVED, now=now)
    _judged(held, scan=scan, decision=Decision.APPROVED, by=by, now=now, claims=moved)
    return held


@transaction.atomic
def return_scan(
    *, by: Actor, statement: Statement, scan: Scan, code: ReturnCode, note: str, now: datetime
) -> Statement:
    """The scan is not complete: the whole statement goes back to the school with the reason."""
    held = _to_judge(statement, scan=scan, by=by)
    return _give_back(held, scan=scan, sources=(Stage.UPLOADED,), code=code, note=note, by=by, now=now)


@transaction.atomic
def return_approved(*, by: Actor, statement: Statement, code: ReturnCode, note: str, now: datetime) -> Statement:
    """Pusdatin sends an approved statement back before any of it was released."""
    if is_locked(APPROVED, statement.period_id):
        raise NotAllowed("Pengiriman ke provider sedang disusun. Tunggu sampai selesai, lalu coba lagi.")
    held = locked(statement)
    if held.status != StatementStatus.APPROVED:
        raise Overtaken(what_happened(held))
    scan = newest_scan(held)
    return _give_back(held, scan=scan, sources=(Stage.APPROVED,), code=code, note=note, by=by, now=now)


def newest_scan(statement: Statement) -> Scan:
    """The one that is judged; raises Scan.DoesNotExist where nothing was uploaded."""
    return statement.scans.latest("id")


def what_happened(statement: Statement) -> str:
    """For the one who came second: who judged it, when and how."""
    last = statement.reviews.order_by("-id").first()
    if last is None or statement.status in (StatementStatus.UPLOADED, StatementStatus.VOIDED):
        return f"SPTJM ini sudah berubah: {statement.get_status_display().lower()}."
    decided = last.get_decision_display().lower()
    at = wib(last.at, statement.school.regency_code)
    return f"SPTJM ini sudah {decided} oleh {last.by_name} pada {at}."


def _to_judge(statement: Statement, *, scan: Scan, by: Actor) -> Statement:
    """Hold the statement while the scan that was looked at is still the one to judge."""
    held = locked(statement)
    if held.status != StatementStatus.UPLOADED:
        raise Overtaken(what_happened(held))
    if newest_scan(held) != scan:
        raise Overtaken("Sekolah mengunggah pindaian yang lebih baru. Periksa yang itu.")
    if by.user is not None and held.uploaded_by_id == by.user.pk:
        raise NotAllowed("Pindaian harus diperiksa oleh orang lain, bukan pengunggahnya.")
    return held


def _give_back(
    held: Statement,
    *,
    scan: Scan,
    sources: tuple[Stage, ...],
    code: ReturnCode,
    note: str,
    by: Actor,
    now: datetime,
) -> Statement:
    held.status, held.return_code, held.return_note = StatementStatus.RETURNED, code, note
    held.approved_by, held.approved_at = None, None
    held.save(update_fields=["status", "return_code", "return_note", "approved_by", "approved_at"])
    moved = move_claims(held, sources=sources, to=Stage.RETURNED, now=now, code=code)
    _judged(held, scan=scan, decision=Decision.RETURNED, by=by, now=now, claims=moved, code=code, note=note)
    return held


def _judged(
    held: Statement,
    *,
    scan: Scan,
    decision: Decision,
    by: Actor,
    now: datetime,
    claims: int,
    code: str = "",
    note: str = "",
) -> None:
    Review.objects.create(
        statement=held, scan=scan, decision=decision, code=code, note=note, by=by.user, by_name=by.label, at=now
    )
    record(
        by=by,
        action=f"statement.{decision.lower()}",
        target=held,
        now=now,
        after={"scan": scan.pk, "code": code, "note": note, "claims": claims},
        scope_code=npsn_of(held),
    )
