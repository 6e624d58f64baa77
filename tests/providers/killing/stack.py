"""A cluster, a Redis and the processes of the exchange, all of this test alone; and the orders to kill them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg
from celery import Celery
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.test import override_settings
from redis import Redis

from providers.client.interface import Problem
from vervalponsel.embedded import Places, postgres, redis

from .moments import strike

ROOT = Path(__file__).resolve().parents[3]
PATIENCE_SECONDS = 600.0
PAUSE_SECONDS = 0.03
A_MOMENT_SECONDS = 60.0
Result = TypeVar("Result")


@dataclass
class Stack:
    """What runs, by role. Files in ``folder`` carry the orders and the trail; data lie in ``folder/var``."""

    folder: Path
    port: int
    places: Places
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    servers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @classmethod
    def at(cls, folder: Path) -> Stack:
        """Nothing runs yet."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        return cls(folder, port, Places(folder / "var", int(os.environ.get("EMBEDDED_PG") or 18)))

    def prepare(self) -> None:
        """Start the servers and lay out an empty database; no process of the product yet."""
        self.places.prepare()
        self.mend()
        with self.master() as master:
            # Processes are killed here, not the machine: what was handed to its kernel is kept.
            for setting in ("fsync", "full_page_writes"):
                master.execute(f"ALTER SYSTEM SET {setting} = off")
            master.execute("SELECT pg_reload_conf()")
        migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(migrate, cwd=ROOT, env=self.environment() | self.addresses(), check=True)

    def environment(self) -> dict[str, str]:
        """As in production, but for this session's own settings."""
        of_tests = ("DJANGO_", "TEST_VAR_DIR", "EMBEDDED_UNSAFE", "DATABASE_URL", "REDIS_URL", "PYTEST_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(of_tests)}
        own = {"VAR_DIR": str(self.places.root), "BIND": f"127.0.0.1:{self.port}", "WEB_WORKERS": "1"}
        # Checks are for deployments; a worker that is started a hundred times need not make them each time.
        quick = {"CELERY_SKIP_CHECKS": "1", "LOG_LEVEL": "WARNING"}
        return kept | own | quick | {"LOOPBACK_HTTP": "1", "DJANGO_SETTINGS_MODULE": "vervalponsel.settings"}

    def addresses(self) -> dict[str, str]:
        """So that a command does not look after the servers itself."""
        return {"DATABASE_URL": postgres.database_url(self.places), "REDIS_URL": redis.redis_url(self.places)}

    def start(self, *roles: str, **environment: str) -> None:
        for role in roles:
            with (self.folder / f"{role}.log").open("ab") as log:
                self.running[role] = subprocess.Popen(
                    [sys.executable, "-m", "tests.providers.killing.launcher", role, str(self.folder)],
                    cwd=ROOT,
                    env=self.environment() | self.addresses() | environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                )

    def stop(self, *roles: str) -> None:
        """End processes of the product at once; without a name all of them."""
        for role in roles or list(self.running):
            process = self.running.pop(role)
            process.send_signal(signal.SIGTERM)
            process.send_signal(signal.SIGCONT)
            process.wait(PATIENCE_SECONDS)

    def kill(self, role: str) -> None:
        """SIGKILL a process of the product with its children; its launcher starts it again."""
        os.killpg(int((self.folder / f"{role}.pid").read_text()), signal.SIGKILL)

    def hold(self, role: str) -> None:
        """Kill a process and keep its launcher from starting another, until ``let_go``."""
        self.running[role].send_signal(signal.SIGSTOP)
        self.kill(role)

    def let_go(self, role: str) -> None:
        self.running[role].send_signal(signal.SIGCONT)

    def end(self) -> None:
        """Stop everything, the servers too."""
        self.stop()
        postgres.stop(self.places)
        redis.stop(self.places)
        for server in self.servers:
            server.wait(PATIENCE_SECONDS)

    # Orders

    def order(self, role: str, name: str, times: int = 1, target: str = "self") -> None:
        """Have the target killed when the role comes to the moment of that name, the first or a later time."""
        fresh = self.folder / "order.new"
        fresh.write_text(json.dumps({"role": role, "name": name, "times": times, "target": target}))
        fresh.rename(self.folder / "order")

    @property
    def is_pending(self) -> bool:
        """Whether somebody is still to be killed."""
        return (self.folder / "order").exists()

    def is_carried_out(self) -> bool:
        """Whether the kill has happened, or does within a moment; an order that is still there is taken back."""
        until = time.monotonic() + A_MOMENT_SECONDS
        while self.is_pending and time.monotonic() < until:
            time.sleep(0.02)
        left = self.is_pending
        (self.folder / "order").unlink(missing_ok=True)
        self.mend()
        return not left

    def forget_trail(self) -> None:
        (self.folder / "trail").write_text("")

    def trail(self, role: str) -> list[str]:
        """The moments that the role has passed."""
        lines = (self.folder / "trail").read_text().splitlines()
        return [line.removeprefix(f"{role} ") for line in lines if line.startswith(f"{role} ")]

    # States

    def keep(self, name: str) -> None:
        """Put database and files aside as they are now."""
        connections.close_all()
        with self.master() as master:
            master.execute(f"ALTER DATABASE {postgres.DATABASE} ALLOW_CONNECTIONS false")
            gone = "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = %s"
            master.execute(gone, [postgres.DATABASE])
            master.execute(f"CREATE DATABASE kept_{name} TEMPLATE {postgres.DATABASE} STRATEGY FILE_COPY")
            master.execute(f"ALTER DATABASE {postgres.DATABASE} ALLOW_CONNECTIONS true")
        shutil.copytree(self.files, self.folder / "kept" / name)

    def restore(self, name: str) -> None:
        """Everything as it was when it was put aside: no bell hangs, no order stands, nobody is at work."""
        self.insist(self.is_anybody_at_work, lambda busy: not busy, "that nobody is at work")
        connections.close_all()
        with self.master() as master:
            master.execute(f"DROP DATABASE {postgres.DATABASE} WITH (FORCE)")
            master.execute(
                f"CREATE DATABASE {postgres.DATABASE} OWNER {postgres.DATABASE} TEMPLATE kept_{name} STRATEGY FILE_COPY"
            )
        for folder in (self.files, self.pulled):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "kept" / name, self.files)
        self.pulled.mkdir()
        self.silence()
        (self.folder / "order").unlink(missing_ok=True)
        self.forget_trail()

    def is_anybody_at_work(self) -> list[str]:
        """The tasks and calls that have begun and not ended, as the processes say."""
        return sorted(file.name for file in self.folder.glob("*.busy"))

    def silence(self) -> None:
        """No bell hangs and nothing is cached any more; who listens goes on listening."""
        for database in (0, 1):
            with Redis(unix_socket_path=str(self.places.redis_socket), db=database) as server:
                names = [name for name in server.scan_iter() if not name.startswith(b"_kombu.binding.")]
                server.delete(*names, "nothing")

    @property
    def files(self) -> Path:
        """Where the product keeps its files."""
        return self.places.root / "files"

    @property
    def pulled(self) -> Path:
        """Where providers keep what they pulled."""
        return self.folder / "pulled"

    # Servers

    def master(self) -> Any:
        """A connection of the servers' owner, with every statement its own commit."""
        return psycopg.connect(
            host=str(self.places.postgres_socket_dir), user="postgres", dbname="postgres", autocommit=True
        )

    def mend(self) -> None:
        """Start a server that is gone, as a supervisor does."""
        if not postgres.is_running(self.places):
            connections.close_all()
            self.servers.append(postgres.start(self.places))
        if not redis.is_running(self.places):
            self.servers.append(redis.start(self.places))

    def lose_redis(self) -> None:
        """It dies before it has written anything down, and comes back empty."""
        strike("redis", self.folder)
        for kept in self.places.redis_data.iterdir():
            kept.unlink()
        self.mend()

    def insist(
        self, work: Callable[[], Result], until: Callable[[Result], Any] = lambda result: True, what: str = "an answer"
    ) -> Result:
        """Do it, and again while servers are away or the result is not what is waited for."""
        deadline, last = time.monotonic() + PATIENCE_SECONDS, "nothing"
        while True:
            try:
                result = work()
                if until(result):
                    return result
                last = repr(result)
            except (DatabaseError, InterfaceError, httpx.TransportError) as reason:
                last = repr(reason)
            except Problem as reason:
                if reason.status < 500:
                    raise
                last = repr(reason)
            self.mend()
            connections["default"].close_if_unusable_or_obsolete()
            assert time.monotonic() < deadline, f"waited in vain for {what}; the last was {last}; {self.state()}"
            time.sleep(PAUSE_SECONDS)

    def state(self) -> str:
        """What can be told of the processes when something is waited for in vain."""
        ended = [role for role, process in self.running.items() if process.poll() is not None]
        trail = (self.folder / "trail").read_text().splitlines()[-5:]
        return f"at work: {self.is_anybody_at_work()}, launchers that ended: {ended}, order: {self.is_pending}, {trail}"


