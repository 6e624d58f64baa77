"""What opening and closing a period do to records, claims and orders, school by school."""

from datetime import datetime

from django.db import connection

from schools.models import Period
from schools.periods import SchoolRange, Step, on_closing, on_opening
from vervalponsel.accounts.actor import Actor
from vervalponsel.kit.sqlfiles import run_step

from .actions import close
from .choices import Purpose
from .models import Exchange
from .sharing import recount


def register() -> None:
    """Put the steps into the registry; called when the app is ready."""
    on_opening(Step(20, "mirrored", "Keadaan periode baru", _mirror))
    on_opening(Step(30, "shared", "Nomor bersama", judge_sharing))
    on_opening(Step(40, "carried", "Penerima tanpa perubahan", _carry))
    on_closing(Step(10, "unlocked", "Kunci nomor dilepas", _unlock))
    on_closing(Step(20, "orders_closed", "Pesanan tanpa laporan", _end_waiting))


def _run(name: str, period: Period, schools: SchoolRange, now: datetime) -> int:
    params = {"period": period.pk, "first": schools[0], "last": schools[1], "now": now}
    with connection.cursor() as cursor:
        return run_step(cursor, "providers", f"periods/{name}", params)


def _mirror(period: Period, schools: SchoolRange, now: datetime) -> int:
    """A record shows the stage of its claim in the period that is current now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT providers_mirror_schools(%s, %s)", schools)
        return int(cursor.fetchone()[0])


def judge_sharing(period: Period, schools: SchoolRange, now: datetime) -> int:
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


def _end_waiting(period: Period, schools: SchoolRange, now: datetime) -> int:
    """Orders that still wait for reports are closed as by the button, so that they hold up no order of a later period.

    With the first range of schools all of them. One whose file is still being written is published, and closed by hand.
    """
    waiting = Exchange.objects.filter(period=period, purpose=Purpose.INJECT).unanswered().order_by("id")
    return len([close(by=Actor.system(), exchange=exchange, now=now) for exchange in waiting])


def _unlock(period: Period, schools: SchoolRange, now: datetime) -> int:
    return _run("unlock", period, schools, now)
