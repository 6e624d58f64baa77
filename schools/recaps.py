"""What recaps show: cells and their words come from the parts above, through a registry; figures from the tallies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from vervalponsel.kit.figures import Bar, balance, bars

from .choices import Jenjang, PersonRole, RegionLevel
from .models import Region, School
from .tallies import NATION, Figures, figures_below, figures_of_schools

LEFT_OUT = "OUT:"


@dataclass(frozen=True, slots=True)
class CellWords:
    """A cell as recaps show it; ``group`` is the key of its CellGroup."""

    metric: str
    label: str
    group: str


@dataclass(frozen=True, slots=True)
class CellGroup:
    """Cells that people think of as one; ``query`` is what the recipients' list calls them."""

    query: str
    label: str
    tone: str
    short: str


_CELLS: list[CellWords] = []
_GROUPS: list[CellGroup] = []
_REASONS: dict[str, str] = {}
_NAMES: list[Callable[[], dict[str, str]]] = []
LISTS: dict[str, str] = {PersonRole.STUDENT: "students", PersonRole.TEACHER: "teachers"}
"""Whose URL names list the people behind a figure."""


def register_cells(groups: Iterable[CellGroup], cells: Iterable[CellWords], reasons: dict[str, str]) -> None:
    """Tell the words of all cells, in the order of the balance sheet, and of the reasons for being left out."""
    _GROUPS[:], _CELLS[:] = groups, cells
    _REASONS.update(reasons)


def register_provider_names(source: Callable[[], dict[str, str]]) -> None:
    """Tell what providers are called."""
    _NAMES[:] = [source]


def cells() -> list[CellWords]:
    return list(_CELLS)


def groups() -> list[CellGroup]:
    return list(_GROUPS)


def metrics_of(choice: str) -> tuple[str, ...]:
    """The cells of a group's or a cell's name, or one reason for being left out; an unknown name means all cells."""
    if choice.startswith(LEFT_OUT):
        return (choice,)
    found = tuple(cell.metric for cell in _CELLS if choice in (cell.group, cell.metric))
    return found or tuple(cell.metric for cell in _CELLS)


def label_of(choice: str) -> str:
    if choice.startswith(LEFT_OUT):
        return _REASONS.get(choice.removeprefix(LEFT_OUT), choice)
    words = {group.query: group.label for group in _GROUPS} | {cell.metric: cell.label for cell in _CELLS}
    return words.get(choice, "Semua penerima")


def list_url(role: str, npsn: str, choice: str = "") -> str:
    """The list of the people behind a figure of one school."""
    if choice.startswith(LEFT_OUT):
        return left_out_url(role, npsn, choice.removeprefix(LEFT_OUT))
    query = {"npsn": npsn, "keadaan": choice}
    return f"{reverse(f'{LISTS[role]}:list')}?{urlencode({k: v for k, v in query.items() if v})}"


def left_out_url(role: str, npsn: str, code: str) -> str:
    return f"{reverse(f'{LISTS[role]}:left_out')}?{urlencode({'npsn': npsn, 'alasan': code})}"


def breakdown_url(region_code: str, choice: str, **more: str) -> str:
    """Where the people behind a region's figure are: its parts, or its schools, with that figure each."""
    query = {"keadaan": choice, **more}
    kept = urlencode({k: v for k, v in query.items() if v})
    return f"{reverse('schools:breakdown', args=[region_code])}{f'?{kept}' if kept else ''}"


Linker = Callable[[str, str], str]
"""The address behind a figure, for a role (empty: both) and a cell or group; empty when the actor may not see it."""


@dataclass(frozen=True, slots=True)
class Count:
    """A number that links to what it counts."""

    value: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the balance sheet: pupils, teachers, together."""

    label: str
    students: Count
    teachers: Count
    total: Count
    is_group: bool = False
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A line of a table by jenjang, provider, region or school: the whole, then every group."""

    label: str
    sub: str
    url: str
    total: int
    counts: list[Count]

    @property
    def pairs(self) -> list[tuple[CellGroup, Count]]:
        return list(zip(_GROUPS, self.counts, strict=True))


