"""Pupils and teachers, with their numbers and claims, go back to what they were before a cut-off."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from schools.cutoff.reverting import Obstacle, Part, register_part
from schools.models import CutoffRun
from schools.periods import SchoolRange
from vervalponsel.kit.sqlfiles import run_step
from vervalponsel.kit.templatetags.ui import thousands

from . import questions, sharing
from .cutoff import CutoffPeople, in_ranges

_KEPT = (
    "SELECT school_id, count(*) FROM schools_cutoffbefore WHERE run_id = %s AND kind = %s GROUP BY school_id ORDER BY 1"
)
_EVERYBODY = sql.SQL("SELECT school_id, count(*) FROM {} GROUP BY school_id ORDER BY 1")
_SENTENCES = (
    "{n} nomor {who} sudah diubah atau ditegaskan sekolah.",
    "{n} nomor {who} sudah ditanyakan ke provider atau berubah keadaannya.",
    "{n} nomor {who} sudah dinyatakan di SPTJM.",
)


def register_people(people: CutoffPeople, label: str) -> None:
    """Make one kind of people known to whoever takes a cut-off back."""
    register_part(
        Part(
            word=people.word,
            label=label,
            obstacles=lambda run: _obstacles(people, label, run),
            ranges=lambda run: _ranges(people, run),
            undo_range=lambda run, schools, cursor: _undo(people, run, schools, cursor),
            finish=_count_again,
        )
    )


def _obstacles(people: CutoffPeople, label: str, run: CutoffRun) -> list[Obstacle]:
    params = {
        "run_id": run.pk,
        "role": people.role.value,
        "everything": people.word in run.first_of,
        "begun_at": run.begun_at,
        "applied_at": run.applied_at,
    }
    with connection.cursor() as cursor:
        run_step(cursor, "providers", "undo/obstacles", params)
        counts = cursor.fetchone()
    told = zip(_SENTENCES, counts, strict=True)
    return [Obstacle(sentence.format(n=thousands(n), who=label), n) for sentence, n in told if n]


def _ranges(people: CutoffPeople, run: CutoffRun) -> list[tuple[SchoolRange, int]]:
    """What is still to be taken back, in ranges of schools."""
    with connection.cursor() as cursor:
        if people.word in run.first_of:
            cursor.execute(_EVERYBODY.format(sql.Identifier(people.register)))
        else:
            cursor.execute(_KEPT, [run.pk, people.role.value])
        return list(in_ranges(cursor.fetchall()))


def _undo(people: CutoffPeople, run: CutoffRun, schools: SchoolRange, cursor: CursorWrapper) -> None:
    params = {"run_id": run.pk, "role": people.role.value, "first": schools[0], "last": schools[1]}

    def step(package: str, name: str) -> int:
        return run_step(cursor, package, f"undo/{name}", params)

    cursor.execute("DROP TABLE IF EXISTS pg_temp.undo_work, pg_temp.undo_record")
    if people.word in run.first_of:
        step(people.package, "all")
        step("providers", "hold")
        step(people.package, "unlink")
        step("providers", "records_new")
        return
    step(people.package, "work")
    while step(people.package, "more"):
        pass
    step("providers", "records_work")
    step("providers", "hold")
    step(people.package, "park")
    step(people.package, "new")
    step(people.package, "unlink")
    step("providers", "records_new")
    step("providers", "records")
    step(people.package, "rows")
    step("providers", "claims")


def _count_again(now: datetime) -> None:
    """Sharers and questions follow the numbers; asked twice nothing is left to do."""
    sharing.recount_requested(now=now)
    questions.judge_requested()
