"""Who uses the embedded servers: the first user starts them, the last one stops them.

Every user holds a lock on a file of its own, which the kernel drops when the process dies in whatever way. All
starting, stopping and counting happens under one other lock. A keeper process notices users that died without a word.
"""

import atexit
import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TextIO

from . import postgres, redis
from .paths import PROJECT_DIR, Places

_held: dict[Path, tuple[int, int]] = {}
_children: list[subprocess.Popen[bytes]] = []


@contextlib.contextmanager
def _alone(places: Places) -> Iterator[None]:
    lock = os.open(places.run / "servers.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def hold(places: Places | None = None, *, with_postgres: bool = True, with_redis: bool = True) -> Places:
    """Start what is not running and count this process as a user until `release` or its end."""
    places = places or Places.current()
    places.prepare()
    with _alone(places):
        if places.root not in _held:
            _held[places.root] = (os.getpid(), _register(places))
            atexit.register(release, places)
        _start_missing(places, with_postgres, with_redis)
    return places


def release(places: Places) -> None:
    """This process needs the servers no more; without other users they are stopped before this returns."""
    pid, file = _held.get(places.root, (0, -1))
    if pid != os.getpid():  # a forked child must not give up what its parent holds
        return
    del _held[places.root]
    with _alone(places):
        (places.users / str(pid)).unlink(missing_ok=True)
        os.close(file)
        if stop_when_unused(places):
            _end_keeper(places)
            _reap_children()


def in_use(places: Places) -> bool:
    """Whether any process, this one included, uses the servers of a folder."""
    places.prepare()
    with _alone(places):
        return any(_is_used(user) for user in places.users.iterdir())


def stop_when_unused(places: Places) -> bool:
    """Stop the servers if nobody uses them; the caller holds the lock. True when nothing runs afterwards."""
    if any(_is_used(user) for user in places.users.iterdir()):
        return False
    redis.stop(places)
    for version in (16, 18):
        postgres.stop(replace(places, postgres_version=version))
    places.clear()
    return True


def watch_once(places: Places, keeper_lock: TextIO) -> bool:
    """One look of the keeper: True when its work is done; its lock is then given up before anybody can start anew."""
    with _alone(places):
        done = stop_when_unused(places)
        if done:
            keeper_lock.close()
    return done


def _register(places: Places) -> int:
    file = os.open(places.users / str(os.getpid()), os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(file, fcntl.LOCK_EX)
    return file


def _is_used(user: Path) -> bool:
    """Whether the process behind a user's file lives; the file of a dead one is removed."""
    try:
        with open(user) as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    user.unlink(missing_ok=True)
    return False


def _start_missing(places: Places, with_postgres: bool, with_redis: bool) -> None:
    _start_keeper(places)
    if with_postgres and not postgres.is_running(places):
        _children.append(postgres.start(places))
    if with_redis and not redis.is_running(places):
        _children.append(redis.start(places))


def _start_keeper(places: Places) -> None:
    if _is_used(places.run / "keeper"):
        return
    environment = os.environ | {
        "VAR_DIR": str(places.root),
        "EMBEDDED_PG": str(places.postgres_version),
        "PYTHONPATH": str(PROJECT_DIR),
    }
    with places.open_log("keeper") as log:
        child = subprocess.Popen(
            [sys.executable, "-m", "vervalponsel.embedded.keeper"],
            cwd=PROJECT_DIR,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=0o077,
        )
    _children.append(child)


def _reap_children() -> None:
    """Where the machine's first process takes no orphans in, dead ones would stay listed for ever."""
    while _children:
        child = _children.pop()
        child.terminate()  # only a keeper that has not come to its lock yet is still there
        child.wait(5)


def _end_keeper(places: Places) -> None:
    """There is nothing left to keep; wait until it is gone, so that a command leaves no process behind."""
    deadline = time.monotonic() + 5
    while _is_used(places.run / "keeper") and time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError):  # it may not have written its pid yet, or just have ended
            os.kill(int((places.run / "keeper").read_text()), signal.SIGTERM)
        time.sleep(0.01)


def end_on_signals(*numbers: signal.Signals) -> None:
    """Let these signals end the process the ordinary way, so that what it started is stopped; once is enough."""

    def leave(number: int, frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise SystemExit(128 + number)

    for number in numbers:
        signal.signal(number, leave)
