"""Merging people and their numbers: what pupils and teachers have in common. Each part brings its own SQL.

A part's files, in ``<package>/sql/cutoff/``: read (the file's rows, typed), repeated; against a register that is not
empty gone and absent (who has left), refused, partners and readers (rows of the register that the loaded ones meet);
same_… (whose rows could collide), twins (who collides with whom), judged (the verdict on every row), due (what
differs). What comes of it is counted by ``providers/sql/cutoff/figures``, which serves every kind of people. Then for
each range of schools: work (its part of that), displaced and park (places change hands), persons, changes, rows; and at
the end link. A first load knows nobody yet: its ranges meet nobody's rows, so that they are merged side by side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from django.db import IntegrityError, OperationalError, connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from schools.choices import PersonRole
from schools.cutoff import indexes
from schools.cutoff.cutoff import LOCK, Cutoff, FileCounts
from schools.cutoff.lanes import lane_count, side_by_side
from schools.cutoff.refusing import store_refused
from schools.cutoff.registry import Phase, Step, register_filled_table, register_step
from schools.models import CutoffRun, Period
from schools.periods import SchoolRange, SizedRange
from vervalponsel.batches.words import register_deeds, register_describer, register_kept
from vervalponsel.kit.db import transaction_lock
from vervalponsel.kit.sqlfiles import run_step

from . import questions, sharing
from .catalogue import ACTS_IN_WORDS, Topic, describe, find
from .choices import Eligibility

PEOPLE_AT_ONCE = 25_000
_ATTEMPTS = 3
_SERVES_ALL = ("same_persons", "analyze")
"""Files of the judging that serve every kind of people."""
FIRST_LOAD = "first_load"
"""Remembered by a run that filled an empty register: its numbers are counted at the end, all together."""
COUNTED = "sharers_counted"
"""Remembered by a run that has counted them while the records' indexes were away."""
_RECORDS = "providers_phonerecord"

_IS_EMPTY = sql.SQL(
    "SELECT NOT EXISTS (SELECT FROM {}) AND NOT EXISTS (SELECT FROM providers_phonerecord WHERE role = %s)"
)
_COUNT_NEW = sql.SQL("SELECT count(*) FROM {} WHERE problem IS NULL AND NOT has_left")
_COUNT_DUE = sql.SQL("SELECT count(*) FROM {}")
_HOMELESS = sql.SQL("SELECT problem, count(*) FROM {} WHERE problem IS NOT NULL AND school_id IS NULL GROUP BY problem")
_FORGET_FIGURES = "DELETE FROM schools_cutofffigure WHERE run_id = %s AND (role = %s OR npsn = '')"
_REASONS = (
    "SELECT r.key, sum(r.value::int)::int FROM schools_cutofffigure f, jsonb_each_text(f.reasons) AS r"
    " WHERE f.run_id = %s AND f.role = %s AND f.npsn <> '' GROUP BY r.key"
)
_RECIPIENTS = (
    "SELECT coalesce(sum(recipients), 0) FROM schools_cutofffigure WHERE run_id = %s AND role = %s AND npsn <> ''"
)
_ALL = sql.SQL("SELECT school_id, count(*) FROM {} WHERE problem IS NULL GROUP BY school_id ORDER BY school_id")
_DUE = sql.SQL("SELECT school_id, count(*) FROM {} GROUP BY school_id ORDER BY school_id")

_ROW_CHECKS = (
    "SELECT set_config('session_replication_role', %s, true)"
    " WHERE has_parameter_privilege('session_replication_role', 'SET')"
)


@dataclass(frozen=True, slots=True)
class CutoffPeople:
    """One kind of people of the bundle; ``package`` holds the SQL, ``table`` is the judged side table.

    ``person_id`` is the register's column with the person's UUID; ``same`` are the steps that find whose rows could
    collide.
    """

    package: str
    role: PersonRole
    file: str
    table: str
    register: str
    person_id: str
    word: str
    same: tuple[str, ...] = ("same_persons",)
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def due(self) -> str:
        """The side table of what is still to be written, against a register that is not empty."""
        return f"{self.table}_due"

    @property
    def names(self) -> dict[str, str]:
        """How a step file that serves both kinds calls their tables."""
        return {
            "people": self.table,
            "same_persons": f"{self.table}_same_person",
            "judged": f"{self.table}_judged",
            "due": self.due,
            "register": self.register,
            "person_id": self.person_id,
        }


def register() -> None:
    """Make the numbers' own step known, and the sentences for rows that were set aside."""
    register_describer(_describe_row)
    register_deeds(_deed_of_row)
    register_kept(code for code in Eligibility.values if code != Eligibility.OK)
    register_filled_table(_RECORDS)
    register_step(Step(Phase.COUNTING, "new_sharing", "Menghitung nomor bersama", count_new_sharers))
    register_step(Step(Phase.AFTERWARDS, "sharing", "Menghitung nomor bersama", count_sharers))
    register_step(Step(Phase.AFTERWARDS, "questions", "Mencari nomor yang perlu ditanyakan", look_through_schools))


