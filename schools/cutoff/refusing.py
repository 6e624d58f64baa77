"""Rows of a judged side table that could not be kept: stored for the person who handed the bundle in, and counted."""

from __future__ import annotations

from django.db.backends.utils import CursorWrapper
from psycopg import sql

from .cutoff import Cutoff, FileCounts

_STORE = sql.SQL(
    'INSERT INTO batches_rowerror (batch_id, file, line, "column", code, facts)'
    " SELECT %s, %s, line_no, problem_column, problem, '{{}}' FROM {} WHERE problem IS NOT NULL"
)
_COUNT = sql.SQL("SELECT coalesce(problem, ''), count(*) FROM {} GROUP BY 1")


def store_refused(cutoff: Cutoff, cursor: CursorWrapper, file: str, table: str) -> None:
    """Keep where each refused row stood and why; no value of it."""
    cursor.execute(_STORE.format(sql.Identifier(table)), [cutoff.batch.pk, file])


def kept_and_refused(cutoff: Cutoff, file: str, table: str) -> FileCounts:
    """Store the refused rows of a file whose other rows are all kept, and count both."""
    with cutoff.transaction() as cursor:
        store_refused(cutoff, cursor, file, table)
        cursor.execute(_COUNT.format(sql.Identifier(table)))
        judged = dict(cursor.fetchall())
    kept = judged.pop("", 0)
    set_aside = {**judged, **cutoff.faults[file]}
    return FileCounts(read=kept + sum(set_aside.values()), recipients=kept, set_aside=set_aside)
