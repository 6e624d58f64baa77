"""Reading the lines of a provider's file: CSV with its names in the first line, or JSON lines.

Nothing here knows the database: what a row means for a line is judged afterwards, set by set.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, BinaryIO

from .answer_pieces import LONGEST_LINE, Lines, TooMuch, Unpacked, lines_of
from .words import folded

JAKARTA = timezone(timedelta(hours=7))
REQUIRED = ("line", "no_ponsel", "status", "answered_at")
OPTIONAL = ("batch", "code")
KNOWN = (*REQUIRED, *OPTIONAL)
ALIASES = {"reported_at": "answered_at", "hasil": "status", "tanggal": "answered_at", "kode": "code"}
FUTURE = timedelta(days=1)
MOMENTS_REMEMBERED = 10_000
HEAD_MEMBERS = 1_000
"""Among so many members of a packed file the first line has ended, or the caller waits for nothing."""


class WrongFile(Exception):
    """The file cannot be read at all; ``code`` names why, the message is a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be read: where, why, and in which column."""

    row: int
    code: str
    column: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column stands, by the first line; ``width`` 0 for JSON lines, which name them in every line."""

    places: Mapping[str, int]
    delimiter: str
    width: int

    @property
    def first_row(self) -> int:
        """The physical line of the first answer."""
        return 2 if self.width else 1


@dataclass
class Read:
    """What some lines gave: rows to load (COPY's text format), rows that are bad, rows whose word has no meaning."""

    loads: list[str] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    held: list[tuple[int, str]] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    repeated: set[int] = field(default_factory=set)

    @property
    def rows(self) -> int:
        return len(self.loads) + len(self.bad) + len(self.held)


def layout_of(source: Unpacked) -> Layout:
    """How the file is written; raises WrongFile when no row can be read from it."""
    first = _first_line(source).removeprefix(b"\xef\xbb\xbf")
    if not first.strip():
        if source.torn:
            raise WrongFile("COLUMNS_MISSING", "Berkas terkompresi ini rusak sejak awal.")
        raise WrongFile("EMPTY_FILE", "Berkas ini kosong.")
    if first.lstrip().startswith(b"{"):
        return Layout({}, "", 0)
    if len(first) >= LONGEST_LINE:
        raise WrongFile("COLUMNS_MISSING", "Baris pertama terlalu panjang untuk nama kolom.")
    return _header(first)


def _first_line(source: Unpacked) -> bytes:
    """The first line without its end; of one that does not end its beginning, and nothing behind is unpacked."""
    head = b""
    for block in source.blocks():
        head += block
        if b"\n" in block or len(head) >= LONGEST_LINE:
            break
    return head.partition(b"\n")[0]


def check_head(stream: BinaryIO) -> None:
    """Raise WrongFile for a file that no row can be read from; leaves the stream at its start."""
    try:
        layout_of(Unpacked(stream, members_most=HEAD_MEMBERS))
    except TooMuch as reason:
        raise WrongFile("COLUMNS_MISSING", "Berkas terkompresi ini berisi terlalu banyak potongan kosong.") from reason
    finally:
        stream.seek(0)


def batch_named_in(stream: BinaryIO) -> int | None:
    """The batch that the first row names, if it names one; leaves the stream at its start."""
    try:
        source = Unpacked(stream)
        layout = layout_of(source)
        some = next(lines_of(source), None)
    finally:
        stream.seek(0)
    reader = Reader(layout, batch=0, latest=datetime.max.replace(tzinfo=UTC), meanings={})
    named = reader.batch_of(some.lines[layout.first_row - 1 :] if some else [])
    return int(named) if named.isascii() and named.isdecimal() and len(named) < 19 else None


