"""Taking in what providers send back: a kept file, read in pieces, each judged and applied set by set in one commit.

Matching answers and injection reports go the same way; they differ in the words and in what an outcome moves. Every
row ends in exactly one outcome, and which answer stands for a line does not depend on the order of files or rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from vervalponsel.batches.models import Batch, RowError
from vervalponsel.batches.runner import Parked, Refused, Run
from vervalponsel.kit.db import transaction_lock
from vervalponsel.kit.sqlfiles import run_step

from .answer_rows import Answer, BadRow, Row, WrongFile, read_rows
from .choices import ExchangeStatus, Purpose
from .models import CodeWord, Exchange
from .words import FAILURES, PUBLISHED, folded

KINDS = {Purpose.MATCH: "answers", Purpose.INJECT: "reports"}
ROWS_PER_COMMIT = 50_000
# So many unknown words are no slip but another language: a person looks before anything is applied.
HELD_SHARE, HELD_LEAST = 0.2, 50

BEFORE = ("10_judge", "20_keep", "30_stand", "40_hold", "50_lines")
MOVES = {
    Purpose.MATCH: ("60_records", "80_drop"),
    Purpose.INJECT: ("60_orders", "70_failed", "80_drop"),
}
ENDS = (
    "applied",
    "stale",
    "duplicate",
    "superseded",
    "unknown_line",
    "number_not_sent",
    "held",
    "bad",
)
"""In what a row can end; the counts of a batch under these names add up to ``rows``."""


@dataclass
class Piece:
    """Some rows of the file, sorted by what reading them gave."""

    answers: list[Answer] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    held: list[tuple[int, str]] = field(default_factory=list)
    last_row: int = 0
    rows: int = 0


def take_in(run: Run) -> dict[str, object]:
    """Handler of answers and reports. Cut off anywhere it goes on behind the last piece that was committed."""
    exchange = Exchange.objects.select_related("provider").get(pk=run.batch.params["exchange"])
    words = meanings(exchange)
    counts: Counter[str] = Counter({name: int(n) for name, n in run.batch.counts.items()})
    for piece in pieces_of(run.batch, exchange, words, behind=counts["last_row"], now=run.now()):
        if too_many_held(piece) and not run.batch.params.get("held_seen"):
            park(run.batch, piece)
        counts = run.commit(partial(take_piece, run.batch, exchange, piece, counts, words, now=run.now()))
        run.progress(f"Jawaban {exchange.provider.name}", counts["rows"])
    settle(exchange, now=run.now())
    return receipt(counts)


def receipt(counts: Counter[str]) -> dict[str, object]:
    """The counts that a provider and Pusdatin see: every end by name, and the rows that they add up to."""
    ends = {name: counts[name] for name in ENDS}
    return {"rows": counts["rows"], **ends, "dropped_claims": counts["dropped_claims"]}


def meanings(exchange: Exchange) -> dict[str, str]:
    """Word → outcome in this provider's files: the published words, then Pusdatin's for all, then its own."""
    known = CodeWord.objects.filter(Q(provider=exchange.provider_id) | Q(provider=None), purpose=exchange.purpose)
    ordered = sorted(known, key=lambda word: word.provider_id is not None)
    return PUBLISHED[exchange.purpose] | {word.word: word.outcome for word in ordered}


def pieces_of(
    batch: Batch, exchange: Exchange, words: dict[str, str], *, behind: int, now: datetime
) -> Iterator[Piece]:
    """Read the batch's file in pieces, leaving out the rows up to ``behind``; a wrong file raises Refused."""
    with batch.file.open("rb") as stream:
        try:
            rows = (row for row in read_rows(stream, batch=exchange.pk, now=now) if row.row > behind)
            while some := list(islice(rows, ROWS_PER_COMMIT)):
                yield sorted_out(some, words)
        except WrongFile as reason:
            raise Refused(str(reason)) from reason


def sorted_out(rows: list[Row], words: dict[str, str]) -> Piece:
    piece = Piece(last_row=rows[-1].row, rows=len(rows))
    for row in rows:
        if isinstance(row, BadRow):
            piece.bad.append(row)
        elif folded(row.word) in words:
            piece.answers.append(row)
        else:
            piece.held.append((row.row, folded(row.word).replace("\x00", "")))
    return piece


def too_many_held(piece: Piece) -> bool:
    return len(piece.held) >= HELD_LEAST and len(piece.held) > HELD_SHARE * piece.rows


