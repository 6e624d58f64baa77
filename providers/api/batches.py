"""What came of the files that a provider handed in."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router

from providers.catalogue import Topic, describe
from providers.intake import KINDS, receipt
from vervalponsel.batches.models import Batch, RowError
from vervalponsel.batches.row_errors import some_after
from vervalponsel.kit.exports import csv_response
from vervalponsel.kit.interfaces import After, BatchId, RefusedLimit

from . import examples
from .auth import caller
from .params import Format
from .responses import also_as_csv, told
from .schemas import BatchOut, RefusedPage

router = Router(tags=["batches"])
HEAD = ("row", "column", "code", "message")


@router.get(
    "/{int:batch_id}",
    operation_id="getBatch",
    url_name="batch",
    **told({200: (BatchOut, examples.BATCH)}, "NOT_FOUND"),
)
def get_batch(request: HttpRequest, batch_id: BatchId) -> dict[str, object]:
    """Keadaan satu berkas jawaban atau laporan, dengan jumlah barisnya menurut hasil."""
    batch = get_object_or_404(own_batches(request), pk=batch_id)
    return {
        "id": batch.pk,
        "counts": batch.counts or receipt(batch),
        "refused_url": reverse("provider_api:refused", args=[batch.pk]),
        **{name: getattr(batch, name) for name in ("status", "sha256", "created_at", "finished_at", "error")},
    }


@router.get(
    "/{int:batch_id}/refused",
    operation_id="getRefusedRows",
    url_name="refused",
    **also_as_csv(told({200: (RefusedPage, examples.REFUSED)}, "NOT_FOUND", "INVALID"), examples.REFUSED_CSV),
)
def get_refused(
    request: HttpRequest,
    batch_id: BatchId,
    after: After,
    limit: RefusedLimit,
    form: Format,
) -> dict[str, object] | HttpResponseBase:
    """Baris yang ditolak atau ditahan, dengan tempatnya dalam berkas dan alasannya.

    Dengan ``format=csv`` atau ``Accept: text/csv``: semuanya sekaligus, sebagai tabel yang aman dibuka di lembar kerja.
    """
    batch = get_object_or_404(own_batches(request), pk=batch_id)
    if form == "csv" or (form is None and "text/csv" in request.headers.get("Accept", "")):
        return refused_table(batch)
    return some_after(batch, after, limit, row_out)


def refused_table(batch: Batch) -> HttpResponseBase:
    """All refused rows in the order of the file."""
    said = map(row_out, RowError.objects.filter(batch=batch).in_order().iterator(chunk_size=2000))
    return csv_response(f"kiriman-{batch.pk}-ditolak.csv", HEAD, ([row[name] for name in HEAD] for row in said))


def own_batches(request: HttpRequest) -> QuerySet[Batch]:
    return Batch.objects.filter(kind__in=KINDS.values(), params__provider=caller(request).provider_id)


def row_out(error: RowError) -> dict[str, object]:
    message = describe(error.code, topic=Topic.ROW, **error.facts)
    return {"row": error.line, "column": error.column, "code": error.code, "message": message}


def accepted(batch: Batch) -> dict[str, object]:
    """What a caller hears of a file that was just kept, or had been kept before."""
    return {"batch": batch.pk, "status": batch.status, "url": reverse("provider_api:batch", args=[batch.pk])}
