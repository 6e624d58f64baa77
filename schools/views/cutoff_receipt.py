"""The receipt of a cut-off by place, on screen and to take away."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from schools import receipts
from schools.choices import PersonRole
from schools.models import CutoffRun
from schools.tallies import NATION
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission
from vervalponsel.kit.exports import CSV, XLSX, table_response


class ReceiptFilter(forms.Form):
    """Whose figures are shown."""

    penerima = forms.ChoiceField(
        label="Penerima", required=False, choices=[("", "Siswa dan guru"), *PersonRole.choices]
    )

    @property
    def role(self) -> str:
        """The chosen one, or nothing."""
        return str(self.cleaned_data.get("penerima", "")) if self.is_valid() else ""


@require_safe
@requires(Permission.MANAGE)
def receipt(request: Request, pk: int, code: str = NATION) -> HttpResponse:
    """What the run did in a place and in its parts."""
    run, form = _run(request, pk, code), ReceiptFilter(request.GET)
    lines, page = receipts.parts_of(run, code, form.role, request.GET.get("page"))
    whole = receipts.whole_of(run, code, form.role)
    context = {
        "run": run,
        "form": form,
        "whole": whole,
        "lines": lines,
        "page": page,
        "reasons": receipts.reasons_of(run, code, form.role),
        "trail": receipts.trail_of(run, code),
        "homeless": _homeless(run, whole) if code == NATION and not form.role else 0,
        "columns": receipts.SHOWN,
        "downloads": _downloads(run, code, form.role),
    }
    return render(request, "schools/cutoff_receipt.html", context)


@require_safe
@requires(Permission.MANAGE)
def table(request: Request, pk: int, code: str, kind: str) -> HttpResponseBase:
    """The parts of a place, or with ``isi=sekolah`` every school below it, as CSV or XLSX."""
    if kind not in (CSV, XLSX):
        raise Http404
    run, role = _run(request, pk, code), ReceiptFilter(request.GET).role
    name = f"tarikan-{run.batch_id}-{code}"
    if request.GET.get("isi") == "sekolah":
        return table_response(f"{name}-sekolah", kind, receipts.SCHOOLS_HEAD, receipts.schools_below(run, code, role))
    head = ["kode", "nama", *receipts.COLUMNS.values(), receipts.ASIDE]
    return table_response(name, kind, head, _rows(run, code, role))


def _rows(run: CutoffRun, code: str, role: str) -> Iterable[list[object]]:
    number: int | None = 1
    while number:
        lines, page = receipts.parts_of(run, code, role, str(number))
        yield from ([line.key, line.label, *line.numbers, line.aside] for line in lines)
        number = page.next_page_number if page and page.has_next else None


def _run(request: Request, pk: int, code: str) -> CutoffRun:
    seen = CutoffRun.objects.visible_to(request.actor).select_related("batch")
    run = get_object_or_404(seen, batch_id=pk)
    if not receipts.place_exists(run, code):
        raise Http404
    return run


def _homeless(run: CutoffRun, whole: receipts.Line) -> int:
    """Rows of people whose school nobody knows: they count nowhere but in the batch's own receipt."""
    read = sum(run.batch.counts.get(word, {}).get("read", 0) for word in ("students", "teachers"))
    return max(read - whole.numbers[1], 0)


def _downloads(run: CutoffRun, code: str, role: str) -> list[tuple[str, str]]:
    chosen = f"&penerima={role}" if role else ""
    urls = {kind: reverse("schools:cutoff_table", args=[run.batch_id, code, kind]) for kind in (XLSX, CSV)}
    parts = [(f"Tabel ini ({kind.upper()})", f"{url}?{chosen.lstrip('&')}".rstrip("?")) for kind, url in urls.items()]
    return parts + [(f"Semua sekolah ({kind.upper()})", f"{url}?isi=sekolah{chosen}") for kind, url in urls.items()]
