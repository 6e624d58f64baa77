"""What cut-offs did to a school's people, and the numbers they offered that were not applied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from providers.catalogue import Topic, describe
from providers.models import Entitlement, PhoneRecord
from providers.prefixes import table_on
from providers.reading import PrefixTable, read_number
from schools.choices import ChangeKind
from schools.models import CutoffChange, School
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission, Role
from vervalponsel.kit.paging import Slice

from .listing import Tab
from .models import Recipient
from .people import People


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a cut-off did, in words; with ``use`` the offered number can be taken over."""

    pk: int
    name: str
    identity: str
    word: str
    sentence: str
    at: datetime | None
    story_url: str
    edit_url: str
    record: PhoneRecord | None = None
    offered: str = ""
    use: str = ""


def changes_of(people: People, school: School) -> QuerySet[CutoffChange]:
    """Newest first."""
    rows = CutoffChange.objects.filter(school=school, role=people.role)
    return rows.select_related("run").order_by("-run_id", "-id")


def changes_context(request: Request, people: People, school: School, now: datetime) -> dict[str, object]:
    """A page of changes of one kind, or of all kinds."""
    every = CutoffChange.objects.visible_to(request.actor).filter(school=school, role=people.role)
    counts = dict(every.order_by().values_list("kind").annotate(Count("id")))
    chosen = request.GET.get("jenis", "")
    rows = changes_of(people, school)
    page = Slice(rows.filter(kind=chosen) if chosen in counts else rows, request.GET.get("page"))
    own = request.actor.role == Role.OPERATOR
    may_use = request.actor.may(Permission.EDIT_NUMBERS)
    return {
        "people": people,
        "school": school,
        "own": own,
        "page": page,
        "rows": list(_told(people, school, page.object_list, table_on(now.date()), masked=not own, may_use=may_use)),
        "differing": counts.get(ChangeKind.NUMBER_DIFFERS, 0),
        "tabs": _tabs(people, school, counts, chosen, own=own),
        "here": request.get_full_path(),
    }


def _tabs(people: People, school: School, counts: dict[str, int], chosen: str, *, own: bool) -> list[Tab]:
    base = people.url("changes") + ("?" if own else f"?npsn={school.npsn}&")
    kinds = [
        Tab(ChangeKind(kind).label, f"{base}jenis={kind}", chosen == kind, n) for kind, n in sorted(counts.items())
    ]
    return [Tab("Semua", base.rstrip("?&"), chosen not in counts, sum(counts.values())), *kinds]


def _told(
    people: People, school: School, changes: Iterable[CutoffChange], table: PrefixTable, *, masked: bool, may_use: bool
) -> Iterable[Change]:
    listed = list(changes)
    persons = _persons(people, school, [change.person_id for change in listed])
    held = [person.record_id for person in persons.values() if person.record_id]
    locked = set(Entitlement.objects.live().filter(record__in=held).values_list("record_id", flat=True))
    for change in listed:
        if person := persons.get(change.person_id):
            free = may_use and person.record_id not in locked
            yield _change(people, person, change, table, masked=masked, may_use=free)


def _persons(people: People, school: School, ids: list[UUID]) -> dict[UUID, Recipient]:
    rows = people.rows.filter(school=school, **{f"{people.person_field}__in": ids}).select_related("record")
    return {people.person_id_of(person): person for person in rows}


def _change(
    people: People, person: Recipient, change: CutoffChange, table: PrefixTable, *, masked: bool, may_use: bool
) -> Change:
    offered = "" if masked else change.offered
    return Change(
        pk=person.pk,
        name=person.name,
        identity=people.identity_of(person),
        word=ChangeKind(change.kind).label,
        sentence=_sentence(change),
        at=change.run.applied_at,
        story_url=people.story_url(person.pk),
        edit_url=people.row_url("edit", person.pk),
        record=person.record,
        offered=offered,
        use=_usable(person.record, change, table) if may_use and offered else "",
    )


def _sentence(change: CutoffChange) -> str:
    if change.kind == ChangeKind.NUMBER_DIFFERS:
        return "Sesudah tarikan pertama nomor hanya diubah di sini, jadi nomor dari Dapodik tidak diterapkan."
    if change.kind == ChangeKind.ELIGIBILITY:
        return describe(change.code, Topic.ELIGIBILITY, npsn=change.other_npsn)
    return f"NPSN {change.other_npsn}." if change.other_npsn else ""


def _usable(record: PhoneRecord | None, change: CutoffChange, table: PrefixTable) -> str:
    """The offered number, when it is one and not the number that is stored already."""
    if record is None or change.kind != ChangeKind.NUMBER_DIFFERS:
        return ""
    number = read_number(change.offered, table).number or ""
    return number if number != record.number else ""
