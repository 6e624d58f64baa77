"""What runs, ran or waits in the background, how far it is, and what it set aside."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission
from vervalponsel.kit.paging import Slice

from . import actions, words
from .choices import Status
from .models import Batch, Chunk, RowError
from .registry import kind_of, labels

MOST_CHUNKS_SHOWN = 100
FIRST_ERRORS = 10
"""How many rows that were set aside the batch's own page shows; all of them have a page with filters."""


TONES: dict[str, str] = {Status.DONE: "ok", Status.PARKED: "wait", Status.STOPPED: "wait"}


class BatchFilter(forms.Form):
    """Which batches are listed."""

    jenis = forms.ChoiceField(label="Jenis", required=False)
    status = forms.ChoiceField(label="Keadaan", required=False, choices=[("", "Semua"), *Status.choices])

    def __init__(self, data: object) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["jenis"].choices = [("", "Semua"), *labels()]  # type: ignore[attr-defined]
        self.is_valid()


@require_safe
@requires(Permission.SEE_BATCHES)
def listed(request: Request) -> HttpResponse:
    """Batches of one's scope, newest first."""
    form = BatchFilter(request.GET)
    rows = Batch.objects.visible_to(request.actor).newest_first()
    if form.cleaned_data.get("jenis"):
        rows = rows.filter(kind=form.cleaned_data["jenis"])
    if form.cleaned_data.get("status"):
        rows = rows.filter(status=form.cleaned_data["status"])
    page = Slice(rows, request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(batch, words.starter_of(batch)) for batch in page],
        "live": Batch.objects.visible_to(request.actor).live().count(),
        "has_chosen": any(form.cleaned_data.values()),
    }
    template = "batches/_list.html" if request.htmx else "batches/list.html"
    return render(request, template, context)


@require_safe
@requires(Permission.SEE_BATCHES)
def detail(request: Request, pk: int) -> HttpResponse:
    """One batch: progress while it is live, then counts and rows that were set aside."""
    batch = _batch(request, pk)
    errors, kind = RowError.objects.filter(batch=batch).in_order()[:FIRST_ERRORS], kind_of(batch.kind)
    context = {
        **_progress(batch),
        "label": kind.label,
        "starter": words.starter_of(batch),
        "template": kind.template,
        "leads_to": kind.leads_to(batch) if kind.leads_to else None,
        "kept": words.kept_of(batch.counts),
        "counts": list(words.counts_in_words(batch.counts)),
        "errors": words.told_with_places(list(errors), request.actor),
        "failed_chunks": Chunk.objects.filter(batch=batch).quarantined().order_by("id")[:MOST_CHUNKS_SHOWN],
        "may_stop": batch.is_live and not batch.stop_wanted and kind.may_be_stopped,
        "may_run_again": _may_run_again(batch),
    }
    return render(request, "batches/detail.html", context)


@require_safe
@requires(Permission.SEE_BATCHES)
def progress(request: Request, pk: int) -> HttpResponse:
    """The bar alone, asked for every two seconds; at the end the page around it is fetched again."""
    batch = _batch(request, pk)
    response = render(request, "ui/progress.html", _progress(batch))
    if not batch.is_live:
        response["HX-Refresh"] = "true"
    return response


@require_POST
@requires(Permission.SEE_BATCHES)
def stop(request: Request, pk: int) -> HttpResponseBase:
    """Stop at the next commit."""
    actions.ask_to_stop(by=request.actor, batch=_batch(request, pk), now=timezone.now())
    messages.info(request, "Permintaan berhenti dicatat. Pekerjaan berhenti setelah langkahnya selesai.")
    return redirect("batches:detail", pk)


@require_POST
@requires(Permission.SEE_BATCHES)
def again(request: Request, pk: int) -> HttpResponseBase:
    """Run again what stopped, failed or was refused."""
    actions.run_again(by=request.actor, batch=_batch(request, pk), now=timezone.now())
    messages.info(request, "Pekerjaan masuk antrean lagi.")
    return redirect("batches:detail", pk)


def _batch(request: Request, pk: int) -> Batch:
    return get_object_or_404(Batch.objects.visible_to(request.actor), pk=pk)


def _may_run_again(batch: Batch) -> bool:
    """What waits for a second person's word does not go on by a button of anybody's."""
    if batch.status == Status.PARKED:
        return not kind_of(batch.kind).needs_second_person
    return batch.status in (Status.STOPPED, Status.FAILED, Status.REFUSED)


def _progress(batch: Batch) -> dict[str, object]:
    since = batch.step_at or batch.started_at
    elapsed = (timezone.now() - since).total_seconds() if since else 0.0
    return {
        "batch": batch,
        "id": f"batch-{batch.pk}",
        "title": batch.title,
        "what": batch.step or batch.standing,
        "done": batch.done,
        "total": batch.total,
        "left": words.seconds_left(batch, elapsed),
        "pace": int(batch.done / elapsed) if elapsed > 0 else None,
        "live": batch.is_live,
        "url": reverse("batches:progress", args=[batch.pk]),
        "result": words.result_of(batch),
        "tone": TONES.get(batch.status, "fix"),
        "ended": batch.standing,
        "steps": words.phases_of(batch, kind_of(batch.kind).phases),
    }
