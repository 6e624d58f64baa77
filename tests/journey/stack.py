"""The demonstration as its users get it: every process of it, started by the command they start."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
READY = re.compile(r"Siap dalam")
STARTS_WITHIN = 300
STOPS_WITHIN = 40


@dataclass
class Stack:
    """A running demonstration. ``password`` is the one of all its accounts."""

    folder: Path
    address: str
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, folder: Path) -> Stack:
        """Run ``manage.py demo`` with its data in the folder; returns when it says that it is ready."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        said = (folder / "demo.out").open("wb")
        command = [sys.executable, "manage.py", "demo", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=_environment(folder), stdout=said, stderr=said)
        said.close()
        stack = cls(folder, f"http://localhost:{port}", process)
        stack._wait_until_ready()
        return stack

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + STARTS_WITHIN
        while not READY.search(self.said()):
            if self.process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"the demonstration did not become ready:\n{self.said()}")
            time.sleep(0.3)

    def said(self) -> str:
        return (self.folder / "demo.out").read_text(errors="replace")

    @property
    def facts(self) -> dict[str, Any]:
        return json.loads((self.folder / "var" / "demo.json").read_text())

    @property
    def password(self) -> str:
        return str(self.facts["password"])

    def manage(self, *arguments: str, stdin: str = "") -> str:
        """Run another command of manage.py beside the running demonstration; returns what it wrote."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=_environment(self.folder),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"manage.py {arguments[0]} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def stop(self) -> None:
        """Stop it as Ctrl-C does; it is given time to end its children."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOPS_WITHIN)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise

    def left_behind(self) -> list[str]:
        """Command lines of processes that still name the folder."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                line = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            except OSError:
                continue
            if str(self.folder).encode() in line and int(entry.name) != os.getpid():
                found.append(line.split(b"\0")[0].decode(errors="replace"))
        return found


def _environment(folder: Path) -> dict[str, str]:
    """What a user's shell has: nothing of the test session's own settings."""
    of_tests = (
        "DJANGO_SETTINGS_MODULE",
        "TEST_VAR_DIR",
        "EMBEDDED_",
        "DATABASE_URL",
        "REDIS_URL",
        "PYTEST_",
        "VAR_DIR",
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(of_tests)}
    kept.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)
    return kept | {"VAR_DIR": str(folder / "var"), "LOOPBACK_HTTP": "1"}
