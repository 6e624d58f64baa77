"""The signed mark on every printed page: which page of which statement this paper is.

The text is short and of the QR code's alphanumeric set, so that its modules are large:
``VP1:001/20326541/2020-09:2/12:345:3FA9C1D2:K7QX:<16 characters>`` = format, statement number, page and pages, rows of
the annex, first eight digits of its SHA-256, id of the key, signature. It proves which paper this is, not that somebody
signed it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

from django.conf import settings

_FORMAT = "VP1"
_SALT = b"sptjm.marks"
_PATTERN = re.compile(r"^(VP1:([0-9A-Z/-]+):(\d+)/(\d+):(\d+):([0-9A-F]{8}):([A-Z2-7]{4})):([A-Z2-7]{16})$")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a page says of itself."""

    number: str
    page: int
    pages: int
    rows: int
    digest: str


def signed(mark: Mark) -> str:
    """The text of the mark, signed with the present key."""
    key = _key(settings.SECRET_KEY)
    text = f"{_FORMAT}:{mark.number}:{mark.page}/{mark.pages}:{mark.rows}:{mark.digest[:8].upper()}:{_key_id(key)}"
    return f"{text}:{_signature(key, text)}"


def read_mark(text: str) -> Mark | None:
    """The mark of a genuine text; None for anything that no present or retired key has signed."""
    found = _PATTERN.match(text.strip())
    if not found:
        return None
    body, number, page, pages, rows, digest, key_id, signature = found.groups()
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        key = _key(secret)
        if _key_id(key) == key_id and hmac.compare_digest(_signature(key, body), signature):
            return Mark(number, int(page), int(pages), int(rows), digest)
    return None


def _key(secret: str) -> bytes:
    return hmac.new(secret.encode(), _SALT, hashlib.sha256).digest()


def _key_id(key: bytes) -> str:
    """Names the key without telling anything of it."""
    return base64.b32encode(hashlib.sha256(b"id" + key).digest())[:4].decode()


def _signature(key: bytes, text: str) -> str:
    return base64.b32encode(hmac.new(key, text.encode(), hashlib.sha256).digest())[:16].decode()
