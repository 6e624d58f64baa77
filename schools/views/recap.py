"""Recaps: the nation, a province, a kab/kota, a school, and the way from a figure to the people in it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from schools import recaps
from schools.choices import PersonRole
from schools.forms import RecapFilter
from schools.models import Region, School
from schools.policies import jenjang_for, own_region_code, regions_for
from schools.tallies import (
    NATION,
    Figures,
    figures_below,
    figures_of_schools,
    region_figures,
    school_figures,
    schools_with,
)
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission, Role
from vervalponsel.kit.exports import csv_response

PER_PAGE = 50


@require_safe
@requires(Permission.SEE_RECAPS)
def recap(request: Request) -> HttpResponseBase:
    """The recap of one's own scope."""
    if request.actor.role == Role.OPERATOR:
        return redirect("schools:school", request.actor.scope_code)
    return redirect("schools:region", own_region_code(request.actor))


@require_safe
@requires(Permission.SEE_RECAPS)
def region(request: Request, code: str) -> HttpResponse:
    """The balance sheet of a region, by jenjang and provider, and its parts."""
    place = get_object_or_404(regions_for(request.actor), code=code)
    form = RecapFilter(request.GET, allowed=jenjang_for(request.actor))
    figures = region_figures(code, form.jenjang_read)
    link = _region_linker(code, form.single)
    context = {
        "place": place,
        "trail": _trail(request.actor, place),
        "form": form,
        **_sheets(figures, link),
        **_parts(request, place, form),
        "download": f"{reverse('schools:region_csv', args=[code])}?{request.GET.urlencode()}",
    }
    return render(request, "schools/recap_region.html", context)


@require_safe
@requires(Permission.SEE_RECAPS)
def breakdown(request: Request, code: str) -> HttpResponse:
    """Where the people behind one figure are: parts of the region, or its schools, most first."""
    place = get_object_or_404(regions_for(request.actor), code=code)
    form = RecapFilter(request.GET, allowed=jenjang_for(request.actor))
    choice = request.GET.get("keadaan", "")
    find = _schools_in if _is_regency(place) else _regions_in
    rows = find(request.actor, place, choice, form)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "place": place,
        "trail": _trail(request.actor, place),
        "form": form,
        "label": recaps.label_of(choice),
        "page": page,
        "rows": page.object_list,
        "total": sum(int(str(row["n"])) for row in rows),
        "is_regency": _is_regency(place),
    }
    return render(request, "schools/breakdown.html", context)


@require_safe
@requires(Permission.SEE_RECAPS)
def school(request: Request, npsn: str) -> HttpResponse:
    """One school's balance sheet; its figures lead to the lists, for those who may see names."""
    place = get_object_or_404(School.objects.visible_to(request.actor).select_related("region"), npsn=npsn)
    figures = school_figures(place.pk)
    link = _school_linker(request.actor, place)
    context = {
        "school": place,
        "trail": _school_trail(request.actor, place),
        "sees_names": request.actor.may(Permission.SEE_RECIPIENTS),
        **_sheets(figures, link),
    }
    return render(request, "schools/recap_school.html", context)


@require_safe
@requires(Permission.SEE_RECAPS)
def region_csv(request: Request, code: str) -> HttpResponseBase:
    """Every part of a region with every cell, for a spreadsheet."""
    place = get_object_or_404(regions_for(request.actor), code=code)
    form = RecapFilter(request.GET, allowed=jenjang_for(request.actor))
    cells = recaps.cells()
    head = ["kode", "nama", "penerima", "jumlah", *(cell.label for cell in cells)]
    rows = (
        [key, name, PersonRole(role).label, figures.total(*(c.metric for c in cells), role=role)]
        + [figures.total(cell.metric, role=role) for cell in cells]
        for key, name, figures in _named_parts(request.actor, place, form)
        for role in PersonRole.values
    )
    return csv_response(f"rekap-{code}.csv", head, rows)


def _named_parts(actor: Actor, place: Region, form: RecapFilter) -> list[tuple[str, str, Figures]]:
    if _is_regency(place):
        schools = _schools(actor, place, form)
        found = figures_of_schools([s.pk for s in schools])
        return [(s.npsn, s.name, found.get(s.pk, Figures([]))) for s in schools]
    below = figures_below(place.code, form.jenjang_read)
    names = dict(Region.objects.filter(code__in=below).values_list("code", "name"))
    return [(code, names[code], below[code]) for code in sorted(below) if code in names]


