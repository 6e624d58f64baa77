"""Locks that belong to the connection: a killed process leaves none behind."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from zlib import crc32

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connection, connections, transaction

SHUT = "VP001"
"""SQLSTATE by which the register refuses writers for a while."""


def is_shut(problem: BaseException) -> bool:
    """Whether a writer was refused because the register is shut for a while."""
    return getattr(problem.__cause__, "sqlstate", None) == SHUT


def lock_key(name: str) -> int:
    """A stable 31-bit key for an advisory lock's name."""
    return crc32(name.encode()) & 0x7FFFFFFF


class Held:
    """A session lock that was got. It belongs to the connection: whoever has lost that must no longer rely on it."""

    def __init__(self) -> None:
        self._holder = connections[DEFAULT_DB_ALIAS]  # this thread's own, whichever thread asks later
        self._session = self._holder.connection

    @property
    def is_lost(self) -> bool:
        """Whether the connection broke, even if another one has taken its place since."""
        return self._holder.connection is not self._session or bool(self._session.closed)


@contextmanager
def advisory_lock(name: str, number: int = 0) -> Iterator[Held | None]:
    """Try to hold the session lock (name, number); yields None when another session has it, releases at the end."""
    keys = [lock_key(name), number]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", keys)
        held = Held() if cursor.fetchone()[0] else None
    try:
        yield held
    finally:
        if held and not held.is_lost:
            # A connection that turns out to be broken only now has taken its locks along.
            with suppress(OperationalError, InterfaceError), connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", keys)


@contextmanager
def hurried_transaction() -> Iterator[None]:
    """A transaction that does not wait for the disk: the server may lose it in a crash. Inside another, its part."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL synchronous_commit = off")
        yield


def transaction_lock(name: str, number: int = 0) -> None:
    """Wait for the lock (name, number) and hold it to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [lock_key(name), number])


def shared_lock(name: str, number: int = 0) -> None:
    """Wait for the lock (name, number) and hold it beside others who share it, to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, %s)", [lock_key(name), number])


def is_locked(name: str, number: int = 0) -> bool:
    """Whether any session holds the advisory lock (name, number)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = %s AND objid = %s"
            " AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))",
            [lock_key(name), number],
        )
        return bool(cursor.fetchone()[0])