def _describe_row(code: str, **facts: object) -> str:
    """A row of the register speaks of a person: INACTIVE is theirs there, not a number's."""
    return describe(code, Topic.ELIGIBILITY if find(code, Topic.ELIGIBILITY) else None, **facts)


def _deed_of_row(code: str) -> tuple[str, str]:
    entry = find(code, Topic.ROW) or find(code, Topic.ELIGIBILITY) or find(code)
    if entry is None:
        raise LookupError(code)
    return ACTS_IN_WORDS[entry.acts], entry.todo


def count_new_sharers(cutoff: Cutoff) -> None:
    """Count the sharers of all numbers of a first load at once, while a changed row changes no index.

    It holds every record that it changes for long: only where the records were empty before, so that nobody has any.
    Where somebody is at the counting for long, it is done behind the indexes.
    """
    if not indexes.are_away(_RECORDS):
        return
    with suppress(OperationalError), cutoff.transaction() as cursor:
        transaction_lock(sharing.LOCK)
        # No number changes here: nobody needs to look for those that do.
        cursor.execute("SELECT set_config('vervalponsel.sharing_counted_later', 'on', true)")
        cutoff.run_file(cursor, "providers", "recount_new")
        cutoff.remember(cursor, COUNTED)


def count_sharers(cutoff: Cutoff) -> None:
    """Count the sharers of every number that the load touched and that is not counted yet."""
    if (cutoff.remembers(FIRST_LOAD) or _first_load_was_cut_off()) and not cutoff.remembers(COUNTED):
        cutoff.step("providers", "shared_numbers")
    sharing.recount_requested(now=cutoff.now)


def look_through_schools(cutoff: Cutoff) -> None:
    """Flag numbers that look made up in every school that the load touched."""
    if cutoff.remembers(FIRST_LOAD) or _first_load_was_cut_off():
        questions.judge_all(partial(cutoff.run.progress, "Mencari nomor yang perlu ditanyakan"))
    questions.judge_requested()


def _first_load_was_cut_off() -> bool:
    """Whether an earlier run loaded numbers, was stopped before it counted them, and none has been applied since."""
    applied = CutoffRun.objects.applied().order_by("-pk").first()
    later = CutoffRun.objects.filter(pk__gt=applied.pk) if applied else CutoffRun.objects.all()
    return later.filter(**{f"batch__counts__{FIRST_LOAD}": True}).exists()


def plan_people(cutoff: Cutoff, people: CutoffPeople) -> None:
    """Judge all rows against the register as it will be, and lay down what will come of it; it is not written to."""
    is_new = _register_is_empty(cutoff, people)
    _judge(cutoff, people, is_new=is_new)
    cutoff.is_empty[people.word] = is_new
    cutoff.run.progress(f"Menghitung {people.file}")
    if not cutoff.has_begun:
        _lay_down_figures(cutoff, people, is_new=is_new)
    cutoff.receipt[people.word] = _receipt(cutoff, people)


def _lay_down_figures(cutoff: Cutoff, people: CutoffPeople, *, is_new: bool) -> None:
    """What the merge will do at each school, and how many rows it will write."""
    with cutoff.transaction() as cursor:
        cursor.execute(_FORGET_FIGURES, [cutoff.record.pk, people.role.value])
        name = "figures_new" if is_new else "figures"
        cutoff.run_shared(cursor, "providers", name, people.names, role=people.role.value)
        rows, table = (_COUNT_NEW, people.table) if is_new else (_COUNT_DUE, people.due)
        cursor.execute(rows.format(sql.Identifier(table)))
        cutoff.due += int(cursor.fetchone()[0])


def merge_people(cutoff: Cutoff, people: CutoffPeople) -> None:
    """Merge what was judged range by range, one commit each."""
    is_new = cutoff.is_empty[people.word]
    if is_new:
        with cutoff.transaction() as cursor:
            cutoff.remember(cursor, FIRST_LOAD)
    ranges = list(_ranges(cutoff, people, is_new=is_new))
    total, done = sum(size for _, size in ranges), 0

    def merge(piece: SizedRange) -> None:
        _merge_range(cutoff, people, piece[0], is_new=is_new)

    def tell(piece: SizedRange) -> None:
        nonlocal done
        done += piece[1]
        cutoff.run.progress(f"Menggabungkan {people.file}", done, total)

    cutoff.run.progress(f"Menggabungkan {people.file}", 0, total)
    side_by_side(ranges, merge, tell, lane_count() if is_new else 1)
    if cutoff.keeps_before(people.word):
        cutoff.step(people.package, "before_link")
    cutoff.step(people.package, "link_new" if is_new else "link")
    cutoff.run.progress(f"{people.file} selesai", total, total)


