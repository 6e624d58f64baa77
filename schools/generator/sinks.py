"""Where a bundle is written: a folder or a zip, complete or not at all."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from schools.cutoff import manifest as manifests
from schools.cutoff.manifest import FileEntry, Manifest

_LEVEL = 4


class Member:
    """A file being written: counts what the manifest has to say about it."""

    def __init__(self, name: str, stream: IO[bytes]) -> None:
        self._name, self._stream = name, stream
        self._rows, self._digest = 0, hashlib.sha256()

    def put(self, content: bytes, rows: int) -> None:
        """Append bytes that hold so many rows."""
        self._stream.write(content)
        self._digest.update(content)
        self._rows += rows

    def entry(self) -> FileEntry:
        return FileEntry(self._name, self._rows, self._digest.hexdigest())


class BundleWriter:
    """Writes files and at last the manifest; see ``writing``."""

    def __init__(self, place: Path, archive: zipfile.ZipFile | None) -> None:
        self._place, self._archive = place, archive
        self._members: list[Member] = []

    @contextmanager
    def member(self, name: str) -> Iterator[Member]:
        """A new file; close one before the next is begun."""
        with self._stream(name) as stream:
            member = Member(name, stream)
            yield member
        self._members.append(member)

    def finish(self, manifest: Manifest) -> Manifest:
        """Write the manifest, the last file of a bundle."""
        with self._stream(manifests.NAME) as stream:
            stream.write(manifest.to_json().encode())
        return manifest

    def entries(self) -> tuple[FileEntry, ...]:
        """What was written so far."""
        return tuple(member.entry() for member in self._members)

    def _stream(self, name: str) -> IO[bytes]:
        if self._archive is None:
            return (self._place / name).open("xb")
        # A fixed date, so that the same order gives the same zip.
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_STORED if name.endswith(".gz") else zipfile.ZIP_DEFLATED
        info._compresslevel = _LEVEL  # type: ignore[attr-defined]  # noqa: SLF001
        return self._archive.open(info, "w", force_zip64=True)


@contextmanager
def writing(out: Path, *, as_zip: bool) -> Iterator[BundleWriter]:
    """Write beside ``out`` and rename at the end; nothing is left behind when it fails. FileExistsError if taken."""
    if out.exists() and (out.is_file() or any(out.iterdir())):
        raise FileExistsError(out)
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = out.with_name(f".{out.name}.draft")
    _discard(draft)
    try:
        if as_zip:
            with zipfile.ZipFile(draft, "x") as archive:
                yield BundleWriter(draft, archive)
        else:
            draft.mkdir()
            yield BundleWriter(draft, None)
        draft.replace(out)
    finally:
        _discard(draft)


def _discard(draft: Path) -> None:
    if draft.is_dir():
        shutil.rmtree(draft)
    else:
        draft.unlink(missing_ok=True)
