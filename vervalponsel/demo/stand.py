"""Where a demonstration stands: its folder, its port, and that no second one runs in the same folder."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vervalponsel.embedded import Places, database_url, in_use

KEPT_WHEN_FRESH = {"secret_key", "run"}


class DemoError(Exception):
    """The demonstration cannot start; the message says what to do."""


@dataclass(frozen=True)
class Stand:
    """One demonstration. `places` also tells where its files lie."""

    places: Places
    port: int

    @property
    def address(self) -> str:
        """What people type into the browser."""
        return f"http://localhost:{self.port}"

    @property
    def bind(self) -> str:
        """Plain HTTP is for this machine alone."""
        return f"127.0.0.1:{self.port}"

    @property
    def bundle(self) -> Path:
        """The invented cut-off."""
        return self.places.root / "cutoff"

    @property
    def facts(self) -> Path:
        """What the seed tells: accounts and credentials, as JSON, readable by the owner only."""
        return self.places.root / "demo.json"

    @property
    def done(self) -> Path:
        """Mark of a database that holds the demonstration's data; it names which database."""
        return self.places.root / "demo.done"

    def is_filled(self) -> bool:
        """Whether the data of an earlier start can be used."""
        return self.facts.exists() and self.done.exists() and self.done.read_text() == _database_key()

    def mark_filled(self) -> None:
        """From now on a start skips making the data."""
        self.done.write_text(_database_key())

    def has_static(self, state: str) -> bool:
        """Whether the collected files are those of this state of the sources."""
        mark = self.places.root / "static.state"
        return mark.exists() and mark.read_text() == state

    def mark_static(self, state: str) -> None:
        """Remember from which state of the sources the files were collected."""
        (self.places.root / "static.state").write_text(state)

    def check_port(self) -> None:
        """Say early that somebody else has the port."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError:
                raise DemoError(
                    f"Port {self.port} sudah dipakai program lain. Pilih port lain: make demo PORT=8100"
                ) from None

    def empty(self) -> None:
        """Forget all data of this folder."""
        if os.environ.get("DATABASE_URL"):
            raise DemoError(
                "FRESH=1 hanya mengosongkan basis data bawaan; kosongkan sendiri basis data di DATABASE_URL."
            )
        if in_use(self.places):
            raise DemoError(f"Perintah lain masih memakai {self.places.root}; hentikan dahulu.")
        for path in self.places.root.iterdir():
            if path.name not in KEPT_WHEN_FRESH and path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            elif path.name not in KEPT_WHEN_FRESH:
                path.unlink()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder's demonstration lock."""
        self.places.prepare()
        file = os.open(self.places.run / "demo.lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise DemoError(f"Peragaan lain sedang berjalan dengan folder {self.places.root}.") from None
        finally:
            os.close(file)


def _database_key() -> str:
    """Recognises the database without repeating its password."""
    return hashlib.sha256(database_url().encode()).hexdigest()
