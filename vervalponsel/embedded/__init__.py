"""PostgreSQL and Redis from wheels, for a machine on which nothing is installed.

With DATABASE_URL and REDIS_URL set nothing here is started. VAR_DIR names the data folder, so that several stand side
by side; EMBEDDED_PG=16 takes the older of the two PostgreSQL versions in the wheel.
"""

import os
import signal
from collections.abc import Sequence

from . import postgres, redis
from .paths import Places, var_dir
from .servers import end_on_signals, hold, in_use, release

__all__ = [
    "Places",
    "database_url",
    "hold",
    "hold_for_command",
    "in_use",
    "redis_url",
    "release",
    "var_dir",
]

# Commands that look at nothing but code and files, and one that looks after itself.
NEED_NO_SERVER = {
    "", "help", "--help", "-h", "version", "--version", "check", "collectstatic", "diffsettings", "findstatic",
    "generate_cutoff", "makemessages", "compilemessages", "read_number", "simulate_providers",
    "demo",  # starts them itself, after it has emptied the folder when asked to
}  # fmt: skip


def database_url() -> str:
    """DATABASE_URL, or the embedded server's."""
    return os.environ.get("DATABASE_URL") or postgres.database_url(Places.current())


def redis_url() -> str:
    """REDIS_URL, or the embedded server's."""
    return os.environ.get("REDIS_URL") or redis.redis_url(Places.current())


def hold_for_command(arguments: Sequence[str]) -> None:
    """Before a command of manage.py: start the servers that it needs and that nobody named."""
    command = next(iter(arguments), "")
    if command in NEED_NO_SERVER or {"-h", "--help"} & set(arguments):
        return
    with_postgres, with_redis = (
        not os.environ.get("DATABASE_URL"),
        not os.environ.get("REDIS_URL"),
    )
    if with_postgres or with_redis:
        end_on_signals(signal.SIGTERM)
        hold(with_postgres=with_postgres, with_redis=with_redis)
