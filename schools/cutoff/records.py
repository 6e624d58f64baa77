"""Cutting a stream of CSV bytes into whole records, fast enough for a nation and in bounded memory.

Quotes are read as COPY does: every quotation mark opens or closes, so a comma or line break counts only where the
number of marks before it is even. Lines are counted as an editor does.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator

from .errors import BundleError, RowFault, RowFaultCode

Block = tuple[int, bytes]
"""Whole records, and the line on which the first of them starts."""

MAX_RECORD = 1 << 20
_BOM = b"\xef\xbb\xbf"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def record_blocks(chunks: Iterator[bytes], file: str) -> Iterator[Block]:
    """Checked blocks of whole records with line feeds as line ends; raises BundleError at the first bad byte."""
    line, carry = 1, b""
    for chunk in _without_bom(chunks, file):
        data = carry + chunk
        cut = _last_record_end(data)
        block, carry = data[:cut], data[cut:]
        if block:
            yield line, _checked(block, line, file)
            line += block.count(b"\n")
        if len(carry) > MAX_RECORD:
            _checked(carry, line, file)
            raise BundleError(file, _endless(carry), line)
    if carry:
        if carry.count(b'"') % 2:
            raise BundleError(file, "Tanda kutip dibuka tetapi tidak ditutup.", line)
        yield line, _checked(carry, line, file)


def _without_bom(chunks: Iterator[bytes], file: str) -> Iterator[bytes]:
    first = b""
    for chunk in chunks:
        first += chunk
        if len(first) >= len(_BOM):
            break
    if first.startswith(_UTF16):
        raise BundleError(file, "Berkas ini tersimpan sebagai UTF-16. Simpan ulang sebagai CSV UTF-8.", 1, 1)
    yield first.removeprefix(_BOM)
    yield from chunks


def _endless(carry: bytes) -> str:
    if carry.count(b'"') % 2:
        return "Baris ini lebih dari satu juta bita; mungkin tanda kutipnya dibuka tetapi tidak ditutup."
    return "Baris ini lebih dari satu juta bita; mungkin ini bukan CSV."


def _last_record_end(data: bytes) -> int:
    """Where the last whole record ends: behind the last line feed outside quotes."""
    if b'"' not in data:
        return data.rfind(b"\n") + 1
    parts = data.split(b'"')
    end = len(data)
    for place in range(len(parts) - 1, -1, -1):
        found = parts[place].rfind(b"\n") if place % 2 == 0 else -1
        if found >= 0:
            return end - len(parts[place]) + found + 1
        end -= len(parts[place]) + 1
    return 0


def _checked(block: bytes, line: int, file: str) -> bytes:
    if (place := block.find(b"\0")) >= 0:
        raise _bad_byte(block, line, place, file, "Ada bita nol di sini; berkas ini rusak atau bukan teks UTF-8.")
    if not block.isascii():
        _refuse_other_encodings(block, line, file)
    if b"\r" not in block:
        return block
    block = block.replace(b"\r\n", b"\n")
    _refuse_lone_returns(block, line, file)
    return block


def _refuse_other_encodings(block: bytes, line: int, file: str) -> None:
    try:
        block.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"Bita 0x{block[error.start]:02X} bukan UTF-8. Simpan ulang sebagai CSV UTF-8."
        raise _bad_byte(block, line, error.start, file, message) from None


def _refuse_lone_returns(block: bytes, line: int, file: str) -> None:
    end = 0
    for place, part in enumerate(block.split(b'"')):
        found = part.find(b"\r") if place % 2 == 0 else -1
        if found >= 0:
            message = "Ganti baris di sini hanya CR. Simpan ulang dengan ganti baris LF atau CRLF."
            raise _bad_byte(block, line, end + found, file, message)
        end += len(part) + 1


def _bad_byte(block: bytes, line: int, place: int, file: str, message: str) -> BundleError:
    start = block.rfind(b"\n", 0, place) + 1
    column = len(block[start:place].decode("utf-8", "replace")) + 1
    return BundleError(file, message, line + block.count(b"\n", 0, place), column)


def records(block: Block) -> Iterator[Block]:
    """Each record with the line on which it starts and without its line end; empty lines are no records."""
    line, data = block
    parts: list[bytes] = []
    is_open = False
    for text in data.split(b"\n"):
        parts.append(text)
        line += 1
        if b'"' in text:
            is_open ^= text.count(b'"') % 2 == 1
        if is_open:
            continue
        if text or len(parts) > 1:
            yield line - len(parts), b"\n".join(parts)
        parts.clear()


def count_records(block: Block) -> int:
    """How many records the block holds."""
    data = block[1]
    if b"\n\n" in data or data.startswith(b"\n"):
        return sum(1 for _ in records(block))
    within = sum(part.count(b"\n") for part in data.split(b'"')[1::2]) if b'"' in data else 0
    return data.count(b"\n") - within + (not data.endswith(b"\n"))


def split_header(block: Block, file: str) -> tuple[tuple[str, ...], Block]:
    """The columns of a file's first block and what follows them; raises BundleError for an unusable header."""
    line, data = block
    header, _, rest = data.partition(b"\n")
    names = tuple(name.strip().lower() for name in next(csv.reader([header.decode("utf-8")]), []))
    seen: set[str] = set()
    for place, name in enumerate(names, start=1):
        if name and name in seen:
            raise BundleError(file, f"Kolom ini ada dua kali, lagi pada urutan ke-{place}.", line, name)
        seen.add(name)
    return names, (line + 1, rest)


def numbered(block: Block, fields: int, refuse: Callable[[RowFault], None]) -> bytes:
    """The block's records with their line number as a first field; those with another number of fields are refused."""
    line, data = block
    commas = fields - 1
    pairs = records(block) if b'"' in data else enumerate(data.split(b"\n"), start=line)
    return b"".join(
        [
            b"%d,%s\n" % (number, text)
            for number, text in pairs
            if text
            and ((text.count(b",") == commas and b'"' not in text) or _is_loadable(number, text, fields, refuse))
        ]
    )


def _is_loadable(line: int, text: bytes, fields: int, refuse: Callable[[RowFault], None]) -> bool:
    if not text:
        return False
    found = 1 + sum(part.count(b",") for part in text.split(b'"')[::2])
    if found != fields:
        code = RowFaultCode.TOO_FEW_FIELDS if found < fields else RowFaultCode.TOO_MANY_FIELDS
        refuse(RowFault(line, code, found, fields))
        return False
    # PostgreSQL before 18 takes such a line for the end of the data, even between quotes.
    if b"\n\\." in text:
        refuse(RowFault(line, RowFaultCode.UNREADABLE_ROW, found, fields))
        return False
    return True
