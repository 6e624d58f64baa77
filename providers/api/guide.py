"""The protocol on one page for a provider's engineer: no sign-in, printable, made of what the interface itself uses."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from providers.catalogue.exchange import EXCHANGE
from providers.choices import ExchangeStatus, Outcome, Purpose
from providers.simulator.faults import FAULTS
from providers.words import FAILURES, PUBLISHED

from .errors import CATALOGUE
from .examples import DUMP, ORDERS, PULLED, RECEIPT_BY_HAND, REPORTS, SAID
from .schemas import Counts

STATES = (
    (ExchangeStatus.PREPARED, "berkas beku menunggu dilihat", "Ambil manifesnya."),
    (ExchangeStatus.OFFERED, "sudah dilihat, belum ada tanda terima", "Ambil semua bagian, kirim tanda terima."),
    (ExchangeStatus.RECEIPTED, "diterima utuh, jawaban belum lengkap", "Kirim jawaban atau laporan."),
    (ExchangeStatus.ANSWERED, "setiap baris sudah dijawab", "Tidak ada. Jawaban susulan tetap diterima."),
    (ExchangeStatus.CLOSED, "Pusdatin berhenti menunggu", "Tidak ada. Jawaban susulan tetap diterima."),
)
"""Status, what it means, what the provider does next."""


@require_safe
@cache_control(public=True, max_age=300)
def guide(request: HttpRequest) -> HttpResponse:
    """The guide, with the addresses of the server that shows it."""
    origin = f"{request.scheme}://{request.get_host()}"
    context = {
        "origin": origin,
        "base": origin + reverse("provider_api:api-root").rstrip("/"),
        "states": [(status.value, says, todo) for status, says, todo in STATES],
        "words": _words(),
        "failures": FAILURES,
        "errors": [(status, code, sentence) for code, (status, sentence) in sorted(CATALOGUE.items(), key=_by_status)],
        "row_errors": [(entry, entry.say({"word": "…"})) for entry in EXCHANGE],
        "counts": [(name, field.description or "Semua baris berkas.") for name, field in Counts.model_fields.items()],
        "examples": {
            "dump": DUMP,
            "answers": SAID,
            "orders": ORDERS,
            "reports": REPORTS,
            "pulled": PULLED,
            "receipt": RECEIPT_BY_HAND,
        },
        "limits": _limits(),
        "faults": FAULTS,
    }
    return render(request, "providers/guide.html", context)


def _by_status(entry: tuple[str, tuple[int, str]]) -> tuple[int, str]:
    return entry[1][0], entry[0]


def _words() -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Of each purpose every outcome with the words that mean it."""
    return [
        (
            Purpose(purpose).label,
            [
                (Outcome(outcome).label, [word for word, means in meanings.items() if means == outcome])
                for outcome in dict.fromkeys(meanings.values())
            ],
        )
        for purpose, meanings in PUBLISHED.items()
    ]


def _limits() -> dict[str, Any]:
    return {
        "calls": settings.PROVIDER_CALLS_PER_MINUTE,
        "upload": settings.PROVIDER_UPLOAD_MAX_BYTES,
        "kept_days": settings.EXCHANGED_FILES_KEPT_DAYS,
        "part": getattr(settings, "EXCHANGE_LINES_PER_PART", 100_000),
    }
