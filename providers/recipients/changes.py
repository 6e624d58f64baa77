"""What cut-offs did to a school's people, and the numbers they offered that were not applied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from providers.catalogue import Topic, describe, find
from providers.models import Entitlement, PhoneRecord
from providers.prefixes import table_on
from providers.reading import PrefixTable, read_number
from schools.choices import ChangeKind
from schools.models import CutoffChange, CutoffFigure, CutoffRun, School
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission, Role
from vervalponsel.kit.paging import Slice
from vervalponsel.kit.templatetags.ui import phone as shown
from vervalponsel.kit.templatetags.ui import tanggal

from .leaving import ACTS
from .listing import Tab
from .models import Recipient
from .people import People
from .tables import table_links

LATEST_RUNS = 20
_AT_ONCE = 500


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
    acts: str = ""
    other_npsn: str = ""
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
    page = Slice(_chosen(people, school, chosen), request.GET.get("page"))
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
        "not_loaded": rows_not_loaded(people, school),
        "downloads": table_links(request, people, "changes_table"),
    }


def _chosen(people: People, school: School, kind: str) -> QuerySet[CutoffChange]:
    rows = changes_of(people, school)
    return rows.filter(kind=kind) if kind in ChangeKind.values else rows


def rows_not_loaded(people: People, school: School) -> list[tuple[str, str, int]]:
    """Rows of the school that the newest cut-offs could not keep: (sentence, what to do, how many)."""
    runs = list(CutoffRun.objects.applied().order_by("-id").values_list("id", flat=True)[:LATEST_RUNS])
    own = CutoffFigure.objects.filter(
        run__in=runs, region_code=school.regency_code, npsn=school.npsn, role=people.role
    ).order_by("-run_id")
    reasons = own.values_list("reasons", flat=True).first() or {}
    found = ((find(code, Topic.ROW), n) for code, n in sorted(reasons.items()))
    return [(entry.say({}), entry.todo, n) for entry, n in found if entry]


def change_rows(people: People, school: School, kind: str, table: PrefixTable, *, own: bool) -> Iterator[list[object]]:
    """Every change as a row to take away; numbers in full for the school itself only."""
    rows, start = _chosen(people, school, kind), 0
    while block := list(rows[start : start + _AT_ONCE]):
        start += _AT_ONCE
        for change in _told(people, school, block, table, masked=not own, may_use=False):
            held = change.record.number if own and change.record else ""
            when = tanggal(change.at) if change.at else ""
            about = [change.name, change.identity, change.word, change.sentence, change.other_npsn]
            yield [*about, change.offered, shown(held) if held else "", change.acts, when]


def change_head(people: People) -> list[str]:
    return [
        "nama",
        people.identity_label,
        "perubahan",
        "keterangan",
        "NPSN lain",
        "nomor di Dapodik",
        "nomor di sini",
        "yang bertindak",
        "kapan",
    ]


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
        sentence=_sentence(person, change),
        at=change.run.applied_at,
        story_url=people.story_url(person.pk),
        edit_url=people.row_url("edit", person.pk),
        acts=_acts(change),
        other_npsn=change.other_npsn,
        record=person.record,
        offered=offered,
        use=_usable(person.record, change, table) if may_use and offered else "",
    )


def _sentence(person: Recipient, change: CutoffChange) -> str:
    """What happened, with the other school; the similarity of names only while the row still says the same."""
    if change.kind == ChangeKind.NUMBER_DIFFERS:
        return "Sesudah tarikan pertama nomor hanya diubah di sini, jadi nomor dari Dapodik tidak diterapkan."
    if change.kind == ChangeKind.ELIGIBILITY:
        similarity = person.name_similarity if person.eligibility == change.code else None
        return describe(change.code, Topic.ELIGIBILITY, npsn=change.other_npsn, similarity=similarity)
    words = {ChangeKind.MOVED_IN.value: "Dari sekolah", ChangeKind.MOVED_OUT.value: "Ke sekolah"}
    return f"{words.get(change.kind, 'Sekolah lain:')} NPSN {change.other_npsn}." if change.other_npsn else ""


def _acts(change: CutoffChange) -> str:
    """Whose move it is, where anybody has one."""
    if change.kind == ChangeKind.NUMBER_DIFFERS:
        return "Sekolah, bila nomor Dapodik yang benar"
    return ACTS.get(change.code, "") if change.kind == ChangeKind.ELIGIBILITY else ""


def _usable(record: PhoneRecord | None, change: CutoffChange, table: PrefixTable) -> str:
    """The offered number, when it is one and not the number that is stored already."""
    if record is None or change.kind != ChangeKind.NUMBER_DIFFERS:
        return ""
    number = read_number(change.offered, table).number or ""
    return number if number != record.number else ""
