"""One statement: its page, its paper, the upload of its scan, giving it up."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from providers.choices import Stage
from sptjm import policies
from sptjm.actions.uploading import upload_scan
from sptjm.actions.voiding import void as void_statement
from sptjm.forms import UploadForm, VoidForm
from sptjm.listing import TONES, lines_of, stage_counts, story_of
from sptjm.models import Statement
from sptjm.progress import steps_of
from sptjm.serials import file_stem
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission
from vervalponsel.batches.actions import run_again

from .found import note_seen, statement_of


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def detail(request: Request, pk: int) -> HttpResponse:
    """Where a statement stands, what to do next, who is on it, what happened to it."""
    statement = statement_of(request, pk)
    note_seen(by=request.actor, statement=statement, now=timezone.now())
    return _page(request, statement, UploadForm())


def _page(request: Request, statement: Statement, form: UploadForm, status: int = 200) -> HttpResponse:
    counts = stage_counts(statement)
    actor = request.actor
    context: dict[str, Any] = {
        "statement": statement,
        "tone": TONES[statement.status],
        "sentence": policies.sentence(statement),
        "duty": policies.duty_of(statement, counts),
        "steps": steps_of(statement, counts),
        "stages": [(Stage(stage).label, count) for stage, count in sorted(counts.items())],
        "page": lines_of(statement, request.GET.get("page")),
        "story": story_of(statement),
        "scans": statement.scans.order_by("-id"),
        "form": form,
        "is_own": actor.may(Permission.MAKE_STATEMENTS),
        "can_upload": policies.may_upload(actor, statement),
        "can_void": policies.may_void(actor, statement),
        "can_give_back": policies.may_return_approved(actor, statement),
        "can_review": Statement.objects.to_review(actor).filter(pk=statement.pk).exists()
        if actor.may(Permission.REVIEW_SCANS)
        else False,
    }
    return render(request, "sptjm/detail.html", context, status=status)


@require_safe
@requires(Permission.MAKE_STATEMENTS)
def paper(request: Request, pk: int) -> FileResponse:
    """The PDF to print."""
    statement = statement_of(request, pk)
    if not statement.pdf:
        raise Http404
    name = f"{file_stem(statement.number)}.pdf"
    return FileResponse(statement.pdf.open(), as_attachment=True, filename=name, content_type="application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MAKE_STATEMENTS)
def printing(request: Request, pk: int) -> HttpResponseBase:
    """How far the print is; posting orders a failed one again."""
    statement = statement_of(request, pk)
    if request.method == "POST" and statement.print_batch:
        run_again(by=request.actor, batch=statement.print_batch, now=timezone.now())
    if not request.htmx:
        return redirect("sptjm:detail", pk)
    return render(request, "sptjm/_print.html", {"statement": statement})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MAKE_STATEMENTS)
def upload(request: Request, pk: int) -> HttpResponseBase:
    """Take the signed scan; what is wrong with the file stands beside its field, and nothing changes."""
    statement = statement_of(request, pk)
    if request.method != "POST":
        return redirect("sptjm:detail", pk)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, statement, form, status=422)
    try:
        _, is_new = upload_scan(
            by=request.actor,
            statement=statement,
            content=form.content,
            name=form.cleaned_data["scan"].name,
            now=timezone.now(),
        )
    except policies.Overtaken as refusal:
        messages.warning(request, str(refusal))
        return redirect("sptjm:detail", pk)
    except policies.NotAllowed as refusal:
        form.add_error("scan", str(refusal))
        return _page(request, statement, form, status=422)
    messages.success(request, "Pindaian diterima." if is_new else "Pindaian ini sudah kami terima sebelumnya.")
    return redirect("sptjm:detail", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MAKE_STATEMENTS)
def void(request: Request, pk: int) -> HttpResponseBase:
    """Give a statement up, with a reason; the page says what that does to how many numbers."""
    statement = statement_of(request, pk)
    form = VoidForm(request.POST or None)
    if not policies.may_void(request.actor, statement):
        return redirect("sptjm:detail", pk)
    if request.method != "POST" or not form.is_valid():
        context = {"statement": statement, "form": form, "counts": stage_counts(statement)}
        return render(request, "sptjm/void.html", context, status=422 if form.errors else 200)
    try:
        void_statement(by=request.actor, statement=statement, reason=form.cleaned_data["reason"], now=timezone.now())
    except policies.NotAllowed as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, f"SPTJM {statement.number} dibatalkan. Nomor-nomornya dapat diubah lagi.")
    return redirect("sptjm:detail", pk)
