"""Indexes of the register's tables during a first load: put away from empty tables, built again when they are full.

An index that is built over all rows at once costs a fraction of one that follows row by row. What was put away is kept
as rows of a table, written in the commit that drops it, and each index is built in the commit that deletes its row:
killed anywhere, nothing is lost, and whoever next holds the cut-offs' lock builds the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from schools.models import PutAwayIndex
from vervalponsel.kit.db import advisory_lock
from vervalponsel.kit.sqlfiles import run_step

from . import registry
from .cutoff import LOCK, Cutoff
from .lanes import lane_count, side_by_side
from .registry import Phase, Step, register_step

WAIT = "5s"
"""How long the dropping waits for whoever reads an empty table."""

_IS_EMPTY = sql.SQL("SELECT NOT EXISTS (SELECT FROM {})")
_LOCK = sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE")
_DROP_CONSTRAINT = sql.SQL("ALTER TABLE {table} DROP CONSTRAINT {name}")
_DROP_INDEX = sql.SQL("DROP INDEX {name}")
_ADD_CONSTRAINT = sql.SQL("ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}")
_IS_BUILT = "SELECT to_regclass(quote_ident(%s)) IS NOT NULL"
_ANALYZE = sql.SQL("ANALYZE {}")

Tell = Callable[[int, int], object]
"""Is told how many of how many indexes are built."""


def register() -> None:
    """Make the two steps around the merging of people known."""
    register_step(Step(Phase.MAKING_ROOM, "indexes_away", "Menyiapkan tabel kosong", put_away))
    register_step(Step(Phase.SETTLING, "indexes_back", "Membangun indeks", _put_back_telling))


def put_away(cutoff: Cutoff) -> None:
    """Drop the indexes of tables that are empty, when so much is to be written that building them anew is cheaper."""
    if cutoff.due < settings.CUTOFF_INDEXES_AWAY_FROM:
        return
    for table in registry.filled_tables():
        # A table that somebody reads for long keeps its indexes: that is slower, and no reason to wait.
        with suppress(OperationalError), cutoff.transaction() as cursor:
            _put_away(cursor, table)


def _put_away(cursor: CursorWrapper, table: str) -> None:
    name = sql.Identifier(table)
    cursor.execute(_IS_EMPTY.format(name))
    if not cursor.fetchone()[0]:
        return
    cursor.execute("SELECT set_config('lock_timeout', %s, true)", [WAIT])
    cursor.execute(_LOCK.format(name))
    cursor.execute(_IS_EMPTY.format(name))
    if not cursor.fetchone()[0]:
        return
    run_step(cursor, "schools", "cutoff/indexes_away", {"table": table})
    for index in PutAwayIndex.objects.filter(table_name=table).order_by("name"):
        drop = _DROP_CONSTRAINT if index.is_constraint else _DROP_INDEX
        cursor.execute(drop.format(table=name, name=sql.Identifier(index.name)))


def are_away(table: str) -> bool:
    """Whether the table was empty when this run began to write, and still has no indexes."""
    return PutAwayIndex.objects.filter(table_name=table).exists()


def _put_back_telling(cutoff: Cutoff) -> None:
    label = "Membangun indeks"
    put_back(lambda done, total: cutoff.run.progress(label, done, total))
    if any(cutoff.is_empty.values()):
        # What counts the new numbers would read whole tables again and again while the planner thinks them empty.
        with cutoff.transaction() as cursor:
            for table in registry.filled_tables():
                cursor.execute(_ANALYZE.format(sql.Identifier(table)))


def put_back(tell: Tell = lambda done, total: None) -> int:
    """Build what was put away; returns how many indexes. The caller holds the cut-offs' lock. May be done again."""
    waiting = list(PutAwayIndex.objects.order_by("table_name", "name"))
    done = 0

    def on_done(_: PutAwayIndex) -> None:
        nonlocal done
        done += 1
        tell(done, len(waiting))

    side_by_side(waiting, _build, on_done, lane_count())
    # Constraints lock their table alone, so none is attached while another lane builds.
    for index in waiting:
        if index.is_constraint:
            _attach(index)
    return len(waiting)


def put_back_when_free() -> int:
    """Build what a killed run left put away, unless a cut-off is at it (-1). Safe to run at any time."""
    if not PutAwayIndex.objects.exists():
        return 0
    with advisory_lock(LOCK) as got:
        return put_back() if got else -1


def put_back_after_failure() -> None:
    """As ``put_back``, for a run that ends badly: what cannot be done now the next run does."""
    with suppress(DatabaseError, InterfaceError):
        put_back()


def _build(index: PutAwayIndex) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('synchronous_commit', 'off', true)")
        cursor.execute(_IS_BUILT, [index.name])
        if not cursor.fetchone()[0]:
            cursor.execute(index.definition)
        if not index.is_constraint:
            PutAwayIndex.objects.filter(pk=index.pk).delete()


def _attach(index: PutAwayIndex) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if PutAwayIndex.objects.filter(pk=index.pk).delete()[0]:
            names = {"table": sql.Identifier(index.table_name), "name": sql.Identifier(index.name)}
            cursor.execute(_ADD_CONSTRAINT.format(**names))
