"""Streaming the bundle's files by COPY into unlogged side tables of plain text, each row with its line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO

from django.db import connection
from psycopg import sql

from . import registry
from .cutoff import Cutoff
from .errors import RowFault
from .registry import CutoffFile

_FAULTS_IN_MEMORY = 8 << 20
_COPY_FAULTS = (
    'COPY batches_rowerror (batch_id, file, line, "column", code, facts) FROM STDIN'  # facts: two counts, no value
)


def load(cutoff: Cutoff) -> None:
    """Load every known file; one that the bundle lacks becomes an empty table, so that no step needs to ask."""
    for file in registry.files():
        rows = cutoff.bundle.entry(file.name).rows if cutoff.bundle.has(file.name) else 0
        cutoff.run.progress(f"Memuat {file.name}", 0, rows)
        _load_file(cutoff, file)
    cutoff.run.progress("Berkas termuat")


def side_table(file_name: str) -> str:
    """The side table of a file: ``sekolah.csv`` lies in cutoff_raw_sekolah."""
    return f"cutoff_raw_{file_name.removesuffix('.csv')}"


def _load_file(cutoff: Cutoff, file: CutoffFile) -> None:
    header = cutoff.bundle.header(file.name) if cutoff.bundle.has(file.name) else ()
    columns = _columns(file, header)
    cutoff.faults[file.name] = Counter()
    with cutoff.transaction() as cursor, SpooledTemporaryFile(max_size=_FAULTS_IN_MEMORY) as faults:
        cursor.execute(_create(file, columns))
        if header:
            refuse = _refusing(cutoff, file, faults)
            with cursor.copy(_copy(file, columns[: len(header)])) as copy:
                done, rows = 0, cutoff.bundle.entry(file.name).rows
                for block in cutoff.bundle.numbered_blocks(file.name, refuse):
                    copy.write(block)
                    done += block.count(b"\n")
                    cutoff.beside.tell(f"Memuat {file.name}", min(done, rows), rows)
            _store_faults(faults)
        cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(side_table(file.name))))


def _columns(file: CutoffFile, header: tuple[str, ...]) -> list[str]:
    """Columns as they lie in the file, unknown ones under a neutral name, then the known ones that it lacks."""
    lying = [name if name in file.known_columns else f"unused_{place}" for place, name in enumerate(header)]
    return lying + [name for name in file.known_columns if name not in header]


def _create(file: CutoffFile, columns: Iterable[str]) -> sql.Composed:
    fields = [sql.SQL("{} text").format(sql.Identifier(name)) for name in columns]
    return sql.SQL(
        "DROP TABLE IF EXISTS {table} CASCADE; CREATE UNLOGGED TABLE {table} (line_no bigint, {fields})"
    ).format(table=sql.Identifier(side_table(file.name)), fields=sql.SQL(", ").join(fields))


def _copy(file: CutoffFile, columns: Iterable[str]) -> sql.Composed:
    names = [sql.Identifier("line_no"), *(sql.Identifier(name) for name in columns)]
    return sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(side_table(file.name)), sql.SQL(", ").join(names)
    )


def _refusing(cutoff: Cutoff, file: CutoffFile, faults: IO[bytes]) -> Callable[[RowFault], None]:
    def refuse(fault: RowFault) -> None:
        cutoff.faults[file.name][fault.code] += 1
        facts = f'{{"found": {fault.found}, "expected": {fault.expected}}}'
        line = f"{cutoff.batch.pk}\t{file.name}\t{fault.line}\t\t{fault.code}\t{facts}\n"
        faults.write(line.encode())

    return refuse


def _store_faults(faults: IO[bytes]) -> None:
    faults.seek(0)
    with connection.cursor() as cursor, cursor.copy(_COPY_FAULTS) as copy:
        while block := faults.read(1 << 20):
            copy.write(block)


def drop_side_tables() -> None:
    """Remove everything that a run lays beside the register, its own or a killed one's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'v') AND c.relname LIKE 'cutoff\\_%'"
        )
        for name, kind in cursor.fetchall():
            what = sql.SQL("VIEW" if kind == "v" else "TABLE")
            cursor.execute(sql.SQL("DROP {} IF EXISTS {} CASCADE").format(what, sql.Identifier(name)))
