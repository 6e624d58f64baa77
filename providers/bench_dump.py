"""The benchmark of dumps: freezing, publishing and serving numbers against COPY (SELECT …) TO STDOUT piped to gzip.

The yardstick selects the very rows of the dump from the records, with gzip at its usual level as a process of its own;
it keeps nothing. ``dump`` ends when a provider has every part: prepared, published, downloaded through the interface.
``dump marked`` is the same and then, what no provider waits for, that each record says that it is being asked.
"""

from __future__ import annotations

import hashlib
import subprocess
import time
from datetime import UTC, datetime
from io import BufferedWriter
from pathlib import Path

from django.db import connection
from django.test import Client, override_settings
from psycopg.pq import ExecStatus

from vervalponsel.batches.choices import Status
from vervalponsel.batches.runner import run_batch
from vervalponsel.kit.benchmarks import Measure, register_benchmark
from vervalponsel.kit.sqlfiles import sql_text

from .actions import create_credential, prepare_dump
from .bench_answers import ROBOT, helped, populate, seconds_of, settle_down
from .models import Exchange, ExchangePart, PhoneRecord, Provider

BUDGET = 1.5
BUFFER = 1 << 16


def register() -> None:
    """Make the benchmark known."""
    register_benchmark("dump", measure_dump)


def measure_dump(rows: int, folder: Path, workers: int = 1) -> list[tuple[str, Measure]]:
    """Ask ``rows`` numbers of one provider."""
    populate(rows, datetime.now(UTC))
    settle_down()
    yardstick = seconds_of(lambda: copy_and_zip(folder / "tolok.csv.gz"))
    settle_down()
    prepared, marked = prepare(workers)
    if PhoneRecord.objects.exclude(cell="SENT").exists():
        raise RuntimeError("the dump of the benchmark left somebody out")
    with override_settings(ALLOWED_HOSTS=["localhost"]):
        served = seconds_of(lambda: serve(rows))
    return [
        ("dump", Measure(rows, prepared + served, yardstick, BUDGET)),
        ("dump marked", Measure(rows, marked + served, yardstick, BUDGET)),
    ]


def copy_and_zip(target: Path) -> None:
    """As a shell's pipe would do it: libpq's own calls, and blocks so small that gzip never waits for one."""
    server = connection.cursor().connection.pgconn
    with target.open("wb") as out, subprocess.Popen(["gzip"], stdin=subprocess.PIPE, stdout=out) as gzip:
        assert gzip.stdin is not None  # noqa: S101
        with BufferedWriter(gzip.stdin, BUFFER) as stream:  # type: ignore[arg-type]
            begun = server.exec_(sql_text("providers", "bench/yardstick_dump").encode())
            while (row := server.get_copy_data(0))[0] > 0:
                stream.write(row[1])
            if begun.status != ExecStatus.COPY_OUT or server.get_result().status != ExecStatus.COMMAND_OK:
                raise RuntimeError("the yardstick could not be copied")
            server.get_result()


def prepare(workers: int) -> tuple[float, float]:
    """Seconds until the exchange was published, and until the batch was done."""
    started, counted = datetime.now(UTC), time.perf_counter()
    batch, _ = prepare_dump(by=ROBOT, now=started)
    with helped(batch, workers - 1):
        if run_batch(batch.pk) != Status.DONE:
            raise RuntimeError("the dump of the benchmark did not end well")
        done = time.perf_counter() - counted
    published = Exchange.objects.get(batch=batch).prepared_at
    assert published is not None  # noqa: S101
    return (published - started).total_seconds(), done


def serve(rows: int) -> None:
    """What a provider's machine does: every part through the interface, its digest checked."""
    credential, secret = create_credential(
        by=ROBOT, provider=Provider.objects.get(pk="TELKOMSEL"), now=datetime.now(UTC)
    )
    told = {"Authorization": f"Bearer {credential.key_id}.{secret}"}
    client = Client(SERVER_NAME="localhost")
    pulled = 0
    for part in ExchangePart.objects.in_order():
        path = f"/api/provider/v1/exchanges/{part.exchange_id}/parts/{part.no}"
        digest = hashlib.sha256()
        for block in client.get(path, headers=told, secure=True).streaming_content:  # type: ignore[attr-defined]
            digest.update(block)
        if digest.hexdigest() == part.sha256:
            pulled += part.rows
    if pulled != rows:
        raise RuntimeError("the dump of the benchmark was not served whole")
