"""The embedded servers are real processes: these tests start, share, kill and count them."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from vervalponsel.embedded.paths import LONGEST_SOCKET_DIR, PROJECT_DIR, Places, make_private

HOLDER = """
import sys
from vervalponsel.embedded import Places, database_url, hold
import signal
from vervalponsel.embedded.servers import end_on_signals
# A shell's background job starts with SIGINT ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
end_on_signals(signal.SIGTERM)
hold()
import psycopg
with psycopg.connect(database_url()) as connection:
    print(connection.info.server_version // 10000, flush=True)
sys.stdin.read()
"""


class Stand:
    """One data folder and the processes that hold its servers."""

    def __init__(self, var: Path, **environment: str) -> None:
        self.var = var
        self.environment = os.environ | {"VAR_DIR": str(var), "EMBEDDED_UNSAFE_FAST": "1"} | environment
        self.holders: list[subprocess.Popen[str]] = []

    def holder(self, *wrapped_by: str) -> subprocess.Popen[str]:
        """A process that holds the servers until its input ends."""
        process = subprocess.Popen(
            [*wrapped_by, sys.executable, "-c", HOLDER],
            cwd=PROJECT_DIR,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.holders.append(process)
        return process

    def version_seen_by(self, process: subprocess.Popen[str]) -> str:
        """Wait until the process has asked the database."""
        assert process.stdout is not None
        return process.stdout.readline().strip()

    def processes(self) -> list[str]:
        """Command lines of all living processes that were started for this folder."""
        own = {str(holder.pid) for holder in self.holders}
        others = [folder for folder in Path("/proc").iterdir() if folder.name.isdigit() and folder.name not in own]
        return [line for line in map(_command_line, others) if f"{self.var}/" in line]

    def end(self) -> None:
        """End every holder and wait for it."""
        for process in self.holders:
            if process.stdin is not None and not process.stdin.closed:
                process.stdin.close()
            process.wait(30)
            if process.stdout is not None:
                process.stdout.close()


def _command_line(process: Path) -> str:
    try:
        environment = (process / "environ").read_bytes().replace(b"\0", b" ")
        return (process / "cmdline").read_bytes().replace(b"\0", b" ").decode() + _var_of(environment)
    except OSError:
        return ""


def _var_of(environment: bytes) -> str:
    for part in environment.decode(errors="replace").split(" "):
        if part.startswith("VAR_DIR="):
            return part.removeprefix("VAR_DIR=") + "/"
    return ""


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    made = Stand(tmp_path / "var")
    yield made
    made.end()


def test_servers_start_for_the_first_and_stop_with_the_last(stand: Stand) -> None:
    first, second = stand.holder(), stand.holder()
    assert stand.version_seen_by(first) == stand.version_seen_by(second) == "18"
    assert first.stdin is not None
    first.stdin.close()
    assert first.wait(30) == 0
    assert stand.processes(), "the second one still needs them"
    stand.end()
    assert stand.processes() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_stopped_leaves_nothing_behind(stand: Stand, number: signal.Signals) -> None:
    holder = stand.holder()
    stand.version_seen_by(holder)
    holder.send_signal(number)
    holder.wait(30)
    assert stand.processes() == []


def test_a_command_that_is_killed_leaves_nothing_behind(stand: Stand) -> None:
    holder = stand.holder()
    stand.version_seen_by(holder)
    holder.kill()
    holder.wait(30)
    deadline = time.monotonic() + 20
    while stand.processes() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert stand.processes() == []


def test_killed_servers_come_back_with_their_data(stand: Stand) -> None:
    first = stand.holder()
    stand.version_seen_by(first)
    pid = int((stand.var / "postgres-18" / "postmaster.pid").read_text().split()[0])
    os.kill(pid, signal.SIGKILL)
    second = stand.holder()
    assert stand.version_seen_by(second) == "18"


def test_the_older_version_runs_beside(tmp_path: Path) -> None:
    stand = Stand(tmp_path / "var", EMBEDDED_PG="16")
    assert stand.version_seen_by(stand.holder()) == "16"
    stand.end()
    assert stand.processes() == []


def test_a_private_parent_stays_private(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    stand = Stand(private / "var")
    stand.version_seen_by(stand.holder())
    opened = [path for path in [private, *private.rglob("*")] if _readable_by_others(path)]
    stand.end()
    assert opened == []


# What a container's root usually holds; it may not search closed folders without owning them.
FEW_RIGHTS = "-all,+chown,+dac_override,+fowner,+fsetid,+kill,+setgid,+setuid,+setpcap,+sys_chroot,+setfcap"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up")
def test_a_containers_root_is_enough(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    stand = Stand(private / "var")
    holder = stand.holder("setpriv", f"--bounding-set={FEW_RIGHTS}")
    assert stand.version_seen_by(holder) == "18"
    stand.end()
    assert stand.processes() == []


def _readable_by_others(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    # A socket's own mode does not matter below a closed folder, and a link has none.
    return bool(mode & 0o007) and not stat.S_ISSOCK(mode) and not stat.S_ISLNK(mode)


def test_a_deep_folder_still_has_short_sockets(tmp_path: Path) -> None:
    stand = Stand(tmp_path / ("deep" * 20) / ("deeper" * 10) / "var")
    assert stand.version_seen_by(stand.holder()) == "18"
    short = Places(stand.var, 18).redis_socket.parent.parent
    assert short.is_dir()
    stand.end()
    assert not short.exists()


def test_sockets_fit_into_the_kernels_limit() -> None:
    for root in ("/v", "/" + "x" * 200):
        places = Places(Path(root), 18)
        assert len(bytes(places.postgres_socket_dir)) <= LONGEST_SOCKET_DIR
        assert len(bytes(places.redis_socket)) <= 107


def test_a_folder_that_somebody_else_prepared_is_refused(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    (shared / "trap").mkdir()
    (shared / "trap").chmod(0o777)
    with pytest.raises(PermissionError):
        make_private(shared / "trap")
    (shared / "link").symlink_to(tmp_path)
    with pytest.raises(PermissionError):
        make_private(shared / "link")


@pytest.mark.parametrize(
    ("bind", "refused"), [("0.0.0.0:0", True), ("[::]:0", True), ("192.0.2.1:80", True), ("127.0.0.1:0", False)]
)
def test_plain_http_is_for_loopback_only(bind: str, refused: bool) -> None:
    command = [sys.executable, "-m", "gunicorn", "--check-config", "-c", "python:vervalponsel.webserver"]
    code = (
        "from vervalponsel import webserver as w\n"
        "from gunicorn.app.wsgiapp import WSGIApplication\n"
        "class S: pass\n"
        f"import sys; sys.argv = {[*command[2:], '-b', bind, 'vervalponsel.wsgi']!r}\n"
        "S.cfg = WSGIApplication().cfg\n"
        "w.on_starting(S)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT_DIR, env=os.environ | {"LOOPBACK_HTTP": "1"}, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert ("loopback" in done.stderr) is refused
    assert bool(done.returncode) is refused