def _schools(actor: Actor, place: Region, form: RecapFilter) -> list[School]:
    rows = School.objects.visible_to(actor).in_region(place.code).active().order_by("name", "id")
    return list(rows.filter(jenjang__in=form.jenjang_read) if form.jenjang_read else rows)


def _is_regency(place: Region) -> bool:
    return place.code.endswith("00") and not place.code.endswith("0000")


def _sheets(figures: Figures, link: recaps.Linker) -> dict[str, object]:
    whole = recaps.whole(figures, link)
    masuk = figures.total(*recaps.metrics_of("masuk"))
    return {
        "lines": recaps.balance_sheet(figures, link),
        "whole": whole,
        "served": masuk,
        "bar": recaps.groups_bar(figures, link),
        "left_out": recaps.left_out_lines(figures, link),
        "jenjang": recaps.by_jenjang(figures),
        "providers": recaps.by_provider(figures),
        "provider_bars": recaps.provider_bars(figures),
        "groups": recaps.groups(),
    }


def _parts(request: Request, place: Region, form: RecapFilter) -> dict[str, object]:
    if not _is_regency(place):
        parts = recaps.parts_of_region(place, form.jenjang_read, lambda code: _region_linker(code, form.single))
        return {"parts": parts, "page": None}
    rows = School.objects.visible_to(request.actor).in_region(place.code).active().order_by("name", "id")
    rows = rows.filter(jenjang__in=form.jenjang_read) if form.jenjang_read else rows
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    parts = recaps.parts_of_schools(page.object_list, lambda s: _school_linker(request.actor, s))
    said = f"{page.start_index()} sampai {page.end_index()} dari {page.paginator.count} sekolah"
    return {"parts": parts, "page": page, "said": said}


def _region_linker(code: str, jenjang: str) -> recaps.Linker:
    return lambda role, choice: recaps.breakdown_url(code, choice, penerima=role, jenjang=jenjang)


def _school_linker(actor: Actor, place: School) -> recaps.Linker:
    """A figure of both roles together links to the school's page, where they part."""

    def link(role: str, choice: str) -> str:
        if not actor.may(Permission.SEE_RECIPIENTS):
            return ""
        return recaps.list_url(role, place.npsn, choice) if role else reverse("schools:school", args=[place.npsn])

    return link


def _regions_in(actor: Actor, place: Region, choice: str, form: RecapFilter) -> list[dict[str, object]]:
    metrics = recaps.metrics_of(choice)
    counted = [
        {"label": name, "sub": "", "n": figures.total(*metrics, role=form.role), "code": code}
        for code, name, figures in _named_parts(actor, place, form)
    ]
    for row in counted:
        row["url"] = recaps.breakdown_url(str(row["code"]), choice, penerima=form.role, jenjang=form.single)
    return sorted((row for row in counted if row["n"]), key=lambda row: (-int(str(row["n"])), str(row["label"])))


def _schools_in(actor: Actor, place: Region, choice: str, form: RecapFilter) -> list[dict[str, object]]:
    found = schools_with(place.code, recaps.metrics_of(choice), role=form.role, jenjang=form.jenjang_read)
    schools = School.objects.visible_to(actor).in_bulk([pk for pk, _ in found])
    sees = actor.may(Permission.SEE_RECIPIENTS)
    return [
        {"label": s.name, "sub": f"NPSN {s.npsn}", "n": n, "url": _people_url(s, choice, form, sees=sees)}
        for s, n in ((schools[pk], n) for pk, n in found if pk in schools)
    ]


def _people_url(place: School, choice: str, form: RecapFilter, *, sees: bool) -> str:
    if sees and form.role:
        return recaps.list_url(form.role, place.npsn, choice)
    return reverse("schools:school", args=[place.npsn])


def _trail(actor: Actor, place: Region) -> list[tuple[str, str]]:
    """The regions above, as far up as the actor may look."""
    allowed = set(regions_for(actor).filter(code__in=_above(place.code)).values_list("code", flat=True))
    names = dict(Region.objects.filter(code__in=allowed).values_list("code", "name"))
    return [(names[code], reverse("schools:region", args=[code])) for code in _above(place.code) if code in allowed]


def _above(code: str) -> list[str]:
    return [] if code == NATION else [NATION] if code.endswith("0000") else [NATION, f"{code[:2]}0000"]


def _school_trail(actor: Actor, place: School) -> list[tuple[str, str]]:
    codes = [NATION, place.province_code, place.regency_code]
    found = dict(regions_for(actor).filter(code__in=codes).values_list("code", "name"))
    return [(found[code], reverse("schools:region", args=[code])) for code in codes if code in found]
