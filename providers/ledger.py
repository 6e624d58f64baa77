"""What the ledger's pages show: how far each file is, who keeps us waiting, how well each provider answers.

Figures come from the counts kept with each exchange; no page counts lines.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.kit.duties import Duty
from vervalponsel.kit.figures import Bar, bars
from vervalponsel.kit.sqlfiles import run_step

from .choices import INJECT_OUTCOMES, MATCH_OUTCOMES, ExchangeStatus, Outcome, Purpose
from .intake import KINDS, meanings_now
from .models import Exchange, Provider
from .policies import DUTIES, TONES, due_at, waiting_since
from .reviewing import to_review

MOST_WAITING = 500
GOOD = (Outcome.ACTIVE, Outcome.POSTPAID, Outcome.SUCCEEDED)
OPEN = (ExchangeStatus.PREPARED, ExchangeStatus.OFFERED, ExchangeStatus.RECEIPTED)


@dataclass(frozen=True, slots=True)
class Standing:
    """An exchange as the pages show it.

    Every line of the file is in one of ``answered``, ``missing`` (no answer yet: neither a success nor a failure) and
    ``left`` (no answer any more: corrected meanwhile, or closed). ``since`` is when its present status began,
    ``due_at`` when somebody is late; ``held`` counts rows of answers with unknown words.
    """

    exchange: Exchange
    tone: str
    duty: Duty | None
    answered: int
    missing: int
    left: int
    contradicted: int
    held: int
    since: datetime | None
    due_at: datetime | None
    now: datetime

    @property
    def is_late(self) -> bool:
        return self.due_at is not None and self.now > self.due_at

    @property
    def waiting_seconds(self) -> float | None:
        """How long the provider has had the file without answering it whole."""
        prepared = self.exchange.prepared_at
        return (self.now - prepared).total_seconds() if self.exchange.status in OPEN and prepared else None


def answered_in(exchange: Exchange) -> int:
    """How many lines have an answer that stands."""
    return sum(int(exchange.counts.get(name, 0)) for name in (*MATCH_OUTCOMES, *INJECT_OUTCOMES))


def standing(exchange: Exchange, now: datetime, held: int = 0) -> Standing:
    """How far an exchange is, from the counts kept with it."""
    counts, answered = exchange.counts, answered_in(exchange)
    missing = int(counts.get("unanswered", exchange.rows - answered)) if exchange.status in OPEN else 0
    return Standing(
        exchange=exchange,
        tone=TONES[ExchangeStatus(exchange.status)],
        duty=DUTIES.get(exchange.status),
        answered=answered,
        missing=missing,
        left=max(exchange.rows - answered - missing, 0),
        contradicted=int(counts.get("contradicted", 0)),
        held=held,
        since=waiting_since(exchange),
        due_at=due_at(exchange),
        now=now,
    )


def standings(exchanges: Iterable[Exchange], now: datetime) -> list[Standing]:
    """The same for the rows of a page, with the rows that are held in their files."""
    listed = list(exchanges)
    held = held_rows([exchange.pk for exchange in listed])
    return [standing(exchange, now, held.get(exchange.pk, 0)) for exchange in listed]


def held_rows(exchanges: list[int]) -> Counter[int]:
    """Rows with unknown words by exchange; a file that was read again counts by its last reading."""
    files = Batch.objects.filter(kind__in=KINDS.values(), params__exchange__in=exchanges)
    found = list(files.values_list("pk", "params", "counts"))
    again = {params.get("again_of") for _, params, _ in found}
    held: Counter[int] = Counter()
    for pk, params, counts in found:
        held[params["exchange"]] += 0 if pk in again else int(counts.get("held", 0))
    return held


def held_files() -> list[tuple[int, str, int]]:
    """(exchange, provider, rows with unknown words) of every file that holds some and that nobody has read again."""
    files = Batch.objects.filter(kind__in=KINDS.values())
    found = list(
        files.filter(counts__held__gt=0).values_list("pk", "params__exchange", "params__provider", "counts__held")
    )
    again = files.filter(params__again_of__in=[pk for pk, *_ in found])
    done = set(again.values_list("params__again_of", flat=True)) if found else set()
    return [(exchange, provider, int(rows)) for pk, exchange, provider, rows in found if pk not in done]


@dataclass
class Account:
    """What one provider owes: its open files, the oldest of which was prepared first; and what waits for Pusdatin.

    ``held`` rows have words without a meaning, ``to_review`` numbers were answered in different ways.
    """

    provider: Provider
    rows: list[Standing] = field(default_factory=list)
    to_review: int = 0
    held: int = 0

    @property
    def missing(self) -> int:
        return sum(row.missing for row in self.rows)

    @property
    def overdue(self) -> int:
        """Lines without an answer in files that are late."""
        return sum(row.missing for row in self.rows if row.is_late)

    @property
    def late(self) -> int:
        return sum(row.is_late for row in self.rows)

    @property
    def oldest(self) -> Standing | None:
        return self.rows[0] if self.rows else None


def accounts(actor: Actor, now: datetime) -> list[Account]:
    """Every provider with what it owes, the latest ones first."""
    found = {provider.pk: Account(provider) for provider in Provider.objects.order_by("name")}
    for row in waiting_longest(actor, now):
        found[row.exchange.provider_id].rows.append(row)
    undecided = to_review(actor).values("exchange__provider_id", "number").distinct()
    for code, n in Counter(row["exchange__provider_id"] for row in undecided).items():
        found[code].to_review = n
    for _, code, n in held_files():
        found[code].held += n
    return sorted(found.values(), key=lambda account: (-account.late, -len(account.rows)))


def outcome_bars(exchange: Exchange) -> list[Bar]:
    """The lines by outcome; the contradicted and stale ones are told beside."""
    outcomes = MATCH_OUTCOMES if exchange.purpose == Purpose.MATCH else INJECT_OUTCOMES
    rows: list[tuple[Any, ...]] = [
        (outcome.label, exchange.counts.get(outcome.value, 0), "", "ok" if outcome in GOOD else "fix")
        for outcome in outcomes
    ]
    rows.append(
        ("Belum ada jawaban", exchange.counts.get("unanswered", 0 if exchange.counts else exchange.rows), "", "wait")
    )
    left = int(exchange.counts.get("withdrawn", 0))
    return bars([*rows, (left_label(exchange), left)] if left else rows)


def left_label(exchange: Exchange) -> str:
    """What became of lines that nobody waits for any more and that have no answer."""
    return "Ditutup tanpa jawaban" if exchange.status == ExchangeStatus.CLOSED else "Nomornya diganti sekolah"


def steps_of(exchange: Exchange) -> list[dict[str, Any]]:
    """The way of the file, for the steps of the page."""
    way = (
        ("Disiapkan", exchange.prepared_at),
        ("Ditawarkan", exchange.offered_at),
        ("Diterima provider", exchange.receipted_at),
        ("Terjawab", exchange.answered_at),
    )
    done = [bool(at) for _, at in way]
    now = done.index(False) if False in done and exchange.status != ExchangeStatus.CLOSED else -1
    return [
        {"name": name, "at": at, "state": "done" if at else "now" if place == now else "todo"}
        for place, (name, at) in enumerate(way)
    ]


@dataclass(frozen=True, slots=True)
class AnswerFile:
    """A file of answers, and what a person can do about it."""

    batch: Batch
    was_read_again: bool
    is_outdated: bool
    """Whether one of its words means something else since it was read."""
    is_understood: bool
    """Whether one of the words for which rows of it are held has got a meaning."""

    @property
    def unchanged(self) -> int:
        """Rows that were right and moved nothing: said before, overtaken, or of a number that was replaced."""
        return sum(int(self.batch.counts.get(name, 0)) for name in ("duplicate", "superseded", "stale"))

    @property
    def refused(self) -> int:
        return sum(int(self.batch.counts.get(name, 0)) for name in ("unknown_line", "number_not_sent", "bad"))

    @property
    def may_run_again(self) -> bool:
        return self.batch.status in (Status.PARKED, Status.FAILED, Status.STOPPED, Status.REFUSED)

    @property
    def may_read_again(self) -> bool:
        """Whether a reading with today's words would tell something else."""
        differs = self.is_outdated or self.is_understood
        return bool(differs and self.batch.status == Status.DONE and self.batch.file and not self.was_read_again)


