"""A batch in a process of its own that is killed at a moment of its work, in a database that is copied for each kill.

Moments are found in the product as it runs: each step file, each commit, each statement outside a transaction, each
COPY. A step that is added tomorrow is a moment too. A moment reads like ``in students/cutoff/rows 2``: what happens,
where, and which time.

``in`` a step the server is at work on it, and finds nobody there when it is done; ``at`` it the server waits in front
of it; ``committing`` is behind a transaction's end: the server commits, and nobody hears; ``writing`` is before a
statement that is its own commit; ``copy`` is half way through a file.
"""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from vervalponsel.batches.choices import LIVE
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch
from vervalponsel.kit import sqlfiles

PATIENCE_SECONDS = 300.0
HOLD = 7_411_003
"""The advisory lock at which a process waits in the middle of a step."""

_WAIT = f"SELECT pg_advisory_xact_lock({HOLD})"
_WRITES = ("INSERT", "UPDATE", "DELETE", "DROP", "CREATE", "ALTER", "TRUNCATE")
_PIECES = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$|;", re.DOTALL)
_WAITS = (
    "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted AND database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database()))"
)


@dataclass
class Moments:
    """Inside the child: counts what passes, writes it into ``trail``, and strikes at ``target`` if there is one."""

    trail: Path
    target: str = ""
    passed: Counter[str] = field(default_factory=Counter)
    here: threading.local = field(default_factory=threading.local)
    lock: threading.Lock = field(default_factory=threading.Lock)
    patch: pytest.MonkeyPatch = field(default_factory=pytest.MonkeyPatch)

    def is_now(self, name: str) -> bool:
        """Note the moment; whether it is the one."""
        with self.lock:
            self.passed[name] += 1
            moment = f"{name} {self.passed[name]}"
            if not self.target:
                with self.trail.open("a") as trail:
                    trail.write(f"{moment}\n")
            return moment == self.target

    def reach(self, name: str) -> None:
        """Die here when it is the one."""
        if self.is_now(name):
            os.kill(os.getpid(), signal.SIGKILL)

    @property
    def place(self) -> str:
        """The last step file of this thread."""
        return getattr(self.here, "step", "the beginning")

    def install(self) -> None:
        """Put the moments round what the product calls; only ever in a child."""
        self._at_steps()
        self._at_commits()
        self._at_statements()
        self._at_copies()

    def _at_steps(self) -> None:
        text_of = sqlfiles.sql_text

        def reading(package: str, name: str) -> str:
            self.here.step = step = f"{package}/{name}"
            text = text_of(package, name)
            if self.is_now(f"at {step}"):
                return f"{_WAIT};\n{text}"
            return held_in_the_middle(text) if self.is_now(f"in {step}") else text

        self.patch.setattr(sqlfiles, "sql_text", reading)

    def _at_commits(self) -> None:
        commit = BaseDatabaseWrapper._commit  # type: ignore[attr-defined]

        def committing(database: BaseDatabaseWrapper) -> Any:
            if self.is_now(f"committing {self.place}"):
                database.connection.pgconn.send_query(b"COMMIT")
                os.kill(os.getpid(), signal.SIGKILL)
            return commit(database)

        self.patch.setattr(BaseDatabaseWrapper, "_commit", committing)

    def _at_statements(self) -> None:
        execute = CursorWrapper.execute

        def executing(cursor: CursorWrapper, statement: Any, params: Any = None) -> Any:
            text = statement if isinstance(statement, str) else ""
            if text.startswith(_WRITES) and not cursor.db.in_atomic_block:
                self.reach(f"writing {' '.join(text.split(None, 4)[:4])}")
            return execute(cursor, statement, params)

        self.patch.setattr(CursorWrapper, "execute", executing)

    def _at_copies(self) -> None:
        write = psycopg.Copy.write

        def writing(copy: Any, data: Any) -> None:
            half = len(data) // 2
            write(copy, data[:half])
            copied = str(copy.cursor._query and copy.cursor._query.query.decode().split("(")[0])
            self.reach(f"copy {copied}")
            write(copy, data[half:])

        self.patch.setattr(psycopg.Copy, "write", writing)


