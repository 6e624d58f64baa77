"""A provider's file as it lies there, plain or packed, in pieces of whole lines that several workers read at once.

Nothing here knows what a line means. Memory is bounded by a block and the longest line, whatever the file holds.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

BLOCK = 1 << 20
LONGEST_LINE = 64 * 1024
GZIP = b"\x1f\x8b"
UNPACKED_MOST = 16 << 30
"""Bytes: ten times what the largest file of real answers unpacks to."""
FEED = 64 * 1024
MEMBERS_MOST = 500_000
"""Members of a packed file: tools that pack block by block make one for every 64 KiB."""


class TooMuch(Exception):
    """A packed file that unpacks to more than ``UNPACKED_MOST``, or that has more than ``MEMBERS_MOST``."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines in order, without their ends: the physical line number of the first, and the offset behind the last.

    A line longer than ``LONGEST_LINE`` is at least that long here, but not whole. ``cut_off``: the last one has no end.
    """

    first_row: int
    lines: list[bytes]
    end: int
    cut_off: bool = False


class Unpacked:
    """A stream read forward and unpacked on the way; reading before what was read already begins anew.

    ``torn`` is known at the end: a packed stream that broke off or is damaged. What was whole before that is given.
    """

    def __init__(self, stream: BinaryIO, *, members_most: int = MEMBERS_MOST) -> None:
        self._stream, self._members_most = stream, members_most
        stream.seek(0)
        self._is_packed = stream.read(2) == GZIP
        self._begin()

    def _begin(self) -> None:
        self._stream.seek(0)
        self.torn, self._at, self._rest = False, 0, b""
        self._unpacking = self._unpack()

    def blocks(self, offset: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from ``offset`` on, to ``end``, in blocks."""
        if not self._is_packed:
            yield from self._plain(offset, end)
            return
        if offset < self._at:
            self._begin()
        while end is None or self._at < end:
            block = self._rest or next(self._unpacking, b"")
            if not block:
                return
            if skipped := min(max(offset - self._at, 0), len(block)):
                block = block[skipped:]
                self._at += skipped
            wanted = block if end is None else block[: end - self._at]
            self._rest = block[len(wanted) :]
            self._at += len(wanted)
            if self._at > UNPACKED_MOST:
                raise TooMuch
            if wanted:
                yield wanted

    def _plain(self, offset: int, end: int | None) -> Iterator[bytes]:
        self._stream.seek(offset)
        while block := self._stream.read(BLOCK if end is None else min(BLOCK, end - offset)):
            offset += len(block)
            yield block

    def _unpack(self) -> Iterator[bytes]:
        member, members = None, 0
        # In small bites: what is left behind a member is copied each time that one ends.
        while packed := self._stream.read(FEED):
            while packed:
                if member is None:
                    packed = packed.lstrip(b"\0")  # padding behind a member is allowed
                    if not packed:
                        break
                    member, members = zlib.decompressobj(31), members + 1
                    if members > self._members_most:
                        raise TooMuch
                before = member.copy()
                try:
                    unpacked = member.decompress(packed, BLOCK)
                except zlib.error:
                    yield from _whole_of(before, packed)
                    self.torn = True
                    return
                yield from (unpacked,) if unpacked else ()
                packed = member.unused_data if member.eof else member.unconsumed_tail
                member = None if member.eof else member
        if member is not None:
            yield from (rest,) if (rest := member.flush()) else ()
            self.torn = not member.eof


def _whole_of(member: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    """All that can be unpacked of a damaged block, byte by byte."""
    try:
        for place in range(len(packed)):
            if unpacked := member.decompress(packed[place : place + 1]):
                yield unpacked
    except zlib.error:
        return


def lines_of(source: Unpacked, *, first_row: int = 1, offset: int = 0, end: int | None = None) -> Iterator[Lines]:
    """The lines between two offsets, block by block; both must lie at line ends."""
    carry, size, row, at = b"", 0, first_row, offset
    for block in source.blocks(offset, end):
        *lines, rest = block.split(b"\n")
        if lines:
            lines[0] = carry + lines[0]
            at += size + len(block) - len(rest)
            carry, size = b"", 0
            yield Lines(row, lines, at)
            row += len(lines)
        size += len(rest)
        carry = (carry + rest)[:LONGEST_LINE]
    if size:
        yield Lines(row, [carry], at + size, cut_off=True)
