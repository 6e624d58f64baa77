"""Bulk changes of claims and records cost in proportion to their rows, also in a session that began with a single one.

PostgreSQL keeps the first plan of a trigger's statement for the whole session: made for one row, a join of the rows
before with the rows after would go through all pairs.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from providers.models import Entitlement, PhoneRecord, ShareRequest
from tests.factories import PeriodFactory, RecordFactory
from tests.providers.test_claims import claim

pytestmark = pytest.mark.django_db

MANY = 20_000
SINGLY = 8
"""After five times PostgreSQL may settle on one plan for whatever comes."""
TIMES = 12
"""Measured: 2 to 5 times what entering the records takes; all pairs of so many take 100 times."""
RECORDS = """
    INSERT INTO providers_phonerecord (role, person_id, school_id, grade, eligibility, typed, number, provider_id,
        source, state, code, state_at, answered_at, ownership, share_count, sharing, looks_made_up, stage, version)
    SELECT role, gen_random_uuid(), school_id, grade, eligibility, typed, '+62813' || 10000000 + n, provider_id, source,
        state, code, state_at, answered_at, ownership, share_count, sharing, looks_made_up, stage, version
    FROM providers_phonerecord, generate_series(1, %s) AS n
    WHERE id = %s
"""
CLAIMS = """
    INSERT INTO providers_entitlement
        (period_id, record_id, school_id, role, number, provider_id, ownership, slot, stage, code, stage_at, closed)
    SELECT %s, id, school_id, role, number, provider_id, ownership, 1, 'STATED', '', now(), false
    FROM providers_phonerecord WHERE number LIKE '+62813%%'
"""


def seconds(work: Callable[[], object]) -> float:
    """Processor time of this session's server process: unlike the clock's it does not grow with what runs beside."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        process = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    began = ticks(process)
    work()
    return (ticks(process) - began) / os.sysconf("SC_CLK_TCK")


def ticks(process: Path) -> int:
    """In user and in system mode; the fields behind the name, which may have spaces."""
    fields = process.read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def look_at_tables() -> None:
    """As autovacuum does: plans made for tables of a few rows do not care how these are read."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE providers_phonerecord, providers_entitlement, providers_sharerequest")


def many_of(record: PhoneRecord) -> float:
    """Many records like this one; returns what entering them took, the yardstick of what follows."""
    with connection.cursor() as cursor:
        return seconds(lambda: cursor.execute(RECORDS, [MANY, record.pk]))


def test_many_claims_move_as_one_does():
    period = PeriodFactory.create()
    for nth in range(SINGLY):
        record = RecordFactory.create()
        one = claim(record, period)
        Entitlement.objects.filter(pk=one.pk).update(code="x")
        if nth == 1:
            look_at_tables()
    yardstick = many_of(record)
    with connection.cursor() as cursor:
        stating = seconds(lambda: cursor.execute(CLAIMS, [period.pk]))
    moving = seconds(lambda: Entitlement.objects.filter(number__startswith="+62813").update(stage="UPLOADED"))
    assert PhoneRecord.objects.filter(stage="UPLOADED").count() == MANY
    assert max(stating, moving) < TIMES * yardstick


def test_many_records_change_as_one_does():
    record = RecordFactory.create()
    look_at_tables()
    PhoneRecord.objects.update(eligibility="LEFT")
    yardstick = many_of(record)
    ShareRequest.objects.all().delete()
    changing = seconds(lambda: PhoneRecord.objects.exclude(pk=record.pk).update(eligibility="OK"))
    assert ShareRequest.objects.count() == MANY
    assert changing < TIMES * yardstick


def test_only_what_sharers_are_counted_by_asks_for_counting():
    record = RecordFactory.create(number="+6281233334444")
    ShareRequest.objects.all().delete()
    PhoneRecord.objects.update(state="GRACE", ownership="", version=2)
    assert not ShareRequest.objects.exists()
    PhoneRecord.objects.filter(pk=record.pk).update(number="+6281233335555")
    assert set(ShareRequest.objects.values_list("number", flat=True)) == {"+6281233334444", "+6281233335555"}
