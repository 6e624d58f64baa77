"""Where the embedded servers keep their files, worked out from VAR_DIR alone."""

import hashlib
import os
import shutil
import socket
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

PROJECT_DIR = Path(__file__).resolve().parents[2]

# sun_path of a unix socket holds 108 bytes with its end; PostgreSQL's own name and lock file take some of them.
LONGEST_SOCKET_DIR = 107 - len("/.s.PGSQL.5432.lock")


def var_dir() -> Path:
    """The folder of everything that runs: VAR_DIR, or `var` beside manage.py."""
    return Path(os.environ.get("VAR_DIR") or PROJECT_DIR / "var").absolute()


@dataclass(frozen=True)
class Places:
    """The files of one set of embedded servers. Nothing is created before `prepare`."""

    root: Path
    postgres_version: int

    @classmethod
    def current(cls) -> "Places":
        """The places that VAR_DIR and EMBEDDED_PG (18 or 16) name."""
        version = int(os.environ.get("EMBEDDED_PG") or 18)
        if version not in (16, 18):
            raise ValueError("EMBEDDED_PG is 16 or 18")
        return cls(var_dir(), version)

    @property
    def postgres_data(self) -> Path:
        """The cluster; one per version, so that both can stand side by side."""
        return self.root / f"postgres-{self.postgres_version}"

    @property
    def redis_data(self) -> Path:
        """Where Redis writes its snapshot."""
        return self.root / "redis"

    @property
    def logs(self) -> Path:
        """One log file per process."""
        return self.root / "log"

    @property
    def run(self) -> Path:
        """Locks, pid files and the register of who uses the servers."""
        return self.root / "run"

    @property
    def users(self) -> Path:
        """One locked file per process that uses the servers."""
        return self.run / "users"

    @property
    def postgres_socket_dir(self) -> Path:
        """Folder of PostgreSQL's socket, short enough for the kernel."""
        return self._socket_dir(f"pg{self.postgres_version}")

    @property
    def redis_socket(self) -> Path:
        """Redis' socket, short enough for the kernel."""
        return self._socket_dir("redis") / "s"

    def _socket_dir(self, name: str) -> Path:
        wanted = self.run / name
        return wanted if len(os.fsencode(wanted)) <= LONGEST_SOCKET_DIR else self._short_dir / name

    @property
    def _short_dir(self) -> Path:
        key = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(f"/tmp/vervalponsel-{os.getuid()}-{key}")  # noqa: S108 - make_private looks whose it is

    def open_log(self, name: str) -> BinaryIO:
        """A process' log file, for appending, readable by its owner only."""
        return open(self.logs / f"{name}.log", "ab", opener=lambda path, flags: os.open(path, flags, 0o600))

    def prepare(self) -> None:
        """Create the folders, readable by their owner only."""
        folders = [self.root, self.logs, self.run, self.users, self.redis_data]
        for folder in [
            *folders,
            self.postgres_socket_dir.parent,
            self.redis_socket.parent,
        ]:
            make_private(folder)

    def clear(self) -> None:
        """Remove what lies outside the data folder, once no server uses it."""
        if self._short_dir.is_dir():
            shutil.rmtree(self._short_dir)


def make_private(folder: Path, owner: int | None = None) -> None:
    """Create a folder of mode 700; one that is there already keeps its mode."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        _refuse_strangers(folder, {os.getuid(), owner})
    if owner is not None:
        os.chown(folder, owner, -1)


def listens(path: Path) -> bool:
    """Whether a server takes connections on a unix socket."""
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(path))
        except OSError:
            return False
    return True


def _refuse_strangers(folder: Path, owners: set[int | None]) -> None:
    """Where everybody may create files, what is there already may be somebody's trap."""
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder")
    found = folder.lstat()
    trapped = stat.S_ISLNK(found.st_mode) or found.st_uid not in owners or found.st_mode & 0o022
    if trapped and folder.parent.stat().st_mode & 0o002:
        raise PermissionError(f"{folder} is not a private folder of this user; remove it or name another VAR_DIR")
