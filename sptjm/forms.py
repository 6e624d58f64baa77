from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile

from schools.choices import Jenjang, PersonRole
from schools.models import Period, Region, Window
from vervalponsel.accounts.actor import Actor

from .candidates import Choice
from .choices import ReturnCode, ScanRefusal, StatementStatus
from .models import Scan
from .reading import MAX_BYTES, ScanContent, Unreadable, read_scan

BOTH, STUDENTS, TEACHERS = "BOTH", PersonRole.STUDENT.value, PersonRole.TEACHER.value


class OnceForm(forms.Form):
    """A form whose sending twice does its work once: it carries a token of the page it stood on."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def clean_token(self) -> str:
        return str(self.cleaned_data["token"] or "")


class DraftForm(OnceForm):
    """Which part of the school, and who signs."""

    whom = forms.ChoiceField(
        label="Siapa yang dinyatakan",
        choices=[(BOTH, "Siswa dan guru"), (STUDENTS, "Siswa saja"), (TEACHERS, "Guru saja")],
        widget=forms.RadioSelect,
        initial=BOTH,
    )
    classes = forms.MultipleChoiceField(
        label="Kelas",
        help_text="Tanpa pilihan berarti semua kelas.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    head_name = forms.CharField(label="Nama kepala sekolah", max_length=120)
    head_nip = forms.CharField(
        label="NIP kepala sekolah", max_length=30, required=False, widget=forms.TextInput(attrs={"class": "short"})
    )

    def __init__(self, *args: Any, classes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["classes"].choices = [(name, name) for name in classes]  # type: ignore[attr-defined]
        if not classes:
            del self.fields["classes"]

    @property
    def choice(self) -> Choice:
        whom = self.cleaned_data["whom"]
        roles = tuple(PersonRole.values) if whom == BOTH else (whom,)
        return Choice(roles=roles, classes=tuple(self.cleaned_data.get("classes", ())))


class UploadForm(forms.Form):
    """A scan, judged by its content; ``content`` is what was read."""

    scan = forms.FileField(
        label="Pindaian SPTJM yang sudah ditandatangani",
        help_text="PDF, JPEG, atau PNG, paling besar 10 MB. Beberapa halaman dijadikan satu PDF.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,application/pdf,image/jpeg,image/png"}),
        allow_empty_file=True,
        error_messages={"required": "Pilih dulu berkas pindaiannya."},
    )
    content: ScanContent

    def clean_scan(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["scan"]
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError(ScanRefusal.TOO_LARGE.label, code=ScanRefusal.TOO_LARGE)
        try:
            self.content = read_scan(upload.read())
        except Unreadable as refusal:
            raise forms.ValidationError(ScanRefusal(refusal.code).label, code=refusal.code) from None
        return upload


class VoidForm(forms.Form):
    reason = forms.CharField(
        label="Alasan pembatalan",
        min_length=5,
        max_length=300,
        error_messages={"min_length": "Tulis alasannya dengan beberapa kata."},
    )


class ReturnForm(forms.Form):
    """Why a statement goes back."""

    code = forms.ChoiceField(label="Alasan", choices=ReturnCode.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label="Catatan untuk sekolah", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("code") == ReturnCode.OTHER and not cleaned.get("note"):
            self.add_error("note", "Tulis catatan, karena alasannya tidak ada di daftar.")
        return cleaned


class JudgeForm(ReturnForm):
    """The reviewer's word on the scan they looked at: approve, or return with a reason."""

    scan = forms.ModelChoiceField(queryset=Scan.objects.none(), widget=forms.HiddenInput)
    decision = forms.ChoiceField(choices=[("approve", "Setujui"), ("return", "Kembalikan")], widget=forms.HiddenInput)

    def __init__(self, *args: Any, scans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scan"].queryset = scans  # type: ignore[attr-defined]
        if self.data.get("decision") == "approve":
            self.fields["code"].required = False


class QueueForm(forms.Form):
    """Filters of the queue of review."""

    jenjang = forms.ChoiceField(label="Jenjang", choices=[("", "Semua"), *Jenjang.choices], required=False)
    wilayah = forms.ChoiceField(label="Kabupaten/kota", required=False)

    def __init__(self, *args: Any, regions: list[Region], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wilayah"].choices = [("", "Semua"), *((r.code, r.name) for r in regions)]  # type: ignore[attr-defined]


class ListForm(forms.Form):
    """Filters of the list of statements."""

    keadaan = forms.ChoiceField(label="Keadaan", choices=[("", "Semua"), *StatementStatus.choices], required=False)
    periode: forms.ModelChoiceField[Period] = forms.ModelChoiceField(
        label="Periode", queryset=Period.objects.none(), required=False, empty_label="Semua"
    )
    npsn = forms.CharField(label="NPSN", required=False, max_length=8, widget=forms.TextInput(attrs={"class": "short"}))

    def __init__(self, *args: Any, actor: Actor, one_school: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["periode"].queryset = Period.objects.visible_to(actor).order_by("-starts_date", "-id")  # type: ignore[attr-defined]
        if one_school:
            del self.fields["npsn"]


class ReleaseForm(OnceForm):
    """The stage to send now."""

    window = forms.ModelChoiceField(queryset=Window.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args: Any, windows: list[Window], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queryset = Window.objects.filter(pk__in=[w.pk for w in windows]).select_related("period")
        self.fields["window"].queryset = queryset  # type: ignore[attr-defined]
