"""Taking in what providers send back: a kept file in chunks, each read, judged and applied set by set in one commit.

Matching answers and injection reports go the same way; they differ in the words and in what an outcome moves. Every
row ends in exactly one outcome, and which answer stands for a line does not depend on the order of files, chunks and
rows. Chunks of one exchange are taken in side by side: whoever changes a line holds its record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from vervalponsel.batches.chunks import ChunkWork, plan, results, work_through
from vervalponsel.batches.models import Batch, Chunk, RowError
from vervalponsel.batches.runner import Parked, Refused, Run, Stopped
from vervalponsel.kit.db import shared_lock, transaction_lock
from vervalponsel.kit.sqlfiles import run_step

from .answer_pieces import TooMuch
from .answer_rows import FUTURE, Layout, Read, Reader, WrongFile
from .choices import ExchangeStatus, Purpose
from .kept_files import lines_between, unpacked
from .models import CodeWord, Exchange, NumberCheck
from .querysets import LINES_AT_MOST, keys_of
from .survey import Survey, TooManyLines, survey
from .words import FAILURES, PUBLISHED

KINDS = {Purpose.MATCH: "answers", Purpose.INJECT: "reports"}
ROWS = "rows"
"""The name of the chunks."""
# So many unknown words are no slip but another language: a person looks before anything is applied.
HELD_SHARE, HELD_LEAST = 0.2, 50
WORDS_SHOWN = 20
"""Of a file in another language, for how many of its words Pusdatin is asked at once."""
# A file may repeat itself, but each of its lines may become a refused one that is kept.
REPEATED_MOST, LINES_ALWAYS = 10, 100_000

AGAIN = ("30_judge", "40_keep", "50_stand", "55_lines")
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


def take_in(run: Run) -> dict[str, object]:
    """Handler of answers and reports. Cut off anywhere it goes on with the chunks that are not done."""
    exchange = Exchange.objects.select_related("provider").get(pk=run.batch.params["exchange"])
    if not Chunk.objects.filter(batch=run.batch).exists():
        plan_chunks(run, exchange)
    try:
        work_through(run, ROWS, f"Jawaban {exchange.provider.name}")
    except (Parked, Stopped):
        run.batch.counts = receipt(run.batch)
        raise
    finally:
        run.commit(partial(settle, exchange, now=run.now()))
    return receipt(run.batch)


def plan_chunks(run: Run, exchange: Exchange) -> None:
    """Look through the whole file, and plan its chunks; a wrong file raises Refused, a foreign language Parked.

    What the words mean is fixed now, for all chunks and all workers, and kept with the batch.
    """
    meanings, version = meanings_now(exchange)
    try:
        with unpacked(run.batch) as source:
            found = survey(source, meanings, most=REPEATED_MOST * exchange.rows + LINES_ALWAYS)
    except TooManyLines as reason:
        raise Refused(f"Berkas ini jauh lebih panjang daripada {exchange.rows} baris yang dikirim.") from reason
    except WrongFile as reason:
        raise Refused(str(reason)) from reason
    except TooMuch as reason:
        raise Refused("Berkas ini mengembang terlalu besar saat dibuka. Kirim dalam beberapa bagian.") from reason
    if too_many_unknown(found) and not run.batch.params.get("held_seen"):
        park(run.batch, found)
    run.batch.params.pop("unknown", None)  # from here on the rows themselves tell
    layout = asdict(found.layout)
    run.batch.params |= {"layout": layout, "meanings": meanings, "words_version": version, "words": found.known}
    run.batch.params |= corrections(run.batch, meanings)
    run.batch.save(update_fields=["params"])
    plan(run, ROWS, found.pieces)


def meanings_now(exchange: Exchange) -> tuple[dict[str, str], int]:
    """(word → outcome in this provider's files, version of that data).

    The published words, then Pusdatin's for all, then the provider's own; of one word the newest. The version is the
    newest word's id: words are only added.
    """
    known = CodeWord.objects.filter(Q(provider=exchange.provider_id) | Q(provider=None), purpose=exchange.purpose)
    ordered = sorted(known, key=lambda word: (word.provider_id is not None, word.pk))
    meanings = PUBLISHED[exchange.purpose] | {word.word: word.outcome for word in ordered}
    return {word: str(outcome) for word, outcome in meanings.items()}, max((word.pk for word in ordered), default=0)


def corrections(batch: Batch, meanings: Mapping[str, str]) -> dict[str, object]:
    """Of a file that is read again: the earlier readings, and words with what they meant then, if not the same."""
    readings, last = [], batch
    while before := Batch.objects.filter(pk=last.params.get("again_of")).first():
        readings.append(before.pk)
        last = before
    if not readings:
        return {}
    meant = Batch.objects.get(pk=readings[0]).params.get("meanings", {})
    corrected = {word: outcome for word, outcome in meant.items() if meanings.get(word, outcome) != outcome}
    return {"readings": readings, "corrected": corrected}


def too_many_unknown(found: Survey) -> bool:
    unknown = sum(found.unknown.values())
    return unknown >= HELD_LEAST and unknown > HELD_SHARE * found.rows


def park(batch: Batch, found: Survey) -> None:
    """Hold the whole file once: with the next run, after a look at its words, it goes on as it is."""
    batch.params |= {"held_seen": True, "unknown": dict(found.unknown.most_common(WORDS_SHOWN))}
    batch.save(update_fields=["params"])
    words = ", ".join(sorted(word for word, _ in found.unknown.most_common(5)))
    raise Parked(
        f"{sum(found.unknown.values())} baris memakai kata yang belum dikenal ({words})."
        " Beri artinya, lalu jalankan lagi."
    )


def receipt(batch: Batch) -> dict[str, object]:
    """The counts that a provider and Pusdatin see: every end by name, and the rows that they add up to."""
    counts = results(batch, ROWS)
    return {name: counts.get(name, 0) for name in ("rows", *ENDS, "dropped_claims")}


# One chunk


def take_chunk(work: ChunkWork) -> Mapping[str, int]:
    """Handler of a chunk: read its lines, set aside what cannot be read, apply the rest; counts by end."""
    params, now = work.batch.params, work.now()
    exchange = Exchange.objects.get(pk=params["exchange"])
    words = {"meanings": params["meanings"], "corrected": params.get("corrected")}
    reader = Reader(Layout(**params["layout"]), batch=exchange.pk, latest=now + FUTURE, **words)
    source = work.desk.keep("file", partial(unpacked, work.batch))
    span = {name: work.params[name] for name in ("first_row", "offset", "end", "torn")}
    for some, torn in lines_between(source, **span):
        reader.take(some, torn=torn)
    return take_rows(work.batch, exchange, reader.read, now=now)


def take_rows(batch: Batch, exchange: Exchange, read: Read, *, now: datetime) -> Counter[str]:
    """Apply rows in the caller's transaction; returns how many ended how."""
    # Beside other chunks of this exchange, but never while it is being closed.
    shared_lock("intake", exchange.pk)
    counts = Counter({"rows": read.rows, "bad": len(read.bad), "held": len(read.held)})
    set_aside(batch, read)
    if read.loads:
        with connection.cursor() as cursor:
            load(cursor, read, with_correction=bool(batch.params.get("corrected")))
            counts.update(apply(cursor, batch, exchange, read, now))
    return counts


def load(cursor: Any, read: Read, *, with_correction: bool = False) -> None:
    run_step(cursor, "providers", "intake/side")
    columns = "row_no, line_no, number, outcome, code, at" + ", was" * with_correction
    with cursor.copy(f"COPY answer_side ({columns}) FROM STDIN") as copy:
        copy.write("".join(read.loads))


def apply(cursor: Any, batch: Batch, exchange: Exchange, read: Read, now: datetime) -> Counter[str]:
    """Run the steps over what was loaded; returns the ends of its rows and how many claims were dropped."""
    params = {
        "batch": batch.pk,
        "exchange": exchange.pk,
        "provider": exchange.provider_id,
        "purpose": exchange.purpose,
        "asked_at": exchange.created_at,
        "now": now,
        "reasons": list(FAILURES),
        "first_line": min(read.lines),
        "last_line": min(max(read.lines), LINES_AT_MOST - 1),
        "most": LINES_AT_MOST,
        "repeated": list(read.repeated),
        "readings": batch.params.get("readings", []),
    }

    def step(name: str) -> int:
        return run_step(cursor, "providers", f"intake/{name}", params)

    step("05_found")
    step("10_hold")
    if batch.params.get("corrected"):
        step("15_correct")
    fresh: Counter[str] = Counter()
    # What is said of a line for the first time, once, needs no comparing.
    if step("20_first") < len(read.loads):
        for name in AGAIN:
            step(name)
        step("90_refuse")
    for name in MOVES[Purpose(exchange.purpose)]:
        touched = step(name)
        if name == "80_drop":
            fresh["dropped_claims"] = touched
    step("85_wonder")
    step("95_outcomes")
    fresh.update(dict(cursor.fetchall()))
    cursor.execute("DROP TABLE answer_side, answer_found, answer_held, answer_judged, answer_standing")
    return fresh


def set_aside(batch: Batch, read: Read) -> None:
    bad = (RowError(batch=batch, line=row.row, column=row.column, code=row.code) for row in read.bad)
    held = (
        RowError(batch=batch, line=row, column="status", code="UNKNOWN_WORD", facts={"word": word})
        for row, word in read.held
    )
    RowError.objects.bulk_create([*bad, *held], batch_size=5000)


# After the chunks


def settle(exchange: Exchange, *, now: datetime) -> None:
    """Write how the exchange's lines stand; with no line left to answer it is ANSWERED.

    What was said of one number in several lines within a day, and differs, is marked in all of them, wherever they lie.
    """
    with transaction.atomic():
        touched = {exchange.pk: exchange}
        if NumberCheck.objects.exists():
            # One after the other: the last one sees what all have said.
            transaction_lock("contradictions")
            touched = Exchange.objects.in_bulk(mark_contradicted_numbers()) | touched
        for pk in sorted(touched):
            transaction_lock("settle", pk)
            write_figures(touched[pk], now=now)


def mark_contradicted_numbers() -> set[int]:
    """Compare all that was said of the numbers that wait for it; returns the exchanges with a newly marked line."""
    with connection.cursor() as cursor:
        run_step(cursor, "providers", "intake/contradictions")
        return {row[0] for row in cursor.fetchall()}


def write_figures(exchange: Exchange, *, now: datetime) -> None:
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
        first, last = keys_of(exchange.pk)
        run_step(cursor, "providers", "intake/figures", {"first": first, "last": last})
        found = cursor.fetchall()
    counts = {ended: n for ended, n, *_ in found}
    counts |= {"stale": sum(row[2] for row in found), "contradicted": sum(row[3] for row in found)}
    return counts, sum(row[4] for row in found)
