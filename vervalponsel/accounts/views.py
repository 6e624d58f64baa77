"""Signing in, and choosing in which of one's assignments to work."""

from typing import Any

from allauth.account.views import LoginView
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from vervalponsel.kit.keys import key_of

from .http import Request
from .middleware import SESSION_KEY
from .models import Assignment

TOO_MANY = "too_many_login_attempts"
WAIT_SECONDS = 300
"""As long as ``login_failed`` in ACCOUNT_RATE_LIMITS remembers the tries of one name."""


class SignIn(LoginView):
    """allauth's page, which shows the sentence; to a machine it also says that it was too often, and until when."""

    def form_invalid(self, form: Any) -> HttpResponse:
        answer: HttpResponse = super().form_invalid(form)
        if form.has_error(NON_FIELD_ERRORS, TOO_MANY):
            answer.status_code = 429
            answer["Retry-After"] = str(WAIT_SECONDS)
        return answer


@require_http_methods(["GET", "HEAD", "POST"])
def switch(request: Request) -> HttpResponseBase:
    """The person's own assignments; the chosen one holds for the rest of the session."""
    held = Assignment.objects.active().filter(user=request.actor.user).order_by("label", "id")
    if request.method != "POST":
        return render(request, "accounts/switch.html", {"held": held})
    chosen = get_object_or_404(held, pk=key_of(request.POST.get("assignment")))
    request.session[SESSION_KEY] = chosen.pk
    return redirect("desk:home")
