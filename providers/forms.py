from __future__ import annotations

from typing import Any

from django import forms

from schools.models import Period

from . import ledger
from .choices import INJECT_OUTCOMES, MATCH_OUTCOMES, Decision, ExchangeStatus, Purpose
from .ledger import Word
from .models import Exchange, Provider

HELD = "held"


class LedgerForm(forms.Form):
    """Which exchanges are listed."""

    provider = forms.ModelChoiceField(Provider.objects.order_by("name"), required=False, empty_label="Semua")
    purpose = forms.ChoiceField(label="Pertukaran", required=False, choices=[("", "Semua"), *Purpose.choices])
    status = forms.ChoiceField(label="Keadaan", required=False, choices=[("", "Semua"), *ExchangeStatus.choices])
    seen = forms.ChoiceField(label="Perlu dilihat", required=False, choices=[("", "Semua"), (HELD, "Baris ditahan")])

    @property
    def is_unfolded(self) -> bool:
        """Whether a phone shows all filters at once: more than the provider is chosen."""
        return any(self.data.get(name) for name in ("purpose", "status", "seen"))

    def chosen(self) -> dict[str, Any]:
        """The filled filters by the lookup they stand for."""
        found = {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}
        if found.pop("seen", "") == HELD:
            found["pk__in"] = {exchange for exchange, *_ in ledger.held_files()}
        return found


class MeaningForm(forms.Form):
    """What a word in a provider's files means. For one that nobody knows nothing is chosen: no answer by accident."""

    word = forms.CharField(max_length=40, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label="Artinya")

    def __init__(self, data: Any = None, *, exchange: Exchange, **options: Any) -> None:
        super().__init__(data, **options)
        outcomes = MATCH_OUTCOMES if exchange.purpose == Purpose.MATCH else INJECT_OUTCOMES
        known = [(o.value, o.label) for o in outcomes]
        nothing = [] if self.initial.get("outcome") else [("", "Pilih artinya")]
        self.fields["outcome"].choices = [*nothing, *known]  # type: ignore[attr-defined]

    @classmethod
    def of(cls, word: Word, exchange: Exchange) -> MeaningForm:
        """The form for one word; a page has several, so that the ids of their fields bear the word."""
        values = {"word": word.word, "outcome": word.outcome}
        return cls(exchange=exchange, initial=values, auto_id=f"arti-{word.word.replace('%', '%%')}-%s")


class CredentialForm(forms.Form):
    """For which provider a new key is made."""

    provider = forms.ModelChoiceField(Provider.objects.order_by("name"), label="Provider", empty_label="Pilih provider")


class ScoreForm(forms.Form):
    """Over which period the score cards are."""

    period = forms.ModelChoiceField(
        Period.objects.order_by("-starts_date", "-id"), label="Periode", required=False, empty_label="Semua periode"
    )


class DecisionForm(forms.Form):
    """What becomes of a number that was answered in different ways."""

    decision = forms.ChoiceField(choices=Decision.choices)


class ContactForm(forms.ModelForm):
    """Whom Pusdatin calls at a provider."""

    class Meta:
        model = Provider
        fields = ("contact_name", "contact_phone", "contact_email")
