"""What opening and closing a period do to records and claims: judge sharing, carry over, mirror, unlock."""

from datetime import datetime

from django.db import connection

from schools.models import Period
from schools.periods import SchoolRange, Step, on_closing, on_opening
from vervalponsel.kit.sqlfiles import run_step

from .sharing import recount


def register() -> None:
    """Put the steps into the registry; called when the app is ready."""
    on_opening(Step(20, "mirrored", "Keadaan periode baru", _mirror))
    on_opening(Step(30, "shared", "Nomor bersama", _judge_sharing))
    on_opening(Step(40, "carried", "Penerima tanpa perubahan", _carry))
    on_closing(Step(10, "unlocked", "Kunci nomor dilepas", _unlock))


def _run(name: str, period: Period, schools: SchoolRange, now: datetime) -> int:
    params = {"period": period.pk, "first": schools[0], "last": schools[1], "now": now}
    with connection.cursor() as cursor:
        return run_step(cursor, "providers", f"periods/{name}", params)


def _mirror(period: Period, schools: SchoolRange, now: datetime) -> int:
    """A record shows the stage of its claim in the period that is current now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT providers_mirror_schools(%s, %s)", schools)
        return int(cursor.fetchone()[0])


def _judge_sharing(period: Period, schools: SchoolRange, now: datetime) -> int:
    """Thresholds may differ from the last period's; only numbers that several use can be judged anew."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT number FROM providers_phonerecord"
            " WHERE school_id BETWEEN %s AND %s AND (share_count > 1 OR sharing <> 'NONE') AND number <> ''",
            schools,
        )
        numbers = [row[0] for row in cursor.fetchall()]
    return recount(numbers, now=now) if numbers else 0


def _carry(period: Period, schools: SchoolRange, now: datetime) -> int:
    return _run("carry_over", period, schools, now) if period.carries_over else 0


def _unlock(period: Period, schools: SchoolRange, now: datetime) -> int:
    return _run("unlock", period, schools, now)
