"""The office's work: the queue of uploaded scans, and judging one beside its data."""

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from schools.models import Region, School
from sptjm.actions import reviewing
from sptjm.choices import ReturnCode
from sptjm.forms import JudgeForm, QueueForm, ReturnForm
from sptjm.listing import lines_of, slice_of
from sptjm.models import Statement
from sptjm.policies import NotAllowed, Overtaken, may_return_approved
from sptjm.querysets import StatementQuerySet
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission

from .found import note_seen, statement_of


@require_safe
@requires(Permission.REVIEW_SCANS)
def queue(request: Request) -> HttpResponse:
    """Scans that wait for the actor's judgement, oldest first."""
    form = QueueForm(request.GET, regions=_regions(request))
    waiting = _waiting(request)
    context = {
        "page": slice_of(waiting.select_related("school", "period"), request.GET.get("page")),
        "form": form,
        "count": waiting.count(),
        "first": waiting.first(),
        "query": _filters(request),
    }
    return render(request, "sptjm/_queue.html" if request.htmx else "sptjm/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REVIEW_SCANS)
def review(request: Request, pk: int) -> HttpResponseBase:
    """The scan beside the data; approve it, or return it with a reason, then the next one."""
    judged = Statement.objects.judged_by(request.actor).select_related("school", "period")
    statement = get_object_or_404(judged, pk=pk)
    form = JudgeForm(request.POST or None, scans=statement.scans.all())
    if request.method != "POST":
        return _review_page(request, statement, form)
    if not form.is_valid():
        return _review_page(request, statement, form, status=422)
    uploaded_at = statement.uploaded_at
    try:
        _judge(request, statement, form)
    except (Overtaken, NotAllowed) as refusal:
        messages.warning(request, str(refusal))
        return redirect("sptjm:detail", pk)
    following = _waiting(request).after(uploaded_at, pk).first() if uploaded_at else None
    following = following or _waiting(request).first()
    target = reverse("sptjm:review", args=[following.pk]) if following else reverse("sptjm:queue")
    return redirect(f"{target}{_filters(request)}")


def _judge(request: Request, statement: Statement, form: JudgeForm) -> None:
    seen = {"by": request.actor, "statement": statement, "scan": form.cleaned_data["scan"], "now": timezone.now()}
    if form.cleaned_data["decision"] == "approve":
        reviewing.approve(**seen)
        messages.success(request, f"SPTJM {statement.number} disetujui.")
    else:
        code = ReturnCode(form.cleaned_data["code"])
        reviewing.return_scan(**seen, code=code, note=form.cleaned_data["note"])
        messages.success(request, f"SPTJM {statement.number} dikembalikan ke sekolah.")


def _review_page(request: Request, statement: Statement, form: JudgeForm, status: int = 200) -> HttpResponseBase:
    """Only what still waits for this actor has a form; anything else says what happened to it."""
    if not Statement.objects.to_review(request.actor).filter(pk=statement.pk).exists():
        return redirect("sptjm:detail", statement.pk)
    note_seen(by=request.actor, statement=statement, now=timezone.now())
    scan = reviewing.newest_scan(statement)
    context = {
        "statement": statement,
        "scan": scan,
        "numbers": range(1, scan.pages + 1),
        "page": lines_of(statement, request.GET.get("page")),
        "reviews": statement.reviews.order_by("-id"),
        "form": form,
        "query": _filters(request),
    }
    return render(request, "sptjm/review.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.RELEASE)
def give_back(request: Request, pk: int) -> HttpResponseBase:
    """Pusdatin returns an approved statement before it is released."""
    statement = statement_of(request, pk)
    form = ReturnForm(request.POST or None)
    if not may_return_approved(request.actor, statement):
        return redirect("sptjm:detail", pk)
    if request.method != "POST" or not form.is_valid():
        context = {"statement": statement, "form": form}
        return render(request, "sptjm/give_back.html", context, status=422 if form.errors else 200)
    code, note = ReturnCode(form.cleaned_data["code"]), form.cleaned_data["note"]
    try:
        reviewing.return_approved(by=request.actor, statement=statement, code=code, note=note, now=timezone.now())
    except NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"SPTJM {statement.number} dikembalikan ke sekolah.")
    return redirect("sptjm:detail", pk)


def _waiting(request: Request) -> StatementQuerySet:
    form = QueueForm(request.GET, regions=_regions(request))
    wanted = form.cleaned_data if form.is_valid() else {}
    return Statement.objects.to_review(request.actor).of_schools(**wanted)


def _regions(request: Request) -> list[Region]:
    """The kab/kota in which the actor judges schools: few for an office, all without a staffed one for Pusdatin."""
    codes = School.objects.judged_by(request.actor).order_by().values("regency_code").distinct()
    return list(Region.objects.filter(code__in=codes).order_by("code"))


def _filters(request: Request) -> str:
    """The queue's filters as the end of an address, so that the next one comes from the same part of it."""
    kept = request.GET.copy()
    for name in set(kept) - {"jenjang", "wilayah"}:
        del kept[name]
    return f"?{kept.urlencode()}" if kept else ""
