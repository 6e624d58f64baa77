"""Whose number a re-reading left because it is locked: a person can look for a name, not for a record's key."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.models import RowError
from vervalponsel.batches.words import register_places

from .people import People

_CODE = "PREFIX_LOCKED"


def register_people(people: People) -> None:
    """Have the row errors of a re-reading tell of people of this kind."""
    register_places(partial(_told_of, people))


def _told_of(people: People, errors: Sequence[RowError], actor: Actor) -> dict[int, tuple[str, str]]:
    """The line of such a row error is the key of the record."""
    keys = {error.line: error.pk for error in errors if error.code == _CODE}
    if not keys:
        return {}
    rows = people.rows.visible_to(actor).filter(record__in=keys).select_related("school").order_by("pk")
    return {
        keys[row.record_id]: (
            row.name,
            " · ".join(filter(None, [people.who(row), f"{row.school.name} (NPSN {row.school.npsn})"])),
        )
        for row in rows
    }