def _judge(cutoff: Cutoff, people: CutoffPeople, *, is_new: bool) -> None:
    """Step by step, what does not wait for each other side by side."""
    label, stages = f"Menilai {people.file}", _stages(cutoff, people, is_new=is_new)
    rules = {**period_rules(people.role), **people.params}

    def run(name: str) -> None:
        package, names = ("providers", people.names) if name in _SERVES_ALL else (people.package, {})
        with cutoff.transaction() as cursor:
            cutoff.run_shared(cursor, package, name, names, **rules)

    cutoff.run.progress(label)
    for done, stage in enumerate(stages):
        cutoff.beside.tell(label, done, len(stages))
        side_by_side(stage, run, lambda name: None, min(len(stage), lane_count()))


def _stages(cutoff: Cutoff, people: CutoffPeople, *, is_new: bool) -> list[tuple[str, ...]]:
    """The files of the judging, those of one stage in any order.

    A first load looks for namesakes of an identity before repeated rows are out: that finds some more, who then meet
    nobody.
    """
    if is_new:
        return [("read",), ("repeated", *people.same), ("index",), ("analyze",), ("twins",), ("judged",)]
    stages = [(name,) for name in ("read", "repeated", "index", "index_persons", "gone", "absent", "refused")]
    if not cutoff.is_whole:
        stages += [("partners",), ("readers",)]
    return [*stages, people.same, ("analyze",), ("twins",), ("judged",), ("due",)]


def period_rules(role: PersonRole) -> dict[str, object]:
    """What the current period says of eligibility, as parameters; without a period everybody is served."""
    period = Period.objects.current().first()
    if period is None:
        return {"excludes_pip": False, "served": None}
    packaged = period.packages.filter(role=role).values_list("jenjang", flat=True)
    return {"excludes_pip": period.excludes_pip, "served": sorted(set(period.jenjang) & set(packaged))}


def _register_is_empty(cutoff: Cutoff, people: CutoffPeople) -> bool:
    with cutoff.transaction() as cursor:
        cursor.execute(_IS_EMPTY.format(sql.Identifier(people.register)), [people.role.value])
        return bool(cursor.fetchone()[0])


def _receipt(cutoff: Cutoff, people: CutoffPeople) -> FileCounts:
    """Store the refused rows and count each row of the file once; those of no known school have no figures there."""
    with cutoff.transaction() as cursor:
        store_refused(cutoff, cursor, people.file, people.table)
        cursor.execute(_HOMELESS.format(sql.Identifier(people.table)))
        codes = Counter(dict(cursor.fetchall()))
        cursor.execute(_REASONS, [cutoff.record.pk, people.role.value])
        codes.update(dict(cursor.fetchall()))
        cursor.execute(_RECIPIENTS, [cutoff.record.pk, people.role.value])
        recipients = int(cursor.fetchone()[0])
    set_aside = {**codes, **cutoff.faults[people.file]}
    return FileCounts(recipients + sum(set_aside.values()), recipients, set_aside)


def _ranges(cutoff: Cutoff, people: CutoffPeople, *, is_new: bool) -> Iterator[SizedRange]:
    """Ranges of school ids in which about PEOPLE_AT_ONCE rows are to be written, or one larger school."""
    with cutoff.transaction() as cursor:
        cursor.execute(_ALL.format(sql.Identifier(people.table)) if is_new else _DUE.format(sql.Identifier(people.due)))
        schools = cursor.fetchall()
    yield from in_ranges(schools)


def in_ranges(schools: Iterable[tuple[int, int]]) -> Iterator[SizedRange]:
    """Schools with their rows, in the order of their ids, as ranges of about PEOPLE_AT_ONCE rows."""
    first, last, size = 0, 0, 0
    for school, rows in schools:
        if size and size + rows > PEOPLE_AT_ONCE:
            yield (first, last), size
            first, size = school, 0
        first = first if size else school
        last, size = school, size + rows
    if size:
        yield (first, last), size


def _merge_range(cutoff: Cutoff, people: CutoffPeople, schools: SchoolRange, *, is_new: bool) -> None:
    """One commit; tried again when an operator's transaction held a row for too long."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            with cutoff.transaction() as cursor:
                merge_range(cutoff, people, schools, cursor, is_new=is_new)
            return
        except OperationalError:
            # A new connection holds none of the locks under which a cut-off runs.
            if attempt == _ATTEMPTS or cutoff.run.held.is_lost:
                raise


def merge_range(
    cutoff: Cutoff, people: CutoffPeople, schools: SchoolRange, cursor: CursorWrapper, *, is_new: bool = False
) -> None:
    """Bring one range of schools up to date within the caller's transaction."""
    own = {"first": schools[0], "last": schools[1], "role": people.role.value}
    drop_work(cursor)
    # All numbers of a first load are counted together at the end, instead of one request each.
    cursor.execute("SELECT set_config('vervalponsel.sharing_counted_later', %s, true)", ["on" if is_new else "off"])
    written = (_write_first if is_new else _write_due)(cutoff, people, cursor, own)
    # Checked before the batch's row is held, which other lanes wait for.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cutoff.add_changes(cursor, written)


