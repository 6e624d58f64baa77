"""The six providers with the prefixes of the programme's start: loaded once, then Pusdatin's to edit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import apps as installed

from .reading import DEFAULT_RANGES

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

    ``now`` is part of every loader's call; these rows bear no time of their own.
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
