"""Tables as CSV and XLSX that no spreadsheet takes for formulas, sent row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse

from .workbooks import workbook

CSV, XLSX = "csv", "xlsx"
_XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def table_response(
    name: str, kind: str, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """The table as an attachment of the wanted kind; ``name`` is the file's without its ending."""
    respond = xlsx_response if kind == XLSX else csv_response
    return respond(f"{name}.{XLSX if kind == XLSX else CSV}", head, rows)


def csv_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Stream rows as an attachment; Excel needs the mark at the beginning to read UTF-8."""
    return _attached(name, _lines(head, rows), "text/csv; charset=utf-8")


def xlsx_response(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """Stream rows as a workbook: whole numbers are numbers, every text stays one (numbers of phones, NPSN, NISN)."""
    return _attached(name, workbook(name.removesuffix(".xlsx"), head, rows), _XLSX_TYPE)


def _attached(name: str, content: Iterator[str] | Iterator[bytes], kind: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow(head)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])


def harmless(cell: object) -> object:
    """A text that a spreadsheet would calculate gets an apostrophe in front."""
    if not isinstance(cell, str):
        return "" if cell is None else cell
    return f"'{cell}" if cell.lstrip()[:1] in _CALCULATED else cell


_CALCULATED = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What a formula begins with; spreadsheets of East Asia take the full-width forms too."""
