"""`python -m tests.providers.killing.launcher ROLE FOLDER`: one process of the stack, started again whenever it dies.

It imports everything once and forks, so that a new one is there at once, as a supervisor's would be a moment later.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import runpy
import signal
import sys
import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from .moments import Moments, after_setup, before_setup, looking_at_calls, looking_at_tasks

PR_SET_PDEATHSIG = 1
CELERY = ["celery", "--app", "vervalponsel.celery", "--quiet"]
WORKER = [*CELERY, "worker", "--pool", "prefork", "--concurrency", "1", "--optimization", "fair"]
COMMANDS = {
    "web": ["gunicorn", "--config", "python:vervalponsel.webserver", "vervalponsel.wsgi"],
    "worker": [*WORKER, "--without-gossip", "--without-mingle", "--without-heartbeat"],
    "beat": [*CELERY, "beat", "--pidfile", ""],
}
IMPORTED_ONCE = {
    "web": ["vervalponsel.urls", "gunicorn.app.wsgiapp", "gunicorn.workers.gthread"],
    "worker": ["celery.bin.celery", "celery.apps.worker", "celery.worker.consumer", "celery.concurrency.prefork"],
    "beat": ["celery.bin.celery", "celery.apps.beat"],
}
RING_EVERY = 0.25
ALL_EVERY = 2.0
EXPIRES = 10.0
"""Longer than the pause by far: where a worker cannot keep up, what waits must not expire before its turn for ever."""


def main(role: str, folder: Path) -> None:
    """``role`` is a command's name, with a number behind it where there are several."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    kind = role.rstrip("0123456789")
    prepare(kind, Moments(folder, role))
    signal.signal(signal.SIGTERM, lambda *a: leave(folder, role))
    while True:
        for left in folder.glob(f"{role}.*.busy"):
            left.unlink()
        child = os.fork()
        if not child:
            run(role, kind, folder)
        (folder / f"{role}.pid").write_text(str(child))
        os.waitpid(child, 0)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.02)


def prepare(kind: str, moments: Moments) -> None:
    """Import the product as it is, with small pieces, a quick bell, and the moments round it."""
    before_setup(moments)
    import django
    from django.conf import settings

    # Its page of an error names files that nobody has collected here.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()
    after_setup(moments)
    looking_at_calls(moments) if kind == "web" else looking_at_tasks(moments)
    from tests.journey.nation import SMALL_PIECES
    from vervalponsel.batches import tasks
    from vervalponsel.celery import app

    for module, name, size in SMALL_PIECES:
        setattr(module, name, size)
    tasks.RING_AGAIN_AFTER = timedelta(seconds=RING_EVERY)
    app.loader.import_default_modules()
    for name in IMPORTED_ONCE[kind]:
        import_module(name)
    if kind == "beat":
        hurry(app)


def hurry(app: object) -> None:
    """The clock's tasks more often; all of them only where the test wants all."""
    only_bells = os.environ.get("WHOLE_SCHEDULE") != "1"
    every = RING_EVERY if only_bells else ALL_EVERY
    schedule = {
        name: entry | {"schedule": every, "options": entry["options"] | {"expires": EXPIRES}}
        for name, entry in app.conf.beat_schedule.items()  # type: ignore[attr-defined]
        if not only_bells or entry["task"].endswith("ring_again")
    }
    app.conf.update(beat_schedule=schedule, beat_max_loop_interval=RING_EVERY)  # type: ignore[attr-defined]


def run(role: str, kind: str, folder: Path) -> NoReturn:
    """In the forked child: become the command, in a group of its own."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    os.setsid()
    own = {
        "worker": ["--hostname", f"{role}@%h", "--queues", queues()],
        "beat": ["--schedule", str(folder / f"{role}.db")],
    }
    sys.argv = [*COMMANDS[kind], *own.get(kind, [])]
    try:
        runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
    finally:
        os._exit(0)


def queues() -> str:
    """All but that of prints, which are another test's matter."""
    from django.conf import settings

    return ",".join(queue.name for queue in settings.CELERY_TASK_QUEUES if queue.name != "print")


def leave(folder: Path, role: str) -> NoReturn:
    with contextlib.suppress(OSError, ValueError):
        os.killpg(int((folder / f"{role}.pid").read_text()), signal.SIGKILL)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
