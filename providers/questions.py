"""Which numbers a school is asked about: judged after commit for the schools whose numbers changed."""

from collections.abc import Callable

from django.db import connection, transaction

from schools.cutoff.lanes import lane_count, side_by_side
from schools.models import School
from schools.periods import SizedRange, ranges_of_schools
from vervalponsel.kit.db import shared_lock, transaction_lock

LOCK = "made up"
SCHOOLS_AT_ONCE = 500


def judge_requested() -> int:
    """Look through the requested schools; returns how many records changed. Safe to run at any time, by anyone."""
    changed = 0
    while (fresh := _judge_some()) is not None:
        changed += fresh
    return changed


def judge_all(progress: Callable[[int], None]) -> None:
    """Look through every school, one commit for each range; ``progress`` is told how many schools are done.

    Ranges are judged side by side: they share the lock, since none of them meets a school of another.
    """
    done = 0

    def tell(piece: SizedRange) -> None:
        nonlocal done
        done += piece[1]
        progress(done)

    side_by_side(ranges_of_schools(), _judge_range, tell, lane_count())


@transaction.atomic
def _judge_range(piece: SizedRange) -> None:
    shared_lock(LOCK)
    _judge(list(School.objects.filter(pk__range=piece[0]).values_list("pk", flat=True)))


@transaction.atomic
def _judge_some() -> int | None:
    """Requests leave the table in the transaction that answers them: a killed run loses none."""
    schools = _take_requests()
    return judge(schools) if schools else None


@transaction.atomic
def judge(schools: list[int]) -> int:
    """Judge all numbers of these schools; returns how many records changed."""
    transaction_lock(LOCK)
    return _judge(schools)


def _judge(schools: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT providers_judge_made_up(%s)", [schools])
        return int(cursor.fetchone()[0])


def _take_requests() -> list[int]:
    """Take distinct requested schools, leaving those that another transaction is adding."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH taken AS (DELETE FROM providers_questionrequest WHERE id IN"
            " (SELECT id FROM providers_questionrequest ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)"
            " RETURNING school_id)"
            " SELECT DISTINCT school_id FROM taken ORDER BY school_id",
            [SCHOOLS_AT_ONCE],
        )
        return [row[0] for row in cursor.fetchall()]
