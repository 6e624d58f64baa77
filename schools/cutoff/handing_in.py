"""Handing in a bundle: a zip as it is, a folder packed into one; it is kept, so that a killed run can start again."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from django.core.files.base import File

from schools.models import CutoffRun
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.actions import hand_in, hand_in_again
from vervalponsel.batches.models import Batch
from vervalponsel.kit.templatetags.ui import tanggal

from . import manifest as manifests
from .bundle import open_bundle
from .manifest import Manifest
from .pipeline import DELTA_KIND, KIND

TRIAL = "Uji coba: "


def hand_in_path(*, by: Actor, path: Path, now: datetime, trial: bool = False) -> Batch:
    """Hand in a folder or zip that lies on this machine; raises BundleError when it is no bundle at all."""
    with open_bundle(path) as bundle:
        manifest, names = bundle.manifest, [manifests.NAME, *bundle.names()]
    with _as_zip(path, names) as packed:
        return hand_in_zip(by=by, file=File(packed, name=path.name), manifest=manifest, now=now, trial=trial)


def hand_in_zip(*, by: Actor, file: File, manifest: Manifest, now: datetime, trial: bool = False) -> Batch:
    """Hand in a zip whose manifest was read already. The same zip again is a batch of its own: it says 0 changes.

    A trial is judged like any other, and writes nothing.
    """
    kind = DELTA_KIND if manifest.is_delta else KIND
    title = f"{TRIAL}{title_of(manifest)}" if trial else title_of(manifest)
    batch, _ = hand_in(by=by, kind=kind, title=title, now=now, file=file, params={"trial": True} if trial else {})
    return batch


def apply_trial(*, by: Actor, trial: Batch, now: datetime) -> Batch:
    """Hand the kept file of a trial in for real; asked twice it is the same batch, unless that was reverted since."""
    times = CutoffRun.objects.filter(batch__params__trial_batch=trial.pk, reverted_at__isnull=False).count()
    batch, _ = hand_in_again(
        by=by,
        batch=trial,
        title=trial.title.removeprefix(TRIAL),
        params={"trial_batch": trial.pk},
        dedupe_key=f"apply:{trial.pk}:{times}",
        now=now,
    )
    return batch


def title_of(manifest: Manifest) -> str:
    """What the batch is called."""
    kind = "Delta" if manifest.is_delta else "Tarikan provinsi " + (manifest.province_prefix or "")
    kind = "Tarikan nasional" if manifest.scope == manifests.NATION else kind
    return f"{kind} {tanggal(manifest.cutoff_date)}"


@contextmanager
def _as_zip(path: Path, names: list[str]) -> Iterator[IO[bytes]]:
    if path.is_file():
        with path.open("rb") as stream:
            yield stream
        return
    with NamedTemporaryFile(suffix=".zip") as packed:
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for name in names:
                with (path / name).open("rb") as source, archive.open(name, "w", force_zip64=True) as target:
                    shutil.copyfileobj(source, target, 1 << 20)
        packed.seek(0)
        yield packed
