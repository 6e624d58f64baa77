"""Rows broken on purpose, each in a way that an import must set aside on its own."""

from __future__ import annotations

import csv
from collections.abc import Callable
from random import Random

from .csvrow import csv_row
from .nation import uuid_text

Fields = list[str]
Spoiler = Callable[[Fields, tuple[str, ...], Random], Fields]


def spoil(lines: list[str], columns: tuple[str, ...], share: float, chance: Random) -> list[str]:
    """The same rows, of which about ``share`` are broken."""
    return [_broken(line, columns, chance) if chance.random() < share else line for line in lines]


def _broken(line: str, columns: tuple[str, ...], chance: Random) -> str:
    fitting = [spoiler for needed, spoiler in _SPOILERS if needed is None or needed in columns]
    fields = next(csv.reader([line.rstrip("\n")]))
    return csv_row(fitting[int(chance.random() * len(fitting))](fields, columns, chance))


def _too_few(fields: Fields, columns: tuple[str, ...], chance: Random) -> Fields:
    return fields[: 2 + int(chance.random() * (len(columns) - 3))]


def _too_many(fields: Fields, columns: tuple[str, ...], chance: Random) -> Fields:
    return [*fields, "", fields[0]]


def _bad_identifier(fields: Fields, columns: tuple[str, ...], chance: Random) -> Fields:
    return [fields[0][:-5] + "zz", *fields[1:]]


def _set(column: str, values: tuple[str, ...]) -> tuple[str, Spoiler]:
    def change(fields: Fields, columns: tuple[str, ...], chance: Random) -> Fields:
        changed = list(fields)
        changed[columns.index(column)] = values[int(chance.random() * len(values))]
        return changed

    return column, change


def _unknown_school(fields: Fields, columns: tuple[str, ...], chance: Random) -> Fields:
    return [fields[0], uuid_text(chance), *fields[2:]]


_SPOILERS: tuple[tuple[str | None, Spoiler], ...] = (
    (None, _too_few),
    (None, _too_many),
    (None, _bad_identifier),
    ("tanggal_lahir", _unknown_school),
    _set("tanggal_lahir", ("2009-02-31", "31-12-2009", "0000-00-00", "tidak tahu", "")),
    _set("nama", ("", " ")),
    _set("kode_wilayah", ("999999", "", "03")),
    _set("bentuk_pendidikan_id", ("9", "88", "SD")),
    _set("npsn", ("", "123")),
    _set("aktif", ("ya", "7")),
    _set("tingkat_pendidikan_id", ("kelas 3", "")),
    _set("jenis_ptk_id", ("guru", "")),
)
"""The column that a way of breaking needs, and the way."""
