"""The letter itself: one or two pages of text that WeasyPrint sets from a template."""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from schools.models import Region
from sptjm.models import Statement

from .frame import PAGE_HEIGHT, PAGE_WIDTH, Paper, draw_frame


def draw_letter(statement: Statement) -> bytes:
    """The letter as PDF, without the marks: how many pages it has is known only now."""
    html = render_to_string("sptjm/letter.html", letter_facts(statement))
    page = HTML(string=html, url_fetcher=_nothing_from_outside)
    pdf: bytes = page.write_pdf(stylesheets=[_style()], font_config=_fonts(), pdf_identifier=statement.number.encode())
    return pdf


def letter_facts(statement: Statement) -> dict[str, Any]:
    school = statement.school
    names = dict(Region.objects.filter(pk__in=[school.regency_code, school.province_code]).values_list("code", "name"))
    return {
        "statement": statement,
        "school": school,
        "period": statement.period,
        "regency": names.get(school.regency_code, ""),
        "province": names.get(school.province_code, ""),
        "people": statement.people,
    }


def framed(letter: bytes, paper: Paper) -> PdfWriter:
    """The letter's pages with their marks, as the beginning of the whole paper."""
    writer = PdfWriter(clone_from=BytesIO(letter))
    marks = PdfReader(BytesIO(_frames(paper, len(writer.pages))))
    for page, mark in zip(writer.pages, marks.pages, strict=True):
        page.merge_page(mark)
    return writer


def pages_of(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)


def _frames(paper: Paper, count: int) -> bytes:
    out = BytesIO()
    canvas = Canvas(out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1)
    for page in range(1, count + 1):
        draw_frame(canvas, paper, page)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@lru_cache(maxsize=1)
def _fonts() -> FontConfiguration:
    return FontConfiguration()


@lru_cache(maxsize=1)
def _style() -> CSS:
    return CSS(filename=str(settings.BASE_DIR / "static" / "css" / "letter.css"), font_config=_fonts())


def _nothing_from_outside(url: str, *args: object, **kwargs: object) -> dict[str, Any]:
    """The letter is text; nothing in it may make the server fetch an address."""
    raise ValueError(f"not fetched: {url}")
