from __future__ import annotations

from typing import Any

from django import forms

from schools.models import Period

from .choices import INJECT_OUTCOMES, MATCH_OUTCOMES, Decision, ExchangeStatus, Purpose
from .models import Exchange, Provider


class LedgerForm(forms.Form):
    """Which exchanges are listed."""

    provider = forms.ModelChoiceField(Provider.objects.order_by("name"), required=False, empty_label="Semua")
    purpose = forms.ChoiceField(label="Pertukaran", required=False, choices=[("", "Semua"), *Purpose.choices])
    status = forms.ChoiceField(label="Keadaan", required=False, choices=[("", "Semua"), *ExchangeStatus.choices])

    def chosen(self) -> dict[str, Any]:
        """The filled filters by the name of their column."""
        return {name: value for name, value in self.cleaned_data.items() if value} if self.is_valid() else {}


class MeaningForm(forms.Form):
    """What a word that was held means."""

    word = forms.CharField(max_length=40, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(label="Artinya")

    def __init__(self, data: Any = None, *, exchange: Exchange, **options: Any) -> None:
        super().__init__(data, **options)
        outcomes = MATCH_OUTCOMES if exchange.purpose == Purpose.MATCH else INJECT_OUTCOMES
        self.fields["outcome"].choices = [(o.value, o.label) for o in outcomes]  # type: ignore[attr-defined]


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
