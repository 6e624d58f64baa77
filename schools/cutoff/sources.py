"""Where a bundle lies: a folder or a zip. Nothing is ever unpacked to disk."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from .errors import BundleError

CHUNK = 1 << 20
MAX_MEMBERS = 64
MAX_PLAIN_BYTES = 64 << 30
"""More than four times the whole nation's plain CSV; whatever unpacks to more is no bundle."""
MAX_RATIO = 200
"""CSV of names and identifiers shrinks to a fifth, the most uniform one to a hundredth."""
_RATIO_FROM = 8 << 20

_NOISE = {"__MACOSX", "Thumbs.db", "desktop.ini"}


class Source(Protocol):
    """The files of a bundle by name."""

    def names(self) -> list[str]:
        """Every file, without what operating systems leave behind."""

    def open(self, name: str) -> AbstractContextManager[BinaryIO]:
        """The bytes of one file as they lie there; raises BundleError while reading a damaged zip."""

    def close(self) -> None:
        """Let go of the zip."""


def open_source(place: Path | IO[bytes], name: str) -> Source:
    """The folder or zip at ``place``; raises BundleError for anything else and for a dangerous zip.

    ``name`` is what the person calls it who handed it in: it may lie somewhere else by now.
    """
    if isinstance(place, Path) and place.is_dir():
        return FolderSource(place)
    if isinstance(place, Path) and not place.is_file():
        raise BundleError(name, "Tarikan ini tidak ada: harus folder atau berkas zip.")
    try:
        return ZipSource(place, name)
    except (zipfile.BadZipFile, OSError):
        raise BundleError(name, "Ini bukan berkas zip yang utuh. Kirim ulang berkasnya.") from None


def _is_noise(name: str) -> bool:
    return name.startswith(".") or name in _NOISE


class FolderSource:
    """A folder whose files are regular ones: a link could lead anywhere."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._names = []
        for entry in sorted(os.scandir(path), key=lambda found: found.name):
            if _is_noise(entry.name):
                continue
            if not entry.is_file(follow_symlinks=False):
                raise BundleError(entry.name, "Isi tarikan harus berkas biasa, bukan folder atau tautan.")
            self._names.append(entry.name)

    def names(self) -> list[str]:
        return self._names

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        with (self._path / name).open("rb") as stream:
            yield stream

    def close(self) -> None:
        pass


class ZipSource:
    """A zip, its files at the top or all in one folder."""

    def __init__(self, place: Path | IO[bytes], name: str) -> None:
        self._zip = zipfile.ZipFile(place)
        try:
            self._members = _members(name, self._zip.infolist())
        except BundleError:
            self._zip.close()
            raise

    def names(self) -> list[str]:
        return sorted(self._members)

    @contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        try:
            with self._zip.open(self._members[name]) as stream:
                yield stream  # type: ignore[misc]  # a ZipExtFile reads like any binary stream
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError):
            raise BundleError(name, "Isi zip untuk berkas ini rusak. Kirim ulang berkasnya.") from None

    def close(self) -> None:
        self._zip.close()


def _members(archive: str, listed: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    for info in listed:
        _refuse_outside(info.filename)
    files = [info for info in listed if not info.is_dir() and not _is_noise_path(info.filename)]
    if len(files) > MAX_MEMBERS:
        raise BundleError(archive, f"Zip ini berisi {len(files)} berkas; paling banyak {MAX_MEMBERS}.")
    if sum(info.file_size for info in files) > MAX_PLAIN_BYTES:
        raise BundleError(archive, "Isi zip ini terlalu besar setelah dibuka.")
    for info in files:
        _refuse_dangerous(info)
    folder = _only_folder([info.filename for info in files])
    members: dict[str, zipfile.ZipInfo] = {}
    for info in files:
        name = info.filename.removeprefix(folder)
        if "/" in name:
            raise BundleError(info.filename, "Semua berkas tarikan harus dalam satu folder.")
        if name in members:
            raise BundleError(name, "Berkas ini ada dua kali di dalam zip.")
        members[name] = info
    return members


def _is_noise_path(path: str) -> bool:
    return path.split("/")[0] in _NOISE or _is_noise(path.rsplit("/", 1)[-1])


def _refuse_outside(path: str) -> None:
    parts = path.removesuffix("/").split("/")
    if ".." in parts or "" in parts or "\\" in path or ":" in parts[0]:
        raise BundleError(path, "Nama berkas di dalam zip menunjuk ke luar zip.")


def _refuse_dangerous(info: zipfile.ZipInfo) -> None:
    if info.flag_bits & 1:
        raise BundleError(info.filename, "Zip ini berkata sandi. Kirim tanpa kata sandi.")
    if is_bomb(info.compress_size, info.file_size):
        raise BundleError(info.filename, "Isi berkas ini membengkak tidak wajar saat dibuka.")


def is_bomb(packed: int, plain: int) -> bool:
    """Whether a file grows more than any table of the register can."""
    return plain > _RATIO_FROM and plain > packed * MAX_RATIO


def _only_folder(paths: list[str]) -> str:
    folders = {path.rpartition("/")[0] for path in paths}
    return f"{folders.pop()}/" if len(folders) == 1 and folders != {""} else ""


def inflate(chunks: Iterator[bytes], file: str) -> Iterator[bytes]:
    """Unpack gzip, of any number of members, in bounded memory; raises BundleError when it is cut off or damaged."""
    unpacker, packed, plain = zlib.decompressobj(wbits=31), 0, 0
    begun = False
    for chunk in chunks:
        packed += len(chunk)
        left = chunk
        while left:
            begun = True
            try:
                block = unpacker.decompress(left, CHUNK)
            except zlib.error:
                raise BundleError(file, "Berkas gzip ini rusak. Kirim ulang berkasnya.") from None
            plain += len(block)
            if plain > MAX_PLAIN_BYTES or is_bomb(packed, plain):
                raise BundleError(file, "Isi berkas ini membengkak tidak wajar saat dibuka.")
            yield block
            left = unpacker.unconsumed_tail
            if unpacker.eof:
                left, unpacker, begun = unpacker.unused_data, zlib.decompressobj(wbits=31), False
    if begun or not packed:
        raise BundleError(file, "Berkas gzip ini terpotong. Kirim ulang berkasnya.")
