"""Pusdatin's page for handing in a cut-off; the batch's own page tells the rest."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from schools.cutoff.forms import CutoffForm
from schools.cutoff.handing_in import hand_in_zip
from schools.models import CutoffRun
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission

LATEST = 10


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE)
def new(request: Request) -> HttpResponseBase:
    """The form, and the cut-offs that were applied before."""
    form = CutoffForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["bundle"]
        trial = form.cleaned_data["trial"]
        batch = hand_in_zip(by=request.actor, file=file, manifest=form.manifest, now=timezone.now(), trial=trial)
        messages.success(request, "Tarikan diterima dan sedang diperiksa.")
        return redirect("batches:detail", batch.pk)
    runs = CutoffRun.objects.visible_to(request.actor).applied().select_related("batch").order_by("-id")[:LATEST]
    status = 422 if form.is_bound else 200
    return render(request, "schools/cutoff_new.html", {"form": form, "runs": runs}, status=status)
