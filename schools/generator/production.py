"""Making a bundle: ranges of schools in several processes, their rows joined in order."""

from __future__ import annotations

import gzip
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from schools.cutoff.files import REGIONS
from schools.cutoff.manifest import NATION, SCHEMA_VERSION, Manifest

from . import territory
from .dirt import spoil
from .known import SCHOOLS as KNOWN_SCHOOLS
from .nation import Nation, Order
from .parts import Part
from .sinks import BundleWriter, writing

RANGE = 128
"""Schools made at once. Fixed, because gzip's output depends on it."""
WORTH_PROCESSES = 8 * RANGE
"""Fewer schools than this are made before other processes have even begun."""
_GZIP_LEVEL = 4

Made = tuple[bytes, int]


@dataclass(frozen=True, slots=True)
class Job:
    """What every process has to know."""

    order: Order
    parts: tuple[Part, ...]
    gzip: bool = False
    province: str | None = None

    @property
    def scope(self) -> str:
        return f"province:{self.province}" if self.province else NATION


def produce(
    job: Job, out: Path, *, workers: int = 1, as_zip: bool = False, on_rows: Callable[[str, int], object] | None = None
) -> Manifest:
    """Write the bundle to ``out`` and return its manifest; ``on_rows`` hears of every range.

    Raises FileExistsError when ``out`` is taken and ValueError when the province has no school.
    """
    nation = Nation(job.order)
    places = nation.places(job.province)
    if not places:
        raise ValueError(f"no school lies in province {job.province}")
    with writing(out, as_zip=as_zip) as writer, _processes(job, nation, places, workers) as make:
        _write_regions(job, nation, writer)
        for number, part in enumerate(job.parts):
            with writer.member(_name(part.file.name, job)) as member:
                member.put(_packed(",".join(part.columns) + "\n", job), 0)
                for content, rows in make(number):
                    member.put(content, rows)
                    if on_rows is not None:
                        on_rows(part.file.name, rows)
        order = job.order
        return writer.finish(
            Manifest(SCHEMA_VERSION, order.cutoff_date, order.semester_id, job.scope, writer.entries())
        )


def _name(name: str, job: Job) -> str:
    return f"{name}.gz" if job.gzip else name


def _packed(text: str, job: Job) -> bytes:
    content = text.encode()
    return gzip.compress(content, _GZIP_LEVEL, mtime=0) if job.gzip else content


def _write_regions(job: Job, nation: Nation, writer: BundleWriter) -> None:
    rows = list(territory.lines(nation, job.province))
    with writer.member(_name(REGIONS.name, job)) as member:
        member.put(_packed("".join([",".join(REGIONS.columns) + "\n", *rows]), job), len(rows))


def make_range(job: Job, nation: Nation, number: int, places: range) -> Made:
    """The rows of one part for a range of schools, packed, and how many they are."""
    part, order = job.parts[number], job.order
    lines: list[str] = []
    for place in places:
        school = nation.school(place)
        rows = part.lines(nation, school)
        if order.dirty and place >= len(KNOWN_SCHOOLS):
            rows = spoil(rows, part.columns, order.dirty, school.random(f"dirt {part.file.name}"))
        lines += rows
    return _packed("".join(lines), job), len(lines)


Maker = Callable[[int], Iterator[Made]]


@contextmanager
def _processes(job: Job, nation: Nation, places: range, workers: int) -> Iterator[Maker]:
    ranges = [places[start : start + RANGE] for start in range(0, len(places), RANGE)]
    if workers < 2 or len(places) < WORTH_PROCESSES:
        yield lambda number: (make_range(job, nation, number, one) for one in ranges)
        return
    # Spawned, not forked: a fork would share this process' connections.
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin, initargs=(job,)) as pool:
        try:
            yield lambda number: _in_order(pool, number, ranges, workers)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _in_order(pool: Executor, number: int, ranges: list[range], workers: int) -> Iterator[Made]:
    """Results in the order of the ranges; only a few are ever waiting, so that memory stays flat."""
    waiting: deque[Future[Made]] = deque()
    for one in ranges:
        waiting.append(pool.submit(_make_here, number, one))
        if len(waiting) > 2 * workers:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


_HERE: list[tuple[Job, Nation]] = []
"""What this worker process makes; filled once when it begins."""


def _begin(job: Job) -> None:
    _HERE.append((job, Nation(job.order)))


def _make_here(number: int, places: range) -> Made:
    job, nation = _HERE[0]
    return make_range(job, nation, number, places)
