"""People of the register who are no recipients: each with the reason and whose move it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count

from providers.catalogue import Topic, describe
from providers.choices import Eligibility
from schools.models import School
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Role

from .listing import PER_PAGE, Tab, spoken
from .models import Recipient
from .people import People
from .tables import table_links

_SCHOOL = "Sekolah, di Dapodik"
_BOTH = "Kedua sekolah, di Dapodik"
_IDENTITY = "Sekolah, lewat VervalPD"
ACTS: dict[str, str] = {
    Eligibility.INACTIVE: _SCHOOL,
    Eligibility.NOT_SYNCED: "Sekolah: sinkronkan Dapodik",
    Eligibility.NISN_MISSING: _IDENTITY,
    Eligibility.NISN_INVALID: _IDENTITY,
    Eligibility.DUPLICATE_SCHOOL: _BOTH,
    Eligibility.NISN_CONFLICT: "Kedua sekolah, lewat VervalPD",
    Eligibility.NOT_HOME_SCHOOL: "Sekolah induk",
    Eligibility.NOT_TEACHER: "Tidak perlu tindakan",
    Eligibility.RECEIVES_PIP: "Tidak perlu tindakan",
    Eligibility.NOT_SERVED: "Pusdatin",
}
"""Whose move it is; every reason but OK and LEFT has one."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One person with the reason in words."""

    pk: int
    name: str
    identity: str
    class_name: str
    word: str
    sentence: str
    other_npsn: str
    acts: str


def left_out_of(people: People, person: Recipient) -> LeftOut:
    reason = Eligibility(person.eligibility)
    return LeftOut(
        pk=person.pk,
        name=person.name,
        identity=people.identity_of(person),
        class_name=people.class_of(person),
        word=reason.label,
        sentence=describe(reason, Topic.ELIGIBILITY, npsn=person.other_npsn, similarity=person.name_similarity),
        other_npsn=person.other_npsn,
        acts=ACTS.get(reason, ""),
    )


def leaving_context(request: Request, people: People, school: School) -> dict[str, object]:
    """The people left out, by reason."""
    rows = people.rows.visible_to(request.actor).filter(school=school).left_out().by_name()
    counts = dict(rows.order_by().values_list("eligibility").annotate(Count("id")))
    chosen = request.GET.get("alasan", "")
    page = Paginator(rows.filter(eligibility=chosen) if chosen in counts else rows, PER_PAGE).get_page(
        request.GET.get("page")
    )
    return {
        "people": people,
        "school": school,
        "own": request.actor.role == Role.OPERATOR,
        "rows": [left_out_of(people, person) for person in page],
        "page": page,
        "said": spoken(page, people.word),
        "total": sum(counts.values()),
        "tabs": _tabs(people, school, counts, chosen, own=request.actor.role == Role.OPERATOR),
        "downloads": table_links(request, people, "left_out_table"),
    }


def left_out_rows(request: Request, people: People, school: School) -> Iterator[list[object]]:
    """Everybody left out as a row to take away."""
    rows = people.rows.visible_to(request.actor).filter(school=school).left_out().by_name()
    chosen = request.GET.get("alasan", "")
    for person in (rows.filter(eligibility=chosen) if chosen in Eligibility.values else rows).iterator(chunk_size=500):
        told = left_out_of(people, person)
        yield [told.name, told.identity, told.class_name, told.word, told.sentence, told.other_npsn, told.acts]


def left_out_head(people: People) -> list[str]:
    return ["nama", people.identity_label, "kelas", "alasan", "keterangan", "NPSN lain", "yang dapat memperbaiki"]


def _tabs(people: People, school: School, counts: dict[str, int], chosen: str, *, own: bool) -> list[Tab]:
    base = people.url("left_out") + ("?" if own else f"?npsn={school.npsn}&")
    reasons = [
        Tab(Eligibility(code).label, f"{base}alasan={code}", chosen == code, n) for code, n in sorted(counts.items())
    ]
    return [Tab("Semua", base.rstrip("?&"), chosen not in counts, sum(counts.values())), *reasons]
