"""Deltas handed in by machines: checked whole at the door, and the same content is taken once however it comes."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.core.files.base import File

from schools.models import CutoffRun
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.actions import hand_in, run_again, sha256_of
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch

from .bundle import open_bundle, verify
from .handing_in import title_of
from .manifest import Manifest
from .pipeline import DELTA_KIND, refuse_wrong_day


class NotADelta(Exception):
    """The bundle speaks of everybody in its scope: a person hands in such a one."""


NOT_A_DELTA = "Hanya delta yang diterima di sini. Tarikan lengkap dimasukkan Pusdatin lewat halaman Kelola."


def checked_delta(file: IO[bytes], name: str, now: datetime) -> Manifest:
    """Read a zip whole; raises BundleError with the first thing that is wrong, or NotADelta. Touches no table."""
    with open_bundle(file, name) as bundle:
        if not bundle.manifest.is_delta:
            raise NotADelta(NOT_A_DELTA)
        refuse_wrong_day(bundle.manifest, now)
        verify(bundle)
        return bundle.manifest


def take_delta(
    *, by: Actor, file: IO[bytes], name: str, manifest: Manifest, now: datetime, service: str = ""
) -> tuple[Batch, bool]:
    """Hand in a checked delta; returns (batch, created). The same bytes again give the batch that is there.

    One that failed or was stopped then gets another try, and one that was reverted since is a new batch. ``service`` is
    who may ask for the batch later.
    """
    file.seek(0)
    given = File(file, name=name)
    digest = sha256_of(given)
    reverted = CutoffRun.objects.filter(batch__sha256=digest, reverted_at__isnull=False).count()
    batch, created = hand_in(
        by=by,
        kind=DELTA_KIND,
        title=title_of(manifest),
        now=now,
        file=given,
        params={"service": service} if service else {},
        dedupe_key=f"{DELTA_KIND}:{digest}:{reverted}",
    )
    if not created and batch.status in (Status.FAILED, Status.STOPPED):
        batch = run_again(by=by, batch=batch, now=now)
    return batch, created
