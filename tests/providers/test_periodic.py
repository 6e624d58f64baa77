"""A periodic task never overlaps itself: it would take the workers that people wait for."""

import time

import pytest

from providers import tasks
from tests.factories import RecordFactory
from tests.waiting import another_session
from vervalponsel.kit.db import lock_key

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("task", "lock"),
    [
        (tasks.recount_sharing, "recount sharing"),
        (tasks.prepare_dumps, "prepare dumps"),
        (tasks.ask_old_again, "ask old again"),
        (tasks.follow_prefixes, "follow prefixes"),
    ],
)
def test_one_that_is_still_at_it_is_not_waited_for(task, lock):
    with another_session() as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 0)", [lock_key(lock)])
        assert task() == tasks.SKIPPED
        cursor.execute("SELECT pg_advisory_unlock_all()")
    assert comes_free(task)


def comes_free(task, seconds=5.0):
    """Whether the task does its work soon: a session that ends gives up its locks a moment later."""
    until = time.monotonic() + seconds
    while (said := task()) == tasks.SKIPPED and time.monotonic() < until:
        time.sleep(0.1)
    return said != tasks.SKIPPED


def test_requested_numbers_are_counted():
    RecordFactory.create(number="+6281233334444", share_count=0)
    assert tasks.recount_sharing() == "1 shared, 0 in question"
