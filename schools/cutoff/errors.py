"""Why a bundle is refused whole, and why a row of it cannot even be split into its columns."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(eq=False)
class BundleError(Exception):
    """A bundle that is refused before it touches a table.

    ``line`` is the physical line, as an editor numbers it. ``column`` is the column's name where the problem is one
    of columns, the position of the first bad character (counted from 1) where it is one of characters, and the key
    where it is one of the manifest. ``message`` is a sentence for the person who handed the bundle in.
    """

    file: str
    message: str
    line: int | None = None
    column: int | str | None = None

    def __str__(self) -> str:
        place = self.file
        if self.line is not None:
            place += f", baris {self.line}"
        if self.column is not None:
            place += f", kolom {self.column}"
        return f"{place}: {self.message}"

    def __reduce__(self) -> tuple[type[BundleError], tuple[str, str, int | None, int | str | None]]:
        return (type(self), (self.file, self.message, self.line, self.column))


class RowFaultCode(StrEnum):
    """Why a row cannot be split into the columns of its header."""

    TOO_FEW_FIELDS = "TOO_FEW_FIELDS"
    TOO_MANY_FIELDS = "TOO_MANY_FIELDS"
    UNREADABLE_ROW = "UNREADABLE_ROW"


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that is set aside before loading: where it starts and how many columns it has instead of ``expected``."""

    line: int
    code: RowFaultCode
    found: int
    expected: int
