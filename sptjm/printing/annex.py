"""The annex: everybody on the statement, in pages of a fixed number of rows: memory does not grow with the list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from io import BytesIO
from itertools import islice
from pathlib import Path

import reportlab
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from schools.choices import PersonRole
from sptjm.models import StatementLine
from vervalponsel.kit.templatetags.ui import phone, thousands

from .frame import BOTTOM, MARGIN, MARK_SIZE, PAGE_WIDTH, TOP, Paper, draw_frame

_COLUMNS = (
    ("No.", 10 * mm),
    ("Nama", 55 * mm),
    ("NISN / NUPTK", 27 * mm),
    ("Kelas", 21 * mm),
    ("Nomor ponsel", 27 * mm),
    ("Provider", 18 * mm),
    ("Kepemilikan", 22 * mm),
)
_ROW = 5.2 * mm
_SIZE = 8.0
_SMALLEST = 5.5
_PADDING = 1.2 * mm
_TABLE_TOP = TOP - MARK_SIZE - 4 * mm
ROWS_PER_PAGE = int((_TABLE_TOP - _ROW - (BOTTOM + MARK_SIZE + 4 * mm)) / _ROW)
_WIDE_FONT = "Vera"

Row = Sequence[str]


def pages_for(rows: int) -> int:
    return -(-rows // ROWS_PER_PAGE)


def draw_annex(
    lines: Iterable[StatementLine], *, paper: Paper, school_name: str, period_name: str, first_page: int
) -> bytes:
    """The annex as a PDF of its own whose first page is page ``first_page`` of the paper. Same input, same bytes."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(PAGE_WIDTH, TOP + 12 * mm), invariant=1, pageCompression=1)
    rows = map(_row, lines)
    page = first_page
    while block := list(islice(rows, ROWS_PER_PAGE)):
        _draw_heading(canvas, paper, school_name, period_name)
        _draw_table(canvas, block)
        draw_frame(canvas, paper, page)
        canvas.showPage()
        page += 1
    canvas.save()
    return out.getvalue()


def _row(line: StatementLine) -> Row:
    class_name = line.class_name if line.role == PersonRole.STUDENT else "Guru"
    return (
        str(line.position),
        line.name,
        line.identity or "–",
        class_name or "–",
        phone(line.number),
        line.provider_name,
        line.get_ownership_display(),
    )


def _draw_heading(canvas: Canvas, paper: Paper, school_name: str, period_name: str) -> None:
    canvas.setFont("Helvetica-Bold", 12)
    canvas.drawString(MARGIN, TOP - 12, "Lampiran SPTJM: daftar penerima bantuan kuota")
    for down, text in enumerate(
        (f"Nomor {paper.number}", school_name, f"{period_name}, {thousands(paper.rows)} penerima")
    ):
        _put(canvas, text, MARGIN, TOP - 28 - 13 * down, width=PAGE_WIDTH - 2 * MARGIN - MARK_SIZE - 6 * mm, size=9)


def _draw_table(canvas: Canvas, rows: Sequence[Row]) -> None:
    width = sum(w for _, w in _COLUMNS)
    canvas.setFillGray(0.9)
    canvas.rect(MARGIN, _TABLE_TOP - _ROW, width, _ROW, stroke=0, fill=1)
    canvas.setFillGray(0)
    _draw_row(canvas, [label for label, _ in _COLUMNS], _TABLE_TOP, bold=True)
    for index, row in enumerate(rows, start=1):
        _draw_row(canvas, row, _TABLE_TOP - index * _ROW)
    _draw_grid(canvas, width, len(rows) + 1)


def _draw_row(canvas: Canvas, row: Row, top: float, *, bold: bool = False) -> None:
    for (left, width), text in zip(_places(), row, strict=True):
        _put(canvas, text, left + _PADDING, top - _ROW + 1.6 * mm, width=width - 2 * _PADDING, size=_SIZE, bold=bold)


def _places() -> Iterator[tuple[float, float]]:
    left = MARGIN
    for _, width in _COLUMNS:
        yield left, width
        left += width


def _draw_grid(canvas: Canvas, width: float, rows: int) -> None:
    canvas.setLineWidth(0.3)
    bottom = _TABLE_TOP - rows * _ROW
    across = [(MARGIN, _TABLE_TOP - n * _ROW, MARGIN + width, _TABLE_TOP - n * _ROW) for n in range(rows + 1)]
    down = [(left, bottom, left, _TABLE_TOP) for left, _ in (*_places(), (MARGIN + width, 0.0))]
    canvas.lines(across + down)


def _put(canvas: Canvas, text: str, x: float, y: float, *, width: float, size: float, bold: bool = False) -> None:
    """Write a text into a cell: smaller where it is long, cut with an ellipsis only where nothing else helps."""
    font = _font_for(text, bold=bold)
    needed = pdfmetrics.stringWidth(text, font, size)
    if needed > width:
        size = max(_SMALLEST, size * width / needed)
        text = _cut(text, font, size, width)
    canvas.setFont(font, size)
    canvas.drawString(x, y, text)


def _cut(text: str, font: str, size: float, width: float) -> str:
    if pdfmetrics.stringWidth(text, font, size) <= width + 0.01:
        return text
    while text and pdfmetrics.stringWidth(f"{text}…", font, size) > width:
        text = text[:-1]
    return f"{text}…"


def _font_for(text: str, *, bold: bool) -> str:
    """The reader's own Helvetica knows western letters only; a text with others is set in a font that is embedded."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return _wide_font()
    return "Helvetica-Bold" if bold else "Helvetica"


@lru_cache(maxsize=1)
def _wide_font() -> str:
    file = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    pdfmetrics.registerFont(TTFont(_WIDE_FONT, str(file)))
    return _WIDE_FONT
