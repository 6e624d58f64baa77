"""Pages made of several parts: everybody's first page, a recipient's story, schools to remind, packages, prefixes."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import ProtectedError
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from providers.models import Package, Prefix
from providers.prefix_effects import effects_of
from providers.recipients.choosing import note_seen
from providers.recipients.editor import state_of
from providers.recipients.people import People
from providers.recipients.rows import buttons_of, claims_of, shown_number
from providers.recipients.sentences import question_of
from providers.recipients.sharers import sharing_of
from providers.reference_actions import remove_package, save_package, save_prefix
from providers.shared_numbers import change_limits
from schools.choices import PeriodStatus
from schools.models import Period, School
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission, Role
from vervalponsel.kit.keys import key_of

from .forms import PackageForm, PrefixForm, SharingLimitsForm
from .home import operator_home
from .offices import chase_rows, office_home, silent_schools
from .story import Reader, story_of

PER_PAGE = 50
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def home(request: Request) -> HttpResponseBase:
    """The first page: another one for every role; a person without any assignment is told so."""
    actor, period = request.actor, Period.objects.current().first()
    if actor.role == Role.OPERATOR:
        school = School.objects.visible_to(actor).select_related("region").first()
        if school is not None:
            return render(request, "desk/home_operator.html", operator_home(school, period))
    if actor.role in ("", Role.OPERATOR):
        return render(request, "desk/home_nobody.html")
    return render(request, "desk/home_office.html", office_home(actor, period, timezone.now()))


@require_safe
def help_page(request: Request) -> HttpResponseBase:
    """Where to ask, and the questions that are asked most."""
    return render(request, "desk/help.html")


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def story(request: Request, people: People, pk: int) -> HttpResponseBase:
    """Everything that happened to one recipient's number."""
    rows = people.rows.visible_to(request.actor).select_related("school", "record__provider")
    person = get_object_or_404(rows, pk=pk)
    masked = request.actor.role != Role.OPERATOR
    note_seen(by=request.actor, school=person.school, people=people, now=timezone.now())
    record = person.record
    claim = claims_of([record.pk]).get(record.pk) if record else None
    can_edit = bool(record and not claim and request.actor.may(Permission.EDIT_NUMBERS) and record.cell != "OUT")
    context = {
        "people": people,
        "person": person,
        "identity": people.identity_of(person),
        "record": record,
        "number": shown_number(record, masked=masked) if record else "",
        "state": state_of(record, claim) if record else None,
        "sharing": sharing_of(record) if record else "",
        "question": question_of(record) if record else "",
        "can_edit": can_edit,
        "buttons": buttons_of(people, person, record) if record and can_edit else [],
        "here": people.story_url(pk),
        "edit_url": people.row_url("edit", pk),
        "moments": story_of(people, person, Reader(person.school.npsn, masked)),
        "own": not masked,
    }
    return render(request, "desk/story.html", context)


@require_safe
@requires(Permission.REVIEW_SCANS)
def chase(request: Request) -> HttpResponseBase:
    """Schools that have not uploaded a statement for the current period."""
    period = Period.objects.current().first()
    rows = silent_schools(request.actor, period)
    jenjang = request.GET.get("jenjang", "")
    page = Paginator(rows.filter(jenjang=jenjang) if jenjang else rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": chase_rows(list(page.object_list), period),
        "said": f"{page.start_index()} sampai {page.end_index()} dari {page.paginator.count} sekolah",
        "total": page.paginator.count,
    }
    return render(request, "desk/chase.html", context)


@form_page
@requires(Permission.MANAGE)
def packages(request: Request, pk: int) -> HttpResponseBase:
    """What a period gives to whom; closed periods are history."""
    period = get_object_or_404(Period.objects.visible_to(request.actor), pk=pk)
    editable = period.status != PeriodStatus.CLOSED
    if request.method == "POST" and editable and "remove" in request.POST:
        found = get_object_or_404(period.packages, pk=key_of(request.POST["remove"]))
        try:
            remove_package(by=request.actor, package=found, now=timezone.now())
            messages.success(request, "Paket dihapus.")
        except ProtectedError:
            messages.error(request, "Paket ini sudah dipakai penerima dan tidak dapat dihapus.")
        return redirect("desk:packages", pk)
    form = PackageForm(request.POST or None, instance=Package(period=period))
    if request.method == "POST" and editable and form.is_valid():
        save_package(by=request.actor, package=form.instance, values=form.cleaned_data, now=timezone.now())
        messages.success(request, "Paket ditambahkan.")
        return redirect("desk:packages", pk)
    rows = period.packages.select_related("provider").order_by("role", "jenjang", "provider_id", "id")
    context = {"period": period, "form": form, "rows": rows, "editable": editable}
    return render(request, "desk/packages.html", context, status=422 if form.errors else 200)


@form_page
@requires(Permission.MANAGE)
def prefixes(request: Request) -> HttpResponseBase:
    """Which prefixes are whose, with their dates."""
    form = PrefixForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _judge_or_save(request, form, reverse("desk:prefixes"))
    rows = Prefix.objects.select_related("provider").order_by("provider_id", "first", "valid_from", "id")
    context = {"form": form, "rows": rows, "today": timezone.localdate()}
    return render(request, "desk/prefixes.html", context, status=422 if form.errors else 200)


@form_page
@requires(Permission.MANAGE)
def prefix(request: Request, pk: int) -> HttpResponseBase:
    """Change a prefix, usually to end it on a day."""
    found = get_object_or_404(Prefix, pk=pk)
    form = PrefixForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        return _judge_or_save(request, form, reverse("desk:prefix", args=[pk]))
    context = {"form": form, "title": "Ubah awalan", "back": reverse("desk:prefixes"), "submit": "Lihat akibatnya"}
    return render(request, "schools/form.html", context, status=422 if form.errors else 200)


def _judge_or_save(request: Request, form: PrefixForm, here: str) -> HttpResponseBase:
    """First what it would do to how many numbers; the same form once more, with ``sure``, saves it."""
    now = timezone.now()
    if "sure" not in request.POST:
        effects = effects_of(form.instance, today=timezone.localdate(now))
        context = {"form": form, "prefix": form.instance, "effects": effects, "here": here}
        return render(request, "desk/prefix_effects.html", context)
    batch = save_prefix(by=request.actor, prefix=form.instance, values=form.cleaned_data, now=now)
    messages.success(request, "Awalan disimpan.")
    return redirect("batches:detail", batch.pk) if batch else redirect("desk:prefixes")


@form_page
@requires(Permission.MANAGE)
def sharing_limits(request: Request) -> HttpResponseBase:
    """Change how many recipients a number may have in the current period; all shared numbers are judged again."""
    period = get_object_or_404(Period.objects.current())
    form = SharingLimitsForm(request.POST or None, instance=Period.objects.get(pk=period.pk))
    if request.method == "POST" and form.is_valid():
        limits = form.cleaned_data
        batch = change_limits(
            by=request.actor,
            period=period,
            confirm_above=limits["sharing_confirm_above"],
            most=limits["sharing_max"],
            now=timezone.now(),
        )
        messages.success(request, "Batas disimpan." if batch else "Tidak ada yang berubah.")
        return redirect("batches:detail", batch.pk) if batch else redirect("desk:shared")
    context = {"form": form, "title": f"Batas nomor bersama, {period.name}", "back": reverse("desk:shared")}
    return render(request, "schools/form.html", context, status=422 if form.errors else 200)
