from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from providers.choices import Stage
from sptjm.choices import ScanRefusal, StatementStatus
from sptjm.models import Scan, Statement
from sptjm.policies import UPLOADABLE, NotAllowed, Overtaken
from sptjm.reading import ScanContent
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record

from .claims import locked, move_claims, npsn_of

_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


@transaction.atomic
def upload_scan(
    *, by: Actor, statement: Statement, content: ScanContent, name: str, now: datetime
) -> tuple[Scan, bool]:
    """Keep the scan and put it forward for review; gives (scan, whether it is new). Earlier ones are kept.

    The same bytes again are the same scan. Raises NotAllowed for the returned scan itself or another statement's,
    Overtaken when the statement can take none any more.
    """
    held = locked(statement)
    if held.status not in UPLOADABLE:
        raise Overtaken(f"SPTJM ini tidak menerima pindaian lagi: {held.get_status_display().lower()}.")
    known = Scan.objects.filter(statement__school=held.school, sha256=content.sha256).first()
    if known and known.statement_id != held.pk:
        raise NotAllowed(ScanRefusal.OF_ANOTHER.label)
    if known and held.status == StatementStatus.RETURNED:
        raise NotAllowed(ScanRefusal.SAME_AS_RETURNED.label)
    if known:
        return known, False
    scan = _kept(held, content=content, name=name, by=by, now=now)
    _put_forward(held, scan=scan, by=by, now=now)
    return scan, True


def _kept(statement: Statement, *, content: ScanContent, name: str, by: Actor, now: datetime) -> Scan:
    scan = Scan(
        statement=statement,
        original_name=name[-200:],
        content_type=content.content_type,
        size=len(content.data),
        sha256=content.sha256,
        pages=content.pages,
        uploaded_by=by.user,
        uploaded_at=now,
    )
    # The person's own file name stays out of the storage.
    stored_as = f"{content.sha256[:32]}.{_ENDINGS[content.content_type]}"
    scan.file.save(stored_as, ContentFile(content.data), save=False)
    scan.save()
    return scan


def _put_forward(statement: Statement, *, scan: Scan, by: Actor, now: datetime) -> None:
    before = statement.status
    statement.status, statement.uploaded_by, statement.uploaded_at = StatementStatus.UPLOADED, by.user, now
    statement.return_code = statement.return_note = ""
    statement.save(update_fields=["status", "uploaded_by", "uploaded_at", "return_code", "return_note"])
    moved = move_claims(statement, sources=(Stage.STATED, Stage.RETURNED), to=Stage.UPLOADED, now=now)
    record(
        by=by,
        action="statement.uploaded",
        target=statement,
        now=now,
        before={"status": before},
        after={"scan": scan.pk, "sha256": scan.sha256, "pages": scan.pages, "claims": moved},
        scope_code=npsn_of(statement),
    )
