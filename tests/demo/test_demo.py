"""`manage.py demo` from an empty folder to the sign-in page, stopped in every way, started again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from vervalponsel.embedded.paths import PROJECT_DIR

pytestmark = pytest.mark.proof


class Demo:
    """One data folder and the demonstration in it."""

    def __init__(self, var: Path) -> None:
        self.var = var
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.log = var.parent / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *args: str) -> None:
        dropped = {"DATABASE_URL", "REDIS_URL", "EMBEDDED_UNSAFE_FAST", "DJANGO_SETTINGS_MODULE"}
        kept = {name: value for name, value in os.environ.items() if name not in dropped}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--port", str(self.port), *args],
                cwd=PROJECT_DIR,
                env=kept | {"VAR_DIR": str(self.var)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self, seconds: float) -> None:
        assert self.process
        deadline = time.monotonic() + seconds
        while "Siap dalam" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def end(self, number: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(60)

    def left_behind(self) -> list[str]:
        """Command lines of living processes that work for this folder."""
        found = []
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    whole = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
                except OSError:
                    continue
                if os.fsencode(self.var) in whole:
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    return Demo(tmp_path_factory.mktemp("demo") / "var")


@pytest.fixture
def demo(kept: Demo) -> Iterator[Demo]:
    """The one folder of these tests; what a failed one left running does not fail the next."""
    yield kept
    if kept.process and kept.process.poll() is None:
        kept.end(signal.SIGTERM)


def page(demo: Demo, path: str) -> str:
    with urllib.request.urlopen(f"http://localhost:{demo.port}{path}", timeout=30) as answer:
        assert answer.status == 200
        return str(answer.read().decode())


def test_a_demonstration_starts_stops_and_starts_again(demo: Demo) -> None:
    demo.start()
    demo.wait_until_ready(180)
    assert "operator.sd" in demo.log.read_text()
    assert "csrfmiddlewaretoken" in page(demo, "/")
    assert demo.end(signal.SIGINT) == 0
    assert demo.left_behind() == []

    began = time.monotonic()
    demo.start()
    demo.wait_until_ready(60)
    assert time.monotonic() - began < 60
    assert "Membuat data" not in demo.log.read_text()
    assert demo.end(signal.SIGTERM) == 0
    assert demo.left_behind() == []


def test_a_killed_demonstration_leaves_nothing_and_starts_again(demo: Demo) -> None:
    demo.start()
    demo.wait_until_ready(180)
    demo.end(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while demo.left_behind() and time.monotonic() < deadline:
        time.sleep(0.5)
    assert demo.left_behind() == []
    demo.start()
    demo.wait_until_ready(60)
    assert demo.end(signal.SIGTERM) == 0


@pytest.mark.parametrize(
    "moment", ["… Memuat dan menilai", "… Memuat dan menilai data cut-off\n      ", "… Membekukan"]
)
def test_stopped_in_the_middle_it_goes_on_later(demo: Demo, moment: str) -> None:
    """When the import was announced, when it has told its first step and so was handed in, and right behind it."""
    demo.start("--fresh")
    assert demo.process
    while moment not in demo.log.read_text():
        assert demo.process.poll() is None, demo.log.read_text()
        time.sleep(0.02)
    demo.end(signal.SIGKILL)
    demo.start()
    demo.wait_until_ready(180)
    assert demo.end(signal.SIGTERM) == 0
    assert demo.left_behind() == []
