"""What an operator fills in: one row, or every row of a page at once."""

from __future__ import annotations

from typing import Any

from django import forms

from providers.choices import Ownership, State
from providers.models import PhoneRecord
from vervalponsel.kit.templatetags.ui import phone


def shown(record: PhoneRecord) -> str:
    """What stands in the field before anything is typed."""
    if record.number:
        return phone(record.number)
    return record.typed if record.state == State.MALFORMED else ""


class NumberForm(forms.Form):
    """A number and whose it is. ``version`` is the record's when the form was opened."""

    typed = forms.CharField(label="Nomor ponsel", required=False, max_length=120, strip=True)
    ownership = forms.ChoiceField(
        label="Milik siapa", required=False, choices=[("", "Belum diisi"), *Ownership.choices]
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    back = forms.CharField(widget=forms.HiddenInput, required=False, max_length=300)

    def __init__(self, data: Any = None, *, record: PhoneRecord, key: int, back: str = "") -> None:
        first = {"typed": shown(record), "ownership": record.ownership, "version": record.version, "back": back}
        super().__init__(data, initial=first, auto_id=f"%s-{key}")
        self.fields["typed"].widget.attrs |= {"inputmode": "tel", "autocomplete": "off", "class": "short"}
        self.fields["ownership"].widget.attrs["class"] = "short"

    def clean(self) -> dict[str, Any]:
        """A proposed reading that was pressed stands for the text beside it."""
        cleaned = super().clean() or {}
        if choice := self.data.get("choice"):
            cleaned["typed"] = choice[:120]
        return cleaned


class OwnershipForm(forms.Form):
    """Whose numbers the chosen rows are."""

    ownership = forms.ChoiceField(label="Milik siapa", choices=Ownership.choices)
