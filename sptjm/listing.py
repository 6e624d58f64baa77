"""Reading statements and their lines for pages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from providers.catalogue import Topic, describe
from providers.choices import Stage
from vervalponsel.audit.models import Event
from vervalponsel.kit.keys import key_of
from vervalponsel.kit.templatetags.ui import thousands

from .choices import StatementStatus
from .models import Statement, StatementLine

PER_PAGE = 50
LINES_PER_PAGE = 100

TONES: dict[str, str] = {
    StatementStatus.STATED: "wait",
    StatementStatus.UPLOADED: "wait",
    StatementStatus.RETURNED: "fix",
    StatementStatus.APPROVED: "ok",
    StatementStatus.RELEASED: "ok",
    StatementStatus.VOIDED: "neutral",
}
STAGE_TONES: dict[str, str] = {
    Stage.STATED: "wait",
    Stage.UPLOADED: "wait",
    Stage.RETURNED: "fix",
    Stage.APPROVED: "ok",
    Stage.RELEASED: "wait",
    Stage.INJECTED: "ok",
    Stage.VOIDED: "neutral",
    Stage.DROPPED: "fix",
    Stage.FAILED: "fix",
    Stage.REVERSED: "fix",
}


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of a long list that was not counted: one row more was asked for, to know whether another page follows."""

    rows: Sequence[Any]
    number: int
    has_next: bool
    first: int

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def next_page_number(self) -> int:
        return self.number + 1

    @property
    def previous_page_number(self) -> int:
        return self.number - 1

    @property
    def said(self) -> str:
        """Which rows these are, for the pagination's sentence."""
        if not self.rows:
            return ""
        return f"{thousands(self.first)} sampai {thousands(self.first + len(self.rows) - 1)}"


def slice_of(rows: QuerySet[Any], wanted: str | None, *, size: int = PER_PAGE) -> Slice:
    """The wanted page (from 1; anything unreadable is the first) of an ordered queryset."""
    asked = key_of(wanted)
    number = asked if 0 < asked < 100_000 else 1
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Slice(found[:size], number, len(found) > size, start + 1)


def stage_counts(statement: Statement) -> dict[str, int]:
    """How many of a statement's people stand at each stage."""
    rows = statement.lines.order_by().values_list("entitlement__stage").annotate(Count("id"))
    return dict(rows)


@dataclass(frozen=True, slots=True)
class Line:
    """A person of the annex with the way of their claim."""

    line: StatementLine
    tone: str
    word: str
    reason: str


def lines_of(statement: Statement, wanted: str | None) -> Slice:
    page = slice_of(statement.lines.in_order(), wanted, size=LINES_PER_PAGE)
    shown = [_line(line) for line in page.rows]
    return Slice(shown, page.number, page.has_next, page.first)


def _line(line: StatementLine) -> Line:
    claim = line.entitlement
    return Line(line, STAGE_TONES[claim.stage], claim.get_stage_display(), _reason(claim.stage, claim.code))


def _reason(stage: str, code: str) -> str:
    if not code:
        return ""
    topic = {Stage.DROPPED: Topic.DROP, Stage.RETURNED: Topic.RETURN}.get(Stage(stage), Topic.INJECTION)
    return describe(code, topic)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a statement's story."""

    at: datetime
    by: str
    tone: str
    sentence: str


def story_of(statement: Statement) -> list[Happening]:
    """Everything that people and the system did to a statement, in order.

    A release changes many statements by one batch, so it stands on the statement and not in an event of its own.
    """
    events = Event.objects.of(statement).filter(action__in=_STORY)
    told = [Happening(event.at, event.actor_name, *_told(event)) for event in events]
    if statement.released_at and statement.release_batch:
        sent_by = statement.release_batch.actor_name
        told.append(Happening(statement.released_at, sent_by, "ok", "Dikirim ke provider."))
    return sorted(told, key=lambda happening: happening.at)


def _told(event: Event) -> tuple[str, str]:
    tone, say = _STORY[event.action]
    return tone, say(event.after)


Facts = dict[str, Any]
_STORY: dict[str, tuple[str, Callable[[Facts], str]]] = {
    "statement.made": (
        "",
        lambda f: f"SPTJM dibuat untuk {thousands(f['students'])} siswa dan {thousands(f['teachers'])} guru.",
    ),
    "statement.printed": ("", lambda f: f"Lembar cetak siap, {f['pages']} halaman."),
    "statement.uploaded": ("wait", lambda f: f"Pindaian diunggah, {f['pages']} halaman."),
    "statement.approved": ("ok", lambda f: f"Disetujui untuk {thousands(f['claims'])} penerima."),
    "statement.returned": (
        "fix",
        lambda f: f"Dikembalikan: {describe(f['code'], Topic.RETURN)}. {f['note']}".strip(),
    ),
    "statement.voided": ("fix", lambda f: f"Dibatalkan: {f['reason']} {thousands(f['freed'])} nomor bebas lagi."),
}
