"""Pusdatin's page of the numbers that most recipients share, and the schools concerned."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from providers import shared_numbers
from providers.choices import Sharing
from providers.models import SharedNumber
from providers.querysets import SharedNumberQuerySet
from providers.shared_numbers import Limits
from schools.choices import Jenjang
from schools.models import Period
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission
from vervalponsel.kit.exports import table_response
from vervalponsel.kit.paging import Slice


@require_safe
@requires(Permission.MANAGE)
def listed(request: Request) -> HttpResponse:
    """The worst first; the list is kept while numbers change, so nothing big is counted here."""
    period = Period.objects.current().first()
    limits = Limits.of(period)
    every = SharedNumber.objects.visible_to(request.actor)
    stopped, is_more = shared_numbers.counted(every.filter(recipients__gt=limits.most))
    page = Slice(_chosen(request, limits).worst_first(), request.GET.get("page"))
    context = {
        "page": page,
        "rows": list(shared_numbers.crowds(page, limits)),
        "limits": limits,
        "period": period,
        "stopped": stopped,
        "is_more": is_more,
        "only_stopped": request.GET.get("penilaian") == Sharing.STOPPED,
        "kept_from": SharedNumber.KEPT_FROM,
        "query": request.GET.urlencode(),
    }
    return render(request, "desk/shared.html", context)


@require_safe
@requires(Permission.MANAGE)
def download(request: Request, kind: str) -> HttpResponseBase:
    """The same list, whole, with its numbers masked."""
    limits = Limits.of(Period.objects.current().first())
    kept = _chosen(request, limits).worst_first().iterator(chunk_size=2000)
    rows = (crowd.cells for crowd in shared_numbers.crowds(kept, limits))
    return table_response("nomor-bersama", kind, shared_numbers.HEAD, rows)


@require_safe
@requires(Permission.MANAGE)
def detail(request: Request, pk: int) -> HttpResponse:
    """One number: at which schools its recipients are, and how many at each; never who."""
    kept = get_object_or_404(SharedNumber.objects.visible_to(request.actor), pk=pk)
    limits = Limits.of(Period.objects.current().first())
    page = Slice(shared_numbers.schools_sharing(kept, request.actor), request.GET.get("page"))
    names = shared_numbers.regency_names(page)
    context = {
        "crowd": next(shared_numbers.crowds([kept], limits)),
        "limits": limits,
        "page": page,
        "rows": [(row, Jenjang(row["school__jenjang"]).label, names.get(row["school__regency_code"])) for row in page],
    }
    return render(request, "desk/shared_number.html", context)


@require_safe
@requires(Permission.MANAGE)
def download_schools(request: Request, pk: int, kind: str) -> HttpResponseBase:
    """All schools of one number."""
    kept = get_object_or_404(SharedNumber.objects.visible_to(request.actor), pk=pk)

    def rows() -> Iterator[tuple[object, ...]]:
        found = list(shared_numbers.schools_sharing(kept, request.actor))
        names = shared_numbers.regency_names(found)
        for row in found:
            place = names.get(str(row["school__regency_code"]), row["school__regency_code"])
            yield row["school__npsn"], row["school__name"], Jenjang(row["school__jenjang"]).label, place, row["n"]

    return table_response(f"nomor-bersama-{pk}", kind, shared_numbers.SCHOOLS_HEAD, rows())


def _chosen(request: Request, limits: Limits) -> SharedNumberQuerySet:
    """All that are above the smaller limit, or only those above the larger one."""
    judged = Sharing.STOPPED if request.GET.get("penilaian") == Sharing.STOPPED else Sharing.TO_CONFIRM
    return SharedNumber.objects.visible_to(request.actor).filter(recipients__gt=limits.above(judged))
