"""What a cut-off did, by place: the nation's provinces, a province's kab/kota, a kab/kota's schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet, Sum
from django.urls import reverse

from vervalponsel.batches.models import RowError
from vervalponsel.batches.words import Told, told_of
from vervalponsel.kit.paging import Slice

from .choices import PersonRole
from .models import CutoffFigure, CutoffRun, Region, School
from .tallies import NATION

COLUMNS: dict[str, str] = {
    "registered": "Sebelumnya",
    "read": "Dibaca",
    "recipients": "Penerima",
    "entered": "Masuk",
    "moved_in": "Pindah masuk",
    "moved_out": "Pindah keluar",
    "left": "Keluar",
    "changed": "Berubah",
    "number_supplied": "Nomor terisi",
    "number_differs": "Nomor berbeda",
}
"""The figures of a place, in the order of a table."""
ASIDE = "Disisihkan"
NOT_IN_ROWS = ("registered", "number_supplied", "number_differs")
"""Figures that a page shows of the whole place only: its table would be wider than a screen."""
SHOWN = [*(title for column, title in COLUMNS.items() if column not in NOT_IN_ROWS), ASIDE]
"""The columns of a table on screen."""


@dataclass(frozen=True, slots=True)
class Line:
    """One place or school with its figures in the order of COLUMNS; ``aside`` rows were set aside."""

    key: str
    label: str
    numbers: list[int]
    url: str = ""
    is_school: bool = False

    @property
    def aside(self) -> int:
        """Every row read is a recipient or set aside under one code."""
        return self.numbers[1] - self.numbers[2]

    @property
    def pairs(self) -> list[tuple[str, int]]:
        """Title and number of each column."""
        return [*zip(COLUMNS.values(), self.numbers, strict=True), (ASIDE, self.aside)]

    @property
    def shown(self) -> list[tuple[str, int]]:
        """The pairs of SHOWN."""
        return [(title, n) for title, n in self.pairs if title in SHOWN]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows were set aside, how many, and whose move it is."""

    code: str
    n: int
    told: Told


def is_province(code: str) -> bool:
    return code != NATION and code.endswith("0000")


def place_exists(run: CutoffRun, code: str) -> bool:
    """Whether the run has figures of the place; the nation's page is there even when it changed nobody."""
    return code == NATION or _sums(run).filter(region_code=code).exists()


def name_of(code: str) -> str:
    """The place's name; a trial may know places that the register does not have yet."""
    return _names([code])[code]


def parts_of(run: CutoffRun, code: str, role: str, page: str | None) -> tuple[list[Line], Slice | None]:
    """The lines below a place, and the page that they are of where they are schools."""
    if code == NATION or is_province(code):
        return [*_places(run, code, role), *(_lines(run, _schools(run, code, role)) if is_province(code) else ())], None
    some = Slice(_schools(run, code, role), page)
    return list(_lines(run, some)), some


def schools_below(run: CutoffRun, code: str, role: str) -> Iterator[list[object]]:
    """Every school below a place as a row to take away, read in blocks."""
    prefix = "" if code == NATION else code[:2] if is_province(code) else code
    rows = CutoffFigure.objects.filter(run=run, region_code__startswith=prefix).exclude(npsn="")
    rows = rows.filter(role=role) if role else rows
    names: dict[str, str] = {}
    for figure in rows.order_by("region_code", "npsn", "role").iterator(chunk_size=2000):
        names = names if figure.region_code in names else _names([figure.region_code])
        numbers = [getattr(figure, column) for column in COLUMNS]
        about = [figure.region_code, names[figure.region_code], figure.npsn, PersonRole(figure.role).label]
        yield [*about, *numbers, numbers[1] - numbers[2], _in_words(figure.reasons)]


SCHOOLS_HEAD = ["kode wilayah", "kab/kota", "NPSN", "penerima kuota", *COLUMNS.values(), ASIDE, "alasan"]


def _in_words(reasons: dict[str, int]) -> str:
    return "; ".join(f"{told_of(RowError(code=code)).sentence} ({n})" for code, n in sorted(reasons.items()))


def whole_of(run: CutoffRun, code: str, role: str) -> Line:
    """The place's own line."""
    rows = _of_role(_sums(run).filter(region_code=code), role)
    summed = rows.aggregate(**{column: Sum(column) for column in COLUMNS})
    return Line(code, name_of(code), [summed[column] or 0 for column in COLUMNS])


def reasons_of(run: CutoffRun, code: str, role: str) -> list[Reason]:
    """Why rows of the place were set aside, the most frequent first."""
    counted: Counter[str] = Counter()
    for reasons in _of_role(_sums(run).filter(region_code=code), role).values_list("reasons", flat=True):
        counted.update(reasons)
    told = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [Reason(code, n, told_of(RowError(code=code))) for code, n in told]


def trail_of(run: CutoffRun, code: str) -> list[tuple[str, str]]:
    """The places above."""
    above = [] if code == NATION else [NATION] if is_province(code) else [NATION, f"{code[:2]}0000"]
    names = _names(above)
    return [(names[code], url_of(run, code)) for code in above]


def url_of(run: CutoffRun, code: str) -> str:
    return reverse("schools:cutoff_receipt", args=[run.batch_id, code])


def _sums(run: CutoffRun) -> QuerySet[CutoffFigure]:
    return CutoffFigure.objects.filter(run=run, npsn="")


def _of_role(rows: QuerySet[CutoffFigure], role: str) -> QuerySet[CutoffFigure]:
    return rows.filter(role=role) if role else rows


def _places(run: CutoffRun, code: str, role: str) -> Iterator[Line]:
    rows = _of_role(_sums(run), role).exclude(region_code=NATION)
    within = rows.filter(region_code__startswith=code[:2]) if is_province(code) else rows
    ends = {"region_code__endswith": "0000"}
    chosen = within.exclude(**ends) if is_province(code) else within.filter(**ends)
    found = list(chosen.values("region_code").annotate(**_summed()).order_by("region_code"))
    names = _names(row["region_code"] for row in found)
    for row in found:
        place = row["region_code"]
        yield Line(place, names[place], _numbers(row), url_of(run, place))


def _schools(run: CutoffRun, code: str, role: str) -> QuerySet:
    rows = _of_role(CutoffFigure.objects.filter(run=run, region_code=code), role).exclude(npsn="")
    return rows.values("npsn").annotate(**_summed()).order_by("npsn")


def _lines(run: CutoffRun, rows: Iterable[dict[str, int]]) -> Iterator[Line]:
    listed = list(rows)
    keys = [str(row["npsn"]) for row in listed]
    names = dict(School.objects.filter(npsn__in=keys).values_list("npsn", "name"))
    for npsn, row in zip(keys, listed, strict=True):
        yield Line(npsn, names.get(npsn, "Sekolah baru"), _numbers(row), is_school=npsn in names)


def _summed() -> dict[str, Sum]:
    return {f"sum_{column}": Sum(column) for column in COLUMNS}


def _numbers(row: dict[str, int]) -> list[int]:
    return [int(row[f"sum_{column}"]) for column in COLUMNS]


def _names(codes: Iterable[str]) -> dict[str, str]:
    wanted = list(codes)
    return {code: code for code in wanted} | dict(Region.objects.filter(code__in=wanted).values_list("code", "name"))
