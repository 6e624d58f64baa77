"""How much a cut-off may remove, change or set aside before a second person must allow it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from schools.models import CutoffFigure, CutoffLimits, CutoffRun, Region
from schools.tallies import NATION, Figures, figures_below, region_figures
from vervalponsel.kit.templatetags.ui import percent, thousands

from .cutoff import FileCounts

SENTENCES = 4
"""So many places are named in the sentence of a parked batch; its page lists all of them."""

EXPECTED = ("NOT_TEACHER", "NOT_HOME_SCHOOL", "NOT_SERVED", "RECEIVES_PIP")
"""Codes of rows that are set aside as they should be, in any number."""

_NOT_PEOPLE = "OWNERSHIP_MISSING"


class Measure(StrEnum):
    """What is limited."""

    REMOVED = "REMOVED"
    CHANGED = "CHANGED"
    SET_ASIDE = "SET_ASIDE"


_WORDS = {
    Measure.REMOVED: "penerima keluar",
    Measure.CHANGED: "penerima berubah",
    Measure.SET_ASIDE: "baris disisihkan",
}


@dataclass(frozen=True, slots=True)
class Excess:
    """``n`` of ``whole`` is more than ``limit`` percent, in the nation (000000) or a province."""

    measure: str
    code: str
    place: str
    n: int
    whole: int
    limit: int

    @property
    def word(self) -> str:
        return _WORDS[Measure(self.measure)]

    @property
    def sentence(self) -> str:
        """The figure with its place, as a clause."""
        share = percent(self.n, self.whole)
        return f"{self.place}: {thousands(self.n)} {self.word} ({share}, batas {self.limit} %)"


@dataclass(slots=True)
class _Sums:
    left: int = 0
    changed: int = 0
    read: int = 0
    aside: int = 0
    registered: int = 0


def current_limits() -> CutoffLimits:
    """The limits as Pusdatin set them, else the usual ones."""
    return CutoffLimits.objects.order_by("pk").first() or CutoffLimits()


def excess_of(record: CutoffRun, receipt: Mapping[str, FileCounts]) -> list[Excess]:
    """What of the planned figures goes over the limits, the nation first."""
    limits, sums = current_limits(), _sums(record)
    nation = sums.setdefault(NATION, _Sums())
    people = [receipt[word] for word in ("students", "teachers") if word in receipt]
    # Rows of no known school lie in no province, but in the nation.
    nation.read = sum(counts.read for counts in people)
    nation.aside = sum(_unexpected(counts.set_aside) for counts in people)
    names = dict(Region.objects.filter(code__in=sums).values_list("code", "name"))
    return [
        Excess(measure, code, "Nasional" if code == NATION else names.get(code, f"Wilayah {code}"), n, whole, limit)
        for code in sorted(sums)
        for measure, n, whole, limit in _judged(sums[code], limits)
        if whole >= limits.judged_from and n * 100 > whole * limit
    ]


def _judged(sums: _Sums, limits: CutoffLimits) -> Iterable[tuple[str, int, int, int]]:
    yield Measure.REMOVED, sums.left, sums.registered, limits.removed_percent
    yield Measure.CHANGED, sums.changed, sums.registered, limits.changed_percent
    # A delta of three rows is measured by the place that it speaks of.
    yield Measure.SET_ASIDE, sums.aside, max(sums.read, sums.registered), limits.set_aside_percent


def _sums(record: CutoffRun) -> dict[str, _Sums]:
    """By province and for the nation, pupils and teachers together."""
    registered = {code: _recipients(figures) for code, figures in figures_below(NATION).items()}
    registered[NATION] = _recipients(region_figures(NATION))
    sums: dict[str, _Sums] = {}
    for row in CutoffFigure.objects.filter(run=record, npsn="", region_code__endswith="0000"):
        place = sums.setdefault(row.region_code, _Sums(registered=registered.get(row.region_code, 0)))
        place.left += row.left
        place.changed += row.changed
        place.read += row.read
        place.aside += _unexpected(row.reasons)
    return sums


def _recipients(figures: Figures) -> int:
    cells = figures.by("metric")
    return sum(n for metric, n in cells.items() if metric != _NOT_PEOPLE and not metric.startswith("OUT:"))


def _unexpected(reasons: Mapping[str, int]) -> int:
    return sum(n for code, n in reasons.items() if code not in EXPECTED)


def not_allowed(found: Iterable[Excess], approved: Iterable[Mapping[str, Any]]) -> list[Excess]:
    """What a second person has not allowed: another place or measure, or more than they saw."""
    most = {(row["measure"], row["code"]): row["n"] for row in approved}
    return [each for each in found if each.n > most.get((each.measure, each.code), -1)]


def as_json(found: Iterable[Excess]) -> list[dict[str, Any]]:
    return [asdict(each) for each in found]


def from_json(rows: Iterable[Mapping[str, Any]]) -> list[Excess]:
    return [Excess(**row) for row in rows]


def told(found: list[Excess]) -> str:
    """Why a batch waits, in one sentence."""
    named = "; ".join(each.sentence for each in found[:SENTENCES])
    more = f"; dan {len(found) - SENTENCES} lainnya" if len(found) > SENTENCES else ""
    return f"Melebihi batas, menunggu persetujuan orang kedua. {named}{more}."
