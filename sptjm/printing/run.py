"""The whole paper of a statement, drawn and kept."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO

from django.core.files.base import ContentFile
from django.db import transaction

from sptjm.models import Statement
from sptjm.serials import file_stem
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record

from .annex import draw_annex, pages_for
from .frame import Paper
from .letter import draw_letter, framed, pages_of


def draw_statement(statement: Statement) -> tuple[bytes, int]:
    """The whole paper as (PDF, number of pages)."""
    rows = statement.people
    letter = draw_letter(statement)
    letter_pages = pages_of(letter)
    paper = Paper(statement.number, rows, statement.content_sha256, letter_pages + pages_for(rows))
    writer = framed(letter, paper)
    annex = draw_annex(
        statement.lines.order_by("position").iterator(chunk_size=500),
        paper=paper,
        school_name=f"{statement.school.name}, NPSN {statement.school.npsn}",
        period_name=statement.period.name,
        first_page=letter_pages + 1,
    )
    writer.append(BytesIO(annex))
    writer.metadata = {"/Title": f"SPTJM {statement.number}", "/Producer": "Verval Ponsel"}
    out = BytesIO()
    writer.write(out)
    return out.getvalue(), paper.pages


@transaction.atomic
def keep(statement: Statement, *, pdf: bytes, pages: int, now: datetime) -> None:
    """Store the file; a second print replaces the first one's bytes by the same."""
    held = Statement.objects.select_for_update(of=("self",)).select_related("school").get(pk=statement.pk)
    if held.pdf:
        held.pdf.delete(save=False)
    held.pdf.save(f"{file_stem(held.number)}.pdf", ContentFile(pdf), save=False)
    held.pages = pages
    held.save(update_fields=["pdf", "pages"])
    record(
        by=Actor.system("pencetak"),
        action="statement.printed",
        target=held,
        now=now,
        after={"pages": pages},
        scope_code=held.school.npsn,
    )