def _write_first(cutoff: Cutoff, people: CutoffPeople, cursor: CursorWrapper, own: Mapping[str, object]) -> int:
    """Rows and numbers of people of whom nothing is known yet."""
    cutoff.run_file(cursor, people.package, "work_new", **own)
    cutoff.run_file(cursor, people.package, "persons_new", **own)
    cutoff.run_file(cursor, "providers", "numbers", **own)
    with _references_checked_at_once(cutoff, cursor):
        cutoff.run_file(cursor, "providers", "records_new", **own)
        return cutoff.run_file(cursor, people.package, "rows_new", **own)


@contextmanager
def _references_checked_at_once(cutoff: Cutoff, cursor: CursorWrapper) -> Iterator[None]:
    """Check for the whole range what foreign keys would check four times for each row.

    A role that may not set the parameter has them checked row by row. Triggers that keep figures fire always.
    """
    if cutoff.run_file(cursor, "providers", "references_missing"):
        raise IntegrityError("a row of the cut-off refers to a school or a provider that is gone")
    cursor.execute(_ROW_CHECKS, ["replica"])
    yield
    cursor.execute(_ROW_CHECKS, ["origin"])


def _write_due(cutoff: Cutoff, people: CutoffPeople, cursor: CursorWrapper, own: Mapping[str, object]) -> int:
    """What differs, and whoever has to change places with it."""
    if not cutoff.run_file(cursor, people.package, "work", **own):
        return 0
    while cutoff.run_file(cursor, people.package, "displaced", **own):
        pass
    keep = _keeper(cutoff, people, cursor, own)
    keep(people.package, "before_rows")
    cutoff.run_file(cursor, people.package, "park", **own)
    cutoff.run_file(cursor, people.package, "persons", **own)
    # Without it the records would be joined as if each person had one already.
    cursor.execute("ANALYZE cutoff_person")
    cutoff.run_file(cursor, "providers", "claims_hold", **own)
    keep("providers", "before_records")
    for name in ("numbers", "records_insert", "number_changes"):
        cutoff.run_file(cursor, "providers", name, **own)
    keep("providers", "before_new_records")
    cutoff.run_file(cursor, people.package, "changes", **own)
    cutoff.run_file(cursor, "providers", "records_update", **own)
    written = cutoff.run_file(cursor, people.package, "rows", **own)
    keep(people.package, "before_new")
    keep("providers", "before_claims")
    cutoff.run_file(cursor, "providers", "claims_drop", **own)
    return written


def _keeper(
    cutoff: Cutoff, people: CutoffPeople, cursor: CursorWrapper, own: Mapping[str, object]
) -> Callable[[str, str], object]:
    """Runs a step that keeps what was before, for taking the run back; needless where everything is the run's own."""
    keeps = cutoff.keeps_before(people.word)
    return lambda package, name: keeps and cutoff.run_file(cursor, package, name, **own)


def drop_work(cursor: CursorWrapper) -> None:
    """Tables of the last range are gone with its commit, except inside a larger transaction."""
    cursor.execute("DROP TABLE IF EXISTS pg_temp.cutoff_work, pg_temp.cutoff_person, pg_temp.cutoff_number")


def judge_for_period(
    package: str, role: PersonRole, schools: SchoolRange, now: datetime, *, rules: Mapping[str, object]
) -> int:
    """Judge a range of schools by the current period's rules alone, within the caller's transaction; rows changed.

    Only whether a period serves somebody depends on it: the other reasons stand as the last cut-off found them.
    Claims of another period that is still open go on.
    """
    params = {"first": schools[0], "last": schools[1], "role": role.value, "now": now, **rules}
    transaction_lock(LOCK)
    with connection.cursor() as cursor:
        drop_work(cursor)
        if not run_step(cursor, package, "cutoff/period_persons", params):
            return 0
        run_step(cursor, "providers", "cutoff/claims_hold", params)
        run_step(cursor, "providers", "cutoff/numbers", params)
        run_step(cursor, "providers", "cutoff/records_insert", params)
        run_step(cursor, "providers", "cutoff/records_update", params)
        changed = run_step(cursor, package, "cutoff/period_rows", params)
        run_step(cursor, "providers", "cutoff/claims_drop", params)
    return changed
