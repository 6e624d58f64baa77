"""What happens before the demonstration's processes start, told step by step."""

import hashlib
import io
import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from vervalponsel.kit.static import StaticFiles

from .seed import semester_of
from .stand import Stand
from .story import tell

SCHOOLS = 60
SEED = 2020
DIRTY = 0.002
CUTOFF_AGE = timedelta(days=3)

Say = Callable[[str], None]


class Progress:
    """Tells what happens now and how long it took."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.began = time.monotonic()

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Announce a step before it begins, so that nobody waits before a silent screen."""
        began = time.monotonic()
        self.say(f"  … {title}")
        yield
        self.say(f"  ✓ {title} ({_seconds(time.monotonic() - began)})")

    def total(self) -> str:
        """How long everything took so far."""
        return _seconds(time.monotonic() - self.began)


class _Indented(io.StringIO):
    """What a step says about itself, below its title."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self.progress = progress

    def write(self, text: str) -> int:
        for line in text.strip().splitlines():
            self.progress.say(f"      {line}")
        return len(text)


def prepare(stand: Stand, progress: Progress, *, today: date) -> None:
    """Bring database, static files and data to the state that the processes expect; again and again harmless."""
    with progress.step("Menyiapkan tabel basis data"):
        _quietly("migrate", interactive=False)
    if not stand.has_static(_static_state()):
        with progress.step("Mengumpulkan berkas tampilan"):
            _quietly("collectstatic", interactive=False, clear=True)
            stand.mark_static(_static_state())
    with progress.step("Menyiapkan akun, periode, dan kredensial penyedia"):
        _quietly("seed_demo")
    if not stand.is_filled():
        _fill(stand, progress, today - CUTOFF_AGE)
        with progress.step("Membekukan berkas pertama untuk para penyedia"):
            tell(now=timezone.now())
        stand.mark_filled()
    connections.close_all()


def _fill(stand: Stand, progress: Progress, cutoff_date: date) -> None:
    with progress.step(f"Membuat data cut-off rekaan untuk {SCHOOLS} sekolah"):
        if not (stand.bundle / "manifest.json").exists():
            shutil.rmtree(stand.bundle, ignore_errors=True)  # cut off while it was made
            about = {"schools": SCHOOLS, "seed": SEED, "provinces": 2, "dirty": DIRTY}
            _quietly(
                "generate_cutoff", stand.bundle, **about, cutoff_date=cutoff_date, semester=semester_of(cutoff_date)
            )
    with progress.step("Memuat dan menilai data cut-off"):
        report = _quietly("import_cutoff", "--json", str(stand.bundle), stderr=_Indented(progress))
    for line in _receipt(report):
        progress.say(f"      {line}")


def _static_state() -> str:
    """Changes with any file that would be collected: compressing them again takes seconds."""
    ignored = StaticFiles.ignore_patterns
    found = [storage.path(name) for finder in get_finders() for name, storage in finder.list(ignored)]
    facts = sorted((path, Path(path).stat().st_mtime_ns) for path in found)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _quietly(command: str, *args: Any, **options: Any) -> str:
    """Run a command of manage.py and return what it wrote."""
    out = io.StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()


def _receipt(report: str) -> list[str]:
    """The import's last line is one JSON object."""
    lines = report.strip().splitlines()
    try:
        counts = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return []
    names = {"schools": "sekolah", "students": "peserta didik", "teachers": "guru"}
    return [_told(counts[key], name) for key, name in names.items() if isinstance(counts.get(key), dict)]


def _told(part: dict[str, Any], name: str) -> str:
    aside = sum(part.get("set_aside", {}).values())
    recipients = f", {part['recipients']} penerima" if "recipients" in part else ""
    return f"{part.get('read', 0)} baris {name} dibaca{recipients}, {aside} disisihkan"


def _seconds(value: float) -> str:
    return f"{value:.1f} detik".replace(".", ",")
