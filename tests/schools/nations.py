"""Bundles of a small invented nation and of what became of it later, and the register as it lies in the tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, models

from providers import cutoff as numbers
from providers.models import Entitlement, PhoneRecord, ShareRequest
from schools.cutoff.handing_in import hand_in_path
from schools.models import CutoffBefore, CutoffChange, Office, Region, Rollup, School, Tally, TallyDelta
from schools.tallies import fold
from students.models import Student
from teachers.models import Teacher
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

NOW = datetime(2020, 9, 12, 1, 0, tzinfo=UTC)
SCHOOLS = 12
REGISTER: tuple[type[models.Model], ...] = (Region, Office, School, Student, Teacher, PhoneRecord, Entitlement)
Rows = list[dict[str, Any]]


@pytest.fixture
def small_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    """Merges go school by school."""
    monkeypatch.setattr(numbers, "PEOPLE_AT_ONCE", 40)


class Nation:
    """Bundles, each made once: the first cut-off, the next one of the nation or of a province, and a delta."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def first(self, scope: str = "nation") -> Path:
        return self._made(f"first-{scope[-2:]}", schools=SCHOOLS, provinces=2, seed=7, dirty=0.03, scope=scope)

    def later(self, scope: str = "nation", seed: int = 8, *, delta: bool = False) -> Path:
        """A month later; a province's is what became of its part."""
        name = f"later-{scope[-2:]}-{seed}{'-delta' if delta else ''}"
        return self._made(name, after=self.first(scope), seed=seed, delta=delta)

    def _made(self, name: str, **options: Any) -> Path:
        path = self.place / name
        if not path.exists():
            call_command("generate_cutoff", str(path), workers=1, stdout=StringIO(), stderr=StringIO(), **options)
        return path


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    return Nation(tmp_path_factory.mktemp("nation"))


def handed_in(path: Path, *, trial: bool = False, by: Actor | None = None) -> Batch:
    """The bundle, handed in."""
    return hand_in_path(by=by or Actor.system("uji"), path=path, now=NOW, trial=trial)


def run(batch: Batch) -> Batch:
    run_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def imported(path: Path, *, trial: bool = False) -> Batch:
    """The bundle, taken to its end."""
    batch = run(handed_in(path, trial=trial))
    assert batch.status == Status.DONE, batch.error
    return batch


def register() -> dict[str, Rows]:
    """Every column of every row of the register, and the figures of people in it (those that are not zero)."""
    fold()
    found = {model.__name__: list(model._base_manager.order_by("pk").values()) for model in REGISTER}
    found["tallies"] = _rows(Tally, "school_id", "role", "metric", "provider_id", "n")
    found["rollups"] = _rows(Rollup, "region_code", "jenjang", "role", "metric", "provider_id", "n")
    found["changes"] = _rows(CutoffChange, "run_id", "school_id", "role", "person_id", "kind", "code", "offered")
    found["not folded"] = _rows(TallyDelta, "school_id", "n")
    found["to be counted"] = _rows(ShareRequest, "number")
    found["before"] = _rows(CutoffBefore, "run_id", "kind", "row_id")
    return found


def _rows(model: type[models.Model], *names: str) -> Rows:
    every = model._base_manager.order_by(*names)
    return list((every.exclude(n=0) if "n" in names else every).values(*names))


def side_tables() -> Iterator[str]:
    """What a run lays beside the register."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relname LIKE 'cutoff\\_%' AND relkind IN ('r', 'v')"
            " AND relnamespace = current_schema()::regnamespace"
        )
        yield from (name for (name,) in cursor.fetchall())
