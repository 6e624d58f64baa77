"""The form by which Pusdatin hands in a bundle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from schools.models import CutoffLimits
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.models import Batch
from vervalponsel.kit.modelforms import GivenForm

from . import deciding
from .bundle import open_bundle
from .errors import BundleError
from .manifest import Manifest


class CutoffForm(forms.Form):
    """A zip is taken by what it holds, whatever it is called; ``manifest`` is there once the form is valid."""

    bundle = forms.FileField(
        label="Berkas tarikan (zip)",
        help_text="Berisi manifest.json dan berkas CSV. Isinya diperiksa dahulu; tarikan yang salah ditolak seutuhnya.",
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )
    trial = forms.BooleanField(
        label="Coba dulu tanpa menulis",
        help_text="Hasilnya sama dengan tarikan sebenarnya, tetapi tidak ada data yang berubah.",
        required=False,
    )
    manifest: Manifest

    def clean_bundle(self) -> UploadedFile:
        """Only the table of contents is read here; the rest is checked in the background."""
        file: UploadedFile = self.cleaned_data["bundle"]
        try:
            with _as_path(file) as path, open_bundle(path, file.name or "") as bundle:
                self.manifest = bundle.manifest
        except BundleError as error:
            raise forms.ValidationError(str(error)) from error
        file.seek(0)
        return file


class LimitsForm(GivenForm):
    """The limits beyond which a second person must agree."""

    class Meta:
        model = CutoffLimits
        fields = ("removed_percent", "changed_percent", "set_aside_percent", "judged_from")
        help_texts = {
            "judged_from": "Provinsi dengan penerima lebih sedikit tidak dinilai tersendiri.",
        }


class DecisionForm(forms.Form):
    """The second person's word: go on, or not, and then why not."""

    decision = forms.ChoiceField(choices=[("approve", "Setujui"), ("refuse", "Tolak")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Alasan menolak",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Tulis alasannya."},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        # Only who refuses says why.
        self.fields["reason"].required = not data or data.get("decision") != "approve"

    def decide(self, *, by: Actor, batch: Batch, now: datetime) -> Batch:
        """Do what was chosen; raises deciding.NotPossible."""
        if self.cleaned_data["decision"] == "approve":
            return deciding.approve(by=by, batch=batch, now=now)
        return deciding.refuse(by=by, batch=batch, reason=self.cleaned_data["reason"], now=now)


@contextmanager
def _as_path(file: UploadedFile) -> Iterator[Path]:
    """A large upload lies on disk already, a small one is written there."""
    if hasattr(file, "temporary_file_path"):
        yield Path(file.temporary_file_path())
        return
    with NamedTemporaryFile(suffix=".zip") as copy:
        for block in file.chunks():
            copy.write(block)
        copy.flush()
        yield Path(copy.name)
