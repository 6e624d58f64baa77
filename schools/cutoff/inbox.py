"""The watched folder: a delta dropped here is handed in, and moved away with a note that says what became of it.

    inbox/hari-ini.zip  →  inbox/done/hari-ini.zip     + hari-ini.zip.txt
                        →  inbox/refused/hari-ini.zip  + hari-ini.zip.txt

A file that still arrives is left alone: only a zip that is right from its first to its last byte is taken at once, and
one that is not is refused when nobody has written to it for a while. Names that begin with a dot or do not end in
``.zip`` are not looked at, so that a sender may also write under another name and rename. Looking twice, from two
schedulers or after a crash between handing in and moving away, does the work once: the same bytes are the same batch.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from vervalponsel.accounts.actor import Actor
from vervalponsel.kit.db import advisory_lock
from vervalponsel.kit.templatetags.ui import wib

from .deltas import NotADelta, checked_delta, take_delta
from .errors import BundleError

log = logging.getLogger(__name__)

LOCK = "cutoff inbox"
DONE, REFUSED = "done", "refused"
STILL_FOR = timedelta(seconds=60)
"""How long nobody must have written to a file before it is called wrong instead of unfinished."""


def look_into_inbox(*, now: datetime) -> int:
    """Take every delta that lies complete in the folder; how many were moved away, or -1 when another look is at it."""
    inbox = settings.CUTOFF_INBOX
    with advisory_lock(LOCK) as held:
        if not held:
            return -1
        for place in (inbox, inbox / DONE, inbox / REFUSED):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return sum(_looked_at(inbox, file, now) for file in list(waiting(inbox)))


def waiting(inbox: Path) -> Iterator[Path]:
    """Zips in the folder, the oldest first: of two deltas the later one has the last word."""
    files = [file for file in inbox.iterdir() if file.suffix.lower() == ".zip" and not file.name.startswith(".")]
    # A link could lead anywhere.
    yield from sorted(
        (f for f in files if f.is_file() and not f.is_symlink()), key=lambda f: (f.stat().st_mtime, f.name)
    )


def _looked_at(inbox: Path, file: Path, now: datetime) -> bool:
    """Whether the file was taken or refused; one that cannot even be read is logged by its number and left."""
    try:
        return _take(inbox, file, now)
    except OSError as problem:
        log.warning("a file of the watched folder cannot be read or moved: %s", type(problem).__name__)
        return False


def _take(inbox: Path, file: Path, now: datetime) -> bool:
    if file.stat().st_size > settings.DELTA_MAX_BYTES:
        return _refused(inbox, file, "Berkas ini terlalu besar untuk sebuah delta. Bagi menjadi beberapa delta.", now)
    with file.open("rb") as stream:
        try:
            manifest = checked_delta(stream, file.name, now)
        except NotADelta as reason:
            return _refused(inbox, file, str(reason), now)
        except BundleError as reason:
            return _is_still(file, now) and _refused(inbox, file, str(reason), now)
        by = Actor.system("folder delta")
        batch, created = take_delta(by=by, file=stream, name=file.name, manifest=manifest, now=now)
    again = "" if created else " Isi ini sudah pernah diserahkan: pekerjaannya yang sama, tidak dikerjakan dua kali."
    _move(file, inbox / DONE, f"Diterima {wib(now)} sebagai pekerjaan nomor {batch.pk}.{again}", now)
    return True


def _is_still(file: Path, now: datetime) -> bool:
    return now - datetime.fromtimestamp(file.stat().st_mtime, UTC) > STILL_FOR


def _refused(inbox: Path, file: Path, why: str, now: datetime) -> bool:
    _move(file, inbox / REFUSED, f"Ditolak {wib(now)}, tidak ada yang berubah.\n{why}", now)
    return True


def _move(file: Path, to: Path, note: str, now: datetime) -> None:
    """Beside an earlier file of the same name, never over it. The note comes first: a moved file always has one."""
    name = file.name
    if (to / name).exists():
        name = f"{file.stem}-{now:%Y%m%d-%H%M%S-%f}{file.suffix}"
    (to / f"{name}.txt").write_text(f"{note}\n", encoding="utf-8")
    file.rename(to / name)


def forget_taken(*, now: datetime) -> int:
    """Delete what was moved away CUTOFF_KEPT_DAYS ago: it names children. Returns how many files."""
    before = (now - timedelta(days=settings.CUTOFF_KEPT_DAYS)).timestamp()
    places = [place for name in (DONE, REFUSED) if (place := settings.CUTOFF_INBOX / name).is_dir()]
    old = [file for place in places for file in place.iterdir() if file.lstat().st_ctime < before]
    for file in old:
        file.unlink()
    return len(old)
