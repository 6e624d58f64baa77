"""Reading a provider's file row by row: CSV, gzipped CSV or JSON lines, as it lies there, never as a whole.

Nothing here knows the database: what a row means for a line is judged afterwards, set by set.
"""

from __future__ import annotations

import csv
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, BinaryIO

JAKARTA = timezone(timedelta(hours=7))
REQUIRED = ("line", "no_ponsel", "status", "answered_at")
OPTIONAL = ("batch", "code")
ALIASES = {"reported_at": "answered_at", "hasil": "status", "tanggal": "answered_at", "kode": "code"}
LONGEST_LINE = 64 * 1024
FUTURE = timedelta(days=1)


class WrongFile(Exception):
    """The file cannot be read at all; ``code`` names why, the message is a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """One well-formed row. ``row`` counts physical lines from 1; ``number`` is E.164, ``word`` still the provider's."""

    row: int
    line: int
    number: str
    word: str
    code: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: where, why, and in which column."""

    row: int
    code: str
    column: str = ""


Row = Answer | BadRow


def read_rows(stream: BinaryIO, *, batch: int, now: datetime) -> Iterator[Row]:
    """Yield every row of the file in order; raises WrongFile before the first one.

    ``batch`` is the exchange that the file was posted to: a row that names another is refused.
    """
    lines = _physical_lines(stream)
    row, first = next(lines, (0, b""))
    if not first.strip():
        raise WrongFile("EMPTY_FILE", "Berkas ini kosong.")
    reader = _Reader(batch, now)
    if first.lstrip().startswith(b"{"):
        yield reader.from_json(row, first)
        yield from (reader.from_json(row, line) for row, line in lines if line.strip())
    else:
        header = _header(first)
        yield from (reader.from_csv(row, line, header) for row, line in lines if line.strip())


def check_head(stream: BinaryIO) -> None:
    """Raise WrongFile for a file that no row can be read from; leaves the stream at its start."""
    try:
        lines = _physical_lines(stream)
        _, first = next(lines, (0, b""))
        if not first.strip():
            raise WrongFile("EMPTY_FILE", "Berkas ini kosong.")
        if not first.lstrip().startswith(b"{"):
            _header(first)
    finally:
        stream.seek(0)


def _physical_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """(number from 1, bytes) of each line; a packed file that breaks off ends with the line ``TORN``."""
    head = stream.read(3)
    stream.seek(0)
    source: BinaryIO = gzip.GzipFile(fileobj=stream) if head[:2] == b"\x1f\x8b" else stream  # type: ignore[assignment]
    row = 0
    try:
        while line := source.readline(LONGEST_LINE):
            row += 1
            if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                _skip_rest(source)
            yield row, line.removeprefix(b"\xef\xbb\xbf") if row == 1 else line
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield row + 1, TORN


def _skip_rest(source: BinaryIO) -> None:
    """Read to the end of an overlong line, so that its tail is not taken for a line of its own."""
    while (piece := source.readline(LONGEST_LINE)) and not piece.endswith(b"\n"):
        pass


TORN = b"\x00torn\x00"
"""Stands for the rest of a packed file that broke off."""


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands, by the first line."""

    places: Mapping[str, int]
    delimiter: str
    width: int


def _header(first: bytes) -> Header:
    text = first.decode("utf-8", errors="replace").strip()
    delimiter = ";" if ";" in text else ","
    names = [name.strip().strip('"').lower() for name in text.split(delimiter)]
    places = {ALIASES.get(name, name): place for place, name in enumerate(names)}
    missing = [name for name in REQUIRED if name not in places]
    if missing:
        raise WrongFile("COLUMNS_MISSING", f"Kolom tidak ada pada baris pertama: {', '.join(missing)}.")
    return Header({n: places[n] for n in (*REQUIRED, *OPTIONAL) if n in places}, delimiter, len(names))


class _Reader:
    """Turns single lines into rows; remembers moments that it has read before, as files repeat few of them."""

    def __init__(self, batch: int, now: datetime) -> None:
        self.batch, self.latest = str(batch), now + FUTURE
        self.moments: dict[str, datetime | None] = {}

    def from_csv(self, row: int, line: bytes, header: Header) -> Row:
        bad = _torn(row, line)
        if bad:
            return bad
        text = line.decode("utf-8", errors="replace").rstrip("\r\n")
        fields = next(csv.reader([text], delimiter=header.delimiter)) if '"' in text else text.split(header.delimiter)
        if len(fields) != header.width:
            return BadRow(row, "ROW_WIDTH")
        return self.from_fields(row, {name: fields[place].strip() for name, place in header.places.items()})

    def from_json(self, row: int, line: bytes) -> Row:
        bad = _torn(row, line)
        if bad:
            return bad
        found: Any = None
        with suppress(ValueError, RecursionError):
            found = json.loads(line)
        if not isinstance(found, dict):
            return BadRow(row, "ROW_NOT_JSON")
        said = {str(name): str(value).strip() for name, value in found.items() if value is not None}
        fields = {ALIASES.get(name, name): value for name, value in said.items()}
        missing = next((name for name in REQUIRED if name not in fields), "")
        return BadRow(row, "ROW_WIDTH", missing) if missing else self.from_fields(row, fields)

    def from_fields(self, row: int, fields: Mapping[str, str]) -> Row:
        """Judge the values; the first wrong one names the row's reason."""
        if fields.get("batch", self.batch) not in (self.batch, ""):
            return BadRow(row, "OTHER_BATCH", "batch")
        line, number = fields["line"], msisdn(fields["no_ponsel"])
        if not (line.isascii() and line.isdigit() and len(line) < 19):
            return BadRow(row, "ROW_LINE", "line")
        if number is None:
            return BadRow(row, "ROW_NUMBER", "no_ponsel")
        at = self.moment(fields["answered_at"])
        if at is None or at > self.latest:
            return BadRow(row, "ROW_DATE" if at is None else "ROW_FUTURE", "answered_at")
        return Answer(row, int(line), number, fields["status"], fields.get("code", "").replace("\x00", "")[:40], at)

    def moment(self, text: str) -> datetime | None:
        if text not in self.moments:
            if len(self.moments) > 10_000:
                self.moments.clear()
            self.moments[text] = read_moment(text)
        return self.moments[text]


def _torn(row: int, line: bytes) -> BadRow | None:
    """A line without its end may be half a line: it is never taken for a whole one."""
    if line == TORN:
        return BadRow(row, "FILE_TRUNCATED")
    if not line.endswith(b"\n"):
        return BadRow(row, "ROW_TOO_LONG" if len(line) >= LONGEST_LINE else "ROW_CUT_OFF")
    return None


def read_moment(text: str) -> datetime | None:
    """An ISO 8601 date or moment, without a zone in Jakarta's; None when it is neither, in UTC otherwise."""
    try:
        found = datetime.fromisoformat(text)
        aware = found if found.tzinfo else found.replace(tzinfo=JAKARTA)
        return aware.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def msisdn(text: str) -> str | None:
    """``62812…``, ``+62812…`` or ``0812…`` as E.164; None for anything else. The file repeats what it was sent."""
    digits = text.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and 9 <= len(digits) <= 15):
        return None
    if digits.startswith("62"):
        return f"+{digits}"
    return f"+62{digits[1:]}" if digits.startswith("0") else None