def _header(first: bytes) -> Layout:
    text = first.decode("utf-8", errors="replace").strip()
    if "\r" in text:  # all that follows would be taken for names, and no answer be read
        raise WrongFile("COLUMNS_MISSING", "Akhiri setiap baris dengan LF atau CRLF, bukan hanya CR.")
    delimiter = ";" if ";" in text else ","
    names = [name.strip().strip('"').lower() for name in text.split(delimiter)]
    meant = [ALIASES.get(name, name) for name in names]
    twice = [said for said, name in zip(names, meant, strict=True) if name in KNOWN and meant.count(name) > 1]
    if twice:
        raise WrongFile("COLUMNS_MISSING", f"Kolom yang sama artinya tertulis dua kali: {', '.join(twice)}.")
    places = {name: place for place, name in enumerate(meant)}
    missing = [name for name in REQUIRED if name not in places]
    if missing:
        raise WrongFile("COLUMNS_MISSING", f"Kolom tidak ada pada baris pertama: {', '.join(missing)}.")
    return Layout({n: places[n] for n in KNOWN if n in places}, delimiter, len(names))


class Reader:
    """Turns lines into rows.

    ``batch`` is the exchange that the file was posted to: a row that names another is refused. ``meanings`` are those
    of the provider's words; ``corrected`` tells what some of them meant before. A row dated after ``latest`` is
    refused.
    """

    def __init__(
        self,
        layout: Layout,
        *,
        batch: int,
        latest: datetime,
        meanings: Mapping[str, str],
        corrected: Mapping[str, str] | None = None,
    ) -> None:
        self.layout, self.batch, self.latest, self.meanings = layout, str(batch), latest, meanings
        self.corrected = corrected or {}
        self._outcomes: dict[str, str | None] = {}
        self._moments: dict[str, str] = {}
        self.read = Read()

    def take(self, some: Lines, *, torn: bool = False) -> None:
        """Read some lines; ``torn`` when they are the last ones of a packed file that broke off."""
        lines = some.lines[:-1] if some.cut_off else some.lines
        split = self._split if self.layout.width else self._fields_of_json
        for row, line in enumerate(lines, some.first_row):
            if line and not line.isspace():
                self._take(row, line, split)
        if torn:
            self.read.bad.append(BadRow(some.first_row + len(lines), "FILE_TRUNCATED"))
        elif some.cut_off and some.lines[-1].strip():
            # Half a line is never taken for a whole one.
            too_long = len(some.lines[-1]) >= LONGEST_LINE
            self.read.bad.append(BadRow(some.first_row + len(lines), "ROW_TOO_LONG" if too_long else "ROW_CUT_OFF"))

    def batch_of(self, lines: list[bytes]) -> str:
        """What the first of these lines says in its column ``batch``."""
        line = next((line for line in lines if line.strip()), b"").decode("utf-8", errors="replace")
        fields = (self._split if self.layout.width else self._fields_of_json)(0, line)
        return "" if isinstance(fields, BadRow) else fields[4]

    def _take(self, row: int, line: bytes, split: Any) -> None:
        if len(line) >= LONGEST_LINE:
            self.read.bad.append(BadRow(row, "ROW_TOO_LONG"))
            return
        fields = split(row, line.decode("utf-8", errors="replace"))
        bad = fields if isinstance(fields, BadRow) else self._judge(row, *fields)
        if bad:
            self.read.bad.append(bad)

    def _split(self, row: int, line: str) -> BadRow | tuple[str, ...]:
        layout = self.layout
        found = _unquoted(line, layout.delimiter) if '"' in line else line.split(layout.delimiter)
        if len(found) != layout.width:
            return BadRow(row, "ROW_WIDTH")
        places = layout.places
        batch = found[places["batch"]].strip() if "batch" in places else ""
        code = found[places["code"]].strip() if "code" in places else ""
        said = (
            found[places["line"]],
            found[places["no_ponsel"]],
            found[places["status"]],
            found[places["answered_at"]],
        )
        return (*(text.strip() for text in said), batch, code)

    def _fields_of_json(self, row: int, line: str) -> BadRow | tuple[str, ...]:
        found: Any = None
        with suppress(ValueError, RecursionError):
            found = json.loads(line.removeprefix("\ufeff"))
        if not isinstance(found, dict):
            return BadRow(row, "ROW_NOT_JSON")
        said = {str(name): _text(value) for name, value in found.items() if value is not None}
        fields = {ALIASES.get(name, name): value for name, value in said.items()}
        missing = next((name for name in REQUIRED if name not in fields), "")
        if missing:
            return BadRow(row, "ROW_WIDTH", missing)
        return tuple(fields.get(name, "") for name in KNOWN)

    def _judge(self, row: int, line: str, number: str, word: str, moment: str, batch: str, code: str) -> BadRow | None:
        """Load, hold or refuse a row; the first wrong value names the reason."""
        if batch and batch != self.batch:
            return BadRow(row, "OTHER_BATCH", "batch")
        if not (line.isdigit() and line.isascii() and len(line) < 19):
            return BadRow(row, "ROW_LINE", "line")
        e164 = msisdn(number)
        if e164 is None:
            return BadRow(row, "ROW_NUMBER", "no_ponsel")
        at = self._moments.get(moment) or self._moment(moment)
        if at in ("ROW_DATE", "ROW_FUTURE"):
            return BadRow(row, at, "answered_at")
        outcome = self._outcome(word)
        read = self.read
        if outcome is None:
            read.held.append((row, folded(word).replace("\x00", "")))
            return None
        line_no = int(line)
        (read.repeated if line_no in read.lines else read.lines).add(line_no)
        if code:
            code = folded(code.replace("\x00", "")).replace("\\", "\\\\")
        was = f"\t{self.corrected.get(folded(word), '')}" if self.corrected else ""
        read.loads.append(f"{row}\t{line_no}\t{e164}\t{outcome}\t{code}\t{at}{was}\n")
        return None

    def _outcome(self, word: str) -> str | None:
        if word not in self._outcomes:
            if len(self._outcomes) > MOMENTS_REMEMBERED:
                self._outcomes.clear()
            self._outcomes[word] = self.meanings.get(folded(word))
        return self._outcomes[word]

    def _moment(self, text: str) -> str:
        """The moment in ISO 8601 and UTC, or why it is none."""
        found = read_moment(text)
        told = "ROW_DATE" if found is None else "ROW_FUTURE" if found > self.latest else found.isoformat()
        if len(self._moments) > MOMENTS_REMEMBERED:
            self._moments.clear()
        self._moments[text] = told
        return told


