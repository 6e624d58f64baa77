"""What every page has: the signed mark in two opposite corners, the statement's number, page i of n.

Measures are in points. The box for stamp duty, signature and seal is at the right below, so the lower mark is at the
left.
"""

from __future__ import annotations

from dataclasses import dataclass

import segno
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from sptjm.marks import Mark, signed

PAGE_WIDTH, PAGE_HEIGHT = A4
MARGIN = 15 * mm
MARK_SIZE = 24 * mm
TOP = PAGE_HEIGHT - 12 * mm
BOTTOM = 10 * mm


@dataclass(frozen=True, slots=True)
class Paper:
    """What the marks of one statement's pages share; ``pages`` is the whole paper's."""

    number: str
    rows: int
    digest: str
    pages: int

    def mark(self, page: int) -> str:
        return signed(Mark(self.number, page, self.pages, self.rows, self.digest))


def draw_frame(canvas: Canvas, paper: Paper, page: int) -> None:
    """Draw marks and footer of page ``page`` (from 1)."""
    text = paper.mark(page)
    draw_qr(canvas, text, PAGE_WIDTH - MARGIN - MARK_SIZE, TOP - MARK_SIZE)
    draw_qr(canvas, text, MARGIN, BOTTOM)
    canvas.setFont("Helvetica", 8)
    canvas.drawString(MARGIN + MARK_SIZE + 4 * mm, BOTTOM + 4, f"SPTJM {paper.number}")
    canvas.drawRightString(PAGE_WIDTH - MARGIN, BOTTOM + 4, f"Halaman {page} dari {paper.pages}")


def draw_qr(canvas: Canvas, text: str, left: float, bottom: float) -> None:
    """One QR code of MARK_SIZE without its quiet zone (the page keeps clear of it); a run of modules is one box."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    step = MARK_SIZE / len(rows)
    path = canvas.beginPath()
    for down, row in enumerate(rows):
        across = 0
        while across < len(row):
            length = _dark_run(row, across)
            if length:
                path.rect(left + across * step, bottom + MARK_SIZE - (down + 1) * step, length * step, step)
            across += length or 1
    canvas.drawPath(path, stroke=0, fill=1)


def _dark_run(row: bytes, start: int) -> int:
    end = start
    while end < len(row) and row[end]:
        end += 1
    return end - start
