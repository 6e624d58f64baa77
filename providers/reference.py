"""The six providers with the prefixes and words of the programme's start: loaded once, then Pusdatin's to edit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps as installed

from .reading import DEFAULT_RANGES
from .words import PUBLISHED

NAMES = {
    "TELKOMSEL": "Telkomsel",
    "INDOSAT": "Indosat",
    "XL": "XL",
    "AXIS": "Axis",
    "TRI": "Tri",
    "SMARTFREN": "Smartfren",
}


def load_reference(*, now: datetime, apps: Any = installed) -> None:
    """Load what is missing. What somebody has edited stays: a provider that has a prefix gets no others.

    ``apps`` is a migration's registry of models, or the real one.
    """
    providers, prefixes = apps.get_model("providers", "Provider"), apps.get_model("providers", "Prefix")
    for code, name in NAMES.items():
        providers.objects.get_or_create(code=code, defaults={"name": name})
    known = set(prefixes.objects.values_list("provider_id", flat=True))
    prefixes.objects.bulk_create(
        prefixes(provider_id=r.provider, first=r.first, last=r.last, valid_from=r.valid_from, valid_to=r.valid_to)
        for r in DEFAULT_RANGES
        if r.provider not in known
    )
    _load_words(apps.get_model("providers", "CodeWord"), now)


def _load_words(words: Any, now: datetime) -> None:
    words.objects.bulk_create(
        (
            words(purpose=purpose, word=word, outcome=outcome, created_at=now)
            for purpose, meanings in PUBLISHED.items()
            for word, outcome in meanings.items()
        ),
        ignore_conflicts=True,
    )
