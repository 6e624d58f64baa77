"""Choosing in which of one's assignments to work."""

from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from vervalponsel.kit.keys import key_of

from .http import Request
from .middleware import SESSION_KEY
from .models import Assignment


@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: Request) -> HttpResponseBase:
    """The person's own assignments; the chosen one holds for the rest of the session."""
    held = Assignment.objects.active().filter(user=request.actor.user).order_by("label", "id")
    if request.method != "POST":
        return render(request, "accounts/switch.html", {"held": held})
    chosen = get_object_or_404(held, pk=key_of(request.POST.get("assignment")))
    request.session[SESSION_KEY] = chosen.pk
    return redirect("desk:home")