def first_of_each(trail: list[str]) -> list[tuple[str, int]]:
    """(name, which time) of the moments: of those with the same name the first; where it may be the end of a piece, the
    second too.
    """
    counted = Counter(trail)
    most = {name: 1 if name.startswith("step") else 2 for name in counted}
    return [(name, time) for name in most for time in range(1, min(counted[name], most[name]) + 1)]


@contextlib.contextmanager
def used_by_this_process(stack: Stack) -> Iterator[None]:
    """Lead this process' own queries, files and bells to the stack."""
    default = connections.settings["default"]
    before = {name: default[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    connections.close_all()
    default.update(NAME=postgres.DATABASE, USER=postgres.DATABASE, PASSWORD="", PORT="")
    default["HOST"] = str(stack.places.postgres_socket_dir)
    options = {"location": stack.files, "file_permissions_mode": 0o600}
    kept = settings.STORAGES["default"] | {"OPTIONS": options | {"directory_permissions_mode": 0o700}}
    try:
        with override_settings(STORAGES=settings.STORAGES | {"default": kept}):
            yield
    finally:
        connections.close_all()
        default.update(before)


def bells_of(stack: Stack) -> Celery:
    """A Celery application that rings where the stack's workers listen."""
    socket_path = stack.places.redis_socket
    app = Celery("bells", broker=f"redis+socket://{socket_path}?virtual_host=0", set_as_current=False)
    app.conf.update(task_queues=settings.CELERY_TASK_QUEUES, task_create_missing_queues=False)
    return app
