"""Which files are made school by school, and by whom. The people's parts register theirs when they are ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from schools.cutoff.registry import CutoffFile

from .nation import Nation, School


@dataclass(frozen=True, slots=True)
class Part:
    """A file made school by school. ``lines`` are CSV rows with their line ends and must be a function of a module,
    so that other processes find it."""

    file: CutoffFile
    columns: tuple[str, ...]
    lines: Callable[[Nation, School], list[str]]


_PARTS: dict[str, Part] = {}


def register_part(part: Part) -> None:
    """Make a part known; another one for the same file is a mistake in the composition."""
    if _PARTS.setdefault(part.file.name, part) != part:
        raise ValueError(f"generator of {part.file.name} registered twice")


def parts() -> tuple[Part, ...]:
    """Every known part in the order of registration."""
    return tuple(_PARTS.values())
