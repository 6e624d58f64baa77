"""How many share a number, as far as a school may know: how many in all, and how many of them are its own."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from providers.catalogue import describe
from providers.choices import Cell, Eligibility
from providers.models import PhoneRecord

SHARED_CELLS = (Cell.SHARED_STOPPED, Cell.SHARED_TO_CONFIRM)


def where_shared(records: Iterable[PhoneRecord]) -> dict[int, str]:
    """For each record whose number others use too: how many of them are at its own school. Asks only for such."""
    shared = [record for record in records if record.share_count > 1 and record.number]
    if not shared:
        return {}
    same = PhoneRecord.objects.filter(
        number__in={record.number for record in shared},
        school__in={record.school_id for record in shared},
        eligibility=Eligibility.OK,
    )
    counted = same.order_by().values_list("number", "school_id").annotate(Count("id"))
    own = {(number, school): n for number, school, n in counted}
    return {record.pk: _where(own.get((record.number, record.school_id), 0), record.share_count) for record in shared}


def _where(own: int, every: int) -> str:
    if own >= every:
        return "semuanya di sekolah ini"
    return f"{own} di antaranya di sekolah ini" if own else "semuanya di sekolah lain"


def sharing_of(record: PhoneRecord) -> str:
    """Who else uses the number, where its state does not say so already."""
    if record.share_count < 2 or not record.number or record.cell in SHARED_CELLS:
        return ""
    return describe("SHARED", count=str(record.share_count), where=where_shared([record]).get(record.pk, ""))
