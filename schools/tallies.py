"""Figures without counting: what triggers appended, folded or not, is exact at every commit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from vervalponsel.kit.sqlfiles import sql_text

from .models import Region

NATION = "000000"


@dataclass(frozen=True, slots=True)
class Figure:
    """``n`` people of ``role`` in ``metric`` (a cell, a sub-count or OUT:<code>); provider empty when there is none."""

    jenjang: str
    role: str
    metric: str
    provider: str
    n: int


class Figures:
    """The figures of a school or a region, to be summed along any of their dimensions."""

    def __init__(self, rows: Iterable[Figure]) -> None:
        self.rows = [row for row in rows if row.n]
        self._sums: Counter[tuple[str, str]] = Counter()
        for row in self.rows:
            self._sums[row.metric, row.role] += row.n
            self._sums[row.metric, ""] += row.n

    def total(self, *metrics: str, role: str = "") -> int:
        """People in any of the metrics; an empty role means both."""
        return sum(self._sums[metric, role] for metric in set(metrics))

    def by(self, dimension: str, *metrics: str, role: str = "") -> dict[str, int]:
        """Sums per value of ``jenjang``, ``role``, ``metric`` or ``provider``; no metrics means every one."""
        sums: Counter[str] = Counter()
        for row in self.rows:
            if role in ("", row.role) and (not metrics or row.metric in metrics):
                sums[getattr(row, dimension)] += row.n
        return dict(sums)


def school_figures(school_id: int) -> Figures:
    """The figures of one school."""
    return _read("read_school", {"school_id": school_id})


def region_figures(region_code: str = NATION, jenjang: Iterable[str] = ()) -> Figures:
    """The figures of a kab/kota, a province or the nation; ``jenjang`` empty means all."""
    return _read("read_region", {"region_code": region_code, "jenjang": list(jenjang)})


def figures_below(region_code: str, jenjang: Iterable[str] = ()) -> dict[str, Figures]:
    """Figures of the parts of a region, keyed by their code: provinces of the nation, kab/kota of a province.

    Their rows tell role and metric only: jenjang and provider are summed up.
    """
    regions = Region.objects.provinces() if region_code == NATION else Region.objects.regencies_of(region_code)
    codes = list(regions.values_list("code", flat=True))
    return _grouped("read_parts", {"codes": codes, "jenjang": list(jenjang)})


def figures_of_schools(school_ids: Iterable[int]) -> dict[int, Figures]:
    """Figures of several schools at once, for a page of a list."""
    return _grouped("read_schools", {"ids": list(school_ids)})


def schools_with(
    regency_code: str, metrics: Iterable[str], *, role: str = "", jenjang: Iterable[str] = ()
) -> list[tuple[int, int]]:
    """Schools (by id) of a kab/kota with how many people they have in these metrics, most first."""
    params: dict[str, Any] = {"regency": regency_code, "metrics": list(metrics), "role": role, "jenjang": list(jenjang)}
    with connection.cursor() as cursor:
        cursor.execute(sql_text("schools", "tallies/schools_with"), params)
        return [(int(school), int(n)) for school, n in cursor.fetchall()]


def _read(name: str, params: dict[str, Any]) -> Figures:
    with connection.cursor() as cursor:
        cursor.execute(sql_text("schools", f"tallies/{name}"), params)
        return Figures(Figure(*row) for row in cursor.fetchall())


def _grouped(name: str, params: dict[str, Any]) -> dict:
    with connection.cursor() as cursor:
        cursor.execute(sql_text("schools", f"tallies/{name}"), params)
        rows = cursor.fetchall()
    groups: dict[object, list[Figure]] = {}
    for key, *figure in rows:
        groups.setdefault(key, []).append(Figure(*figure))
    return {key: Figures(figures) for key, figures in groups.items()}


def fold() -> int:
    """Sum the appended deltas; -1 when another fold is at it. Returns how many were folded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schools_fold_tallies()")
        return int(cursor.fetchone()[0])


def rebuild_rollups() -> None:
    """Sum the regions anew from the schools: needed after schools changed region or jenjang."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schools_rebuild_rollups()")