@dataclass(frozen=True, slots=True)
class Held:
    """A word that nobody knew when its file was read, in how many rows of the file."""

    file: int
    word: str
    rows: int


def held_words(exchange: Exchange) -> list[Held]:
    """Words of the exchange's files that were unknown at their last reading, the most frequent first.

    Some may have a meaning by now: their rows are held until the file is read again.
    """
    with connection.cursor() as cursor:
        facts = {"kind": KINDS[Purpose(exchange.purpose)], "exchange": exchange.pk}
        run_step(cursor, "providers", "ledger/held_words", facts)
        return [Held(*row) for row in cursor.fetchall()]


def answer_files(exchange: Exchange, held: Sequence[Held] = ()) -> list[AnswerFile]:
    """The files that were handed in for the exchange, newest first."""
    kind = KINDS[Purpose(exchange.purpose)]
    files = list(Batch.objects.filter(kind=kind, params__exchange=exchange.pk).newest_first()[:50])
    again = {file.params.get("again_of") for file in files}
    now, _ = meanings_now(exchange)
    understood = {each.file for each in held if each.word in now}
    return [AnswerFile(file, file.pk in again, bool(_changed(file, now)), file.pk in understood) for file in files]


def _changed(file: Batch, now: dict[str, str]) -> list[str]:
    """Words of a file that meant something else when it was read."""
    then = file.params.get("meanings", {})
    return [word for word in file.params.get("words", {}) if then.get(word) != now.get(word)]


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a provider's files, in how many rows, and what it means now; None: nobody has said."""

    word: str
    rows: int
    outcome: Outcome | None


def words_of(files: Iterable[AnswerFile], held: Iterable[Held], exchange: Exchange) -> list[Word]:
    """The words in the files of an exchange, each file as it was read last."""
    rows: Counter[str] = Counter()
    for file in files:
        rows.update({} if file.was_read_again else file.batch.params.get("words", {}))
    for each in held:
        rows[each.word] += each.rows
    now, _ = meanings_now(exchange)
    return [Word(word, rows[word], Outcome(now[word]) if word in now else None) for word in sorted(rows)]


def waiting_longest(actor: Actor, now: datetime) -> list[Standing]:
    """The chase list: open files, the oldest first."""
    found = Exchange.objects.visible_to(actor).unanswered().select_related("provider", "period")
    return standings(found.order_by("prepared_at", "id")[:MOST_WAITING], now)
