"""A file that was stored is on the disk, with the folders that lead to it."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from vervalponsel.kit.storage import DurableFiles


def test_a_file_and_its_folders_are_flushed_before_it_counts_as_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushed: list[str] = []
    fsync = os.fsync

    def listen(handle: int) -> None:
        flushed.append(os.path.relpath(Path(f"/proc/self/fd/{handle}").resolve(), tmp_path))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", listen)
    name = DurableFiles(location=tmp_path).save("2020/09/scan.pdf", ContentFile(b"%PDF-"))
    assert (tmp_path / name).read_bytes() == b"%PDF-"
    assert flushed == ["2020/09/scan.pdf", "2020/09", "2020", "."]


def test_files_of_people_are_stored_so() -> None:
    assert isinstance(storages.create_storage(settings.STORAGES["default"]), DurableFiles)
