"""Doing independent pieces of a run side by side, each lane on a connection of its own."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from threading import Thread
from typing import TypeVar

from django.db import connection

Piece = TypeVar("Piece")

MOST = 4
"""More lanes than this would leave a database server little for anybody else."""


def lane_count() -> int:
    """As many as this machine has processors; one inside a transaction, whose rows no other connection sees."""
    return 1 if connection.in_atomic_block else max(1, min(MOST, len(os.sched_getaffinity(0))))


def side_by_side(
    pieces: Iterable[Piece], work: Callable[[Piece], object], on_done: Callable[[Piece], object], lanes: int
) -> None:
    """Do ``work`` for every piece, begun in their order, and tell the caller's thread of each that is done.

    What ``work`` or ``on_done`` raises is raised here, after the pieces under way have ended; no further one is begun.
    """
    if lanes < 2:
        for piece in pieces:
            work(piece)
            on_done(piece)
        return
    waiting = deque(pieces)
    told: SimpleQueue[tuple[Piece | None, BaseException | None]] = SimpleQueue()
    threads = [Thread(target=_lane, args=(waiting, work, told)) for _ in range(min(lanes, len(waiting)))]
    for thread in threads:
        thread.start()
    try:
        ended = 0
        while ended < len(threads):
            done, problem = told.get()
            if problem is not None:
                raise problem
            if done is None:
                ended += 1
            else:
                on_done(done)
    finally:
        waiting.clear()
        for thread in threads:
            thread.join()


def _lane(
    waiting: deque[Piece], work: Callable[[Piece], object], told: SimpleQueue[tuple[Piece | None, BaseException | None]]
) -> None:
    """Take pieces until there is none; the connection of this thread is closed with it."""
    try:
        while waiting:
            try:
                piece = waiting.popleft()
            except IndexError:
                break
            work(piece)
            told.put((piece, None))
        told.put((None, None))
    except BaseException as problem:  # noqa: BLE001 - raised again in the caller's thread
        told.put((None, problem))
    finally:
        connection.close()
