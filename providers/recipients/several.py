"""Every row of a page as fields of one form: the way to correct many numbers without JavaScript."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from providers.choices import Ownership
from providers.models import Entitlement, PhoneRecord
from vervalponsel.accounts.actor import Actor
from vervalponsel.kit.keys import key_of

from . import actions
from .forms import shown
from .models import Recipient
from .people import People


@dataclass(slots=True)
class Entry:
    """One row's fields as they are shown, or as they came back wrong."""

    pk: int
    record: PhoneRecord
    name: str
    identity: str
    class_name: str
    typed: str
    ownership: str
    version: int
    locked: bool = False
    error: str = ""
    choices: tuple[str, ...] = ()


@dataclass(slots=True)
class Outcome:
    """What came of a page of entries; ``wrong`` come back to the person with their reason."""

    changed: int
    unchanged: int
    wrong: list[Entry]


def entries_of(people: People, recipients: Iterable[Recipient]) -> list[Entry]:
    """Fields filled with what is stored."""
    listed = [person for person in recipients if person.record]
    live = Entitlement.objects.live().filter(record__in=[p.record_id for p in listed])
    locked = set(live.values_list("record_id", flat=True))
    return [_entry(people, person, person.record, person.record_id in locked) for person in listed if person.record]


def _entry(people: People, person: Recipient, record: PhoneRecord, locked: bool) -> Entry:
    return Entry(
        pk=person.pk,
        record=record,
        name=person.name,
        identity=people.identity_of(person),
        class_name=people.class_of(person),
        typed=shown(record),
        ownership=record.ownership,
        version=record.version,
        locked=locked,
    )


def posted(entries: list[Entry], data: Mapping[str, str]) -> list[Entry]:
    """The entries with what the person typed; a row that was not sent along stays as it is."""
    for entry in entries:
        entry.typed = data.get(f"choice-{entry.pk}") or data.get(f"typed-{entry.pk}", entry.typed)[:120]
        # No form of Django's stands before these fields: an owner that is none of the choices was not chosen here.
        ownership = data.get(f"ownership-{entry.pk}", entry.ownership)
        entry.ownership = ownership if ownership in ("", *Ownership.values) else entry.ownership
        entry.version = key_of(data.get(f"version-{entry.pk}")) or entry.version
    return entries


def save_entries(*, by: Actor, entries: list[Entry], now: datetime) -> Outcome:
    """Save each entry by itself: one wrong number does not keep the others from being saved."""
    outcome = Outcome(0, 0, [])
    for entry in entries:
        try:
            saved = actions.save_number(
                by=by, record=entry.record, typed=entry.typed, ownership=entry.ownership, version=entry.version, now=now
            )
        except actions.EditRefused as refusal:
            outcome.wrong.append(_came_back(entry, refusal))
        else:
            outcome.changed += saved.changed
            outcome.unchanged += not saved.changed
    return outcome


def _came_back(entry: Entry, refusal: actions.EditRefused) -> Entry:
    entry.record, entry.version = refusal.record, refusal.record.version
    entry.error = refusal.sentence
    if isinstance(refusal, actions.Unreadable):
        entry.choices = refusal.reading.proposals
    return entry
