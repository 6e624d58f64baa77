"""Figures as pages draw them: bars of one list, parts of one whole."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Bar(NamedTuple):
    """One bar: `share` is its length in percent, `start` where it begins in a balance."""

    label: str
    value: int
    share: str
    url: str
    tone: str = ""
    start: str = "0"


def _percent(part: float, whole: float) -> str:
    # A string with a point: templates would write a decimal comma, which SVG cannot read.
    return f"{100 * part / whole:.2f}" if whole else "0"


def bars(rows: Iterable[Sequence[object]]) -> list[Bar]:
    """Make bars of (label, value[, url[, tone]]), the longest filling the width."""
    parts = [_filled(row) for row in rows]
    longest = max((value for _, value, _, _ in parts), default=0)
    return [Bar(label, value, _percent(value, longest), url, tone) for label, value, url, tone in parts]


def balance(rows: Iterable[Sequence[object]]) -> list[Bar]:
    """Make the parts of one whole of (label, value[, url[, tone]]), side by side, in order."""
    parts = [_filled(row) for row in rows]
    whole = sum(value for _, value, _, _ in parts)
    made, before = [], 0
    for label, value, url, tone in parts:
        made.append(Bar(label, value, _percent(value, whole), url, tone, _percent(before, whole)))
        before += value
    return made


def _filled(row: Sequence[object]) -> tuple[str, int, str, str]:
    label, value, url, tone = (*row, "", "")[:4]
    return str(label), int(str(value)), str(url), str(tone)
