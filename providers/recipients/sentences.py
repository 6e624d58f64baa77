"""Which sentence of the catalogue tells where a number stands, and with which facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from providers.catalogue import Topic, describe
from providers.choices import REPAIR_CELLS, STAGE_CELLS, Cell, Stage, State
from providers.made_up import has_odd_digits
from providers.models import Entitlement, PhoneRecord
from vervalponsel.kit.templatetags.ui import tanggal, wib

from .sharers import SHARED_CELLS

SCHOOL, PROVIDER, DINAS, PUSDATIN, NOBODY = "Sekolah", "Provider", "Dinas", "Pusdatin", ""

ACTS: dict[str, str] = {
    **dict.fromkeys(REPAIR_CELLS, SCHOOL),
    Cell.USABLE: SCHOOL,
    Cell.STATED: SCHOOL,
    Cell.RETURNED: SCHOOL,
    Cell.UPLOADED: DINAS,
    Cell.APPROVED: PUSDATIN,
    Cell.READY: PUSDATIN,
    Cell.SENT: PROVIDER,
    Cell.RELEASED: PROVIDER,
    Cell.INJECTED: NOBODY,
}
"""Who acts next on a record in a cell."""

TONES: dict[str, str] = {
    **dict.fromkeys(REPAIR_CELLS, "fix"),
    **dict.fromkeys((Cell.READY, Cell.SENT, Cell.STATED, Cell.UPLOADED, Cell.APPROVED, Cell.RELEASED), "wait"),
    Cell.RETURNED: "fix",
    Cell.USABLE: "ok",
    Cell.INJECTED: "ok",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A state in words: the badge's word and tone, the sentence, who acts next."""

    cell: str
    word: str
    tone: str
    sentence: str
    acts: str


def said_of(
    record: PhoneRecord, claim: Entitlement | None = None, *, taken_back: bool = False, where: str = ""
) -> Said:
    """Say where a record stands; ``claim`` is its live claim, with its statement's facts.

    ``where`` tells how many of those who share the number are at its school (``sharers.where_shared``).
    ``taken_back`` tells of a FAILED one that its quota had come in before the provider reversed it.
    """
    cell = record.cell
    if cell not in Cell.values:
        return Said(cell, "Bukan penerima", "neutral", describe(record.eligibility, Topic.ELIGIBILITY), NOBODY)
    if cell == Cell.FAILED and taken_back:
        return Said(cell, Stage.REVERSED.label, TONES[cell], _failed(record, claim, "REVERSED"), ACTS[cell])
    if cell in SHARED_CELLS:
        sentence = describe(cell, count=str(record.share_count), where=where)
    else:
        sentence = _SENTENCES.get(cell, _stage if cell in STAGE_CELLS else _plain)(record, claim)
    if cell not in STAGE_CELLS:
        sentence = f"{sentence} {_again(record)}".strip()
    word, tone = _usable(record) if cell == Cell.USABLE else (Cell(cell).label, TONES[cell])
    return Said(cell, word, tone, sentence, ACTS[cell])


def question_of(record: PhoneRecord) -> str:
    """What the school is asked about a number that looks made up; nothing when it need not be."""
    if not record.is_in_question:
        return ""
    return describe("ODD_DIGITS" if has_odd_digits(record.number) else "IN_A_ROW", Topic.QUESTION)


def _again(record: PhoneRecord) -> str:
    """That an answered number is asked once more: wished for, or with the provider already."""
    if record.recheck_wanted_at:
        return describe("RECHECK_WANTED", date=tanggal(record.recheck_wanted_at))
    if record.asked_in_id and record.cell != Cell.SENT:
        return describe("ASKED_AGAIN", provider=_provider(record), date=_asked_at(record))
    return ""


def _usable(record: PhoneRecord) -> tuple[str, str]:
    """A usable number is ready for a statement only when somebody has said whose it is."""
    if record.ownership:
        return "Siap masuk SPTJM", "ok"
    return f"{State(record.state).label}, isi kepemilikan", "wait"


def _provider(record: PhoneRecord) -> str:
    return record.provider.name if record.provider else "provider"


def _plain(record: PhoneRecord, claim: Entitlement | None) -> str:
    return describe(record.state, provider=_provider(record), date=_day(record.answered_at))


def _malformed(record: PhoneRecord, claim: Entitlement | None) -> str:
    return describe(record.code, Topic.NUMBER) if record.code else describe(record.state)


def _failed(record: PhoneRecord, claim: Entitlement | None, code: str = "FAILED") -> str:
    reason = describe(record.code, Topic.INJECTION) if record.code else ""
    return describe(code, provider=_provider(record), reason=reason, date=_day(record.state_at))


def _sent(record: PhoneRecord, claim: Entitlement | None) -> str:
    return describe("SENT", provider=_provider(record), date=_asked_at(record))


def _asked_at(record: PhoneRecord) -> str:
    """Since when the provider has had the question."""
    asked = record.asked_in
    return wib(asked.offered_at or asked.created_at) if asked else ""


def _stage(record: PhoneRecord, claim: Entitlement | None) -> str:
    if claim is None:
        return describe(record.stage)
    facts = {
        "statement": "",
        "reason": "",
        **getattr(claim, "facts", {}),
        "provider": claim.provider.name,
        "date": _day(claim.stage_at),
        "gigabytes": str(claim.package.gigabytes) if claim.package else "",
    }
    return describe(record.stage, **facts)


def _day(at: datetime | None) -> str:
    return tanggal(at) if at else ""


_SENTENCES: dict[str, Callable[[PhoneRecord, Entitlement | None], str]] = {
    Cell.MALFORMED: _malformed,
    Cell.FAILED: _failed,
    Cell.SENT: _sent,
}
