"""Pusdatin's page of the keys by which machines hand in deltas."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from schools import service_keys
from schools.forms import ServiceKeyForm
from schools.models import ServiceKey
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission


@require_safe
@requires(Permission.MANAGE)
def listed(request: Request) -> HttpResponse:
    """Every key, the working ones first."""
    return _page(request, ServiceKeyForm())


@never_cache
@require_POST
@requires(Permission.MANAGE)
def create(request: Request) -> HttpResponse:
    """Make a key; its secret is shown on this one answer and never again."""
    form = ServiceKeyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    key, secret = service_keys.create_key(by=request.actor, service=form.cleaned_data["service"], now=timezone.now())
    return _page(request, ServiceKeyForm(), made=key, secret=secret)


@never_cache
@require_POST
@requires(Permission.MANAGE)
def replace(request: Request, pk: int) -> HttpResponseBase:
    """A new key for the same service; the older one works for another week."""
    now = timezone.now()
    usable = ServiceKey.objects.visible_to(request.actor).usable(now)
    key, secret = service_keys.replace_key(by=request.actor, key=get_object_or_404(usable, pk=pk), now=now)
    return _page(request, ServiceKeyForm(), made=key, secret=secret)


@require_POST
@requires(Permission.MANAGE)
def revoke(request: Request, pk: int) -> HttpResponseBase:
    """End a key."""
    key = get_object_or_404(ServiceKey.objects.visible_to(request.actor), pk=pk)
    service_keys.revoke_key(by=request.actor, key=key, now=timezone.now())
    messages.success(request, f"Kunci {key.key_id} dicabut.")
    return redirect("schools:service_keys")


def _page(request: Request, form: ServiceKeyForm, status: int = 200, **more: object) -> HttpResponse:
    keys = ServiceKey.objects.visible_to(request.actor)
    context = {"form": form, "keys": keys.order_by("service", "-id"), "now": timezone.now(), **more}
    return render(request, "schools/service_keys.html", context, status=status)
