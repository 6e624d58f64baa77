"""Whatever the order, repetition, splitting and truncation of files: the end is that of one clean file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from providers import answer_pieces, intake, survey
from providers.actions import hand_in_answers, receipt
from providers.models import Entitlement, Exchange, ExchangeLine, PhoneRecord
from tests.factories import PeriodFactory
from vervalponsel.batches.models import Batch, Chunk
from vervalponsel.batches.runner import run_batch

from .exchanging import ROBOT, dump, lines, ready
from .test_exchange_injection import approved, release

LINES = 4
EPOCH = datetime.now(UTC) + timedelta(minutes=1)
FEW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))

match_rows = st.tuples(
    st.integers(0, LINES - 1),
    st.sampled_from(["ACTIVE", "POSTPAID", "INACTIVE", "GRACE", "NOT_OURS", "SLEEPING"]),
    st.just(""),
    st.sampled_from([0, 1, 2, 600]),
)
inject_rows = st.tuples(
    st.integers(0, LINES - 1),
    st.sampled_from(["SUCCEEDED", "FAILED", "REVERSED", "GONE_MISSING"]),
    st.sampled_from(["", "NUMBER_BLOCKED", "SYSTEM_ERROR", "A_REASON_OF_THEIR_OWN"]),
    st.sampled_from([0, 1, 2, 600]),
)


@st.composite
def ways(draw: Any, rows: Any) -> tuple[list[Any], list[list[Any]], int]:
    """The rows; the same rows shuffled, repeated and split into files; bytes by which an extra first file is cut."""
    said = draw(st.lists(rows, min_size=1, max_size=10))
    sent = draw(st.permutations(said + draw(st.lists(st.sampled_from(said), max_size=4))))
    borders = sorted(draw(st.lists(st.integers(0, len(sent)), max_size=3)))
    files = [sent[a:b] for a, b in zip([0, *borders], [*borders, len(sent)], strict=True)]
    return said, [file for file in files if file], draw(st.integers(0, 60))


def body(numbers: list[str], rows: list[Any]) -> bytes:
    told = [
        (line + 1, numbers[line][1:], word, code, (EPOCH + timedelta(minutes=minutes)).isoformat())
        for line, word, code, minutes in rows
    ]
    return lines(told, "line,no_ponsel,status,code,answered_at")


def in_small_chunks(monkeypatch: pytest.MonkeyPatch, *, rows: int, block: int) -> None:
    """Cut files into chunks of about so many rows; a chunk ends where a block of the file does."""
    monkeypatch.setattr(survey, "ROWS_PER_CHUNK", rows)
    monkeypatch.setattr(answer_pieces, "BLOCK", block)


def take(exchange: Exchange, content: bytes) -> Batch:
    file = ContentFile(content, name="jawaban")
    batch, _ = hand_in_answers(by=ROBOT, exchange=exchange, file=file, now=timezone.now())
    run_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.status == "DONE", batch.error
    ends = sum(n for name, n in batch.counts.items() if name not in ("rows", "dropped_claims"))
    assert ends == batch.counts["rows"]
    return batch


def end_state(exchange: Exchange) -> Any:
    """Everything that files of answers decide, by natural keys."""
    exchange.refresh_from_db()
    of_records = ("number", "state", "code", "answered_at", "asked_in")
    of_lines = ("line_no", "outcome", "code", "outcome_at", "is_stale", "is_contradicted", "live")
    return (
        exchange.status,
        exchange.counts,
        list(ExchangeLine.objects.filter(exchange=exchange).order_by("line_no").values_list(*of_lines)),
        list(PhoneRecord.objects.order_by("number", "id").values_list(*of_records)),
        list(Entitlement.objects.order_by("number", "id").values_list("number", "stage", "code")),
    )


cuts = st.tuples(st.integers(1, 4), st.sampled_from([48, 130, 1 << 20]))
"""Rows in a chunk at least, and the size of a block of the file, at whose end a chunk may end."""


def same_end(
    exchange: Exchange, numbers: list[str], way: tuple[list[Any], list[list[Any]], int], cuts: tuple[int, int]
) -> None:
    """Send one clean file, look, undo; send it the troubled way in small chunks, look; both ends are the same."""
    said, files, cut = way
    with transaction.atomic():
        take(exchange, body(numbers, said))
        clean = end_state(exchange)
        transaction.set_rollback(True)
    with pytest.MonkeyPatch.context() as patched, transaction.atomic():
        in_small_chunks(patched, rows=cuts[0], block=cuts[1])
        whole = body(numbers, said)
        take(exchange, whole[: max(len(whole) - cut, whole.index(b"\n") + 1)])
        for file in files:
            take(exchange, body(numbers, file))
        troubled = end_state(exchange)
        transaction.set_rollback(True)
    assert troubled == clean


def received(exchange: Exchange) -> Exchange:
    totals: dict[str, Any] = {"rows": exchange.rows, "sha256": exchange.sha256, "control_sum": exchange.control_sum}
    return receipt(by=ROBOT, exchange=exchange, now=timezone.now(), **totals)


_FAILED, _REVERSED = (0, "FAILED", "NUMBER_BLOCKED", 2), (0, "REVERSED", "SYSTEM_ERROR", 0)
GRAVER_BUT_EARLIER = ([_REVERSED, _FAILED], [[_FAILED], [_REVERSED]], 0)


class CommutingTests(TestCase):
    """Hypothesis draws the ways; the database is as before after each."""

    @FEW
    @given(way=ways(match_rows), cuts=cuts)
    def test_answers(self, way: Any, cuts: Any) -> None:
        PeriodFactory.create()
        records = ready(LINES)
        [exchange] = dump()
        same_end(received(exchange), [record.number for record in records], way, cuts)

    @FEW
    @given(way=ways(inject_rows), cuts=cuts)
    @example(way=GRAVER_BUT_EARLIER, cuts=(1, 48))
    def test_reports(self, way: Any, cuts: Any) -> None:
        period = PeriodFactory.create()
        claims = [approved(period) for _ in range(LINES)]
        _, [exchange] = release(period)
        same_end(received(exchange), [claim.number for claim in claims], way, cuts)


@pytest.mark.django_db
def test_a_file_taken_in_chunks_ends_as_one_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when the worker dies between two chunks: the run after it goes on with those that are not done."""
    PeriodFactory.create()
    records = ready(7)
    exchange = received(dump()[0])
    content = body([record.number for record in records], [(n, "ACTIVE", "", 0) for n in range(7)])
    in_small_chunks(monkeypatch, rows=2, block=100)
    real, taken = intake.take_rows, []

    def dies_at_the_third(*args: Any, **options: Any) -> Any:
        taken.append(1)
        if len(taken) == 3:
            raise SystemExit
        return real(*args, **options)

    monkeypatch.setattr(intake, "take_rows", dies_at_the_third)
    file = ContentFile(content, name="jawaban")
    batch, _ = hand_in_answers(by=ROBOT, exchange=exchange, file=file, now=timezone.now())
    with pytest.raises(SystemExit):
        run_batch(batch.pk)
    batch.refresh_from_db()
    done = Chunk.objects.filter(batch=batch, status="DONE").count()
    assert (batch.status, done) == ("RUNNING", 2)

    run_batch(batch.pk)

    batch.refresh_from_db()
    exchange.refresh_from_db()
    assert (batch.status, batch.counts["applied"], batch.counts["rows"]) == ("DONE", 7, 7)
    assert (exchange.status, exchange.counts["ACTIVE"]) == ("ANSWERED", 7)
