"""The import's benchmark: plain COPY of the same files into logged tables, with as many indexes built afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from psycopg import sql

from schools.generator.nation import SMALL
from schools.models import CutoffLimits
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch
from vervalponsel.kit.benchmarks import Measure, register_benchmark

from .bundle import Bundle, open_bundle
from .handing_in import hand_in_path

ROWS_PER_SCHOOL, ROWS_PER_SMALL_NATION_SCHOOL = 130, 255
"""As the generator makes them; schools of a nation of few are larger."""

BUDGET = 3.0
AGAIN_BUDGET = 1.0

_TARGETS = {
    "wilayah.csv": ("schools_region",),
    "sekolah.csv": ("schools_school",),
    "peserta_didik.csv": ("students_student", "providers_phonerecord"),
    "ptk.csv": ("teachers_teacher",),
}
"""The tables in which the rows of a file end, whose indexes the yardstick builds too."""


def register() -> None:
    """Make the benchmark known."""
    register_benchmark("import", measure_import)


def measure_import(rows: int, folder: Path, workers: int = 1) -> list[tuple[str, Measure]]:
    """The first import, and beside it the same bundle again, whose measure is the first."""
    place = folder / "tarikan"
    call_command(
        "generate_cutoff", str(place), schools=_schools_for(rows), seed=1, stdout=StringIO(), stderr=StringIO()
    )
    with open_bundle(place) as bundle:
        read = sum(entry.rows for entry in bundle.manifest.files)
        yardstick = _seconds(lambda: _copy_plainly(bundle))
    # A province of a generated nation may go beyond what a person would have to allow.
    every = {"removed_percent": 100, "changed_percent": 100, "set_aside_percent": 100}
    CutoffLimits.objects.update_or_create(defaults=every)
    before = _database_mib()
    first = _seconds(lambda: _import(place))
    recipients = _recipients()
    disk = _database_mib() - before
    again = _seconds(lambda: _import(place))
    more = {
        "recipients": recipients,
        "again_seconds": again,
        "again_ratio": again / first,
        "again_budget": AGAIN_BUDGET,
        "disk_mib": disk,
    }
    return [("import", Measure(read, first, yardstick, BUDGET, more))]


def _schools_for(rows: int) -> int:
    few = max(1, rows // ROWS_PER_SMALL_NATION_SCHOOL)
    return few if few <= SMALL else rows // ROWS_PER_SCHOOL


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _import(place: Path) -> None:
    batch = hand_in_path(by=Actor.system("benchmark"), path=place, now=datetime.now(UTC))
    if run_batch(batch.pk) != Status.DONE:
        raise RuntimeError("the import of the benchmark did not end well")


def _recipients() -> int:
    """How many recipients the last import's receipt tells."""
    counts = Batch.objects.latest("pk").counts
    return sum(int(counts[part]["recipients"]) for part in ("students", "teachers"))


def _database_mib() -> float:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database()) / 1048576.0")
        return float(cursor.fetchone()[0])


def _copy_plainly(bundle: Bundle) -> None:
    """Text as it lies in the files, in logged tables without keys; then single-column indexes over all rows.

    Ours have one to three columns, a few are partial, and some are unique: an index for an index, neither dearer.
    """
    for name, targets in _TARGETS.items():
        table, columns = sql.Identifier(f"yardstick_{name[:-4]}"), bundle.header(name)
        fields = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(column)) for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(table, fields))
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(table, names)) as copy:
                for block in bundle.blocks(name):
                    copy.write(block)
            for number in range(_index_count(targets)):
                column = sql.Identifier(columns[number % len(columns)])
                cursor.execute(sql.SQL("CREATE INDEX ON {} ({})").format(table, column))
            cursor.execute(sql.SQL("DROP TABLE {}").format(table))


def _index_count(tables: tuple[str, ...]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = ANY (%s)", [list(tables)])
        return int(cursor.fetchone()[0])
