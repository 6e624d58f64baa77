"""The two kinds of people whose numbers are kept, told apart by data instead of by code."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from uuid import UUID

from django.urls import reverse

from schools.choices import PersonRole

from .models import Recipient
from .querysets import RecipientQuerySet


@dataclass(frozen=True, slots=True)
class People:
    """One kind of recipient: its rows, the URL names of its pages, and the words for it."""

    role: PersonRole
    model: type[Recipient]
    namespace: str
    word: str
    identity_label: str
    identity_field: str
    person_field: str
    has_classes: bool

    @property
    def rows(self) -> RecipientQuerySet:
        """All rows of the register; views narrow them by ``visible_to``."""
        return self.model.objects.all()  # type: ignore[attr-defined]

    def identity_of(self, person: Recipient) -> str:
        """NISN or NUPTK, perhaps empty."""
        return str(getattr(person, self.identity_field))

    def who(self, person: Recipient) -> str:
        """Identity and class in one line, as far as there are any."""
        identity, class_name = self.identity_of(person), self.class_of(person)
        return " · ".join(part for part in (identity and f"{self.identity_label} {identity}", class_name) if part)

    def class_of(self, person: Recipient) -> str:
        """The pupil's class; teachers have none."""
        return str(getattr(person, "class_name", ""))

    def person_id_of(self, person: Recipient) -> UUID:
        """peserta_didik_id or ptk_id."""
        return person.person_id  # type: ignore[attr-defined]

    def url(self, name: str) -> str:
        """The address of one of its pages without a row: list, several, ownership, left_out."""
        return reverse(f"{self.namespace}:{name}")

    def url_of(self, name: str, *args: object) -> str:
        """The address of a page that names more than the people, such as a kind of table."""
        return reverse(f"{self.namespace}:{name}", args=args)

    @property
    def changes_url(self) -> str:
        return self.url("changes")

    @property
    def list_url(self) -> str:
        return self.url("list")

    @property
    def several_url(self) -> str:
        return self.url("several")

    @property
    def ownership_url(self) -> str:
        return self.url("ownership")

    @property
    def left_out_url(self) -> str:
        return self.url("left_out")

    def row_url(self, name: str, pk: int) -> str:
        """The address of what can be done to one row: row, edit, recheck, confirm, confirm_sharing."""
        return _pattern(f"{self.namespace}:{name}") % pk

    def story_url(self, pk: int) -> str:
        """One recipient's whole story, a page made of several parts."""
        return _pattern("desk:story", self.word) % pk


@cache
def _pattern(name: str, *before: str) -> str:
    """An address with a place for the row's key.

    A list asks for hundreds of them, and resolving each one would cost more than all else on the page.
    """
    return reverse(name, args=[*before, 0]).replace("/0/", "/%d/")
