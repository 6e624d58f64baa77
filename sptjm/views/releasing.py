"""Pusdatin's page of stages: what is approved, what would go to whom, sending it."""

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from schools.models import Region, Window
from sptjm.actions.releasing import RELEASE, Releasable, hand_in_release, releasable
from sptjm.forms import ReleaseForm
from sptjm.policies import NotAllowed, coming_release_windows, open_release_windows
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission
from vervalponsel.batches.models import Batch

_RECENT = 5


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.RELEASE)
def release(request: Request) -> HttpResponseBase:
    """The stages that are open now with their counts; posting sends one."""
    now = timezone.now()
    windows = open_release_windows(now)
    if request.method == "POST":
        return _send(request, windows)
    context = {
        "stages": [_stage(request, window) for window in windows],
        "coming": coming_release_windows(now),
        "batches": Batch.objects.visible_to(request.actor).filter(kind=RELEASE).newest_first()[:_RECENT],
    }
    return render(request, "sptjm/release.html", context)


def _send(request: Request, windows: list[Window]) -> HttpResponseBase:
    form = ReleaseForm(request.POST, windows=windows)
    if not form.is_valid():
        messages.error(request, "Tahap itu tidak sedang dibuka. Pilih tahap di halaman ini.")
        return redirect("sptjm:release")
    try:
        _, created = hand_in_release(
            by=request.actor, window=form.cleaned_data["window"], now=timezone.now(), token=form.cleaned_data["token"]
        )
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Pengiriman dimulai." if created else "Pengiriman ini sudah dimulai sebelumnya.")
    return redirect("sptjm:release")


def _stage(request: Request, window: Window) -> dict[str, object]:
    """One open stage: the claims by what becomes of them, and the ready ones by provider and province."""
    found = releasable(window=window, by=request.actor, now=timezone.now())
    return {
        "window": window,
        "counts": _counts(found),
        "by_provider": _by_provider(found),
        "by_province": _by_province(found),
        "form": ReleaseForm(initial={"window": window.pk}, windows=[window], prefix=None),
    }


def _counts(found: Releasable) -> dict[str, int]:
    return {
        "ready": found.ready.count(),
        "own": found.own.count(),
        "held": found.held.count(),
        "carried": found.ready.filter(statement_line=None).count(),
        "stale": found.stale.count(),
    }


def _by_provider(found: Releasable) -> list[tuple[str, int]]:
    rows = found.ready.order_by("provider__name").values_list("provider__name").annotate(Count("id"))
    return list(rows)


def _by_province(found: Releasable) -> list[tuple[str, int]]:
    rows = found.ready.order_by("school__province_code").values_list("school__province_code").annotate(Count("id"))
    names = dict(Region.objects.provinces().values_list("code", "name"))
    return [(names.get(code, code), count) for code, count in rows]


@require_safe
@requires(Permission.RELEASE)
def release_progress(request: Request, pk: int) -> HttpResponse:
    """How far one release is; the region that polls."""
    batch = get_object_or_404(Batch.objects.visible_to(request.actor).filter(kind=RELEASE), pk=pk)
    return render(request, "sptjm/_release.html", {"batch": batch})
