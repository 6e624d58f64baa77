"""One run of a cut-off: what every step needs to know, and how it reaches the database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.backends.utils import CursorWrapper

from schools.models import CutoffRun
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import Run
from vervalponsel.kit.sqlfiles import run_step

from .beside import Beside
from .bundle import Bundle
from .manifest import NATION

LOCK = "cutoff"
"""Whoever judges eligibility in bulk holds this lock: imports, and the opening of a period."""

_SETTINGS = (
    ("work_mem", "256MB"),
    ("jit", "off"),
    # A range's rows are found by index, and what one range reads the next finds in memory.
    ("random_page_cost", "1.1"),
    ("lock_timeout", "30s"),
    # What a crash could lose is done again by the next run; the batch's own row is written durably.
    ("synchronous_commit", "off"),
)


_ADD_CHANGES = (
    "UPDATE batches_batch SET counts = jsonb_set(counts, '{changes}',"
    " to_jsonb(coalesce((counts ->> 'changes')::bigint, 0) + %s)) WHERE id = %s"
)
_REMEMBER = "UPDATE batches_batch SET counts = counts || %s WHERE id = %s"


@dataclass(frozen=True, slots=True)
class FileCounts:
    """The receipt of one file. Every row read is a recipient (or kept) or set aside under one code."""

    read: int
    recipients: int
    set_aside: dict[str, int]

    def as_json(self) -> dict[str, object]:
        """The shape in the batch's counts."""
        return {"read": self.read, "recipients": self.recipients, "set_aside": dict(sorted(self.set_aside.items()))}


@dataclass(slots=True)
class Cutoff:
    """The bundle, the batch that runs it and the row of its history.

    ``beside`` tells how far it is from within a transaction. ``faults`` counts rows per file and code, ``due`` the rows
    that planning found to be written; ``is_empty`` says of which parts the register has nothing now.
    """

    run: Run
    bundle: Bundle
    record: CutoffRun
    now: datetime
    beside: Beside
    faults: dict[str, Counter[str]] = field(default_factory=dict)
    receipt: dict[str, FileCounts] = field(default_factory=dict)
    due: int = 0
    is_empty: dict[str, bool] = field(default_factory=dict)

    @property
    def batch(self) -> Batch:
        return self.run.batch

    @property
    def params(self) -> dict[str, Any]:
        """Named parameters of every SQL step."""
        manifest = self.bundle.manifest
        return {
            "batch_id": self.batch.pk,
            "run_id": self.record.pk,
            "now": self.now,
            "is_delta": manifest.is_delta,
            "scope_prefix": manifest.province_prefix or "",
            "cutoff_date": manifest.cutoff_date,
            "semester_start": semester_start(manifest.semester_id),
        }

    @property
    def has_begun(self) -> bool:
        """Whether an earlier attempt wrote to the register: then what was planned before that stands."""
        return self.record.begun_at is not None

    @property
    def is_whole(self) -> bool:
        """Whether the bundle speaks of everybody: then nobody outside it can collide with those inside."""
        return self.bundle.manifest.scope == NATION

    @contextmanager
    def transaction(self) -> Iterator[CursorWrapper]:
        """One commit, with the settings of bulk work."""
        with transaction.atomic(), connection.cursor() as cursor:
            for name, value in _SETTINGS:
                cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
            yield cursor

    def step(self, package: str, name: str, **more: object) -> int:
        """Run one step file in a transaction of its own; returns its row count."""
        with self.transaction() as cursor:
            return self.run_file(cursor, package, name, **more)

    def run_file(self, cursor: CursorWrapper, package: str, name: str, **more: object) -> int:
        """Run one step file within the caller's transaction; returns the row count of its last statement."""
        return self.run_shared(cursor, package, name, {}, **more)

    def run_shared(
        self, cursor: CursorWrapper, package: str, name: str, names: Mapping[str, str], **more: object
    ) -> int:
        """The same for a file that serves several tables: ``names`` says which."""
        return max(run_step(cursor, package, f"cutoff/{name}", self.params | more, names), 0)

    def keeps_before(self, word: str) -> bool:
        """Whether rows of a part are kept as they were before: needless where everything is this run's own."""
        return word not in self.record.first_of

    def add_changes(self, cursor: CursorWrapper, changed: int) -> None:
        """Count changed rows in the transaction that changes them: exact even when the run is killed between two."""
        if changed:
            cursor.execute(_ADD_CHANGES, [changed, self.batch.pk])

    def remember(self, cursor: CursorWrapper, name: str) -> None:
        """Keep a fact of this run across its attempts."""
        cursor.execute(_REMEMBER, [json.dumps({name: True}), self.batch.pk])

    def remembers(self, name: str) -> bool:
        """Whether this run, in any of its attempts, kept the fact."""
        self.recall()
        return bool(self.batch.counts.get(name))

    def recall(self) -> None:
        """Let the object bear what was counted: a stopped batch keeps what its object bears."""
        with suppress(DatabaseError, InterfaceError):  # a lost connection is told by whoever needs it next
            self.batch.refresh_from_db(fields=["counts"])


def semester_start(semester_id: str) -> datetime:
    """The semester's first day: 1 July for an odd one (20201), 1 January of the next year for an even one (20202)."""
    year, half = int(semester_id[:4]), semester_id[4]
    year, month = (year, 7) if half == "1" else (year + 1, 1)
    return datetime(year, month, 1, tzinfo=ZoneInfo("Asia/Jakarta"))
