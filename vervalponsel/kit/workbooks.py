"""Tables as XLSX, written row by row while they are sent: constant memory at any length.

A text stays a text, whatever it looks like: every cell says its type, so that no spreadsheet calculates it or drops a
zero. openpyxl reads what this writes (the tests), but writes through files and at a tenth of the pace.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest
from xml.sax.saxutils import escape

ROWS_PER_SHEET = 1 << 20
"""The format's own limit, the row of titles included."""
CELL_LIMIT = 32_767
_AT_ONCE = 500
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
# Letters that XML cannot hold at all.
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# Format 49 is "@", text: what is typed into such a cell later stays a text too.
_STYLES = (
    f"{_XML}<styleSheet {_MAIN}>"
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
    '<xf numFmtId="49" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def workbook(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    """The bytes of a workbook: a row of titles that stays in sight, then the rows; more sheets when one is full.

    Whole numbers are numbers, everything else is text; None is an empty cell.
    """
    sink, left, sheets = _Sink(), iter(rows), 0
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        first = next(left, None)
        while first is not None or not sheets:
            sheets += 1
            taken = islice(left, ROWS_PER_SHEET - 2)
            yield from _sheet(archive, sink, sheets, head, chain([first] if first is not None else [], taken))
            first = next(left, None)
        for name, text in _parts(title, sheets):
            archive.writestr(name, text)
    yield sink.taken()


class _Sink(io.RawIOBase):
    """What the archive writes to; it cannot go back, and what was written can be taken away."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, block: object) -> int:
        self._blocks.append(bytes(block))  # type: ignore[call-overload]
        return len(self._blocks[-1])

    def taken(self) -> bytes:
        """What was written since it was asked last."""
        blocks, self._blocks = self._blocks, []
        return b"".join(blocks)


def _sheet(
    archive: zipfile.ZipFile, sink: _Sink, number: int, head: Sequence[str], rows: Iterable[Sequence[object]]
) -> Iterator[bytes]:
    some = iter(rows)
    block = list(islice(some, _AT_ONCE))
    with archive.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as sheet:
        sheet.write(_opening(head, block).encode())
        while block:
            sheet.write("".join(map(_row, block)).encode())
            yield sink.taken()
            block = list(islice(some, _AT_ONCE))
        sheet.write(b"</sheetData></worksheet>")


def _opening(head: Sequence[str], first: Sequence[Sequence[object]]) -> str:
    """Widths and titles; a column is as wide as what stands in its first rows, within reason."""
    longest = [max(len(str(cell)) for cell in column) for column in zip_longest(head, *first, fillvalue="")]
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{min(max(length + 4, 12), 60)}" customWidth="1"/>'
        for at, length in enumerate(longest, start=1)
    )
    titles = "".join(_text(title, style=2) for title in head)
    return (
        f'{_XML}<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData><row>{titles}</row>"
    )


def _row(cells: Sequence[object]) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(value: object) -> str:
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"<c><v>{value}</v></c>"
    return _text(str(value))


def _text(text: str, style: int = 1) -> str:
    clean = escape(_NO_XML.sub("", text)[:CELL_LIMIT])
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{clean}</t></is></c>'


def _parts(title: str, sheets: int) -> Iterator[tuple[str, str]]:
    numbers = range(1, sheets + 1)
    # A sheet's name is at most 31 letters and has none of these.
    name = escape(re.sub(r"[\[\]:*?/\\']", " ", title)[:24].strip() or "Data", {'"': "&quot;"})
    listed = "".join(f'<sheet name="{name}{f" {n}" if n > 1 else ""}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    yield "xl/workbook.xml", f'{_XML}<workbook {_MAIN} xmlns:r="{_RELATIONS}"><sheets>{listed}</sheets></workbook>'
    yield "xl/styles.xml", _STYLES
    relations = [("styles", "styles.xml", sheets + 1)]
    relations += [("worksheet", f"worksheets/sheet{n}.xml", n) for n in numbers]
    yield "xl/_rels/workbook.xml.rels", _related(relations)
    yield "_rels/.rels", _related([("officeDocument", "xl/workbook.xml", 1)])
    kinds = [("/xl/workbook.xml", "sheet.main"), ("/xl/styles.xml", "styles")]
    kinds += [(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in numbers]
    overrides = "".join(f'<Override PartName="{part}" ContentType="{_KIND}.{kind}+xml"/>' for part, kind in kinds)
    yield "[Content_Types].xml", _types(overrides)


def _types(overrides: str) -> str:
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" ContentType="{relations}"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def _related(relations: Iterable[tuple[str, str, int]]) -> str:
    inner = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/{kind}" Target="{target}"/>' for kind, target, n in relations
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'
