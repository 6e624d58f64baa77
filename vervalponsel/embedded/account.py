"""The operating system user of the embedded PostgreSQL, which refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SERVER_USER = "vervalponsel-db"
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2


@dataclass(frozen=True)
class ServerAccount:
    """Whom the server runs as: `uid` is None when that is simply the caller."""

    uid: int | None = None
    gid: int | None = None

    def command(self, args: Sequence[str | Path]) -> list[str]:
        """The command line that runs `args` as this user.

        As root the data and the programs may lie in a private folder such as /root. Rather than opening that folder
        to everybody, the one process is allowed to pass through closed folders.
        """
        plain = [str(arg) for arg in args]
        if self.uid is None:
            return plain
        capability = _passing_capability(Path(plain[0]))
        return [
            "setpriv",
            f"--reuid={self.uid}",
            f"--regid={self.gid}",
            "--clear-groups",
            f"--inh-caps=-all,+{capability}",
            f"--ambient-caps=-all,+{capability}",
            f"--bounding-set=-all,+{capability}",
            # Without this bit access(2), which PostgreSQL asks before it opens, would forget the capability.
            "--securebits=+no_setuid_fixup",
            "--no-new-privs",
            *plain,
        ]

    def own(self, path: Path) -> None:
        """Give a file or folder to the server's user."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def server_account(cluster: Path) -> ServerAccount:
    """The caller; for root the owner of the cluster, or a system user of the server's own, created when missing."""
    if os.geteuid() != 0:
        return ServerAccount()
    if shutil.which("setpriv") is None:
        raise RuntimeError("as root the embedded PostgreSQL needs `setpriv` (Debian: util-linux)")
    if cluster.exists() and cluster.stat().st_uid != 0:
        return ServerAccount(cluster.stat().st_uid, cluster.stat().st_gid)
    found = _find_or_create()
    return ServerAccount(found.pw_uid, found.pw_gid)


def _find_or_create() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--no-create-home",
            "--shell",
            "/usr/sbin/nologin",
            SERVER_USER,
        ]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        raise RuntimeError(f"cannot create the user {SERVER_USER}: {done.stderr.strip()}") from None


def _passing_capability(program: Path) -> str:
    """Searching closed folders is enough, unless the program itself is closed or this root may not give that right."""
    if _held(CAP_DAC_READ_SEARCH) and program.stat().st_mode & 0o001:
        return "dac_read_search"
    if _held(CAP_DAC_OVERRIDE):
        return "dac_override"
    raise RuntimeError("this root may not pass through closed folders; run as a normal user or set DATABASE_URL")


def _held(capability: int) -> bool:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapPrm:"):
            return bool(int(line.split()[1], 16) >> capability & 1)
    return False
