"""How many recipients share a number: counted again after commit, repeated requests folded into one run."""

from datetime import datetime

from django.db import connection, transaction

from vervalponsel.kit.db import transaction_lock

LOCK = "sharing"
CHUNK = 5000


def recount_requested(*, now: datetime) -> int:
    """Count the requested numbers again; returns how many records changed. Safe to run at any time, by anyone."""
    changed = 0
    while (fresh := _recount_some(now)) is not None:
        changed += fresh
    return changed


@transaction.atomic
def _recount_some(now: datetime) -> int | None:
    """Requests leave the table in the transaction that answers them: a killed run loses none."""
    numbers = _take_requests()
    return recount(numbers, now=now) if numbers else None


@transaction.atomic
def recount(numbers: list[str], *, now: datetime) -> int:
    """Count the sharers of these E.164 numbers by the current period's thresholds; drops claims over the limit."""
    transaction_lock(LOCK)
    with connection.cursor() as cursor:
        cursor.execute("SELECT providers_recount_sharing(%s, %s)", [numbers, now])
        return int(cursor.fetchone()[0])


def _take_requests() -> list[str]:
    """Take up to CHUNK distinct requested numbers, leaving those that another transaction is adding."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH taken AS (DELETE FROM providers_sharerequest WHERE id IN"
            " (SELECT id FROM providers_sharerequest ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED) RETURNING number)"
            " SELECT DISTINCT number FROM taken ORDER BY number",
            [CHUNK],
        )
        return [row[0] for row in cursor.fetchall()]
