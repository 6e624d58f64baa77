"""Benchmarks with a yardstick measured in the same run on the same rows; the parts register theirs."""

from __future__ import annotations

import resource
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Measure:
    """Seconds of the work, seconds of the yardstick on the same rows, and the budget for their ratio.

    ``more`` is what else was measured in the same run.
    """

    rows: int
    seconds: float
    yardstick_seconds: float
    budget: float
    more: Mapping[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.seconds / self.yardstick_seconds

    def as_json(self, name: str) -> dict[str, object]:
        """One object per benchmark; ``peak_mib`` is this process's largest size so far."""
        return {
            "name": name,
            "rows": self.rows,
            "seconds": round(self.seconds, 2),
            "yardstick_seconds": round(self.yardstick_seconds, 2),
            "ratio": round(self.ratio, 2),
            "budget": self.budget,
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            **{key: round(value, 2) for key, value in self.more.items()},
        }


Benchmark = Callable[[int, Path, int], list[tuple[str, Measure]]]
"""Gets the wanted number of rows, an empty folder and the number of workers, where several can share the work.

The database is an empty, migrated one of its own.
"""

_BENCHMARKS: dict[str, Benchmark] = {}


def register_benchmark(name: str, benchmark: Benchmark) -> None:
    """Make a benchmark known to the command."""
    _BENCHMARKS[name] = benchmark


def names() -> list[str]:
    return sorted(_BENCHMARKS)


def benchmark_named(name: str) -> Benchmark:
    """KeyError for an unknown one."""
    return _BENCHMARKS[name]
