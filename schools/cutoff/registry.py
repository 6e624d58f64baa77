"""What a cut-off consists of. Each part registers its own when it is ready, so that nobody imports upwards."""

from __future__ import annotations

from dataclasses import dataclass


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
