"""Which files are made school by school, and by whom. The people's parts register theirs when they are ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from schools.cutoff.registry import CutoffFile

from .nation import Nation, School

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What may happen to a row by the next cut-off: chance, its day, and a school to which a person may move."""

    chance: Random
    cutoff_date: date
    other_school: str


Later = Callable[[Row, Meanwhile], list[Row]]
"""What became of a row: no row when the person left, the row itself when nothing happened."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file made school by school. ``lines`` are CSV rows with their line ends and must be a function of a module,
    so that other processes find it."""

    file: CutoffFile
    columns: tuple[str, ...]
    lines: Callable[[Nation, School], list[str]]
    later: Later


_PARTS: dict[str, Part] = {}


def register_part(part: Part) -> None:
    """Make a part known; another one for the same file is a mistake in the composition."""
    if _PARTS.setdefault(part.file.name, part) != part:
        raise ValueError(f"generator of {part.file.name} registered twice")


def parts() -> tuple[Part, ...]:
    """Every known part in the order of registration."""
    return tuple(_PARTS.values())