def park(batch: Batch, piece: Piece) -> None:
    """Hold the whole file once: with the next run, after a look at its words, it goes on as it is."""
    batch.params = batch.params | {"held_seen": True}
    batch.save(update_fields=["params"])
    words = ", ".join(sorted({word for _, word in piece.held})[:5])
    raise Parked(
        f"{len(piece.held)} baris memakai kata yang belum dikenal ({words}). Beri artinya, lalu jalankan lagi."
    )


def take_piece(
    batch: Batch, exchange: Exchange, piece: Piece, counts: Counter[str], words: dict[str, str], *, now: datetime
) -> Counter[str]:
    """Apply one piece and note how far the file is, in the caller's transaction.

    Returns ``counts`` with what came of the rows; itself it stays as it is, for another try.
    """
    transaction_lock("intake", exchange.pk)
    fresh = Counter({"rows": piece.rows, "bad": len(piece.bad), "held": len(piece.held)})
    set_aside(batch, piece)
    with connection.cursor() as cursor:
        load_side(cursor, exchange, piece, words)
        fresh.update(apply_side(cursor, batch, exchange, now))
    done = counts + fresh
    done["last_row"] = piece.last_row
    Batch.objects.filter(pk=batch.pk).update(counts=dict(done))
    return done


def load_side(cursor: Any, exchange: Exchange, piece: Piece, words: dict[str, str]) -> None:
    run_step(cursor, "providers", "intake/side")
    with_code = exchange.purpose == Purpose.INJECT
    with cursor.copy("COPY answer_side (row_no, line_no, number, outcome, code, at) FROM STDIN") as copy:
        for a in piece.answers:
            code = folded(a.code) if with_code else ""
            copy.write_row((a.row, a.line, a.number, words[folded(a.word)], code, a.at))


def apply_side(cursor: Any, batch: Batch, exchange: Exchange, now: datetime) -> Counter[str]:
    """Run the steps over what was loaded; returns the ends of its rows and how many claims were dropped."""
    params = {
        "batch": batch.pk,
        "exchange": exchange.pk,
        "purpose": exchange.purpose,
        "asked_at": exchange.created_at,
        "now": now,
        "reasons": list(FAILURES),
    }
    fresh: Counter[str] = Counter()
    for name in (*BEFORE, *MOVES[Purpose(exchange.purpose)]):
        touched = run_step(cursor, "providers", f"intake/{name}", params)
        if name == "80_drop":
            fresh["dropped_claims"] = touched
    run_step(cursor, "providers", "intake/90_refuse", params)
    run_step(cursor, "providers", "intake/95_outcomes", params)
    fresh.update(dict(cursor.fetchall()))
    cursor.execute("DROP TABLE answer_side, answer_judged, answer_standing")
    return fresh


def set_aside(batch: Batch, piece: Piece) -> None:
    bad = (RowError(batch=batch, line=row.row, column=row.column, code=row.code) for row in piece.bad)
    held = (
        RowError(batch=batch, line=row, column="status", code="UNKNOWN_WORD", facts={"word": word})
        for row, word in piece.held
    )
    RowError.objects.bulk_create([*bad, *held], batch_size=5000)


def settle(exchange: Exchange, *, now: datetime) -> None:
    """Write how the exchange's lines stand; with no line left to answer it is ANSWERED."""
    with transaction.atomic():
        transaction_lock("intake", exchange.pk)
        counts, live = figures(exchange)
        exchange.counts = counts
        Exchange.objects.filter(pk=exchange.pk).update(counts=counts)
        if not live:
            waiting = (ExchangeStatus.PREPARED, ExchangeStatus.OFFERED, ExchangeStatus.RECEIPTED)
            done = {"status": ExchangeStatus.ANSWERED, "answered_at": now}
            Exchange.objects.filter(pk=exchange.pk, status__in=waiting).update(**done)


def figures(exchange: Exchange) -> tuple[dict[str, int], int]:
    """(lines by how they ended, with ``stale`` and ``contradicted`` beside; lines that may still be answered)."""
    with connection.cursor() as cursor:
        run_step(cursor, "providers", "intake/figures", {"exchange": exchange.pk})
        found = cursor.fetchall()
    counts = {ended: n for ended, n, *_ in found}
    counts |= {"stale": sum(row[2] for row in found), "contradicted": sum(row[3] for row in found)}
    return counts, sum(row[4] for row in found)
