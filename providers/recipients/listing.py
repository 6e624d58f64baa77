"""Which school's recipients are looked at, a page of them, and the counts above the list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404

from providers.choices import REPAIR_CELLS, Cell, Ownership
from providers.models import PhoneRecord, Provider
from schools.models import School
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission, Role
from vervalponsel.kit.keys import key_of
from vervalponsel.kit.templatetags.ui import thousands

from .filters import GROUPS, IN_QUESTION, FilterForm
from .models import Recipient
from .people import People
from .quick import drawn
from .rows import Row, rows_of

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Tab:
    """One way to look at the list, with how many are in it."""

    label: str
    url: str
    active: bool
    count: int


def school_of(request: Request) -> School | None:
    """The school asked for, an operator's own without asking; None when one has to be chosen. A stranger's is 404."""
    actor: Actor = request.actor
    npsn = request.GET.get("npsn") or (actor.scope_code if actor.role == Role.OPERATOR else "")
    return get_object_or_404(School.objects.visible_to(actor), npsn=npsn) if npsn else None


def recipients_of(actor: Actor, people: People, school: School) -> QuerySet[Recipient]:
    """The eligible people of a school with all that a row tells, by name."""
    rows = people.rows.visible_to(actor)
    return rows.filter(school=school, record__isnull=False).eligible().by_name().select_related("record")


def classes_of(people: People, school: School) -> list[str]:
    if not people.has_classes:
        return []
    rows = people.rows.filter(school=school).exclude(class_name="")
    return sorted(rows.order_by().values_list("class_name", flat=True).distinct())


def cell_counts(people: People, school: School) -> dict[str, int]:
    """How many of a school's eligible people lie in each cell; reads one school's part of an index."""
    records = PhoneRecord.objects.filter(school=school, role=people.role, cell__in=Cell.values)
    return dict(records.order_by().values_list("cell").annotate(Count("id")))


def to_repair(counts: dict[str, int]) -> int:
    return sum(counts.get(cell, 0) for cell in REPAIR_CELLS)


def in_question(people: People, school: School) -> int:
    """About how many numbers the school is asked; reads a small index."""
    return PhoneRecord.objects.filter(school=school, role=people.role).in_question().count()


def questions_url(people: People, school: School, *, own: bool) -> str:
    return f"{people.list_url}?tanya={IN_QUESTION}" + ("" if own else f"&npsn={school.npsn}")


def tabs_of(people: People, school: School, counts: dict[str, int], chosen: str, *, own: bool) -> list[Tab]:
    """The groups of cells as tabs; another's school stays named in their addresses."""
    base, which = people.url("list"), "" if own else f"&npsn={school.npsn}"
    every = Tab("Semua", f"{base}?{which[1:]}" if which else base, not chosen, sum(counts.values()))
    groups = [
        Tab(label, f"{base}?keadaan={name}{which}", chosen == name, sum(counts.get(cell, 0) for cell in cells))
        for name, (label, cells) in GROUPS.items()
    ]
    return [every, *groups]


def list_context(request: Request, people: People, school: School) -> dict[str, Any]:
    """Everything that the list and its fragments show."""
    actor: Actor = request.actor
    providers = Provider.objects.in_bulk()
    form = FilterForm(request.GET, people=people, classes=classes_of(people, school), providers=providers)
    counts = cell_counts(people, school)
    page = Paginator(form.apply(recipients_of(actor, people, school)), PER_PAGE).get_page(request.GET.get("page"))
    own, editable = actor.role == Role.OPERATOR, actor.may(Permission.EDIT_NUMBERS)
    return {
        "people": people,
        "school": school,
        "own": own,
        "here": people.list_url if own else f"{people.list_url}?npsn={school.npsn}",
        "ownerships": Ownership.choices,
        "form": form,
        "page": page,
        "said": spoken(page, people.word),
        "tabs": tabs_of(people, school, counts, str(form.cleaned_data.get("keadaan", "")), own=own),
        "repair": to_repair(counts),
        "questions": in_question(people, school),
        "questions_url": questions_url(people, school, own=own),
        "counts": counts,
        "editable": editable,
        "providers": providers,
        "query": request.GET.urlencode(),
    }


def rows_context(request: Request, context: dict[str, Any]) -> dict[str, Any]:
    """The page's rows as they are read; the form of many rows has its own."""
    rows = page_rows_of(request.actor, context["people"], context["page"].object_list, context["providers"])
    return {**context, "rows": rows, "drawn_rows": drawn(rows, editable=context["editable"])}


def page_rows_of(
    actor: Actor, people: People, recipients: Iterable[Recipient], providers: Mapping[str, Provider] | None = None
) -> list[Row]:
    """Rows as this actor may see them: numbers in full and buttons for the own school only."""
    own = actor.role == Role.OPERATOR
    return rows_of(people, recipients, editable=actor.may(Permission.EDIT_NUMBERS), masked=not own, providers=providers)


def row_of(actor: Actor, people: People) -> QuerySet[Recipient]:
    """All eligible recipients that the actor sees, to find one among them."""
    rows = people.rows.visible_to(actor).eligible()
    return rows.filter(record__isnull=False).select_related("school", "record__provider", "record__asked_in")


def chosen_recipients(request: Request, people: People) -> QuerySet[Recipient]:
    """The ticked rows of a school; with ``every`` all rows that the list's filters leave."""
    school = school_of(request)
    if school is None:
        return people.rows.none()
    rows = recipients_of(request.actor, people, school)
    if not request.POST.get("every"):
        return rows.filter(pk__in=[key_of(key) for key in request.POST.getlist("pick")])
    query = QueryDict(request.POST.get("query", ""))
    return FilterForm(query, people=people, classes=classes_of(people, school)).apply(rows)


def spoken(page: Page, word: str) -> str:
    """The result count as a sentence's part: 1 sampai 50 dari 312 siswa."""
    if not page.paginator.count:
        return f"Tidak ada {word}"
    return f"{page.start_index()} sampai {page.end_index()} dari {thousands(page.paginator.count)} {word}"
