"""The moments at which a process can be killed, found in the product as it runs: before each step file, each commit
and each other statement that writes, while a file is stored, before a bell is rung, between pieces of a download.

Nothing of this is in the product: the launcher puts it round what Django and Celery call anyway, so that a step which
is added tomorrow is a moment too.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

READING = ("SELECT", "WITH", "SET", "SHOW", "DECLARE", "FETCH", "CLOSE", "SAVEPOINT", "RELEASE", "ROLLBACK")
GONE_WITHIN = 20.0


class Moments(threading.local):
    """The moments of one process, thread by thread. ``inside`` is whether it is at work on what the test looks at."""

    inside = in_step = has_written = False

    def __init__(self, folder: Path, role: str) -> None:
        self.folder, self.role = folder, role

    def begin(self) -> None:
        """At work from here on; a file tells the test so."""
        if not self.inside:
            self.inside = True
            self._busy.touch()

    def end(self) -> None:
        self.inside = self.in_step = self.has_written = False
        self._busy.unlink(missing_ok=True)

    @property
    def _busy(self) -> Path:
        return self.folder / f"{self.role}.{threading.get_ident()}.busy"

    def reach(self, name: str) -> None:
        """Write the moment into the trail, and strike when it is the one that was ordered."""
        if not self.inside:
            return
        with (self.folder / "moments.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with (self.folder / "trail").open("a") as trail:
                trail.write(f"{self.role} {name}\n")
            self._obey(name)

    def _obey(self, name: str) -> None:
        """Strike if that is the order; it counts the role's moments of its name down, and is obeyed once."""
        file = self.folder / "order"
        if not file.exists():
            return
        order = json.loads(file.read_text())
        if (order["role"], order["name"]) != (self.role, name):
            return
        if order["times"] > 1:
            file.write_text(json.dumps(order | {"times": order["times"] - 1}))
            return
        # Before the strike: whoever loses its Redis is killed by its own master, and another would obey the same order.
        file.unlink()
        strike(order["target"], self.folder)


def strike(target: str, folder: Path) -> None:
    """SIGKILL: this process with all that it started (``self``), or a server beside it."""
    if target == "self":
        os.killpg(os.getpgrp(), signal.SIGKILL)
    pid_file = (
        next(folder.glob("var/postgres-*/postmaster.pid")) if target == "database" else folder / "var/run/redis.pid"
    )
    kill_server(int(pid_file.read_text().split()[0]))


def kill_server(pid: int) -> None:
    """Kill a server and wait until its own children have noticed and are gone."""
    children = [child for child in map(int, _processes()) if _parent_of(child) == pid]
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + GONE_WITHIN
    while any(_lives(each) for each in [pid, *children]) and time.monotonic() < until:
        time.sleep(0.005)


def _processes() -> list[str]:
    return [entry.name for entry in Path("/proc").glob("[0-9]*")]


def _stat(pid: int) -> list[str]:
    """(state, parent, …) of a process; nothing when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _parent_of(pid: int) -> int:
    return int((_stat(pid) or ["", "0"])[1])


def _lives(pid: int) -> bool:
    return (_stat(pid) or ["Z"])[0] != "Z"


def before_setup(moments: Moments) -> None:
    """What has to be in place before the product's modules take their names from it."""
    from vervalponsel.kit import sqlfiles

    run_step = sqlfiles.run_step

    @wraps(run_step)
    def step(cursor: Any, package: str, name: str, *more: Any) -> int:
        moments.reach(f"step {package}/{name}")
        moments.in_step = moments.has_written = True
        try:
            return run_step(cursor, package, name, *more)
        finally:
            moments.in_step = False

    sqlfiles.run_step = step  # type: ignore[assignment]


