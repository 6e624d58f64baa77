"""Which handler runs which kind of batch. Apps register theirs when they are ready."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .chunks import ChunkWork
    from .models import Batch
    from .runner import Run

Handler = Callable[["Run"], dict[str, object]]
ChunkHandler = Callable[["ChunkWork"], Mapping[str, int]]
LeadsTo = Callable[["Batch"], tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of batch: its handler gets a ``Run`` and returns the counts; ``retries`` bounds its attempts.

    ``phases`` name the parts of the way, each with how its steps begin. ``may_be_stopped``: whether it heeds a wish to.
    ``needs_second_person``: while it is parked, its own page lets somebody else decide, and no button runs it again.
    ``template`` is included on the batch's page to show what came of it; without one the counts are listed. Batches of
    kinds with the same ``turn`` wait for each other (their handler raises NotYet): when one ends, the next is rung.
    ``leads_to`` gives (words, address) of the page that shows what a batch was about.
    """

    name: str
    label: str
    handler: Handler
    queue: str
    retries: int = 3
    template: str = ""
    needs_second_person: bool = False
    may_be_stopped: bool = True
    phases: tuple[tuple[str, tuple[str, ...]], ...] = ()
    turn: str = ""
    leads_to: LeadsTo | None = None


_KINDS: dict[str, Kind] = {}
_CHUNKS: dict[tuple[str, str], ChunkHandler] = {}


def register(kind: Kind) -> None:
    """Make a kind known; the same name twice is a mistake in the composition."""
    if kind.name in _KINDS and _KINDS[kind.name] != kind:
        raise ValueError(f"batch kind registered twice: {kind.name}")
    _KINDS[kind.name] = kind


def register_chunks(kind: str, name: str, handler: ChunkHandler) -> None:
    """Tell who works on the chunks ``name`` of batches of a kind; called in a transaction, it returns the counts."""
    if _CHUNKS.get((kind, name), handler) != handler:
        raise ValueError(f"chunk handler registered twice: {kind} {name}")
    _CHUNKS[kind, name] = handler


def chunk_handler(kind: str, name: str) -> ChunkHandler:
    """The registered handler; KeyError for an unknown one."""
    return _CHUNKS[kind, name]


def kind_of(name: str) -> Kind:
    """The registered kind; KeyError for an unknown one."""
    return _KINDS[name]


def kinds_by_queue() -> dict[str, list[str]]:
    """The names of the kinds that each queue serves."""
    queues: dict[str, list[str]] = {}
    for kind in _KINDS.values():
        queues.setdefault(kind.queue, []).append(kind.name)
    return queues


def kinds_of_turn(turn: str) -> list[str]:
    """The names of the kinds whose batches run one after another."""
    return [kind.name for kind in _KINDS.values() if turn and kind.turn == turn]


def labels() -> list[tuple[str, str]]:
    return sorted((kind.name, kind.label) for kind in _KINDS.values())
