"""A page of rows, quickly: the row's template is rendered once for each kind of row, and its texts are filled in.

What a row looks like is written in ``recipients/_row.html`` alone. Rows differ in their texts, and in which of its
parts are there at all; of the latter there are a few dozen kinds.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.template.loader import get_template
from django.utils.safestring import SafeString

from .rows import Button, Row

TEMPLATE = "recipients/_row.html"
TEXTS = (
    "name",
    "who",
    "number",
    "whose",
    "word",
    "sentence",
    "acts",
    "question",
    "edit_url",
    "edit_label",
    "story_url",
)
_MARK = re.compile("\ue000([a-z_0-9]+)\ue001")
"""Stands for a text; both ends are characters that no text bears."""


@dataclass(frozen=True, slots=True)
class Kind:
    """All that the template asks of a row before it prints a text."""

    editable: bool
    tone: str
    locked: bool
    says_locked: bool
    can_edit: bool
    filled: tuple[str, ...]
    buttons: tuple[str, ...]


def drawn(rows: Iterable[Row], *, editable: bool) -> SafeString:
    """The rows' HTML, letter for letter as the template gives it for each."""
    if settings.DEBUG:
        _pieces_of.cache_clear()
    return SafeString("".join(_drawn(row, editable) for row in rows))


def _drawn(row: Row, editable: bool) -> str:
    values = {name: value for name in TEXTS if (value := getattr(row, name))}
    kind = Kind(
        editable,
        row.tone,
        row.locked,
        row.says_locked,
        row.can_edit,
        tuple(values),
        tuple(b.label for b in row.buttons),
    )
    values["pk"] = str(row.pk)
    values |= {f"button{place}": button.url for place, button in enumerate(row.buttons)}
    pieces = _pieces_of(kind)
    # Every second piece is the name of a text.
    return "".join([html.escape(values[piece]) if at % 2 else piece for at, piece in enumerate(pieces)])


@cache
def _pieces_of(kind: Kind) -> list[str]:
    """What the template prints of such a row, cut at its texts: literal, name, literal, name, … literal."""
    texts = {name: _mark(name) if name in kind.filled else "" for name in TEXTS}
    row = Row(
        pk=_mark("pk"),
        tone=kind.tone,
        locked=kind.locked,
        says_locked=kind.says_locked,
        can_edit=kind.can_edit,
        buttons=[Button("", label, _mark(f"button{place}")) for place, label in enumerate(kind.buttons)],
        **texts,
    )
    return _MARK.split(get_template(TEMPLATE).render({"row": row, "editable": kind.editable}))


def _mark(name: str) -> str:
    return f"\ue000{name}\ue001"
