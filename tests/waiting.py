"""Two sessions at once, in an order that a test decides: one is held open while the other waits for it or passes."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

PATIENCE_SECONDS = 20.0


@contextmanager
def another_session() -> Iterator[BaseDatabaseWrapper]:
    """A connection beside the test's own, within a transaction that the test ends by ``commit()``."""
    other = connections.create_connection("default")
    other.set_autocommit(False)
    try:
        yield other
    finally:
        other.close()


class Beside:
    """Some work on a connection of its own, under way while the test goes on."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._work, self._pid, self._result = work, 0, None
        self._problem: Exception | None = None
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                self._pid = cursor.fetchone()[0]
            self._result = self._work()
        except Exception as problem:  # noqa: BLE001 - told to the test by result()
            self._problem = problem
        finally:
            connection.close()

    def waits(self) -> bool:
        """Let it run until it waits for somebody's lock (True) or has ended (False)."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self._thread.is_alive() and time.monotonic() < deadline:
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self._pid])
                if cursor.fetchone()[0]:
                    return True
            time.sleep(0.01)
        return False

    def result(self) -> Any:
        """What it gave, once it has ended; raises what it raised."""
        self._thread.join(PATIENCE_SECONDS)
        assert not self._thread.is_alive(), "it still waits"
        if self._problem:
            raise self._problem
        return self._result
