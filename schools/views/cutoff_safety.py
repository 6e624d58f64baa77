"""What keeps a cut-off from doing harm: trials, limits, the second person's word, and taking one back."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from schools.cutoff import deciding, limits, reverting
from schools.cutoff.forms import DecisionForm, LimitsForm
from schools.cutoff.handing_in import apply_trial
from schools.cutoff.planning import figures_of
from schools.models import CutoffRun
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission
from vervalponsel.audit.saving import save_recorded
from vervalponsel.batches.choices import Status
from vervalponsel.batches.words import starter_of


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE)
def set_limits(request: Request) -> HttpResponseBase:
    """How much a cut-off may do before a second person must allow it."""
    form = LimitsForm(request.POST or None, instance=limits.current_limits())
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        save_recorded(by=request.actor, target=form.instance, values=form.cleaned_data, action="cutoff_limits", now=now)
        messages.success(request, "Batas tersimpan dan berlaku untuk tarikan berikutnya.")
        return redirect("schools:cutoff_new")
    return render(request, "schools/cutoff_limits.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE)
def decide(request: Request, pk: int) -> HttpResponseBase:
    """What went over the limits, and the second person's word on it."""
    run = _run(request, pk)
    form = DecisionForm(request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            form.decide(by=request.actor, batch=run.batch, now=timezone.now())
            return redirect("batches:detail", pk)
        except deciding.NotPossible as problem:
            refusal = str(problem)
    context = {
        "run": run,
        "form": form,
        "starter": starter_of(run.batch),
        "waits": run.batch.status == Status.PARKED,
        "may_decide": deciding.may_decide(request.actor, run.batch),
        "excess": limits.from_json(run.excess),
        "refusal": refusal,
    }
    return render(request, "schools/cutoff_decide.html", context, status=422 if form.errors or refusal else 200)


@require_POST
@requires(Permission.MANAGE)
def apply(request: Request, pk: int) -> HttpResponseBase:
    """Hand the file of a trial in for real."""
    run = _run(request, pk)
    if not run.is_trial or run.batch.status != Status.DONE or not run.batch.file:
        messages.error(request, "Hanya uji coba yang selesai dan berkasnya masih disimpan dapat diterapkan.")
        return redirect("batches:detail", pk)
    batch = apply_trial(by=request.actor, trial=run.batch, now=timezone.now())
    messages.success(request, "Tarikan diterima dan sedang diperiksa.")
    return redirect("batches:detail", batch.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE)
def revert(request: Request, pk: int) -> HttpResponseBase:
    """What taking a cut-off back would do, or why it cannot be."""
    run = _run(request, pk)
    obstacles = reverting.seen_in_time(run)
    if request.method == "POST" and not obstacles:
        batch = reverting.hand_in_revert(by=request.actor, run=run, now=timezone.now())
        return redirect("batches:detail", batch.pk)
    context = {
        "run": run,
        "obstacles": obstacles,
        "not_all_seen": obstacles is None,
        "figures": figures_of(run),
    }
    return render(request, "schools/cutoff_revert.html", context, status=422 if request.method == "POST" else 200)


def _run(request: Request, pk: int) -> CutoffRun:
    """The run of a batch."""
    runs = CutoffRun.objects.visible_to(request.actor).select_related("batch")
    return get_object_or_404(runs, batch_id=pk)
