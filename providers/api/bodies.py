"""Taking in a posted file: streamed to disk, bounded, whole or refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.files.base import File
from django.http import HttpRequest

from providers.answer_rows import WrongFile, check_head

from .errors import failures, wrong


@contextmanager
def posted_file(request: HttpRequest, name: str) -> Iterator[File]:
    """The body as a file on disk that has no name there; raises Wrong when it is not a readable file of answers."""
    with failures.spooled(request, settings.PROVIDER_UPLOAD_MAX_BYTES) as spool:
        try:
            check_head(spool)
        except WrongFile as reason:
            raise wrong(reason.code, str(reason)) from reason
        yield File(spool, name=name)
