"""The whole database, told without ids and without the clock: two of them are equal when nobody could tell them apart.

Tables, columns and references are read from the database itself, so that a table that is added tomorrow is compared
too. What the tables are made of is part of it: indexes, constraints and whether they are validated, triggers.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection

from schools.tallies import fold

Row = dict[str, Any]
Picture = dict[str, list[tuple[Any, ...]]]
Names = dict[str, dict[int, Any]]

LEFT_OUT = {
    # How often it was begun and when it last gave a sign are what a kill changes; they lead to nothing else.
    "batches_batch": {"attempts", "heartbeat_at"},
}
NAMED_BY: dict[str, Callable[[Row, Names], Any]] = {
    "batches_batch": lambda row, names: (row["kind"], row["title"]),
    "schools_school": lambda row, names: row["npsn"],
    "schools_office": lambda row, names: row["scope_code"],
    "schools_cutoffrun": lambda row, names: names["batches_batch"][row["batch_id"]],
    "providers_phonerecord": lambda row, names: (row["role"], str(row["person_id"])),
    "providers_entitlement": lambda row, names: (names["providers_phonerecord"][row["record_id"]], row["period_id"]),
    "students_student": lambda row, names: (str(row["peserta_didik_id"]), names["schools_school"][row["school_id"]]),
    "teachers_teacher": lambda row, names: (str(row["ptk_id"]), names["schools_school"][row["school_id"]]),
}
"""How rows are called elsewhere that a run may make. All others bear the ids that they had before it."""
_NO_REFERENCES = {"school_id": "schools_school", "run_id": "schools_cutoffrun"}
"""Columns that refer to a table without a constraint."""
_KEPT_OF = {
    "STUDENT": "students_student",
    "TEACHER": "teachers_teacher",
    "RECORD": "providers_phonerecord",
    "CLAIM": "providers_entitlement",
    "SCHOOL": "schools_school",
    "OFFICE": "schools_office",
}
_TABLES = (
    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p')"
    " ORDER BY c.relname"
)
_REFERENCES = (
    "SELECT k.conrelid::regclass::text, a.attname, k.confrelid::regclass::text FROM pg_constraint k"
    " JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]"
    " WHERE k.contype = 'f' AND array_length(k.conkey, 1) = 1"
)
_MADE_OF = (
    "SELECT 'index', indexdef FROM pg_indexes WHERE schemaname = current_schema()"
    " UNION ALL SELECT 'constraint', concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid),"
    " convalidated) FROM pg_constraint WHERE connamespace = current_schema()::regnamespace"
    " UNION ALL SELECT 'trigger', concat_ws(' ', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger"
    " WHERE NOT tgisinternal"
    " UNION ALL SELECT 'table', concat_ws(' ', relname, relkind, relpersistence) FROM pg_class"
    " WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')"
)


def picture(since: datetime) -> Picture:
    """Every row of every table, and the schema. Instants after ``since`` are told apart from no instant alone."""
    fold()
    tables = {name: _rows(name) for (name,) in _asked(_TABLES)}
    references = _references()
    names = _names(tables)
    found = {
        table: sorted((_told(table, row, references, names, since) for row in rows if row.get("n") != 0), key=repr)
        for table, rows in tables.items()
    }
    return found | {"made of": sorted(_asked(_MADE_OF))}


def differences(expected: Picture, found: Picture) -> dict[str, Any]:
    """What is missing from and too much in each table, a few rows of each; nothing when they are equal."""
    tables = sorted(expected.keys() | found.keys())
    return {
        table: {"missing": missing[:3], "too much": more[:3]}
        for table in tables
        for missing, more in [_apart(expected.get(table, []), found.get(table, []))]
        if missing or more
    }


def _apart(one: list[Any], other: list[Any]) -> tuple[list[Any], list[Any]]:
    more = list(other)
    missing = [row for row in one if not _taken(more, row)]
    return missing, more


def _taken(rows: list[Any], row: Any) -> bool:
    if row in rows:
        rows.remove(row)
        return True
    return False


def _asked(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _rows(table: str) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        columns = [column.name for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _references() -> dict[tuple[str, str], str]:
    return {(table, column): to for table, column, to in _asked(_REFERENCES)}


def _names(tables: dict[str, list[Row]]) -> Names:
    """By table and id; in the order of NAMED_BY, for some are named by others."""
    names: Names = {}
    for table, name_of in NAMED_BY.items():
        names[table] = {row["id"]: name_of(row, names) for row in tables[table]}
    return names


def _told(
    table: str, row: Row, references: dict[tuple[str, str], str], names: Names, since: datetime
) -> tuple[Any, ...]:
    told = []
    for column, value in row.items():
        if column in LEFT_OUT.get(table, ()) or column == "id":
            continue
        to = references.get((table, column)) or _NO_REFERENCES.get(column, "")
        if (table, column) == ("schools_cutoffbefore", "row_id"):
            to = _KEPT_OF.get(row["kind"], "")
        told.append((column, _value(value, names.get(to, {}), since)))
    return tuple(told)


def _value(value: Any, names: dict[int, Any], since: datetime) -> Any:
    if isinstance(value, datetime):
        return "meanwhile" if value >= since else value.isoformat()
    return str(names.get(value, value)) if names else str(value)
