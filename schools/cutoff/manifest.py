"""The bundle's table of contents: what it says, and every way in which it can be wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from .errors import BundleError

NAME = "manifest.json"
SCHEMA_VERSION = 1
DELTA = "delta"
NATION = "nation"

_SCOPE = re.compile(r"nation|delta|province:\d\d")
SEMESTER = re.compile(r"(?:19|20)\d\d[12]")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILE_NAME = re.compile(r"[a-z][a-z0-9_]*\.csv(?:\.gz)?")


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file as the manifest names it: rows without the header, digest of the file as it lies there."""

    name: str
    rows: int
    sha256: str

    @property
    def plain_name(self) -> str:
        """The name without ``.gz``, by which the parts know the file."""
        return self.name.removesuffix(".gz")

    @property
    def is_gzip(self) -> bool:
        return self.name.endswith(".gz")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says about itself. ``scope`` is ``nation``, ``province:PP`` or ``delta``."""

    schema_version: int
    cutoff_date: date
    semester_id: str
    scope: str
    files: tuple[FileEntry, ...]

    @property
    def is_delta(self) -> bool:
        return self.scope == DELTA

    @property
    def province_prefix(self) -> str | None:
        """``PP`` of a bundle that speaks of one province only."""
        return self.scope.partition(":")[2] or None

    def to_json(self) -> str:
        """The text of manifest.json."""
        values = asdict(self) | {"cutoff_date": self.cutoff_date.isoformat()}
        return json.dumps(values, indent=1) + "\n"


def parse(content: bytes) -> Manifest:
    """Read manifest.json; raises BundleError that names the line or the key."""
    values = _object(content)
    version = _take(values, "schema_version", int, f"harus {SCHEMA_VERSION}", lambda v: v == SCHEMA_VERSION)
    return Manifest(
        schema_version=version,
        cutoff_date=_date(values),
        semester_id=_take(values, "semester_id", str, "harus seperti 20201", _matches(SEMESTER)),
        scope=_take(values, "scope", str, "harus nation, province:PP (dua angka), atau delta", _matches(_SCOPE)),
        files=_entries(values),
    )


def _object(content: bytes) -> dict[str, Any]:
    try:
        values = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        column = error.start - content.rfind(b"\n", 0, error.start)
        raise BundleError(NAME, "Berkas ini bukan teks UTF-8.", line, column) from None
    except json.JSONDecodeError as error:
        raise BundleError(NAME, "Berkas ini bukan JSON yang sah.", error.lineno, error.colno) from None
    except RecursionError:
        raise BundleError(NAME, "Berkas ini bukan JSON yang sah.") from None
    if not isinstance(values, dict):
        raise BundleError(NAME, "Isinya harus satu objek JSON.", 1, 1)
    return values


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise BundleError(NAME, "Kunci ini tertulis dua kali.", column=key)
        values[key] = value
    return values


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: pattern.fullmatch(value) is not None


def _take(
    values: dict[str, Any], key: str, kind: type, rule: str, is_right: Callable[[Any], bool], within: str = ""
) -> Any:
    if key not in values:
        raise BundleError(NAME, "Kunci ini tidak ada.", column=within + key)
    value = values[key]
    if type(value) is not kind or not is_right(value):
        raise BundleError(NAME, f"Nilainya {json.dumps(value)[:80]}; {rule}.", column=within + key)
    return value


def _date(values: dict[str, Any]) -> date:
    rule = "harus tanggal seperti 2020-09-11"
    text = _take(values, "cutoff_date", str, rule, _matches(re.compile(r"\d{4}-\d\d-\d\d")))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BundleError(NAME, f"Nilainya {json.dumps(text)}; {rule}.", column="cutoff_date") from None


def _entries(values: dict[str, Any]) -> tuple[FileEntry, ...]:
    # Files without rows may be missing from a delta: one that tells nothing new lists none.
    listed = _take(values, "files", list, "harus daftar berkas", lambda files: files or values.get("scope") == "delta")
    entries = tuple(_entry(value, f"files[{place}]") for place, value in enumerate(listed))
    seen: set[str] = set()
    for place, entry in enumerate(entries):
        if entry.plain_name in seen:
            raise BundleError(NAME, f"{entry.plain_name} tertulis dua kali.", column=f"files[{place}].name")
        seen.add(entry.plain_name)
    return entries


def _entry(value: Any, place: str) -> FileEntry:
    if not isinstance(value, dict):
        raise BundleError(NAME, "Harus objek dengan name, rows, dan sha256.", column=place)
    within = f"{place}."
    return FileEntry(
        name=_take(value, "name", str, "harus nama berkas .csv atau .csv.gz", _matches(_FILE_NAME), within),
        rows=_take(value, "rows", int, "harus bilangan bulat, nol atau lebih", lambda v: v >= 0, within),
        sha256=_take(value, "sha256", str, "harus 64 angka heksadesimal huruf kecil", _matches(_SHA256), within),
    )
