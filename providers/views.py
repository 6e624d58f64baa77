"""Pusdatin's ledger: what was exchanged with providers, what is missing, and what a person can do about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.kit.paging import Slice

from . import actions, ledger, policies, reviewing
from .choices import Decision, ExchangeStatus, Outcome, Purpose
from .forms import ContactForm, CredentialForm, DecisionForm, LedgerForm, MeaningForm, ScoreForm
from .intake import KINDS, meanings_now
from .models import Credential, Exchange, ExchangeLine, Provider
from .scores import LAST_FILES
from .scores import scores as cards_of
from .words import folded

form_page = require_http_methods(["GET", "HEAD", "POST"])

RUN_AGAIN = (Status.PARKED, Status.FAILED, Status.STOPPED, Status.REFUSED)


@require_safe
@requires(Permission.SEE_LEDGER)
def listed(request: Request) -> HttpResponse:
    """What every provider owes, then every exchange, newest first."""
    form, now = LedgerForm(request.GET), timezone.now()
    chosen = form.chosen()
    found = Exchange.objects.visible_to(request.actor).filter(**chosen).select_related("provider", "period")
    page = Slice(found.order_by("-id"), request.GET.get("page"))
    context = {"form": form, "page": page, "rows": ledger.standings(page, now), "has_chosen": bool(chosen)}
    if request.htmx:
        return render(request, "providers/_ledger.html", context)
    accounts = ledger.accounts(request.actor, now)
    context |= {
        "accounts": accounts,
        "open": sum(len(account.rows) for account in accounts),
        "missing": sum(account.missing for account in accounts),
        "late": sum(account.late for account in accounts),
        "to_review": sum(account.to_review for account in accounts),
        "held": sum(account.held for account in accounts),
    }
    return render(request, "providers/ledger.html", context | _tabs(request, "ledger"))


@require_safe
@requires(Permission.SEE_LEDGER)
def chase(request: Request) -> HttpResponse:
    """Whom to call, since when, about how many lines."""
    owing = [account for account in ledger.accounts(request.actor, timezone.now()) if account.rows]
    context = {"accounts": owing, "may_manage": request.actor.may(Permission.MANAGE)}
    figures = {name: sum(getattr(account, name) for account in owing) for name in ("late", "missing", "overdue")}
    context |= figures | {"in_time": figures["missing"] - figures["overdue"]}
    return render(request, "providers/chase.html", context | _tabs(request, "chase"))


@require_safe
@requires(Permission.SEE_LEDGER)
def review(request: Request) -> HttpResponse:
    """Numbers that were answered in different ways, of every provider."""
    lines = reviewing.to_review(request.actor)
    page = Slice(reviewing.contested_numbers(lines), request.GET.get("page"), per_page=25)
    context = {"page": page, "numbers": reviewing.contested_of(page)}
    return render(request, "providers/review.html", context | _tabs(request, "review"))


@require_safe
@requires(Permission.SEE_LEDGER)
def scores(request: Request) -> HttpResponse:
    """How each provider answers, over one period or all of them."""
    form = ScoreForm(request.GET)
    period = form.cleaned_data["period"] if form.is_valid() else None
    seen = Exchange.objects.visible_to(request.actor).exclude(status=ExchangeStatus.PREPARING)
    recent = (seen.filter(period=period) if period else seen).select_related("provider").order_by("-id")[:LAST_FILES]
    context = {"form": form, "period": period, "cards": cards_of(recent), "last_files": LAST_FILES}
    return render(request, "providers/scores.html", context | _tabs(request, "scores"))


@require_safe
@requires(Permission.SEE_LEDGER)
def detail(request: Request, pk: int) -> HttpResponse:
    """One exchange: how far it is, its outcomes, the files of answers, what was held."""
    exchange = _exchange(request, pk)
    held = ledger.held_words(exchange)
    files = ledger.answer_files(exchange, held)
    words = [(word, MeaningForm.of(word, exchange)) for word in ledger.words_of(files, held, exchange)]
    [row] = ledger.standings([exchange], timezone.now())
    context = {
        "exchange": exchange,
        "standing": row,
        "steps": ledger.steps_of(exchange),
        "bars": ledger.outcome_bars(exchange),
        "left_label": ledger.left_label(exchange),
        "files": files,
        "words": [pair for pair in words if pair[0].outcome],
        "unknown": [pair for pair in words if not pair[0].outcome],
        "to_review": len(reviewing.contested_numbers(reviewing.to_review(request.actor, exchange))),
        "may_offer_again": policies.may_offer_again(exchange),
        "may_close": policies.may_close(exchange),
        "may_run_again": exchange.batch.status in RUN_AGAIN,
    }
    return render(request, "providers/exchange.html", context)


@require_safe
@requires(Permission.SEE_LEDGER)
def contradictions(request: Request, pk: int) -> HttpResponse:
    """Numbers of one exchange that were answered in different ways, decided about or not."""
    exchange = _exchange(request, pk)
    lines = ExchangeLine.objects.visible_to(request.actor).filter(exchange=exchange, is_contradicted=True)
    page = Slice(reviewing.contested_numbers(lines), request.GET.get("page"), per_page=25)
    context = {"exchange": exchange, "page": page, "numbers": reviewing.contested_of(page)}
    return render(request, "providers/contradictions.html", context)


@require_POST
@requires(Permission.SEE_LEDGER)
def decide(request: Request, pk: int) -> HttpResponseBase:
    """Ask about a number again, or let stand what stands."""
    seen = ExchangeLine.objects.visible_to(request.actor).filter(is_contradicted=True).select_related("exchange")
    line, form = get_object_or_404(seen, pk=pk), DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Pilih apa yang dilakukan dengan nomor ini.")
        return redirect("providers:review")
    decision = Decision(form.cleaned_data["decision"])
    actions.decide(by=request.actor, line=line, decision=decision, now=timezone.now())
    said = (
        "Nomor ikut ditanyakan pada dump berikutnya." if decision == Decision.ASK else "Jawaban yang berlaku dibiarkan."
    )
    messages.success(request, said)
    return redirect("providers:review")


@form_page
@requires(Permission.MANAGE)
def contact(request: Request, code: str) -> HttpResponseBase:
    """Whom to call at a provider."""
    provider = get_object_or_404(Provider, code=code.upper())
    form = ContactForm(request.POST or None, instance=provider)
    if request.method == "POST" and form.is_valid():
        actions.save_contact(by=request.actor, provider=provider, values=form.cleaned_data, now=timezone.now())
        messages.success(request, f"Kontak {provider.name} disimpan.")
        return redirect("providers:chase")
    context = {"form": form, "provider": provider}
    return render(request, "providers/contact.html", context, status=422 if form.errors else 200)


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
    word, outcome = folded(form.cleaned_data["word"]), Outcome(form.cleaned_data["outcome"])
    if meanings_now(exchange)[0].get(word) == outcome:
        messages.info(request, f"“{word}” memang sudah berarti {outcome.label}.")
        return redirect("providers:exchange", pk)
    provider, purpose = exchange.provider, Purpose(exchange.purpose)
    actions.give_meaning(by=request.actor, provider=provider, purpose=purpose, word=word, outcome=outcome, now=now)
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
    context = {"form": form, "keys": keys, "now": timezone.now(), **more, **_tabs(request, "credentials")}
    return render(request, "providers/credentials.html", context, status=status)


PAGES = (
    ("ledger", "Berkas", Permission.SEE_LEDGER),
    ("chase", "Perlu ditagih", Permission.SEE_LEDGER),
    ("review", "Perlu diperiksa", Permission.SEE_LEDGER),
    ("scores", "Rapor", Permission.SEE_LEDGER),
    ("credentials", "Kunci", Permission.MANAGE),
)


def _tabs(request: Request, active: str) -> dict[str, object]:
    """The pages of the exchange side by side."""
    tabs = [
        {"label": label, "url": reverse(f"providers:{name}"), "active": name == active, "count": None}
        for name, label, permission in PAGES
        if request.actor.may(permission)
    ]
    return {"tabs": tabs}


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
