"""A cut-off's counts as rows of its receipt."""

from __future__ import annotations

from typing import Any

from django import template

from vervalponsel.batches.models import RowError
from vervalponsel.batches.words import WORDS, sentence_of

register = template.Library()

_FILES = ("regions", "schools", "students", "teachers")


@register.simple_tag
def receipt(counts: dict[str, Any]) -> list[dict[str, Any]]:
    """One entry per file that the run got to, its reasons from the most frequent down."""
    return [_file(word, counts[word]) for word in _FILES if word in counts]


def _file(word: str, counts: dict[str, Any]) -> dict[str, Any]:
    aside = sorted(counts["set_aside"].items(), key=lambda item: (-item[1], item[0]))
    return {
        "word": WORDS.get(word, word),
        "read": counts["read"],
        "recipients": counts["recipients"],
        "aside": sum(n for _, n in aside),
        "reasons": [{"code": code, "n": n, "sentence": sentence_of(RowError(code=code))} for code, n in aside],
    }
