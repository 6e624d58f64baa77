"""Handing in a delta and asking what came of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Router
from ninja.responses import Status as Answered

from schools.cutoff.deltas import NotADelta, checked_delta, take_delta
from schools.cutoff.errors import BundleError
from schools.cutoff.pipeline import DELTA_KIND
from schools.service_keys import service_actor
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch, RowError
from vervalponsel.batches.row_errors import some_after
from vervalponsel.batches.words import told_of
from vervalponsel.kit.interfaces import After, BatchId, RefusedLimit

from .auth import caller
from .errors import answer_with, failures, wrong
from .schemas import Accepted, DeltaOut, RefusedPage

router = Router(tags=["deltas"])
NAME = "delta.zip"
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "Zip berisi manifest.json (scope: delta) dan berkas CSV.",
        "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
    },
}
_FAILURES = (
    "NOT_A_DELTA",
    "INCOMPLETE",
    "LENGTH_REQUIRED",
    "TOO_LARGE",
    "BUNDLE_WRONG",
)


@router.post(
    "",
    response={202: Accepted, 200: Accepted, **answer_with(*_FAILURES)},
    openapi_extra=_BODY,
    operation_id="postDelta",
    url_name="post_delta",
)
def post_delta(request: HttpRequest) -> Answered:
    """Serahkan satu delta. Isinya diperiksa seutuhnya dahulu; isi yang sama tidak dikerjakan dua kali (200)."""
    key, now = caller(request), timezone.now()
    with failures.spooled(request, settings.DELTA_MAX_BYTES) as file:
        try:
            manifest = checked_delta(file, NAME, now)
        except NotADelta as reason:
            raise wrong("NOT_A_DELTA", str(reason)) from reason
        except BundleError as reason:
            raise wrong("BUNDLE_WRONG", str(reason)) from reason
        batch, created = take_delta(
            by=service_actor(key), file=file, name=NAME, manifest=manifest, now=now, service=key.service
        )
    known = _own(request).filter(pk=batch.pk).exists()
    url = reverse("register_api:delta", args=[batch.pk]) if known else ""
    return Answered(202 if created else 200, {"batch": batch.pk, "status": batch.status, "url": url})


@router.get(
    "/{int:batch_id}",
    response={200: DeltaOut, **answer_with("NOT_FOUND")},
    operation_id="getDelta",
    url_name="delta",
)
def get_delta(request: HttpRequest, batch_id: BatchId) -> dict[str, object]:
    """Keadaan satu delta, dengan jumlah barisnya menurut hasil."""
    batch = get_object_or_404(_own(request), pk=batch_id)
    fields = ("status", "step", "sha256", "created_at", "finished_at")
    return {
        "id": batch.pk,
        "error": f"{batch.error} {_WAITS}" if batch.status == Status.PARKED else batch.error,
        "counts": {name: value for name, value in batch.counts.items() if name in _COUNTS},
        "refused_url": reverse("register_api:refused", args=[batch.pk]),
        **{name: getattr(batch, name) for name in fields},
    }


@router.get(
    "/{int:batch_id}/refused",
    response={200: RefusedPage, **answer_with("NOT_FOUND", "INVALID")},
    operation_id="getRefusedRows",
    url_name="refused",
)
def get_refused(
    request: HttpRequest,
    batch_id: BatchId,
    after: After,
    limit: RefusedLimit,
) -> dict[str, object]:
    """Baris yang disisihkan, dengan tempatnya dalam berkas dan alasannya."""
    batch = get_object_or_404(_own(request), pk=batch_id)
    return some_after(batch, after, limit, _row_out)


_WAITS = "Petugas Pusdatin memutuskannya; delta ini tidak perlu dikirim ulang."
_COUNTS = ("regions", "schools", "students", "teachers", "changes")


def _own(request: HttpRequest) -> QuerySet[Batch]:
    """Deltas of the caller's service, whichever of its keys handed them in."""
    return Batch.objects.filter(kind=DELTA_KIND, params__service=caller(request).service)


def _row_out(error: RowError) -> dict[str, object]:
    told = told_of(error)
    place = {"file": error.file, "row": error.line, "column": error.column}
    return {**place, "code": error.code, "message": told.sentence, "acts": told.acts}
