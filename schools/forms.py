"""Forms of recaps and of Pusdatin's management pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.models import User
from vervalponsel.accounts.permissions import Permission, Role
from vervalponsel.kit.modelforms import GivenForm

from .accounts import UnknownScope, label_for
from .choices import Jenjang, PersonRole
from .models import Office, Period, Window


class RecapFilter(forms.Form):
    """Which jenjang and whose figures; ``allowed`` (empty: all) is what the actor may read at all."""

    jenjang = forms.ChoiceField(label="Jenjang", required=False)
    penerima = forms.ChoiceField(
        label="Penerima", required=False, choices=[("", "Siswa dan guru"), *PersonRole.choices]
    )
    keadaan = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any, *, allowed: list[str]) -> None:
        super().__init__(data)
        open_to = [choice for choice in Jenjang.choices if not allowed or choice[0] in allowed]
        self.fields["jenjang"].choices = [("", "Semua jenjang"), *open_to]  # type: ignore[attr-defined]
        self.allowed = allowed
        self.is_valid()

    @property
    def single(self) -> str:
        """The one jenjang that was chosen, or nothing."""
        return str(self.cleaned_data.get("jenjang", ""))

    @property
    def jenjang_read(self) -> list[str]:
        """What figures are summed over; empty means all."""
        return [self.single] if self.single else self.allowed

    @property
    def role(self) -> str:
        return str(self.cleaned_data.get("penerima", ""))


def _of_this_century(instant: datetime) -> None:
    """A year at the calendar's edge is a slip of the hand, and lies outside of it in another time zone."""
    if not 2000 <= instant.year < 2100:
        raise forms.ValidationError("Periksa tahunnya.", code="year")


class _Instant(forms.SplitDateTimeField):
    """A day and a time of day, as two native inputs."""

    default_validators = [_of_this_century]

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "class": "short", "aria-label": "Tanggal"},
            time_attrs={"type": "time", "class": "short", "aria-label": "Jam"},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )
        super().__init__(widget=widget, input_date_formats=["%Y-%m-%d"], input_time_formats=["%H:%M"], **kwargs)


class PeriodForm(forms.ModelForm):
    """A period's rules; only a draft can be changed."""

    deadline_at = _Instant(label="Tenggat SPTJM (WIB)")
    jenjang = forms.MultipleChoiceField(
        label="Jenjang dilayani", choices=Jenjang.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Period
        fields = [
            "name",
            "semester_id",
            "starts_date",
            "deadline_at",
            "jenjang",
            "sharing_confirm_above",
            "sharing_max",
            "answer_valid_days",
            "stamp_duty_rupiah",
            "carries_over",
            "excludes_pip",
            "holds_no_coverage",
        ]
        widgets = {"starts_date": forms.DateInput(attrs={"type": "date", "class": "short"}, format="%Y-%m-%d")}
        help_texts = {
            "semester_id": "Lima angka, misalnya 20201 untuk semester ganjil 2020/2021.",
            "sharing_confirm_above": "Nomor yang dipakai lebih banyak penerima dari ini harus ditegaskan sekolah.",
            "sharing_max": "Nomor yang dipakai lebih banyak penerima dari ini tidak dapat masuk SPTJM.",
        }


class WindowForm(GivenForm):
    """A span of time in a period, for the nation or a region."""

    given = ("period",)

    opens_at = _Instant(label="Dibuka (WIB)")
    closes_at = _Instant(label="Ditutup (WIB)")

    class Meta:
        model = Window
        fields = ["kind", "stage", "name", "region_prefix", "opens_at", "closes_at"]
        help_texts = {"region_prefix": "Dua atau empat angka kode wilayah; kosong berarti seluruh negeri."}


class OfficeForm(forms.ModelForm):
    """What an office judges, and whether anybody works there."""

    jenjang = forms.MultipleChoiceField(
        label="Jenjang yang diperiksa", choices=Jenjang.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Office
        fields = ["name", "jenjang", "is_staffed"]


class CoverageForm(forms.Form):
    """Marks schools as being without coverage, by NPSN."""

    npsn = forms.CharField(label="NPSN", max_length=2000, widget=forms.Textarea, help_text="Satu NPSN per baris.")
    no_coverage = forms.TypedChoiceField(
        label="Tandai sebagai",
        choices=[("1", "Daerah tanpa sinyal (3T)"), ("0", "Ada sinyal")],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
        initial="1",
    )

    def clean_npsn(self) -> list[str]:
        return [word[:8] for word in self.cleaned_data["npsn"].replace(",", " ").split()]


class AssignmentForm(forms.Form):
    """A person and where they work; an office only staffs its own schools."""

    username = forms.CharField(label="Nama pengguna", max_length=150, validators=[User.username_validator])
    name = forms.CharField(label="Nama lengkap", max_length=120)
    role = forms.ChoiceField(label="Peran", choices=Role.choices)
    scope_code = forms.CharField(
        label="NPSN atau kode wilayah",
        max_length=8,
        required=False,
        help_text="Operator: NPSN. Dinas: dua atau empat angka awal kode wilayah. LPMP: dua angka. Pusdatin: kosong.",
    )

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        if not actor.may(Permission.MANAGE):
            self.fields["role"].choices = [(Role.OPERATOR.value, Role.OPERATOR.label)]  # type: ignore[attr-defined]
            self.fields["scope_code"].label = "NPSN"
            self.fields["scope_code"].help_text = "Sekolah di wilayah kerja Anda."

    def clean(self) -> dict[str, Any]:
        """The place must exist, and be the actor's to staff."""
        cleaned = super().clean() or {}
        if cleaned.get("role"):
            try:
                label_for(self.actor, cleaned["role"], cleaned.get("scope_code", ""))
            except UnknownScope as reason:
                self.add_error("scope_code", str(reason))
        if cleaned.get("role") == Role.PUSDATIN and cleaned.get("scope_code"):
            self.add_error("scope_code", "Pusdatin bekerja untuk seluruh negeri: kosongkan.")
        return cleaned


class ServiceKeyForm(forms.Form):
    """Which service a new key is for."""

    service = forms.RegexField(
        r"^[a-z0-9][a-z0-9-]{1,39}$",
        label="Nama layanan",
        help_text="Huruf kecil, angka, dan tanda hubung, misalnya dapodik-pusat.",
        error_messages={"invalid": "Pakai huruf kecil, angka, dan tanda hubung saja, 2 sampai 40 huruf."},
    )
