"""What an operator does to a number: every change is one transaction with one audit event in it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from celery import current_app
from django.db import transaction
from django.utils import timezone

from providers.catalogue import Topic, describe
from providers.choices import USABLE_STATES, Sharing, Source, State
from providers.models import Entitlement, PhoneRecord
from providers.prefixes import table_on
from providers.reading import Code, Reading, read_number
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record as audit
from vervalponsel.kit.templatetags.ui import phone

log = logging.getLogger(__name__)

RECOUNT_TASK = "providers.tasks.recount_sharing"
RECHECKABLE = (State.INACTIVE, State.GRACE, State.NOT_OURS, State.FAILED)


class EditRefused(Exception):
    """The change was not made; ``code`` names its sentence in the catalogue."""

    code = ""
    topic = Topic.EDIT

    def __init__(self, record: PhoneRecord) -> None:
        super().__init__(self.code)
        self.record = record

    @property
    def sentence(self) -> str:
        return describe(self.code, self.topic)


class Locked(EditRefused):
    """The number stands in a live SPTJM."""

    code = "LOCKED"


class ChangedMeanwhile(EditRefused):
    """Somebody else changed the record after the form was opened; ``record`` is as it is now."""

    code = "CHANGED_MEANWHILE"

    @property
    def sentence(self) -> str:
        now = phone(self.record.number) if self.record.number else self.record.typed or "kosong"
        return f"{describe(self.code)} Sekarang tersimpan: {now}."


class NotPossible(EditRefused):
    """The record is not, or no longer, in a state that allows it."""

    code = "NOT_POSSIBLE"


class Unreadable(EditRefused):
    """What was typed is no usable number; nothing was changed."""

    topic = Topic.NUMBER

    def __init__(self, record: PhoneRecord, reading: Reading) -> None:
        self.code, self.reading = str(reading.code), reading
        super().__init__(record)


@dataclass(frozen=True, slots=True)
class Saved:
    """The record as it is now, and whether anything was changed at all."""

    record: PhoneRecord
    number_changed: bool = False
    ownership_changed: bool = False

    @property
    def changed(self) -> bool:
        return self.number_changed or self.ownership_changed


@transaction.atomic
def save_number(*, by: Actor, record: PhoneRecord, typed: str, ownership: str, version: int, now: datetime) -> Saved:
    """Save what the operator typed and stated. What is unchanged changes nothing, not even the version.

    Raises Unreadable, Locked or ChangedMeanwhile (``version`` is the one that the form was opened with).
    """
    held = _hold(record)
    number = _new_number(held, typed, now)
    owner = {"ownership": ownership} if ownership != held.ownership else {}
    if number or owner:
        if held.version != version:
            raise ChangedMeanwhile(held)
        _change(by=by, record=held, action="number.saved", now=now, **number, **owner)
    if number:
        transaction.on_commit(ring_recount)
    return Saved(held, bool(number), bool(owner))


@transaction.atomic
def confirm_number(*, by: Actor, record: PhoneRecord, now: datetime) -> PhoneRecord:
    """The operator vouches for a number that the provider validated by itself, or that looks made up.

    It is not asked about again until the number changes.
    """
    held = _hold(record)
    if held.confirmed_at:
        return held
    if held.state not in USABLE_STATES and not held.is_in_question:
        raise NotPossible(held)
    _note(by=by, record=held, action="number.confirmed", now=now, confirmed_at=now)
    return held


@transaction.atomic
def confirm_sharing(*, by: Actor, record: PhoneRecord, now: datetime) -> PhoneRecord:
    """The operator vouches that those who share the number are one family."""
    held = _hold(record)
    if held.sharing == Sharing.NONE and held.sharing_confirmed_at:
        return held
    if held.sharing != Sharing.TO_CONFIRM:
        raise NotPossible(held)
    _change(by=by, record=held, action="sharing.confirmed", now=now, sharing=Sharing.NONE, sharing_confirmed_at=now)
    return held


@transaction.atomic
def ask_recheck(*, by: Actor, record: PhoneRecord, now: datetime) -> PhoneRecord:
    """Put an unusable number into the next dump once more."""
    held = _hold(record)
    if held.recheck_wanted_at:
        return held
    if held.state not in RECHECKABLE:
        raise NotPossible(held)
    _note(by=by, record=held, action="recheck.wanted", now=now, recheck_wanted_at=now)
    return held


def ring_recount() -> None:
    """Ask a worker to count sharers again. The periodic task does it anyway, so a lost ring costs seconds."""
    try:
        current_app.send_task(RECOUNT_TASK, queue="interactive", retry=False)
    except Exception as problem:  # noqa: BLE001 - whatever the broker's trouble is, the number is saved
        log.warning("sharing recount not rung: %s", type(problem).__name__)


def _hold(record: PhoneRecord) -> PhoneRecord:
    return PhoneRecord.objects.select_for_update().get(pk=record.pk)


def _new_number(held: PhoneRecord, typed: str, now: datetime) -> dict[str, Any]:
    """The columns that a newly typed number sets; nothing when it is the number that already stands there."""
    typed = typed.strip()
    if typed == held.typed and (held.number or held.state == State.MALFORMED):
        return {}
    reading = read_number(typed, table_on(timezone.localdate(now)))
    if reading.code not in (None, Code.EMPTY):
        raise Unreadable(held, reading)
    if (reading.number or "") == held.number and held.state != State.MALFORMED:
        return {}
    return {
        "typed": typed if reading.number else "",
        "number": reading.number or "",
        "provider_id": reading.provider,
        "state": State.READY if reading.number else State.EMPTY,
        "source": Source.EDITED,
        "edited_at": now,
        "state_at": now,
        **UNKNOWN_AGAIN,
    }


UNKNOWN_AGAIN: dict[str, Any] = {
    "code": "",
    "answered_at": None,
    "asked_in": None,
    "confirmed_at": None,
    "recheck_wanted_at": None,
    "sharing": Sharing.NONE,
    "sharing_confirmed_at": None,
    "share_count": 0,
    "looks_made_up": False,
}
"""What was known about the number before: an answer that is still under way will be stale."""

_TOLD = ("typed", "number", "state", "ownership", "confirmed_at", "recheck_wanted_at", "sharing")


def _change(*, by: Actor, record: PhoneRecord, action: str, now: datetime, **values: Any) -> None:
    """A change of what an SPTJM prints: refused while the number stands in a live one."""
    if Entitlement.objects.live().filter(record=record).exists():
        raise Locked(record)
    _note(by=by, record=record, action=action, now=now, **values)


def _note(*, by: Actor, record: PhoneRecord, action: str, now: datetime, **values: Any) -> None:
    """Write ``values`` to the held record, with the event that tells what was before and after."""
    before = {name: getattr(record, name) for name in _TOLD if name in values}
    for name, value in values.items():
        setattr(record, name, value)
    record.version += 1
    record.save(update_fields=[*values, "version"])
    after = {name: getattr(record, name) for name in before}
    audit(by=by, action=action, target=record, now=now, before=_plain(before), after=_plain(after))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
