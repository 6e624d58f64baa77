"""Pusdatin's pages for periods, windows, offices and schools without coverage."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schools import actions
from schools.choices import Jenjang, PeriodStatus
from schools.forms import CoverageForm, OfficeForm, PeriodForm, WindowForm
from schools.models import Office, Period, School, Window
from schools.periods import close_period, open_period
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission
from vervalponsel.batches.runner import Refused

form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@requires(Permission.MANAGE)
def manage(request: Request) -> HttpResponseBase:
    """Where everything that Pusdatin keeps is found."""
    periods = Period.objects.visible_to(request.actor).order_by("-starts_date", "-id")
    return render(request, "schools/manage.html", {"periods": periods, "unstaffed": Office.objects.unstaffed().count()})


@form_page
@requires(Permission.MANAGE)
def new_period(request: Request) -> HttpResponseBase:
    """A draft, to be filled and opened later."""
    period = Period()
    form = PeriodForm(request.POST or None, instance=period)
    if request.method == "POST" and form.is_valid():
        actions.save_period(by=request.actor, period=period, values=form.cleaned_data, now=timezone.now())
        messages.success(request, "Periode dibuat. Isi jendela waktu dan paketnya, lalu buka.")
        return redirect("schools:period", period.pk)
    return _form(request, "schools/form.html", form, title="Periode baru", back=reverse("schools:manage"))


@form_page
@requires(Permission.MANAGE)
def period(request: Request, pk: int) -> HttpResponseBase:
    """One period with its windows; the rules of a draft can be changed here."""
    found = get_object_or_404(Period.objects.visible_to(request.actor), pk=pk)
    is_draft = found.status == PeriodStatus.DRAFT
    form = PeriodForm(request.POST or None, instance=found) if is_draft else None
    if request.method == "POST" and form and form.is_valid():
        actions.save_period(by=request.actor, period=found, values=form.cleaned_data, now=timezone.now())
        messages.success(request, "Aturan periode disimpan.")
        return redirect("schools:period", pk)
    context = {
        "period": Period.objects.get(pk=pk),
        "served": [Jenjang(code).label for code in found.jenjang],
        "form": form,
        "window_form": WindowForm(),
        "windows": found.windows.order_by("opens_at", "id"),
    }
    return render(request, "schools/period.html", context, status=422 if form and form.errors else 200)


@require_POST
@requires(Permission.MANAGE)
def open_the_period(request: Request, pk: int) -> HttpResponseBase:
    """Make it the current one; schools follow in a batch whose page shows how far it is."""
    return _turn(request, pk, open_period)


@require_POST
@requires(Permission.MANAGE)
def close_the_period(request: Request, pk: int) -> HttpResponseBase:
    """End a period and its locks."""
    return _turn(request, pk, close_period)


def _turn(request: Request, pk: int, action: object) -> HttpResponseBase:
    found = get_object_or_404(Period.objects.visible_to(request.actor), pk=pk)
    try:
        batch = action(by=request.actor, period=found, now=timezone.now())  # type: ignore[operator]
    except Refused as reason:
        messages.error(request, str(reason))
        return redirect("schools:period", pk)
    return redirect("batches:detail", batch.pk)


@require_POST
@requires(Permission.MANAGE)
def add_window(request: Request, pk: int) -> HttpResponseBase:
    """One more window of a period that is not closed."""
    found = get_object_or_404(Period.objects.visible_to(request.actor).exclude(status=PeriodStatus.CLOSED), pk=pk)
    window = Window(period=found)
    form = WindowForm(request.POST, instance=window)
    if form.is_valid():
        actions.save_window(by=request.actor, window=window, values=form.cleaned_data, now=timezone.now())
        messages.success(request, "Jendela waktu ditambahkan.")
        return redirect("schools:period", pk)
    return _form(
        request,
        "schools/form.html",
        form,
        title=f"Jendela waktu {found.name}",
        back=reverse("schools:period", args=[pk]),
    )


@form_page
@requires(Permission.MANAGE)
def window(request: Request, pk: int) -> HttpResponseBase:
    """Move a window or take it away."""
    periods = Period.objects.visible_to(request.actor).exclude(status=PeriodStatus.CLOSED)
    found = get_object_or_404(Window.objects.filter(period__in=periods).select_related("period"), pk=pk)
    form = WindowForm(request.POST or None, instance=found)
    if request.method == "POST" and "remove" in request.POST:
        actions.remove_window(by=request.actor, window=found, now=timezone.now())
        messages.success(request, "Jendela waktu dihapus.")
        return redirect("schools:period", found.period_id)
    if request.method == "POST" and form.is_valid():
        actions.save_window(by=request.actor, window=found, values=form.cleaned_data, now=timezone.now())
        messages.success(request, "Jendela waktu disimpan.")
        return redirect("schools:period", found.period_id)
    back = reverse("schools:period", args=[found.period_id])
    return _form(request, "schools/form.html", form, title=f"Jendela {found.name}", back=back, removable=True)


@require_safe
@requires(Permission.MANAGE)
def offices(request: Request) -> HttpResponseBase:
    """Which office judges what, and where nobody works."""
    rows = Office.objects.visible_to(request.actor).order_by("scope_code")
    unstaffed = rows.unstaffed()
    page = Paginator(unstaffed if request.GET.get("kosong") else rows, 50).get_page(request.GET.get("page"))
    context = {"page": page, "unstaffed": unstaffed.count(), "only_unstaffed": bool(request.GET.get("kosong"))}
    return render(request, "schools/offices.html", context)


@form_page
@requires(Permission.MANAGE)
def office(request: Request, pk: int) -> HttpResponseBase:
    """Change what an office judges."""
    found = get_object_or_404(Office.objects.visible_to(request.actor), pk=pk)
    form = OfficeForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        actions.save_office(by=request.actor, office=found, values=form.cleaned_data, now=timezone.now())
        messages.success(request, "Dinas disimpan.")
        return redirect("schools:offices")
    return _form(request, "schools/form.html", form, title=found.name, back=reverse("schools:offices"))


@form_page
@requires(Permission.MANAGE)
def coverage(request: Request) -> HttpResponseBase:
    """Mark schools as lying where there is no signal."""
    form = CoverageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        changed, unknown = actions.mark_coverage(by=request.actor, now=timezone.now(), **form.cleaned_data)
        messages.success(request, f"{changed} sekolah ditandai.")
        if unknown:
            messages.warning(request, f"NPSN tidak ditemukan: {', '.join(unknown)}.")
        return redirect("schools:coverage")
    marked = School.objects.visible_to(request.actor).filter(no_coverage=True).order_by("npsn")[:200]
    return _form(request, "schools/coverage.html", form, title="Daerah tanpa sinyal", marked=marked)


def _form(request: Request, template: str, form: object, **context: object) -> HttpResponseBase:
    errors = getattr(form, "errors", None)
    return render(request, template, {"form": form, **context}, status=422 if errors else 200)