def held_in_the_middle(text: str) -> str:
    """The step file with a wait behind its first statements, half of them; a single one is over by then."""
    ends = [found.end() for found in _PIECES.finditer(text) if found[0] == ";"]
    if len(ends) < 2:
        return f"{text.rstrip().removesuffix(';')}\n;{_WAIT}"
    middle = ends[len(ends) // 2 - 1]
    return f"{text[:middle]}\n{_WAIT};\n{text[middle:]}"


@dataclass(frozen=True)
class Scene:
    """A database in which a batch waits to be run, kept as a template; each kill gets a copy of its own."""

    template: str
    batch: int
    folder: Path

    @classmethod
    def made(cls, name: str, folder: Path, build: Callable[[], Batch]) -> Scene:
        """Copy the database of the session and let ``build`` lay out what is there before the run."""
        template = f"{_session_database()}_{name}"
        with in_a_copy(_session_database(), template):
            batch = build()
        return cls(template, batch.pk, folder)

    @contextmanager
    def again(self) -> Iterator[Batch]:
        """The scene as it was laid out; what happens in it is forgotten afterwards."""
        copy = f"{self.template}_copy"
        with in_a_copy(self.template, copy):
            try:
                yield Batch.objects.get(pk=self.batch)
            finally:
                connections.close_all()
                drop(copy)

    def drop(self) -> None:
        drop(self.template)

    def trail(self) -> list[str]:
        """The moments that the batch passes when nothing disturbs it; it is run by this."""
        trail = self.folder / f"{self.template}.trail"
        trail.unlink(missing_ok=True)
        status = wait_for(child_at_work(self.batch, Moments(trail)))
        assert status == 0, f"the undisturbed child ended with {status}"
        return trail.read_text().splitlines()


def _session_database() -> str:
    return str(connections.settings["default"]["NAME"])


@contextmanager
def in_a_copy(template: str, copy: str) -> Iterator[None]:
    """Make a copy of a database that nobody uses, and work in it."""
    drop(copy)
    with _maintenance() as server:
        server.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    default = connections.settings["default"]
    before = default["NAME"]
    default["NAME"] = copy
    try:
        yield
    finally:
        connections.close_all()
        default["NAME"] = before


def drop(database: str) -> None:
    """Also when a killed process' server process is still in it."""
    until = time.monotonic() + PATIENCE_SECONDS
    with _maintenance() as server:
        while not _dropped(server, database):
            assert time.monotonic() < until, f"{database} is in use for ever"
            time.sleep(0.02)


def _dropped(server: psycopg.Connection[Any], database: str) -> bool:
    """By force only the own processes are ended, without it only the server's own (autovacuum)."""
    for how in ("WITH (FORCE)", ""):
        with suppress(psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):
            server.execute(f'DROP DATABASE IF EXISTS "{database}" {how}')
            return True
    return False


@contextmanager
def _maintenance() -> Iterator[psycopg.Connection[Any]]:
    connections.close_all()
    with _connected("postgres") as server:
        yield server


@contextmanager
def _connected(database: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection that knows nothing of Django's."""
    parameters = connection.get_connection_params()
    kept = {name: parameters[name] for name in ("host", "port", "user", "password") if parameters.get(name)}
    with closing(psycopg.connect(dbname=database, autocommit=True, **kept)) as server:
        yield server


def child_at_work(batch: int, moments: Moments) -> int:
    """Start the batch in a process of its own; returns the process' id."""
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            moments.install()
            run_batch(batch)
            os._exit(0)
        finally:
            os._exit(1)
    return child


def wait_for(child: int) -> int:
    """How it ended: 0, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@contextmanager
def held(batch: int, moment: str, folder: Path) -> Iterator[int]:
    """The batch in a process of its own that waits in the middle of a step until the block is left."""
    with _connected(_session_database()) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", [HOLD])
        child = child_at_work(batch, Moments(folder / "unused", moment))
        until = time.monotonic() + PATIENCE_SECONDS
        while not _is_true(holder, _WAITS, HOLD):
            assert os.waitpid(child, os.WNOHANG) == (0, 0), f"it ended and never came to {moment}"
            assert time.monotonic() < until, f"it never came to {moment}"
            time.sleep(0.002)
        yield child


def _is_true(server: psycopg.Connection[Any], statement: str, *values: object) -> bool:
    row = server.execute(statement, values).fetchone()
    return bool(row and row[0])


def killed_at(batch: int, moment: str, folder: Path) -> None:
    """Run the batch until that moment and no further."""
    if not moment.startswith("in "):
        status = wait_for(child_at_work(batch, Moments(folder / "unused", moment)))
        assert status == -signal.SIGKILL, f"it ended with {status} and never came to {moment}"
        return
    with held(batch, moment, folder) as child:
        os.kill(child, signal.SIGKILL)
        assert wait_for(child) == -signal.SIGKILL


def killed_after(batch: int, seconds: float, folder: Path) -> None:
    """Run the batch for so long, or to its end."""
    child = child_at_work(batch, Moments(folder / "unused", "no moment"))
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def taken_up_again(batch: int) -> str:
    """What the doorbell does: nothing as long as the server has not noticed that the process is gone."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        run_batch(batch)
        found = Batch.objects.get(pk=batch)
        if found.status not in LIVE:
            return str(found.status)
        assert time.monotonic() < until, "it waits for ever"
        time.sleep(0.01)
