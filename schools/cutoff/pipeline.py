"""The batch kind ``cutoff``: check the bundle whole, load it, let every part judge and merge, and give a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.db.models import Value
from django.db.models.functions import Coalesce, Now
from django.utils.timezone import localdate

from schools.models import CutoffRun
from vervalponsel.batches.models import Batch, RowError
from vervalponsel.batches.runner import NotYet, Parked, Refused, Run, Stopped
from vervalponsel.kit.db import advisory_lock
from vervalponsel.kit.templatetags.ui import tanggal

from . import bundle as bundles
from . import indexes, planning, registry
from . import manifest as manifests
from .beside import Beside
from .bundle import Bundle
from .cutoff import LOCK, Cutoff
from .errors import BundleError
from .loading import drop_side_tables, load
from .manifest import DELTA, NATION, Manifest

KIND, DELTA_KIND = "cutoff", "delta"
KINDS = (KIND, DELTA_KIND)
"""Deltas are a kind of their own for the sake of their queue: nobody waits for them behind the opening of a period."""

WAITS = "Menunggu tarikan lain selesai; sesudah itu berjalan dengan sendirinya."


REVERTING = "Menunggu pembatalan tarikan selesai; sesudah itu berjalan dengan sendirinya."


def run_cutoff(run: Run) -> dict[str, object]:
    """Handler of both kinds. Run again from the start, after whatever cut it off, it ends in the same state."""
    try:
        with turn(run), _kept_file(run.batch) as path, bundles.open_bundle(path, run.batch.file_name) as bundle:
            return _import(run, bundle)
    except BundleError as error:
        raise Refused(str(error)) from error


@contextmanager
def turn(run: Run) -> Iterator[None]:
    """The one place in which the register is judged; raises NotYet while it is taken.

    Bundles take their turns in the order in which they were handed in: of two deltas the later one has the last word.
    """
    if (
        CutoffRun.objects.filter(reverting_at__isnull=False, reverted_at=None)
        .exclude(pk=run.batch.params.get("run"))
        .exists()
    ):
        raise NotYet(REVERTING)
    if Batch.objects.live().filter(kind__in=KINDS, pk__lt=run.batch.pk).exists():
        raise NotYet(WAITS)
    with advisory_lock(LOCK) as got:
        if not got:
            raise NotYet(WAITS)
        indexes.put_back()
        yield


@contextmanager
def _kept_file(batch: Batch) -> Iterator[Path]:
    """The handed-in zip as a local file, wherever the storage keeps it."""
    try:
        local = Path(batch.file.path)
    except NotImplementedError:
        with NamedTemporaryFile(suffix=".zip") as copy:
            for block in batch.file.chunks():
                copy.write(block)
            copy.flush()
            yield Path(copy.name)
        return
    yield local


def _import(run: Run, bundle: Bundle) -> dict[str, object]:
    _check(run, bundle)
    history = _history_of(run, bundle)
    if history.reverted_at:
        raise Refused("Tarikan ini sudah dibatalkan. Masukkan berkasnya sekali lagi bila memang diperlukan.")
    cutoff = Cutoff(run, bundle, history, now=run.batch.started_at or run.batch.created_at, beside=Beside(run))
    RowError.objects.filter(batch=run.batch).delete()
    drop_side_tables()
    try:
        load(cutoff)
        planning.plan(cutoff)
        if not cutoff.record.is_trial:
            planning.park_beyond_limits(cutoff)
            _write(cutoff)
    except (Parked, Stopped):
        # Nobody knows for how long: what the bundle says of people does not lie about meanwhile.
        drop_side_tables()
        raise
    finally:
        cutoff.recall()
        cutoff.beside.close()
    drop_side_tables()
    receipt = {name: counts.as_json() for name, counts in cutoff.receipt.items()}
    changes = cutoff.record.planned_changes if cutoff.record.is_trial else run.batch.counts.get("changes", 0)
    return {**receipt, "changes": changes}


def _write(cutoff: Cutoff) -> None:
    """Every part writes what it planned; from here on the run can be reverted, but not forgotten."""
    run, now = cutoff.run, cutoff.run.now()
    run.progress("Mulai menulis")
    CutoffRun.objects.filter(pk=cutoff.record.pk).update(begun_at=Coalesce("begun_at", Value(now)), written_at=now)
    try:
        for step in registry.steps():
            run.progress(step.label)
            step.run(cutoff)
    except Exception:
        indexes.put_back_after_failure()
        raise
    CutoffRun.objects.filter(pk=cutoff.record.pk).update(applied_at=Now())


def _check(run: Run, bundle: Bundle) -> None:
    """Read everything once before a table is touched."""
    run.progress("Memeriksa berkas")
    refuse_wrong_day(bundle.manifest, run.now())
    total = sum(entry.rows for entry in bundle.manifest.files)
    bundles.verify(bundle)
    run.progress("Berkas utuh dan lengkap", total, total)


def refuse_wrong_day(manifest: Manifest, now: datetime) -> None:
    """Raise BundleError for a bundle of a day to come, or one that is older than what was applied for its scope.

    A day that is years away would keep every later bundle out.
    """
    if manifest.cutoff_date > localdate(now) + timedelta(days=1):
        sentence = f"Tarikan ini bertanggal {tanggal(manifest.cutoff_date)}, hari yang belum tiba."
        raise BundleError(manifests.NAME, sentence, column="cutoff_date")
    if newer := newer_than(manifest):
        sentence = (
            f"Tarikan ini bertanggal {tanggal(manifest.cutoff_date)}, lebih tua daripada tarikan "
            f"{tanggal(newer.cutoff_date)} yang sudah diterapkan untuk cakupan ini."
        )
        raise BundleError(manifests.NAME, sentence, column="cutoff_date")


def newer_than(manifest: Manifest) -> CutoffRun | None:
    """An applied run of an overlapping scope that is younger than the bundle."""
    younger = CutoffRun.objects.applied().filter(cutoff_date__gt=manifest.cutoff_date).order_by("-cutoff_date", "-id")
    if manifest.province_prefix:
        younger = younger.filter(scope__in=(NATION, DELTA, manifest.scope))
    return younger.first()


def _history_of(run: Run, bundle: Bundle) -> CutoffRun:
    manifest = bundle.manifest
    record, _ = CutoffRun.objects.get_or_create(
        batch=run.batch,
        defaults={
            "scope": manifest.scope,
            "cutoff_date": manifest.cutoff_date,
            "semester_id": manifest.semester_id,
            "manifest_sha256": bundle.manifest_sha256,
            "is_trial": bool(run.batch.params.get("trial")),
        },
    )
    return record
