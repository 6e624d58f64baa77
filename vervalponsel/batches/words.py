"""Counts and set-aside rows of a batch in words; the parts above bring theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vervalponsel.accounts.actor import Actor
from vervalponsel.kit.templatetags.ui import thousands

from .choices import LIVE, Status
from .models import Batch, RowError

Describe = Callable[..., str]
_describers: list[Describe] = []
Deed = Callable[[str], tuple[str, str]]
_deeds: list[Deed] = []
Places = Callable[[Sequence[RowError], Actor], dict[int, tuple[str, str]]]
_places: list[Places] = []

_kept: set[str] = set()

WORDS: dict[str, str] = {
    "schools": "Sekolah",
    "students": "Siswa",
    "teachers": "Guru",
    "regions": "Wilayah",
    "read": "Dibaca",
    "recipients": "Penerima",
    "set_aside": "Disisihkan",
    "changes": "Perubahan",
    "mirrored": "Keadaan disesuaikan",
    "shared": "Nomor bersama dinilai ulang",
    "carried": "Diteruskan dari periode lalu",
    "unlocked": "Kunci dilepas",
    "rows": "Baris",
    "pages": "Halaman",
    "applied": "Diterapkan",
    "stale": "Usang, nomor sudah berubah",
    "duplicate": "Sudah pernah diterima",
    "contradicted": "Bertentangan",
    "unknown": "Tidak dikenal",
    "held": "Ditahan",
    "released": "Dikirim ke provider",
    "skipped": "Dilewati",
    "dropped": "Dikeluarkan",
}
"""Keys of counts that several kinds of batches use, in the order in which they are shown."""


def register_words(words: Mapping[str, str]) -> None:
    """Tell what further keys of counts are called."""
    WORDS.update(words)


def register_kept(codes: Iterable[str]) -> None:
    """Tell which codes are reasons of rows that were kept: they are counted, and stand in no list of refused rows."""
    _kept.update(codes)


def kept_of(counts: Mapping[str, Any]) -> int:
    """How many rows of a batch were set aside and kept all the same."""
    return sum(n for code, n in codes_in(counts) if code in _kept)


def refused_codes(counts: Mapping[str, Any]) -> Iterator[str]:
    """Codes of rows that could not be kept, wherever they stand in the counts."""
    return (code for code, _ in codes_in(counts) if code not in _kept)


def codes_in(counts: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """(code, number) of everything that the parts of a batch set aside."""
    for value in counts.values():
        if isinstance(value, Mapping):
            aside = value.get("set_aside")
            yield from aside.items() if isinstance(aside, Mapping) else ()


def register_describer(describe: Describe) -> None:
    """Tell who knows the sentence of a row error's code: ``describe(code, **facts)``."""
    if describe not in _describers:
        _describers.append(describe)


def register_deeds(deed: Deed) -> None:
    """Tell who knows whose move a row error's code is: ``deed(code)`` gives (who acts, what to do)."""
    if deed not in _deeds:
        _deeds.append(deed)


def register_places(find: Places) -> None:
    """Tell who knows what a row error is about when its line is none of a file: ``find(errors, actor)``."""
    if find not in _places:
        _places.append(find)


def told_with_places(errors: Sequence[RowError], actor: Actor) -> list[tuple[RowError, Told, tuple[str, str]]]:
    """Each row error with what is told of it on a page, and its place: what it is about, and more of that."""
    places = places_of(errors, actor)
    return [(error, told_of(error), places.get(error.pk) or _place_in_file(error)) for error in errors]


def places_of(errors: Sequence[RowError], actor: Actor) -> dict[int, tuple[str, str]]:
    """By key, what those are about that stand in no file, as far as the actor may see it."""
    found: dict[int, tuple[str, str]] = {}
    for find in _places:
        found |= find(errors, actor)
    return found


