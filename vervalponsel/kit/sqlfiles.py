"""SQL lives in files beside the app that owns it: ``<app>/sql/<name>.sql``."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.db.migrations.operations import RunSQL
from psycopg import sql

_REVERSE = "-- reverse:"


@cache
def sql_text(package: str, name: str) -> str:
    """The text of ``<package>/sql/<name>.sql``; raises FileNotFoundError."""
    return resources.files(package).joinpath("sql", f"{name}.sql").read_text(encoding="utf-8")


def run_step(
    cursor: CursorWrapper,
    package: str,
    name: str,
    params: dict[str, Any] | None = None,
    names: Mapping[str, str] | None = None,
) -> int:
    """Run one step file with named parameters ``%(name)s`` and return the row count of its last statement.

    With ``names`` the file's ``{placeholders}`` become identifiers; any other brace in it is written twice.
    """
    text = sql_text(package, name)
    cursor.execute(_named(text, names) if names else text, params)
    while cursor.nextset():  # psycopg stands on the first of several results
        pass
    return cursor.rowcount


def _named(text: str, names: Mapping[str, str]) -> sql.Composed:
    return sql.SQL(text).format(**{place: sql.Identifier(name) for place, name in names.items()})


def installed_objects(package: str, name: str) -> RunSQL:
    """A migration operation that installs a file of functions or triggers.

    The part of the file after a line ``-- reverse:`` undoes it.
    """
    forward, _, backward = sql_text(package, name).partition(_REVERSE)
    return RunSQL(forward, backward or RunSQL.noop)
