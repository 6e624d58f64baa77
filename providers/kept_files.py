"""The kept file of a batch, and the lines of one of its chunks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from vervalponsel.batches.models import Batch

from .answer_pieces import Lines, Unpacked, lines_of


@contextmanager
def unpacked(batch: Batch) -> Iterator[Unpacked]:
    """The batch's file. Who takes several chunks keeps it open, so that a packed one is unpacked but once."""
    with batch.file.storage.open(batch.file.name, "rb") as stream:
        yield Unpacked(stream)


def lines_between(
    source: Unpacked, *, first_row: int, offset: int, end: int, torn: int = 0
) -> Iterator[tuple[Lines, bool]]:
    """The lines of a chunk; True with the last ones of a packed file that broke off."""
    last = Lines(first_row, [], end)
    before: Lines | None = None
    for some in lines_of(source, first_row=first_row, offset=offset, end=end):
        if before:
            yield before, False
        before = last = some
    if torn or before:
        yield last, bool(torn)
