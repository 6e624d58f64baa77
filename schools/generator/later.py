"""The same nation some weeks later: read from a bundle, changed a little, written as the next cut-off or a delta."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO
from pathlib import Path
from random import Random

from schools.cutoff.bundle import Bundle
from schools.cutoff.manifest import DELTA, SCHEMA_VERSION, Manifest

from .parts import Meanwhile, Part, Row
from .sinks import BundleWriter, writing

_KEPT_SCHOOLS = 50
"""How far back a school may lie to which a person moves."""


@dataclass(frozen=True, slots=True)
class Step:
    """From which bundle to which day; ``as_delta`` writes only what changed."""

    seed: int
    cutoff_date: date
    semester_id: str
    as_delta: bool = False


def produce_later(step: Step, earlier: Bundle, parts: tuple[Part, ...], out: Path, *, as_zip: bool = False) -> Manifest:
    """Write what became of the earlier bundle; raises BundleError for an unreadable one, FileExistsError if taken."""
    with writing(out, as_zip=as_zip) as writer:
        if not step.as_delta:
            _copy(earlier, "wilayah.csv", writer)
        for part in parts:
            _write(step, earlier, part, writer)
        scope = DELTA if step.as_delta else earlier.manifest.scope
        return writer.finish(Manifest(SCHEMA_VERSION, step.cutoff_date, step.semester_id, scope, writer.entries()))


def _copy(earlier: Bundle, name: str, writer: BundleWriter) -> None:
    with writer.member(name) as member:
        member.put((",".join(earlier.header(name)) + "\n").encode(), 0)
        for block in earlier.blocks(name):
            member.put(block, 0)
        member.put(b"", earlier.entry(name).rows)


def _write(step: Step, earlier: Bundle, part: Part, writer: BundleWriter) -> None:
    name = part.file.name
    chance = Random(f"{step.seed}/later/{name}")  # noqa: S311 - chance, not secrecy
    header = earlier.header(name)
    columns = (*header, "soft_delete") if step.as_delta else header
    with writer.member(name) as member:
        member.put((",".join(columns) + "\n").encode(), 0)
        schools: list[str] = [""]
        for block in earlier.blocks(name):
            rows = list(_next_rows(step, part, header, block, chance, schools))
            target = StringIO()
            csv.writer(target, lineterminator="\n").writerows(rows)
            member.put(target.getvalue().encode(), len(rows))


def _next_rows(
    step: Step, part: Part, header: tuple[str, ...], block: bytes, chance: Random, schools: list[str]
) -> Iterator[list[str]]:
    for fields in csv.reader(StringIO(block.decode())):
        if len(fields) != len(header):
            if fields and not step.as_delta:
                yield fields
            continue
        before = dict(zip(header, fields, strict=True))
        other = schools[int(chance.random() * len(schools))]
        after = part.later(before, Meanwhile(chance, step.cutoff_date, other))
        yield from _changed(part, before, after) if step.as_delta else (list(row.values()) for row in after)
        _remember(schools, before)


def _changed(part: Part, before: Row, after: list[Row]) -> Iterator[list[str]]:
    def key(row: Row) -> tuple[str, str]:
        return row[part.file.columns[0]], row["sekolah_id"]

    if all(key(row) != key(before) for row in after):
        yield [*before.values(), "1"]
    for row in after:
        if row != before:
            yield [*row.values(), "0"]


def _remember(schools: list[str], row: Row) -> None:
    sekolah_id = row["sekolah_id"]
    if schools[-1] != sekolah_id:
        schools.append(sekolah_id)
        del schools[:-_KEPT_SCHOOLS]
