"""Looking through a provider's file before anything of it is applied: where to cut it, and which words it uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from .answer_pieces import Unpacked
from .answer_rows import Layout, layout_of, words_of
from .words import folded

ROWS_PER_CHUNK = 50_000
BYTES_PER_CHUNK = 16 << 20


class TooManyLines(Exception):
    """A file with many times the lines that were asked for."""


@dataclass
class Survey:
    """The file's layout; chunks (params of each) of whole lines; its rows; rows by word, also of the known."""

    layout: Layout
    pieces: list[dict[str, int]] = field(default_factory=list)
    rows: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)


def survey(source: Unpacked, meanings: Mapping[str, str], most: int) -> Survey:
    """Walk through the file once; raises WrongFile, TooMuch for one that unpacks without end, and TooManyLines for one
    of more than ``most`` lines: each may have to be set aside, with its reason.
    """
    found = Survey(layout_of(source))
    words: Counter[str] = Counter()
    row, offset, end, end_row = found.layout.first_row, 0, 0, 0
    for some, said in words_of(source, found.layout):
        words.update(said)
        if not end and found.layout.width:
            offset = len(some.lines[0]) + (not some.cut_off)
        end, end_row = some.end, some.first_row + len(some.lines)
        if end_row > most:
            raise TooManyLines
        if not some.cut_off and (end_row - row >= ROWS_PER_CHUNK or end - offset >= BYTES_PER_CHUNK):
            found.pieces.append({"first_row": row, "offset": offset, "end": end, "rows": end_row - row, "torn": 0})
            row, offset = end_row, end
    if end > offset or source.torn:
        rest = {"first_row": row, "offset": offset, "end": end, "rows": end_row - row, "torn": int(source.torn)}
        found.pieces.append(rest)
    for word, rows in words.items():
        found.rows += rows
        (found.known if folded(word) in meanings else found.unknown)[folded(word)] += rows
    return found
