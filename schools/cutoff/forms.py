"""The form by which Pusdatin hands in a bundle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django import forms
from django.core.files.uploadedfile import UploadedFile

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
    manifest: Manifest

    def clean_bundle(self) -> UploadedFile:
        """Only the table of contents is read here; the rest is checked in the background."""
        file: UploadedFile = self.cleaned_data["bundle"]
        try:
            with _as_path(file) as path, open_bundle(path) as bundle:
                self.manifest = bundle.manifest
        except BundleError as error:
            raise forms.ValidationError(str(error)) from error
        file.seek(0)
        return file


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
