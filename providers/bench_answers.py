"""The benchmark of taking in answers: a provider's whole file against COPY and one UPDATE … FROM of the same rows.

The yardstick copies the file into a plain, logged table and tells each record its answer by a single statement, on a
table with the rows, the indexes and the triggers (figures by school) of the records as they stand. It keeps nothing of
the lines, judges nothing, and is not cut into commits.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.core.files.base import File
from django.db import connection, connections

from schools.models import Period, Region, School
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.choices import Status
from vervalponsel.batches.chunks import help_with
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch
from vervalponsel.kit.benchmarks import Measure, register_benchmark
from vervalponsel.kit.sqlfiles import run_step, sql_text

from .actions import hand_in_answers, prepare_dump
from .choices import Purpose
from .models import Exchange
from .querysets import keys_of

BUDGET = 2.0
RECORDS_PER_SCHOOL = 250
ROBOT = Actor.system("benchmark")
WORDS = ("ACTIVE",) * 7 + ("POSTPAID", "INACTIVE", "GRACE")


def register() -> None:
    """Make the benchmark known."""
    register_benchmark("answers", measure_answers)


def measure_answers(rows: int, folder: Path, workers: int = 1) -> list[tuple[str, Measure]]:
    """Ask ``rows`` numbers of one provider, then take in the answers to all of them."""
    now = datetime.now(UTC)
    populate(rows, now)
    ask_all(now)
    files = [answers_of(exchange, folder) for exchange in Exchange.objects.filter(purpose=Purpose.MATCH).order_by("id")]
    with connection.cursor() as cursor:
        run_step(cursor, "providers", "bench/yardstick_records")
    settle_down()
    yardstick = seconds_of(lambda: yardstick_of(files))
    settle_down()
    taken = seconds_of(lambda: take_all(files, workers))
    return [("answers", Measure(rows, taken, yardstick, BUDGET))]


def populate(rows: int, now: datetime) -> None:
    """Schools, a period and records that wait to be asked."""
    Period.objects.create(
        name="Ukur", semester_id="20201", status="OPEN", is_current=True, starts_date=date(2020, 9, 1),
        deadline_at=now + timedelta(days=30),
    )  # fmt: skip
    parent: Region | None = None
    for level, code in enumerate(("000000", "030000", "032900")):
        parent = Region.objects.create(code=code, name=code, level=level, parent=parent)
    place = {"region": parent, "regency_code": "032900", "province_code": "030000"}
    School.objects.bulk_create(
        [
            School(sekolah_id=uuid4(), npsn=str(20000000 + n), name=f"SD {n}", form_code=5, jenjang="SD", **place)
            for n in range(-(-rows // RECORDS_PER_SCHOOL))
        ],
        batch_size=5000,
    )
    with connection.cursor() as cursor:
        run_step(cursor, "providers", "bench/ready_records", {"rows": rows, "now": now})


def ask_all(now: datetime) -> None:
    """Dumps until nobody is left to be asked."""
    settle_down()
    asked = -1
    while asked != (asked := sum(Exchange.objects.values_list("rows", flat=True))):
        batch, _ = prepare_dump(by=ROBOT, now=now)
        if run_batch(batch.pk) != Status.DONE:
            raise RuntimeError("the dump of the benchmark did not end well")


def answers_of(exchange: Exchange, folder: Path) -> tuple[Exchange, Path]:
    """A provider's file for an exchange, each number checked at a moment of its own."""
    place = folder / f"jawaban-{exchange.pk}.csv"
    select = sql_text("providers", "bench/answers")
    first, last = keys_of(exchange.pk)
    values = {"words": list(WORDS), "asked_at": exchange.created_at, "first": first, "last": last}
    with connection.cursor() as cursor, place.open("wb") as out, cursor.copy(select, values) as copy:
        for block in copy:
            out.write(block)
    return exchange, place


def yardstick_of(files: list[tuple[Exchange, Path]]) -> None:
    with connection.cursor() as cursor:
        with cursor.copy("COPY yardstick_answer FROM STDIN (FORMAT csv)") as copy:
            for _, place in files:
                with place.open("rb") as stream:
                    stream.readline()
                    while block := stream.read(1 << 20):
                        copy.write(block)
        run_step(cursor, "providers", "bench/yardstick_update")


def take_all(files: list[tuple[Exchange, Path]], workers: int) -> None:
    """What a provider's upload and the workers after it do."""
    for exchange, place in files:
        with place.open("rb") as stream:
            now = datetime.now(UTC)
            batch, _ = hand_in_answers(by=ROBOT, exchange=exchange, file=File(stream, name=place.name), now=now)
        with helped(batch, workers - 1):
            if run_batch(batch.pk) != Status.DONE:
                raise RuntimeError("the answers of the benchmark were not taken in")


@contextmanager
def helped(batch: Batch, helpers: int) -> Iterator[None]:
    """Further workers beside this process, each a process of its own."""
    connections.close_all()
    children = []
    for _ in range(helpers):
        child = os.fork()
        if not child:
            try:
                help_until_done(batch)
            finally:
                os._exit(0)
        children.append(child)
    yield
    for child in children:
        os.waitpid(child, 0)


def help_until_done(batch: Batch) -> None:
    """What a worker does that hears every doorbell of the batch."""
    while Batch.objects.live().filter(pk=batch.pk).exists():
        help_with(batch.pk)
        time.sleep(0.05)


def settle_down() -> None:
    """Let what came before cost nothing later."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def seconds_of(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
