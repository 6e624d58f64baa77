"""What a list shows: choices that stand in the address, read by a form, applied to a queryset."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet

from providers.choices import REPAIR_CELLS, STAGE_CELLS, WAITING_CELLS, Cell
from providers.models import Provider
from vervalponsel.kit.forms import QuickSelect

from .people import People

GROUPS: dict[str, tuple[str, tuple[Cell, ...]]] = {
    "perbaiki": ("Perlu diperbaiki", REPAIR_CELLS),
    "menunggu": ("Menunggu provider", WAITING_CELLS),
    "siap": ("Aktif, belum di SPTJM", (Cell.USABLE,)),
    "berjalan": ("Di SPTJM", tuple(c for c in STAGE_CELLS if c != Cell.INJECTED)),
    "masuk": ("Kuota masuk", (Cell.INJECTED,)),
}
"""Cells as people think of them: who acts next, or that it is done."""

NO_OWNER = "kosong"
IN_QUESTION = "nomor"
_OWNERS = [("", "Semua"), (NO_OWNER, "Belum diisi")]
_QUESTIONS = [("", "Semua"), (IN_QUESTION, "Perlu dipastikan")]
_NOT_LETTERS = re.compile(r"[^0-9a-z]")
_DIGITS_ONLY = re.compile(r"\D")


def cells_of(choice: str) -> list[str]:
    """The cells of a group's name or of a cell's own name; an unknown one has none."""
    if choice in GROUPS:
        return [cell.value for cell in GROUPS[choice][1]]
    return [choice] if choice in Cell.values else []


class FilterForm(forms.Form):
    """The filters of a recipients' list. A choice that does not exist is simply not applied."""

    cari = forms.CharField(label="Cari", required=False, max_length=60)
    keadaan = forms.ChoiceField(label="Keadaan", required=False, widget=QuickSelect)
    kelas = forms.ChoiceField(label="Kelas", required=False, widget=QuickSelect)
    provider = forms.ChoiceField(label="Provider", required=False, widget=QuickSelect)
    milik = forms.ChoiceField(label="Kepemilikan", required=False, widget=QuickSelect, choices=_OWNERS)
    tanya = forms.ChoiceField(label="Pertanyaan", required=False, widget=QuickSelect, choices=_QUESTIONS)
    npsn = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8)

    def __init__(
        self, data: Any, *, people: People, classes: list[str], providers: Mapping[str, Provider] | None = None
    ) -> None:
        super().__init__(data)
        self._offer("keadaan", self._conditions())
        known = Provider.objects.in_bulk() if providers is None else providers
        self._offer("provider", [("", "Semua"), *sorted((code, each.name) for code, each in known.items())])
        self._offer("kelas", [("", "Semua"), *((name, name) for name in classes)])
        self.fields["cari"].widget.attrs["placeholder"] = f"Nama, {people.identity_label} atau nomor"
        if not classes:
            del self.fields["kelas"]
        self.people = people
        self.is_valid()

    def _offer(self, name: str, choices: list[Any]) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    def _conditions(self) -> list[Any]:
        groups = [(name, label) for name, (label, _) in GROUPS.items()]
        return [("", "Semua"), *groups, ("Satu per satu", list(Cell.choices))]

    @property
    def is_filtered(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name != "npsn")

    @property
    def is_unfolded(self) -> bool:
        """Whether a choice is made that the tabs and the search field do not show."""
        return any(self.cleaned_data.get(name) for name in ("kelas", "provider", "milik", "tanya"))

    def apply(self, rows: QuerySet) -> QuerySet:
        """The rows that all choices leave."""
        chosen = self.cleaned_data
        if cells := cells_of(chosen.get("keadaan", "")):
            rows = rows.filter(record__cell__in=cells)
        if chosen.get("kelas"):
            rows = rows.filter(class_name=chosen["kelas"])
        if chosen.get("provider"):
            rows = rows.filter(record__provider=chosen["provider"])
        if chosen.get("milik"):
            rows = rows.filter(record__ownership="")
        if chosen.get("tanya"):
            rows = rows.filter(record__looks_made_up=True, record__confirmed_at__isnull=True)
        return rows.filter(self._searched(chosen.get("cari", ""))) if chosen.get("cari") else rows

    def _searched(self, text: str) -> Q:
        """A name in part, an identity or a number in part; a number with however its zero was written."""
        letters, digits = _NOT_LETTERS.sub("", text.lower()), _DIGITS_ONLY.sub("", text)
        found = Q(name__icontains=text.strip())
        if letters and not letters.isdigit():
            found |= Q(name_key__contains=letters)
        if len(digits) >= 3:
            national = digits.removeprefix("62").removeprefix("0")
            found |= Q(record__number__contains=national) | Q(**{f"{self.people.identity_field}__contains": digits})
        return found
