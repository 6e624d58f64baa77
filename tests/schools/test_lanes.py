"""Pieces done side by side: each once, each told of, and nothing begun after the first that went wrong."""

from threading import Barrier, get_ident

import pytest
from django.db import connection, transaction

from schools.cutoff.lanes import lane_count, side_by_side
from tests.waiting import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db(transaction=True)

MANY = range(100_000)
"""More than any lane can do before the caller's thread has its turn."""


def ask() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_every_piece_is_done_once_and_told_in_the_callers_thread() -> None:
    done: list[int] = []
    told: list[tuple[int, int]] = []
    side_by_side(range(50), done.append, lambda piece: told.append((piece, get_ident())), lanes=3)
    assert sorted(done) == list(range(50)) == sorted(piece for piece, _ in told)
    assert {thread for _, thread in told} == {get_ident()}


def test_lanes_work_at_the_same_time_on_connections_of_their_own() -> None:
    both, sessions = Barrier(2, timeout=PATIENCE_SECONDS), set()

    def work(piece: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            sessions.add(cursor.fetchone()[0])
        both.wait()

    side_by_side([1, 2], work, lambda piece: None, lanes=2)
    assert len(sessions) == 2


@pytest.mark.parametrize("lanes", [1, 2])
def test_what_goes_wrong_is_raised_and_nothing_more_is_begun(lanes: int) -> None:
    begun: list[int] = []

    def work(piece: int) -> None:
        begun.append(piece)
        ask()
        if piece == 3:
            raise ValueError(piece)

    with pytest.raises(ValueError, match="3"):
        side_by_side(MANY, work, lambda piece: None, lanes)
    assert 3 in begun
    assert len(begun) < len(MANY)


@pytest.mark.parametrize("lanes", [1, 2])
def test_who_is_told_may_stop_it(lanes: int) -> None:
    begun: list[int] = []

    def work(piece: int) -> None:
        begun.append(piece)
        ask()

    def stop(piece: int) -> None:
        raise KeyError(piece)

    with pytest.raises(KeyError):
        side_by_side(MANY, work, stop, lanes)
    assert 1 <= len(begun) < len(MANY)


def test_inside_a_transaction_there_is_one_lane() -> None:
    assert lane_count() >= 1
    with transaction.atomic():
        assert lane_count() == 1
