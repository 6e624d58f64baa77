"""Work in chunks: shared by workers, killed, poisoned, stopped, begun twice."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.utils import timezone

from vervalponsel.accounts.actor import Actor
from vervalponsel.batches import registry, tasks
from vervalponsel.batches.actions import ask_to_stop, hand_in, run_again
from vervalponsel.batches.choices import Status
from vervalponsel.batches.chunks import ChunkWork, help_with, plan, results, work_through
from vervalponsel.batches.models import Batch, Chunk, RowError
from vervalponsel.batches.runner import NotYet, Refused, Run, run_batch

SYSTEM = Actor.system()
MOMENT = 0.01


class Doing:
    """What the chunks of a test do, and how many there are."""

    def __init__(self) -> None:
        self.chunk: Callable[[ChunkWork], dict[str, int]] = lambda work: {"rows": 1}
        self.pieces: list[dict[str, Any]] = [{"piece": n, "rows": 10} for n in range(1, 6)]

    def run(self, run: Run) -> dict[str, object]:
        plan(run, "pieces", self.pieces)
        return dict(work_through(run, "pieces", "Potongan demi potongan"))


@pytest.fixture
def doing(monkeypatch: pytest.MonkeyPatch) -> Doing:
    found = Doing()
    kind = registry.Kind("testing", "Percobaan", lambda run: found.run(run), queue="interactive")
    monkeypatch.setitem(registry._KINDS, "testing", kind)
    monkeypatch.setitem(registry._CHUNKS, ("testing", "pieces"), lambda work: found.chunk(work))
    return found


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    bells: list[str] = []
    monkeypatch.setattr("celery.current_app.send_task", lambda name, args, **options: bells.append(name))
    return bells


def a_batch() -> Batch:
    return hand_in(by=SYSTEM, kind="testing", title="Uji", now=timezone.now())[0]


def tells(work: ChunkWork) -> dict[str, int]:
    """Leaves one row for each time that its work was committed, naming the process that did it."""
    RowError.objects.create(batch=work.batch, line=work.number, code="DONE", facts={"by": os.getpid()})
    return {"rows": 10, "by_two": work.number % 2}


def told(batch: Batch) -> list[int]:
    return list(RowError.objects.filter(batch=batch).order_by("line").values_list("line", flat=True))


def in_a_child(work: Callable[[], object]) -> int:
    connections.close_all()
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    return child


def until(met: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    for _ in range(2000):
        if met():
            return
        time.sleep(MOMENT)
    raise AssertionError("it never came")


@pytest.mark.django_db
def test_one_worker_alone_does_all_without_a_broker(doing: Doing) -> None:
    doing.chunk = tells
    batch = a_batch()
    assert run_batch(batch.pk) == Status.DONE
    batch.refresh_from_db()
    assert told(batch) == [1, 2, 3, 4, 5]
    assert batch.counts == {"rows": 50, "by_two": 3} == results(batch, "pieces")
    assert (batch.done, batch.total) == (50, 50)


@pytest.mark.django_db
def test_workers_are_called_for_what_one_need_not_do_alone(doing: Doing, rung: list[str], settings: Any) -> None:
    settings.CHUNK_HELPERS = 3
    run_batch(a_batch().pk)
    assert rung.count("vervalponsel.batches.tasks.help_with") == 3
    rung.clear()
    doing.pieces = doing.pieces[:1]
    run_batch(a_batch().pk)
    assert rung == []


@pytest.mark.django_db
def test_a_lost_call_for_help_is_repeated(doing: Doing, rung: list[str]) -> None:
    batch = a_batch()

    def rings(work: ChunkWork) -> dict[str, int]:
        if work.number == 1:
            rung.clear()
            Batch.objects.filter(pk=batch.pk).update(created_at=timezone.now() - tasks.RING_AGAIN_AFTER * 2)
            tasks.ring_again()
            assert rung == ["vervalponsel.batches.tasks.help_with"]
        return {}

    doing.chunk = rings
    assert run_batch(batch.pk) == Status.DONE


@pytest.mark.django_db
def test_planning_again_changes_nothing_and_more_may_be_planned_later(doing: Doing) -> None:
    def by_and_by(run: Run) -> dict[str, object]:
        for first in (1, 3, 1):
            plan(run, "pieces", doing.pieces[first - 1 : first + 1], first=first)
        return dict(work_through(run, "pieces", "Potongan"))

    doing.run = by_and_by  # type: ignore[method-assign]
    doing.chunk = tells
    batch = a_batch()
    run_batch(batch.pk)
    assert told(batch) == [1, 2, 3, 4]


@pytest.mark.django_db
def test_a_poisoned_chunk_is_set_aside_and_the_others_go_on(doing: Doing) -> None:
    tried: list[int] = []

    def poisoned(work: ChunkWork) -> dict[str, int]:
        tried.append(work.number)
        counts = tells(work)
        if work.number == 2:
            raise ValueError("poison")
        return counts

    doing.chunk = poisoned
    batch = a_batch()
    assert run_batch(batch.pk) == Status.PARKED
    batch.refresh_from_db()
    assert "1 dari 5 potongan gagal" in batch.error
    assert (told(batch), tried.count(2)) == ([1, 3, 4, 5], 3)
    [chunk] = Chunk.objects.filter(batch=batch).quarantined()
    assert (chunk.number, chunk.attempts, "ValueError" in chunk.error) == (2, 3, True)

    doing.chunk = tells
    run_again(by=SYSTEM, batch=batch, now=timezone.now())
    assert run_batch(batch.pk) == Status.DONE
    assert told(batch) == [1, 2, 3, 4, 5]


@pytest.mark.django_db
def test_a_refused_chunk_is_set_aside_at_once_with_its_sentence(doing: Doing) -> None:
    def refusing(work: ChunkWork) -> dict[str, int]:
        if work.number == 4:
            raise Refused("Bagian berkas ini rusak.")
        return tells(work)

    doing.chunk = refusing
    batch = a_batch()
    assert run_batch(batch.pk) == Status.PARKED
    chunk = Chunk.objects.get(batch=batch, number=4)
    assert (chunk.attempts, chunk.error) == (1, "Bagian berkas ini rusak.")


@pytest.mark.django_db
def test_a_chunk_that_others_were_in_the_way_of_is_done_again_at_once(doing: Doing) -> None:
    deadlocks = iter(range(2))

    def unlucky(work: ChunkWork) -> dict[str, int]:
        counts = tells(work)
        if next(deadlocks, None) is not None:
            raise OperationalError("deadlock detected")
        return counts

    doing.chunk = unlucky
    batch = a_batch()
    assert run_batch(batch.pk) == Status.DONE
    assert told(batch) == [1, 2, 3, 4, 5]
    assert list(Chunk.objects.filter(batch=batch).order_by("number").values_list("attempts", flat=True)) == [1] * 5


@pytest.mark.django_db
def test_a_wish_to_stop_is_heeded_between_chunks_and_what_is_done_stays(doing: Doing) -> None:
    batch = a_batch()

    def stops(work: ChunkWork) -> dict[str, int]:
        if work.number == 2:
            ask_to_stop(by=SYSTEM, batch=work.batch, now=timezone.now())
        return tells(work)

    doing.chunk = stops
    assert run_batch(batch.pk) == Status.STOPPED
    assert told(batch) == [1, 2]
    assert help_with(batch.pk) == 0
    run_again(by=SYSTEM, batch=batch, now=timezone.now())
    doing.chunk = tells
    assert run_batch(batch.pk) == Status.DONE
    assert told(batch) == [1, 2, 3, 4, 5]


@pytest.mark.django_db
def test_a_chunk_whose_time_has_not_come_waits_without_losing_an_attempt(doing: Doing) -> None:
    def not_yet(work: ChunkWork) -> dict[str, int]:
        if work.number == 3:
            raise NotYet("Menunggu pekerjaan lain.")
        return tells(work)

    doing.chunk = not_yet
    batch = a_batch()
    for _ in range(4):
        assert run_batch(batch.pk) == Status.QUEUED
    assert Chunk.objects.get(batch=batch, number=3).attempts == 0
    doing.chunk = tells
    assert run_batch(batch.pk) == Status.DONE
    assert told(batch) == [1, 2, 3, 4, 5]


# Real processes

pytest_fork = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


@pytest_fork
@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_chunks_and_none_is_done_twice(doing: Doing) -> None:
    doing.pieces = [{"piece": n} for n in range(1, 31)]

    def slow(work: ChunkWork) -> dict[str, int]:
        if work.number <= 2:  # both are held until each of the two has one
            RowError.objects.create(batch=work.batch, line=-work.number, code="BEGUN")
            until(lambda: Chunk.objects.filter(batch=work.batch, attempts__gt=0).count() >= 2)
        return tells(work)

    doing.chunk = slow
    batch = a_batch()

    def helping() -> None:
        until(lambda: Chunk.objects.filter(batch=batch).exists())
        help_with(batch.pk)

    child = in_a_child(helping)
    assert run_batch(batch.pk) == Status.DONE
    os.waitpid(child, 0)
    assert [line for line in told(batch) if line > 0] == list(range(1, 31))
    workers = set(RowError.objects.filter(batch=batch, code="DONE").values_list("facts__by", flat=True))
    assert workers == {os.getpid(), child}


@pytest_fork
@pytest.mark.django_db(transaction=True)
def test_a_chunk_whose_worker_was_killed_is_free_again_at_once(doing: Doing) -> None:
    batch = a_batch()
    here = os.getpid()

    def deadly(work: ChunkWork) -> dict[str, int]:
        counts = tells(work)
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return counts

    doing.chunk = deadly
    plan(Run(batch, None), "pieces", doing.pieces)  # type: ignore[arg-type]
    Batch.objects.filter(pk=batch.pk).update(status=Status.RUNNING)
    child = in_a_child(lambda: help_with(batch.pk))
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert Chunk.objects.get(batch=batch, number=1).attempts == 1

    until(lambda: run_batch(batch.pk) == Status.DONE)
    assert told(batch) == [1, 2, 3, 4, 5]


@pytest_fork
@pytest.mark.django_db(transaction=True)
def test_a_chunk_that_kills_every_worker_is_set_aside(doing: Doing) -> None:
    def kills(work: ChunkWork) -> dict[str, int]:
        if work.number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        return tells(work)

    doing.chunk = kills
    batch = a_batch()
    for _ in range(20):
        os.waitpid(in_a_child(lambda: run_batch(batch.pk)), 0)
        batch.refresh_from_db()
        if batch.status == Status.PARKED:
            break
        time.sleep(MOMENT * 5)
    assert batch.status == Status.PARKED, batch.status
    assert told(batch) == [1, 2, 4, 5]
    assert Chunk.objects.get(batch=batch, number=3).error.startswith("Potongan ini berkali-kali terputus")


@pytest.mark.django_db(transaction=True)
def test_two_coordinators_at_once_do_the_work_once(doing: Doing) -> None:
    doing.chunk = tells
    batch = a_batch()
    found: list[Any] = []
    both = threading.Barrier(2)

    def coordinate() -> None:
        try:
            both.wait()
            found.append(run_batch(batch.pk))
        finally:
            connection.close()

    threads = [threading.Thread(target=coordinate) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, found)) == ["DONE", "None"]
    assert told(batch) == [1, 2, 3, 4, 5]


@pytest.mark.django_db(transaction=True)
def test_the_coordinator_waits_for_what_a_helper_holds(doing: Doing) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def held(work: ChunkWork) -> dict[str, int]:
        if threading.current_thread() is helper:
            begun.set()
            assert go_on.wait(60)
        return tells(work)

    def helping() -> None:
        try:
            help_with(batch.pk)
        finally:
            connection.close()

    helper = threading.Thread(target=helping)
    doing.chunk = held
    batch = a_batch()
    plan(Run(batch, None), "pieces", doing.pieces)  # type: ignore[arg-type]
    Batch.objects.filter(pk=batch.pk).update(status=Status.RUNNING)
    helper.start()
    assert begun.wait(60)

    def all_but_one() -> None:
        until(lambda: Chunk.objects.filter(batch=batch).waiting().count() == 1)
        go_on.set()
        connection.close()

    watcher = threading.Thread(target=all_but_one)
    watcher.start()
    assert run_batch(batch.pk) == Status.DONE
    watcher.join()
    helper.join()
    assert told(batch) == [1, 2, 3, 4, 5]