def _unquoted(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r")], delimiter=delimiter))
    except (csv.Error, StopIteration):
        return []


def _text(value: object) -> str:
    """A JSON value as text that a database takes: half a surrogate pair is none."""
    return str(value).strip().encode("utf-8", errors="replace").decode()


def words_of(source: Unpacked, layout: Layout) -> Iterator[tuple[Lines, list[str]]]:
    """Walk through the whole file quickly: block by block its lines, and the words in the column ``status``."""
    for some in lines_of(source):
        answers = some.lines[1:] if some.first_row < layout.first_row else some.lines
        yield some, _words_of_csv(answers, layout) if layout.width else _words_of_json(answers)


def _words_of_csv(lines: list[bytes], layout: Layout) -> list[str]:
    place, delimiter = layout.places["status"], layout.delimiter
    text = b"\n".join(lines).decode("utf-8", errors="replace")
    split = (_unquoted(line, delimiter) if '"' in line else line.split(delimiter) for line in text.split("\n"))
    return [fields[place] for fields in split if len(fields) == layout.width]


def _words_of_json(lines: list[bytes]) -> list[str]:
    words = []
    for line in lines:
        with suppress(ValueError, RecursionError):
            found = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
            words += [_text(found[name]) for name in ("status", "hasil") if isinstance(found, dict) and name in found][
                :1
            ]
    return words


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
