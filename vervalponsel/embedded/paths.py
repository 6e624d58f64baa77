"""Where the embedded servers keep their files, worked out from VAR_DIR alone."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

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
        if len(os.fsencode(wanted)) <= LONGEST_SOCKET_DIR:
            return wanted
        key = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        return Path(f"/tmp/vervalponsel-{os.getuid()}-{key}") / name  # noqa: S108 - checked by make_private

    def prepare(self) -> None:
        """Create the folders, readable by their owner only."""
        folders = [self.root, self.logs, self.run, self.users, self.redis_data]
        for folder in [
            *folders,
            self.postgres_socket_dir.parent,
            self.redis_socket.parent,
        ]:
            make_private(folder)


def make_private(folder: Path, owner: int | None = None) -> None:
    """Create a folder of mode 700. Refuses a symlink and a folder that somebody else put there before."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        _refuse_strangers(
            folder, {os.getuid(), owner if owner is not None else os.getuid()}
        )
    if owner is not None:
        os.chown(folder, owner, -1)


def _refuse_strangers(folder: Path, owners: set[int]) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) and not folder.is_dir():
        raise PermissionError(f"{folder} is not a folder")
    if found.st_uid not in owners:
        raise PermissionError(f"{folder} belongs to another user")
    if not folder.is_symlink() and stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)