def balance_sheet(figures: Figures, link: Linker) -> list[Line]:
    """Groups with their cells, then the whole; every eligible person is counted in exactly one cell."""
    lines: list[Line] = []
    for group in _GROUPS:
        mine = [cell for cell in _CELLS if cell.group == group.query]
        metrics = tuple(cell.metric for cell in mine)
        lines.append(_line(figures, link, group.label, group.query, metrics, group.tone))
        if len(mine) > 1:
            lines += [_line(figures, link, cell.label, cell.metric, (cell.metric,)) for cell in mine]
    return lines


def whole(figures: Figures, link: Linker) -> Line:
    return _line(figures, link, "Semua penerima", "", metrics_of(""), "")


def _line(
    figures: Figures, link: Linker, label: str, choice: str, metrics: tuple[str, ...], tone: str | None = None
) -> Line:
    def count(role: str) -> Count:
        value = figures.total(*metrics, role=role)
        return Count(value, link(role, choice) if value else "")

    return Line(label, count(PersonRole.STUDENT), count(PersonRole.TEACHER), count(""), tone is not None, tone or "")


def left_out_lines(figures: Figures, link: Linker) -> list[Line]:
    """People of the register who are no recipients, by reason."""
    found = sorted(m for m in figures.by("metric") if m.startswith(LEFT_OUT))
    return [_line(figures, link, _REASONS.get(m.removeprefix(LEFT_OUT), m), m, (m,)) for m in found if figures.total(m)]


def groups_bar(figures: Figures, link: Linker, role: str = "") -> list[Bar]:
    rows = []
    for group in _GROUPS:
        value = figures.total(*metrics_of(group.query), role=role)
        rows.append((group.label, value, link(role, group.query) if value else "", group.tone))
    return balance(row for row in rows if row[1])


def by_jenjang(figures: Figures) -> list[Part]:
    """Every jenjang that has anybody, in the ladder's order."""
    split = {j: Figures(row for row in figures.rows if row.jenjang == j) for j in Jenjang.values}
    return [_part(Jenjang(j).label, "", "", f) for j, f in split.items() if f.total(*metrics_of(""))]


def by_provider(figures: Figures) -> list[Part]:
    """Every provider, then those without a readable number."""
    names = _NAMES[0]() if _NAMES else {}
    found = {row.provider for row in figures.rows if not row.metric.startswith(LEFT_OUT)}
    codes = sorted(found, key=lambda code: (not code, code))
    split = {code: Figures(row for row in figures.rows if row.provider == code) for code in codes}
    return [_part(names.get(code, code) or "Tanpa provider", "", "", f) for code, f in split.items()]


def provider_bars(figures: Figures) -> list[Bar]:
    return bars((part.label, part.total) for part in by_provider(figures) if part.total)


def _part(label: str, sub: str, url: str, figures: Figures, link: Linker | None = None) -> Part:
    counts = []
    for group in _GROUPS:
        value = figures.total(*metrics_of(group.query))
        counts.append(Count(value, link("", group.query) if link and value else ""))
    return Part(label, sub, url, figures.total(*metrics_of("")), counts)


def parts_of_region(region: Region, jenjang: list[str], link: Callable[[str], Linker]) -> list[Part]:
    """The provinces of the nation or the kab/kota of a province."""
    below = figures_below(region.code, jenjang)
    level = RegionLevel.PROVINCE if region.code == NATION else RegionLevel.REGENCY
    names = Region.objects.filter(level=level, code__in=below).order_by("code")
    return [
        _part(r.name, "", reverse("schools:region", args=[r.code]), below[r.code], link(r.code))
        for r in names
        if below[r.code].rows
    ]


def parts_of_schools(schools: Iterable[School], link: Callable[[School], Linker]) -> list[Part]:
    """A page of schools."""
    listed = list(schools)
    figures = figures_of_schools([school.pk for school in listed])
    none = Figures([])
    return [
        _part(s.name, s.npsn, reverse("schools:school", args=[s.npsn]), figures.get(s.pk, none), link(s))
        for s in listed
    ]
