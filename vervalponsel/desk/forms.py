from django import forms

from providers.models import Package, Prefix
from schools.models import Period
from vervalponsel.kit.modelforms import GivenForm


class PackageForm(GivenForm):
    """Gigabytes a month for one kind of recipient."""

    given = ("period",)

    class Meta:
        model = Package
        fields = ["role", "jenjang", "provider", "general_gb", "learning_gb"]
        help_texts = {"provider": "Kosong berarti sama untuk semua provider."}


class PrefixForm(forms.ModelForm):
    """A range of prefixes, written without the zero, and from when to when it is whose."""

    class Meta:
        model = Prefix
        fields = ["provider", "first", "last", "valid_from", "valid_to"]
        help_texts = {
            "first": "Tiga angka tanpa nol: 811 untuk 0811.",
            "valid_to": "Hari pertama yang tidak berlaku lagi.",
        }
        widgets = {
            "valid_from": forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
            "valid_to": forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d"),
        }


class SharingLimitsForm(forms.ModelForm):
    """How many recipients a number may have in the current period."""

    class Meta:
        model = Period
        fields = ["sharing_confirm_above", "sharing_max"]
        help_texts = {
            "sharing_confirm_above": "Nomor yang dipakai lebih banyak penerima dari ini harus ditegaskan sekolah.",
            "sharing_max": "Nomor yang dipakai lebih banyak penerima dari ini tidak dapat masuk SPTJM.",
        }
