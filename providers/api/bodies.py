"""Taking in a posted file: streamed to disk, bounded, whole or refused."""

from __future__ import annotations

import base64
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from django.conf import settings
from django.core.files.base import File
from django.http import HttpRequest, UnreadablePostError

from providers.answer_rows import WrongFile, check_head

from .errors import wrong

BLOCK = 256 * 1024


@contextmanager
def posted_file(request: HttpRequest, name: str) -> Iterator[File]:
    """The body as a file on disk that has no name there; raises Wrong when it is not a readable file of answers."""
    expected = announced_length(request)
    with tempfile.TemporaryFile() as spool:
        digest = spooled(request, spool, expected)
        check_digest(request.headers.get("Content-Digest", ""), digest)
        try:
            check_head(spool)
        except WrongFile as reason:
            raise wrong(reason.code, str(reason)) from reason
        yield File(spool, name=name)


def announced_length(request: HttpRequest) -> int:
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise wrong("LENGTH_REQUIRED")
    try:
        expected = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        expected = 0
    if expected > settings.PROVIDER_UPLOAD_MAX_BYTES:
        raise wrong("TOO_LARGE")
    if not expected:
        raise wrong("EMPTY_FILE")
    return expected


def spooled(request: HttpRequest, spool: IO[bytes], expected: int) -> bytes:
    """Copy the body; returns its SHA-256. A connection that breaks leaves nothing behind."""
    digest, arrived = hashlib.sha256(), 0
    try:
        while block := request.read(min(BLOCK, expected - arrived)):
            digest.update(block)
            spool.write(block)
            arrived += len(block)
    except (UnreadablePostError, OSError) as reason:
        raise wrong("INCOMPLETE") from reason
    if arrived != expected:
        raise wrong("INCOMPLETE")
    spool.seek(0)
    return digest.digest()


def check_digest(header: str, digest: bytes) -> None:
    """Compare with RFC 9530's ``Content-Digest: sha-256=:base64:`` where it was sent."""
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name.lower() == "sha-256" and value.strip(":") != base64.b64encode(digest).decode():
            raise wrong("DIGEST_DIFFERS")
