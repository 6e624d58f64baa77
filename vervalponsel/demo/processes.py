"""The processes of a demonstration: each with a log file of its own, none outliving the one that started them."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

from vervalponsel.embedded.paths import PROJECT_DIR

from .stand import DemoError, Stand

PR_SET_PDEATHSIG = 1
STOP_SECONDS = 25.0
READY_SECONDS = 60.0

QUEUES_OF_PEOPLE = "interactive,print"
QUEUES_OF_MACHINES = "deltas,import,providers,reports"


def command_lines(stand: Stand) -> dict[str, list[str]]:
    """What runs, by name, in the order of starting."""
    python = sys.executable
    celery = [python, "-m", "celery", "--app", "vervalponsel.celery", "--quiet"]
    worker = [*celery, "worker", "--pool", _pool(), "--optimization", "fair", "--without-gossip", "--without-mingle"]
    return {
        "web": [python, "-m", "gunicorn", "--config", "python:vervalponsel.webserver", "vervalponsel.wsgi"],
        # A person's print never waits behind the nation's import.
        "worker": [*worker, "--hostname", "people@%h", "--concurrency", "2", "--queues", QUEUES_OF_PEOPLE],
        "worker-bulk": [*worker, "--hostname", "bulk@%h", "--concurrency", "2", "--queues", QUEUES_OF_MACHINES],
        "beat": [*celery, "beat", "--schedule", str(stand.places.run / "beat"), "--pidfile", "", "--loglevel", "INFO"],
        "providers": [python, "manage.py", "simulate_providers", "--faults", "mild"],
    }


def _pool() -> str:
    """Processes need semaphores in shared memory, which an unmounted chroot refuses to ordinary users."""
    return "prefork" if not Path("/dev/shm").is_dir() or os.access("/dev/shm", os.W_OK) else "threads"  # noqa: S108


def environment(stand: Stand) -> dict[str, str]:
    """Production settings under LOOPBACK_HTTP, the same data folder, and the address that providers call."""
    return os.environ | {
        "LOOPBACK_HTTP": "1",
        "BIND": stand.bind,
        "VAR_DIR": str(stand.places.root),
        "PROVIDER_API_URL": f"http://127.0.0.1:{stand.port}",
        # Nobody wants to wait a minute before a screen to see a corrected number answered.
        "DUMP_EVERY_SECONDS": os.environ.get("DUMP_EVERY_SECONDS") or "15",
        "PYTHONUNBUFFERED": "1",
    }


class Processes:
    """The children of one demonstration; a context manager that stops them whatever happens."""

    def __init__(self, stand: Stand) -> None:
        self.stand = stand
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "Processes":
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self, names: Sequence[str]) -> None:
        """Start some of `command_lines`, each in a session of its own: the terminal's Ctrl-C is for us alone."""
        for name in names:
            with self.stand.places.open_log(name) as log:
                self.running[name] = subprocess.Popen(
                    command_lines(self.stand)[name],
                    cwd=PROJECT_DIR,
                    env=environment(self.stand),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    preexec_fn=_end_with(os.getpid()),  # noqa: PLW1509 - no threads run in this process
                )

    def wait_until_ready(self) -> None:
        """Wait for the web server's own word that database and Redis answer."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            self.check()
            if self._answers():
                return
            time.sleep(0.1)
        raise DemoError(f"Server web tidak menjawab; lihat {self.stand.places.logs / 'web.log'}")

    def _answers(self) -> bool:
        """URLError is an OSError; a 503 is one too."""
        try:
            with urllib.request.urlopen(f"http://{self.stand.bind}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def check(self) -> None:
        """Raise as soon as one of them has ended by itself."""
        for name, process in self.running.items():
            if process.poll() is not None:
                raise DemoError(f"Proses {name} berhenti sendiri; lihat {self.stand.places.logs / f'{name}.log'}")

    def stop(self) -> None:
        """Ask them in the opposite order of starting, wait, and kill what does not listen."""
        for process in reversed(self.running.values()):
            _signal(process, signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(deadline - time.monotonic(), 0.1))
        for process in self.running.values():
            # Also what a process left behind in its session.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        self.running.clear()


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(number)


def _end_with(parent: int) -> Callable[[], None] | None:
    """Ask the kernel to end the child when this process is killed without being able to stop it."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def before_exec() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec
