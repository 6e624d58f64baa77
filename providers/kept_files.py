"""The kept file of a batch, read forward by a worker that takes chunk after chunk of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import suppress

from vervalponsel.batches.models import Batch

from .answer_pieces import Lines, Unpacked, lines_of

_mine = threading.local()


def kept_file(batch: Batch) -> Unpacked:
    """The batch's file. The one used last stays open in this thread, so that a packed one is unpacked but once."""
    if getattr(_mine, "batch", None) != (batch.pk, batch.file.name):
        forget_file()
        _mine.stream = batch.file.storage.open(batch.file.name, "rb")
        _mine.file, _mine.batch = Unpacked(_mine.stream), (batch.pk, batch.file.name)
    found: Unpacked = _mine.file
    return found


def forget_file() -> None:
    """Close the file that this thread has open."""
    if getattr(_mine, "batch", None) is not None:
        _mine.batch = None
        with suppress(OSError):
            _mine.stream.close()


def lines_between(
    batch: Batch, *, first_row: int, offset: int, end: int, torn: int = 0
) -> Iterator[tuple[Lines, bool]]:
    """The lines of a chunk; True with the last ones of a packed file that broke off."""
    last = Lines(first_row, [], end)
    before: Lines | None = None
    for some in lines_of(kept_file(batch), first_row=first_row, offset=offset, end=end):
        if before:
            yield before, False
        before = last = some
    if torn or before:
        yield last, bool(torn)
