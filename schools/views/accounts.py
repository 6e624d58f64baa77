"""Accounts: Pusdatin keeps all of them, a dinas the operators of its own schools."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from schools import accounts
from schools.forms import AssignmentForm
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission


@require_safe
@requires(Permission.MANAGE_OPERATORS)
def listed(request: Request) -> HttpResponseBase:
    """Who works where; found by name, user name or code."""
    text = request.GET.get("cari", "").strip()
    page = Paginator(accounts.people_managed_by(request.actor, text), 50).get_page(request.GET.get("page"))
    return render(request, "schools/accounts.html", {"page": page, "text": text})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_OPERATORS)
def new(request: Request) -> HttpResponseBase:
    """A new assignment, with an account when the person has none; the first password is shown once."""
    form = AssignmentForm(request.POST or None, actor=request.actor)
    if request.method != "POST" or not form.is_valid():
        return render(request, "schools/account_new.html", {"form": form}, status=422 if form.errors else 200)
    assignment, password = accounts.assign(by=request.actor, now=timezone.now(), **form.cleaned_data)
    return render(request, "schools/account_password.html", {"person": assignment.user, "password": password})


@require_POST
@requires(Permission.MANAGE_OPERATORS)
def end(request: Request, pk: int) -> HttpResponseBase:
    """End an assignment."""
    assignment = get_object_or_404(accounts.assignments_managed_by(request.actor), pk=pk)
    accounts.end_assignment(by=request.actor, assignment=assignment, now=timezone.now())
    messages.success(request, f"Tugas {assignment.user.get_full_name()} sebagai {assignment.label} diakhiri.")
    return redirect("schools:accounts")


@require_POST
@requires(Permission.MANAGE_OPERATORS)
def reset(request: Request, pk: int) -> HttpResponseBase:
    """A new password for somebody who lost theirs, shown once; never for a colleague of higher standing."""
    assignment = get_object_or_404(accounts.assignments_managed_by(request.actor), pk=pk)
    person = get_object_or_404(accounts.people_reset_by(request.actor), pk=assignment.user_id)
    password = accounts.reset_password(by=request.actor, person=person, now=timezone.now())
    return render(request, "schools/account_password.html", {"person": person, "password": password, "again": True})
