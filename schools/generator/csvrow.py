"""One CSV row as text."""

from __future__ import annotations

import csv
from io import StringIO


def csv_row(fields: list[str]) -> str:
    """A row with its line end, quoted where it must be."""
    target = StringIO()
    csv.writer(target, lineterminator="\n").writerow(fields)
    return target.getvalue()


def quoted(field: str) -> str:
    """A field that may hold a comma but never a quotation mark."""
    return f'"{field}"' if "," in field else field
