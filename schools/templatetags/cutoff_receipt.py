"""A cut-off's counts as rows of its receipt."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

from schools.cutoff.deciding import may_decide
from schools.cutoff.limits import from_json
from schools.models import CutoffRun
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch, RowError
from vervalponsel.batches.words import WORDS, sentence_of

register = template.Library()

_FILES = ("regions", "schools", "students", "teachers")


@register.simple_tag
def receipt(counts: dict[str, Any]) -> list[dict[str, Any]]:
    """One entry per file that the run got to, its reasons from the most frequent down."""
    return [_file(word, counts[word]) for word in _FILES if word in counts]


@register.simple_tag(takes_context=True)
def standing(context: Context, batch: Batch) -> dict[str, Any]:
    """Where a cut-off stands beside its receipt: a trial, waiting for a word, reverted, and what can be done."""
    run = CutoffRun.objects.filter(batch=batch).select_related("approved_by").first()
    if run is None:
        return {}
    actor = context["request"].actor
    return {
        "run": run,
        "excess": from_json(run.excess),
        "waits": batch.status == Status.PARKED,
        "may_decide": may_decide(actor, batch),
        "may_revert": run.begun_at is not None and run.reverted_at is None and not batch.is_live,
        "may_apply": run.is_trial and batch.status == Status.DONE and bool(batch.file),
    }


def _file(word: str, counts: dict[str, Any]) -> dict[str, Any]:
    aside = sorted(counts["set_aside"].items(), key=lambda item: (-item[1], item[0]))
    return {
        "word": WORDS.get(word, word),
        "read": counts["read"],
        "recipients": counts["recipients"],
        "aside": sum(n for _, n in aside),
        "reasons": [{"code": code, "n": n, "sentence": sentence_of(RowError(code=code))} for code, n in aside],
    }
