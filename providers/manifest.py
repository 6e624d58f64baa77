"""The signed description of frozen files: the provider checks what it pulled against it before use."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from .files import COLUMNS, SCHEMA_VERSION
from .models import Exchange, ExchangePart

SALT = b"providers.manifest"


def manifest_of(exchange: Exchange) -> dict[str, Any]:
    """The frozen facts with their signature: Ed25519 over the canonical JSON of everything but ``signature``."""
    facts = {
        "schema_version": SCHEMA_VERSION,
        "batch": exchange.pk,
        "provider": exchange.provider_id,
        "purpose": exchange.purpose,
        "period": exchange.period.name,
        "stage": exchange.stage,
        "columns": list(COLUMNS[exchange.purpose]),
        "rows": exchange.rows,
        "control_sum": exchange.control_sum,
        "size": exchange.size,
        "sha256": exchange.sha256,
        "parts": [part_of(part) for part in exchange.parts.in_order()],
        "prepared_at": exchange.prepared_at.isoformat() if exchange.prepared_at else "",
        "key_id": key_id(),
    }
    return facts | {"signature": base64.b64encode(_private_key().sign(canonical(facts))).decode()}


def part_of(part: ExchangePart) -> dict[str, Any]:
    """What one file of the exchange has to be."""
    names = ("no", "rows", "first_line", "last_line", "control_sum", "size", "sha256")
    return {name: getattr(part, name) for name in names}


def canonical(facts: dict[str, Any]) -> bytes:
    """JSON with sorted keys and without spaces, UTF-8: the bytes that are signed."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def public_key() -> str:
    """The raw Ed25519 public key in base64."""
    raw = _private_key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def key_id() -> str:
    """A short name of the key: the beginning of its digest."""
    return hashlib.sha256(base64.b64decode(public_key())).hexdigest()[:12]


def _private_key() -> Ed25519PrivateKey:
    return _key_from(settings.SECRET_KEY)


@cache
def _key_from(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(SALT + secret.encode()).digest())