def _place_in_file(error: RowError) -> tuple[str, str]:
    place = f"{error.file} baris {error.line}" if error.file else f"Baris {error.line}"
    return place, f"kolom {error.column}" if error.column else ""


@dataclass(frozen=True, slots=True)
class Told:
    """A row that was set aside, in words: why, whose move it is, and what to do."""

    sentence: str
    acts: str
    todo: str


def told_of(error: RowError) -> Told:
    """All that the catalogue says of a row error; nothing of a code that nobody knows but the code itself."""
    for deed in _deeds:
        try:
            return Told(sentence_of(error), *deed(error.code))
        except LookupError:
            continue
    return Told(sentence_of(error), "", "")


def sentence_of(error: RowError) -> str:
    """Why a row was set aside; the code itself when nobody knows its sentence."""
    return _described(error.code, error.facts)


def _described(code: str, facts: Mapping[str, Any]) -> str:
    for describe in _describers:
        try:
            return describe(code, **facts)
        except (LookupError, ValueError):
            continue
    return code


def starter_of(batch: Batch) -> str:
    """Who handed a batch in: a person in their assignment, a machine with its key, or the system by itself."""
    if batch.created_by_id:
        return batch.actor_name
    kind, _, name = batch.actor_name.partition(":")
    return f"{kind} {name}" if kind in ("provider", "layanan") else "sistem"


def counts_in_words(counts: Mapping[str, Any], level: int = 0) -> Iterator[tuple[int, str, Any]]:
    """(level, words, number) for every count in the order of ``WORDS``, parts after their whole.

    The database keeps no order of keys. Reasons that have no place there come after, the most frequent first.
    """
    for key, value in sorted(_told(counts), key=_place_of_count):
        words = WORDS.get(key) or _code_in_words(key)
        if isinstance(value, Mapping):
            yield level, words, thousands(sum(_numbers(value))) if key == "set_aside" else None
            yield from counts_in_words(value, level + 1)
        else:
            yield level, words, thousands(value) if isinstance(value, int) else value


def _told(counts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What is a count; a batch keeps marks of its own beside."""
    return ((key, value) for key, value in counts.items() if not isinstance(value, bool))


def _place_of_count(count: tuple[str, Any]) -> tuple[int, int, str]:
    key, value = count
    return list(WORDS).index(key) if key in WORDS else len(WORDS), -value if isinstance(value, int) else 0, key


def _numbers(value: Mapping[str, Any]) -> Iterator[int]:
    return (n for n in value.values() if isinstance(n, int))


def _code_in_words(key: str) -> str:
    """A reason code stands for its sentence; any other key is shown as it is, without underscores."""
    return _described(key, {}) if key.isupper() else key.replace("_", " ").capitalize()


def result_of(batch: Batch) -> str:
    """How a batch ended, in one sentence."""
    if batch.error:
        return batch.error
    return {
        Status.DONE: "Selesai.",
        Status.STOPPED: "Dihentikan. Yang sudah selesai tetap tersimpan.",
        Status.PARKED: f"{batch.standing}.",
    }.get(Status(batch.status), batch.standing)


def phases_of(batch: Batch, phases: Sequence[tuple[str, tuple[str, ...]]]) -> list[dict[str, str]]:
    """The parts of a live batch's way, for ui/steps.html: which are done, and which it is at."""
    if batch.status not in LIVE or not phases:
        return []
    at = next((n for n, (_, begins) in enumerate(phases) if batch.step.startswith(begins)), 0)
    states = ["done" if n < at else "now" if n == at else "todo" for n in range(len(phases))]
    return [{"name": name, "state": state} for (name, _), state in zip(phases, states, strict=True)]


def seconds_left(batch: Batch, elapsed: float) -> float | None:
    """An estimate from the pace so far; None while nothing can be said."""
    if not batch.total or not batch.done or elapsed <= 0:
        return None
    return elapsed / batch.done * max(batch.total - batch.done, 0)
