"""The steps of a statement from print to quota, for the line of steps on its page."""

from __future__ import annotations

from dataclasses import dataclass

from providers.choices import Stage
from vervalponsel.kit.templatetags.ui import thousands, wib

from .choices import StatementStatus
from .models import Statement


@dataclass(frozen=True, slots=True)
class Step:
    name: str
    state: str
    note: str = ""
    url: str = ""


_REACHED = {
    StatementStatus.STATED: 1,
    StatementStatus.RETURNED: 1,
    StatementStatus.UPLOADED: 2,
    StatementStatus.APPROVED: 3,
    StatementStatus.RELEASED: 4,
    StatementStatus.VOIDED: 0,
}
"""How many of the steps are behind a statement; the next one is now."""

ORDERED = (Stage.RELEASED, Stage.INJECTED, Stage.FAILED, Stage.REVERSED)
"""Whose quota was ordered, whatever came of it."""


def steps_of(statement: Statement, counts: dict[str, int]) -> list[Step]:
    """Five steps with their dates; a voided statement has none ahead."""
    zone = statement.school.regency_code
    injected = counts.get(Stage.INJECTED, 0)
    ordered = sum(counts.get(stage, 0) for stage in ORDERED)
    notes = (
        ("Cetak dan tanda tangan", wib(statement.created_at, zone)),
        ("Unggah pindaian", wib(statement.uploaded_at, zone) if statement.uploaded_at else ""),
        ("Diperiksa dinas", wib(statement.approved_at, zone) if statement.approved_at else ""),
        ("Dikirim ke provider", wib(statement.released_at, zone) if statement.released_at else ""),
        ("Kuota masuk", f"{thousands(injected)} dari {thousands(ordered)}" if ordered else ""),
    )
    done = _REACHED[StatementStatus(statement.status)]
    if done == 4 and injected and not counts.get(Stage.RELEASED):
        done = 5
    voided = statement.status == StatementStatus.VOIDED
    return [Step(name, _state(index, done, voided=voided), note) for index, (name, note) in enumerate(notes)]


def _state(index: int, done: int, *, voided: bool) -> str:
    if voided or index > done:
        return "todo"
    return "done" if index < done else "now"
