"""What a cut-off consists of. Each part registers its own when it is ready, so that nobody imports upwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .cutoff import Cutoff


@dataclass(frozen=True, slots=True)
class CutoffFile:
    """A file of the bundle: columns that it must have, and those that are read when they are there."""

    name: str
    columns: tuple[str, ...]
    optional_columns: tuple[str, ...] = ()

    @property
    def known_columns(self) -> tuple[str, ...]:
        """Every column that is read, the required ones first."""
        return self.columns + self.optional_columns


_FILES: dict[str, CutoffFile] = {}


def register_file(file: CutoffFile) -> None:
    """Make a file known; another one of the same name is a mistake in the composition."""
    if _FILES.setdefault(file.name, file) != file:
        raise ValueError(f"cut-off file registered twice: {file.name}")


def files() -> tuple[CutoffFile, ...]:
    """Every known file, in the order in which the parts registered them."""
    return tuple(_FILES.values())


def file_named(name: str) -> CutoffFile | None:
    """The known file of that name (``sekolah.csv``, without ``.gz``)."""
    return _FILES.get(name)


_FILLED: list[str] = []


def register_filled_table(table: str) -> None:
    """Name a table that a first load fills from empty."""
    if table not in _FILLED:
        _FILLED.append(table)


def filled_tables() -> tuple[str, ...]:
    """The tables that a first load fills, in the order in which the parts named them."""
    return tuple(_FILLED)


class Phase(IntEnum):
    """The order in which the parts take their turn."""

    REGISTER = 10  # regions, schools
    MAKING_ROOM = 15  # indexes of tables that are empty
    PEOPLE = 20  # pupils, teachers, each with their numbers
    COUNTING = 22  # what changes many of the new rows, before they have indexes
    SETTLING = 25  # the same indexes, over full tables
    AFTERWARDS = 30  # sharing, figures


@dataclass(frozen=True, slots=True)
class Step:
    """What one part does with a loaded bundle. It may run again after having been cut off anywhere in it.

    First every part plans: it judges into side tables and counts what it would change, and writes nothing to the
    register. Then, unless it is a trial or too much would change, every part runs: it writes exactly that.
    """

    phase: Phase
    name: str
    label: str
    run: Callable[[Cutoff], None]
    plan: Callable[[Cutoff], None] | None = None


_STEPS: dict[str, Step] = {}


def register_step(step: Step) -> None:
    """Make a step known; within a phase the parts keep the order in which they registered."""
    if _STEPS.setdefault(step.name, step) != step:
        raise ValueError(f"cut-off step registered twice: {step.name}")


def steps() -> list[Step]:
    """Every step in the order of its phase."""
    return sorted(_STEPS.values(), key=lambda step: step.phase)
