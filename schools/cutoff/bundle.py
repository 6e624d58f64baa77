"""A cut-off bundle: opened, verified whole before it touches a table, then streamed to COPY.

The format is domain.md's "The cut-off bundle": a folder or zip with manifest.json and UTF-8 CSV, gzipped or not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO

from . import manifest as manifests
from . import registry
from .errors import BundleError, RowFault
from .manifest import FileEntry, Manifest
from .records import Block, count_records, numbered, record_blocks, split_header
from .sources import CHUNK, Source, inflate, open_source

MAX_MANIFEST = 1 << 20


class Bundle:
    """An opened bundle. Files go by their plain names (``sekolah.csv``), gzipped or not; close it after use."""

    def __init__(self, source: Source, manifest: Manifest, manifest_sha256: str) -> None:
        self.manifest = manifest
        self.manifest_sha256 = manifest_sha256
        self._source = source
        self._entries = {entry.plain_name: entry for entry in manifest.files}
        self._headers: dict[str, tuple[str, ...]] = {}

    def __enter__(self) -> Bundle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the files."""
        self._source.close()

    def names(self) -> list[str]:
        """The files as they lie there, without manifest.json."""
        return [name for name in self._source.names() if name != manifests.NAME]

    def has(self, name: str) -> bool:
        """Whether the file is in the bundle; a delta may leave files out."""
        return name in self._entries

    def entry(self, name: str) -> FileEntry:
        """The manifest's entry of a file; KeyError when the bundle lacks it."""
        return self._entries[name]

    def header(self, name: str) -> tuple[str, ...]:
        """The columns of a file in the order in which they lie there, in lower case."""
        if name not in self._headers:
            with_header = next(self._checked_blocks(name), None)
            if with_header is None:
                raise BundleError(self._entries[name].name, "Berkas ini kosong, judul kolomnya pun tidak ada.", 1)
            self._headers[name] = split_header(with_header, self._entries[name].name)[0]
        return self._headers[name]

    def blocks(self, name: str) -> Iterator[bytes]:
        """The file's CSV without its header, in blocks of whole records, ready for COPY."""
        for _, block in self.record_blocks(name):
            yield block

    def numbered_blocks(self, name: str, refuse: Callable[[RowFault], None]) -> Iterator[bytes]:
        """As ``blocks``, each record with its line in the file as a first field.

        A record that has more or fewer fields than the header would break COPY: it is left out and handed to
        ``refuse``. What is left has exactly ``1 + len(header(name))`` fields.
        """
        fields = len(self.header(name))
        for block in self.record_blocks(name):
            yield numbered(block, fields, refuse)

    def record_blocks(self, name: str, on_raw: Callable[[bytes], object] | None = None) -> Iterator[Block]:
        """Blocks of whole records behind the header, with their first line; ``on_raw`` sees every byte as it lies."""
        file = self._entries[name].name
        blocks = self._checked_blocks(name, on_raw)
        first = next(blocks, None)
        if first is None:
            raise BundleError(file, "Berkas ini kosong, judul kolomnya pun tidak ada.", 1)
        self._headers[name], rest = split_header(first, file)
        if rest[1]:
            yield rest
        yield from blocks

    def _checked_blocks(self, name: str, on_raw: Callable[[bytes], object] | None = None) -> Iterator[Block]:
        entry = self._entries[name]
        with self._source.open(entry.name) as stream:
            chunks = _chunks(stream, on_raw)
            yield from record_blocks(inflate(chunks, entry.name) if entry.is_gzip else chunks, entry.name)


def _chunks(stream: BinaryIO, on_raw: Callable[[bytes], object] | None) -> Iterator[bytes]:
    while chunk := stream.read(CHUNK):
        if on_raw is not None:
            on_raw(chunk)
        yield chunk


def open_bundle(place: Path | str | IO[bytes], name: str = "") -> Bundle:
    """Open a folder or zip and read its manifest; raises BundleError, which calls the whole by ``name``."""
    where = Path(place) if isinstance(place, str) else place
    source = open_source(where, name or Path(getattr(where, "name", "")).name)
    try:
        if manifests.NAME not in source.names():
            raise BundleError(manifests.NAME, "Berkas ini tidak ada di dalam tarikan.")
        with source.open(manifests.NAME) as stream:
            content = stream.read(MAX_MANIFEST + 1)
        if len(content) > MAX_MANIFEST:
            raise BundleError(manifests.NAME, "Berkas ini terlalu besar untuk sebuah daftar isi.")
        return Bundle(source, manifests.parse(content), hashlib.sha256(content).hexdigest())
    except BaseException:
        source.close()
        raise


def verify(bundle: Bundle, on_bytes: Callable[[int], object] | None = None) -> None:
    """Read the whole bundle once; raises BundleError at the first thing that is wrong, else it may be loaded.

    Problems of files come first, then those of columns, then those of content. ``on_bytes`` hears of progress.
    """
    _verify_names(bundle)
    for entry in bundle.manifest.files:
        _verify_header(bundle, entry)
    for entry in bundle.manifest.files:
        _verify_content(bundle, entry, on_bytes)


def _verify_names(bundle: Bundle) -> None:
    listed = {entry.name for entry in bundle.manifest.files}
    for place, entry in enumerate(bundle.manifest.files):
        if registry.file_named(entry.plain_name) is None:
            raise BundleError(manifests.NAME, f"{entry.name} bukan berkas tarikan.", column=f"files[{place}].name")
    for name in bundle.names():
        if name not in listed:
            raise BundleError(name, f"Berkas ini tidak tercantum di {manifests.NAME}.")
    for name in sorted(listed - set(bundle.names())):
        raise BundleError(name, f"Berkas ini tercantum di {manifests.NAME} tetapi tidak ada.")
    for file in registry.files():
        if not bundle.manifest.is_delta and not bundle.has(file.name):
            raise BundleError(file.name, "Tarikan lengkap harus memuat berkas ini.")


def _verify_header(bundle: Bundle, entry: FileEntry) -> None:
    file = registry.file_named(entry.plain_name)
    header = bundle.header(entry.plain_name)
    for column in file.columns if file else ():
        if column not in header:
            raise BundleError(entry.name, _missing(header), 1, column)


def _missing(header: tuple[str, ...]) -> str:
    if len(header) == 1 and ";" in header[0]:
        return "Kolom ini tidak ada, karena pemisah kolomnya titik koma. Simpan ulang dengan pemisah koma."
    return "Kolom ini tidak ada di baris judul."


def _verify_content(bundle: Bundle, entry: FileEntry, on_bytes: Callable[[int], object] | None) -> None:
    digest, rows = hashlib.sha256(), 0

    def on_raw(chunk: bytes) -> None:
        digest.update(chunk)
        if on_bytes is not None:
            on_bytes(len(chunk))

    for block in bundle.record_blocks(entry.plain_name, on_raw):
        rows += count_records(block)
    if digest.hexdigest() != entry.sha256:
        message = f"Isi berkas ini berbeda dari sha256 di {manifests.NAME}. Kirim ulang berkasnya."
        raise BundleError(entry.name, message)
    if rows != entry.rows:
        raise BundleError(entry.name, f"Berkas ini berisi {rows} baris, {manifests.NAME} menyebut {entry.rows}.")
