"""Pusdatin's ledger: what was exchanged with providers, what is missing, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission
from vervalponsel.batches.models import Batch
from vervalponsel.kit.paging import Slice

from . import actions, ledger, policies
from .choices import Outcome, Purpose
from .forms import CredentialForm, LedgerForm, MeaningForm
from .intake import KINDS
from .models import Credential, Exchange, Provider


@require_safe
@requires(Permission.SEE_LEDGER)
def listed(request: Request) -> HttpResponse:
    """Every exchange, newest first."""
    form, now = LedgerForm(request.GET), timezone.now()
    found = Exchange.objects.visible_to(request.actor).filter(**form.chosen()).select_related("provider", "period")
    page = Slice(found.order_by("-id"), request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [ledger.standing(exchange, now) for exchange in page],
        "waiting": ledger.waiting_longest(request.actor, now),
        "may_manage": request.actor.may(Permission.MANAGE),
    }
    return render(request, "providers/_ledger.html" if request.htmx else "providers/ledger.html", context)


@require_safe
@requires(Permission.SEE_LEDGER)
def scores(request: Request) -> HttpResponse:
    """How each provider answers, and the files that have waited longest."""
    recent = Exchange.objects.visible_to(request.actor).select_related("provider").order_by("-id")[:2000]
    late = ledger.waiting_longest(request.actor, timezone.now())
    return render(request, "providers/scores.html", {"cards": ledger.scores(recent), "late": late})


@require_safe
@requires(Permission.SEE_LEDGER)
def detail(request: Request, pk: int) -> HttpResponse:
    """One exchange: how far it is, its outcomes, the files of answers, what was held."""
    exchange = _exchange(request, pk)
    held = actions.held_words(exchange)
    context = {
        "exchange": exchange,
        "standing": ledger.standing(exchange, timezone.now()),
        "duty": policies.DUTIES.get(exchange.status),
        "steps": ledger.steps_of(exchange),
        "bars": ledger.outcome_bars(exchange),
        "files": ledger.answer_files(exchange),
        "held": [(word, n, MeaningForm(exchange=exchange, initial={"word": word})) for word, n in held.items()],
        "may_offer_again": policies.may_offer_again(exchange),
        "may_close": policies.may_close(exchange),
    }
    return render(request, "providers/exchange.html", context)


@require_safe
@requires(Permission.SEE_LEDGER)
def contradictions(request: Request, pk: int) -> HttpResponse:
    """Lines of one exchange that were answered in different ways."""
    exchange = _exchange(request, pk)
    page = Slice(ledger.contradictions(exchange), request.GET.get("page"))
    return render(request, "providers/contradictions.html", {"exchange": exchange, "page": page})


@require_POST
@requires(Permission.SEE_LEDGER)
def prepare(request: Request) -> HttpResponseBase:
    """Prepare a dump now."""
    batch, created = actions.prepare_dump(by=request.actor, now=timezone.now())
    if not created:
        messages.info(request, "Dump sedang disiapkan. Yang ini pekerjaannya.")
    return redirect("batches:detail", batch.pk)


@require_POST
@requires(Permission.SEE_LEDGER)
def offer_again(request: Request, pk: int) -> HttpResponseBase:
    """Show the file to the provider as new."""
    return _step(request, pk, actions.offer_again, "Berkas ditawarkan lagi kepada provider.")


@require_POST
@requires(Permission.SEE_LEDGER)
def close(request: Request, pk: int) -> HttpResponseBase:
    """End the waiting."""
    return _step(request, pk, actions.close, "Berkas ditutup. Jawaban susulan tetap diterima.")


@require_POST
@requires(Permission.SEE_LEDGER)
def meaning(request: Request, pk: int) -> HttpResponseBase:
    """Give a held word its meaning and read the kept files once more."""
    exchange, now = _exchange(request, pk), timezone.now()
    form = MeaningForm(request.POST, exchange=exchange)
    if not form.is_valid():
        messages.error(request, "Pilih arti kata itu.")
        return redirect("providers:exchange", pk)
    word, outcome = form.cleaned_data["word"], Outcome(form.cleaned_data["outcome"])
    purpose = Purpose(exchange.purpose)
    actions.give_meaning(
        by=request.actor, provider=exchange.provider, purpose=purpose, word=word, outcome=outcome, now=now
    )
    messages.success(request, f"“{word}” kini berarti {outcome.label}. Baca ulang berkas jawabannya.")
    return redirect("providers:exchange", pk)


@require_POST
@requires(Permission.SEE_LEDGER)
def read_again(request: Request, pk: int, batch: int) -> HttpResponseBase:
    """Read a kept file of answers once more."""
    exchange = _exchange(request, pk)
    kept = (
        Batch.objects.visible_to(request.actor)
        .filter(kind=KINDS[Purpose(exchange.purpose)], params__exchange=exchange.pk)
        .exclude(file="")
    )
    again, _ = actions.read_again(by=request.actor, batch=get_object_or_404(kept, pk=batch), now=timezone.now())
    return redirect("batches:detail", again.pk)


@require_safe
@requires(Permission.MANAGE)
def credentials(request: Request) -> HttpResponse:
    """The keys of the providers' machines."""
    return _credentials_page(request, CredentialForm())


@never_cache
@require_POST
@requires(Permission.MANAGE)
def create_credential(request: Request) -> HttpResponse:
    """Make a key; its secret is shown on this one answer and never again."""
    form = CredentialForm(request.POST)
    if not form.is_valid():
        return _credentials_page(request, form, status=422)
    provider: Provider = form.cleaned_data["provider"]
    credential, secret = actions.create_credential(by=request.actor, provider=provider, now=timezone.now())
    return _credentials_page(request, CredentialForm(), made=credential, secret=secret)


@require_POST
@requires(Permission.MANAGE)
def revoke_credential(request: Request, pk: int) -> HttpResponseBase:
    """End a key."""
    credential = get_object_or_404(Credential, pk=pk)
    actions.revoke_credential(by=request.actor, credential=credential, now=timezone.now())
    messages.success(request, f"Kunci {credential.key_id} dicabut.")
    return redirect("providers:credentials")


def _credentials_page(request: Request, form: CredentialForm, status: int = 200, **more: object) -> HttpResponse:
    keys = Credential.objects.select_related("provider").order_by("provider__name", "-id")
    return render(request, "providers/credentials.html", {"form": form, "keys": keys, **more}, status=status)


Step = Callable[..., Exchange]


def _step(request: Request, pk: int, step: Step, sentence: str) -> HttpResponseBase:
    actor: Actor = request.actor
    now: datetime = timezone.now()
    try:
        step(by=actor, exchange=_exchange(request, pk), now=now)
        messages.success(request, sentence)
    except actions.Refused as reason:
        messages.error(request, str(reason))
    return redirect("providers:exchange", pk)


def _exchange(request: Request, pk: int) -> Exchange:
    """An exchange that the actor sees, with what its pages name."""
    seen = Exchange.objects.visible_to(request.actor).select_related("provider", "period", "batch")
    return get_object_or_404(seen, pk=pk)
