"""The rows of wilayah.csv: the regions in which the schools lie, from the nation down."""

from __future__ import annotations

from collections.abc import Iterator

from .csvrow import csv_row
from .nation import Nation
from .regions import district

NATION = "000000"


def lines(nation: Nation, prefix: str | None) -> Iterator[str]:
    """Every region above a school; with ``prefix`` only that province and what lies in it."""
    if prefix is None:
        yield csv_row([NATION, "Indonesia", "0", ""])
    for province in nation.provinces:
        if prefix not in (None, province.prefix):
            continue
        yield csv_row([province.code, f"Prov. {province.name}", "1", NATION])
        for regency in nation.regencies:
            if regency.province == province:
                yield csv_row([regency.code, regency.name, "2", province.code])
                for number in range(regency.districts):
                    code, name = district(regency.code, number)
                    yield csv_row([code, name, "3", regency.code])