def after_setup(moments: Moments) -> None:
    """The moments that lie in Django's and Celery's own classes."""
    from celery import Celery
    from django.core.files.base import File
    from django.core.files.storage import FileSystemStorage
    from django.core.handlers.base import BaseHandler
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper
    from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

    _before(moments, Celery, "send_task", lambda *a: "bell")
    _before(moments, FileSystemStorage, "_save", lambda self, name, content: f"store {name.split('/')[0]}")
    _before(moments, FileSystemStorage, "delete", lambda self, name: f"delete {name.split('/')[0]}")
    _before(moments, HttpRequest, "read", lambda *a: "body")
    _before(moments, HttpResponse, "close", lambda *a: "answered")
    _after(moments, BaseHandler, "get_response", "about to answer")
    _commits(moments, BaseDatabaseWrapper)
    _writes(moments, CursorWrapper)
    _cut(moments, File, "chunks", "half stored")
    _sent_in_pieces(moments, StreamingHttpResponse)


def _before(moments: Moments, owner: Any, name: str, words: Callable[..., str]) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def passing(*args: Any, **options: Any) -> Any:
        moments.reach(words(*args))
        return original(*args, **options)

    setattr(owner, name, passing)


def _after(moments: Moments, owner: Any, name: str, word: str) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def passed(*args: Any, **options: Any) -> Any:
        result = original(*args, **options)
        moments.reach(word)
        return result

    setattr(owner, name, passed)


def _commits(moments: Moments, connection_class: Any) -> None:
    """Only what is written is committed: who has looked and found nothing to do passes no moment."""
    commit = connection_class.commit

    @wraps(commit)
    def committing(*args: Any) -> Any:
        if moments.has_written:
            moments.has_written = False
            moments.reach("commit")
        return commit(*args)

    connection_class.commit = committing


def _writes(moments: Moments, cursor_class: Any) -> None:
    """A statement that writes outside a transaction is its own commit."""
    execute = cursor_class.execute

    @wraps(execute)
    def writing(self: Any, sql: Any, params: Any = None) -> Any:
        words = str(sql).split(None, 3)[:3]
        if not moments.in_step and words and words[0].upper() not in READING:
            moments.has_written = self.db.in_atomic_block
            if not self.db.in_atomic_block:
                moments.reach(" ".join(words))
        return execute(self, sql, params)

    cursor_class.execute = writing


def _cut(moments: Moments, owner: Any, name: str, word: str) -> None:
    """Hand a file's blocks out in halves, with a moment between them."""
    original = getattr(owner, name)

    @wraps(original)
    def halves(*args: Any, **options: Any) -> Iterator[bytes]:
        for block in original(*args, **options):
            middle = len(block) // 2
            yield block[:middle]
            moments.reach(word)
            yield block[middle:]

    setattr(owner, name, halves)


def _sent_in_pieces(moments: Moments, answer_class: Any) -> None:
    """Send a download in a few pieces whatever its size."""
    original = answer_class.__iter__

    def pieces(self: Any) -> Iterator[bytes]:
        for block in original(self):
            size = max(len(block) // 3, 1)
            for start in range(0, len(block), size):
                moments.reach("piece of a download")
                yield block[start : start + size]

    answer_class.__iter__ = pieces


def looking_at_tasks(moments: Moments) -> None:
    """In a worker: at work while a task runs that is not one of the clock's."""
    from celery.signals import task_postrun, task_prerun
    from django.conf import settings

    periodic = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    def begins(sender: Any, **more: Any) -> None:
        if sender.name not in periodic:
            moments.begin()

    def ends(**more: Any) -> None:
        moments.end()

    task_prerun.connect(begins, weak=False)
    task_postrun.connect(ends, weak=False)


def looking_at_calls(moments: Moments) -> None:
    """In the web server: at work while a provider's call is answered."""
    from django.core.signals import request_finished, request_started

    def begins(environ: dict[str, Any] | None = None, **more: Any) -> None:
        if (environ or {}).get("PATH_INFO", "").startswith("/api/provider/"):
            moments.begin()

    def ends(**more: Any) -> None:
        moments.end()

    request_started.connect(begins, weak=False)
    request_finished.connect(ends, weak=False)
