"""Progress from within a long transaction: told over a connection of its own, whose commits others see at once."""

from __future__ import annotations

import time

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from vervalponsel.batches.runner import Run, Stopped

_EVERY_SECONDS = 1.0
_TELL = (
    "UPDATE batches_batch SET step = %s, step_at = CASE WHEN step = %s THEN coalesce(step_at, %s) ELSE %s END,"
    " done = %s, total = %s, heartbeat_at = %s WHERE id = %s RETURNING stop_wanted"
)


class Beside:
    """At most one word a second; heeds a wish to stop (raises Stopped). Silent inside a transaction around all."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._may = not connection.in_atomic_block
        self._next = 0.0
        self._connection: BaseDatabaseWrapper | None = None

    def tell(self, step: str, done: int, total: int | None) -> None:
        """Show where the run is now; ``done`` of ``total``."""
        if not self._may or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _EVERY_SECONDS
        self._connection = self._connection or connections.create_connection("default")
        now = self._run.now()
        with self._connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
            cursor.execute(_TELL, [step, step, now, now, done, total, now, self._run.batch.pk])
            stop_wanted = any(row[0] for row in cursor.fetchall())
        if stop_wanted:
            raise Stopped

    def close(self) -> None:
        """Give the connection back."""
        if self._connection:
            self._connection.close()
