"""Frozen files and what providers say of them."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from ninja.responses import Status as Answered

from providers.actions import Refused, hand_in_answers, mark_offered, receipt
from providers.manifest import manifest_of
from providers.models import Exchange
from vervalponsel.kit.interfaces import After

from . import examples
from .auth import acting, caller
from .batches import accepted
from .bodies import posted_file
from .downloads import file_answer
from .errors import wrong
from .params import ExchangeId, ExchangesLimit, OfPurpose, OfStatus, PartNo
from .responses import part_told, posted, told
from .schemas import Accepted, ExchangePage, Manifest, ReceiptIn, ReceiptOut

router = Router(tags=["exchanges"])


@router.get("", **told({200: (ExchangePage, examples.EXCHANGES)}, "INVALID"), operation_id="listExchanges")
def list_exchanges(
    request: HttpRequest,
    purpose: OfPurpose,
    status: OfStatus,
    after: After,
    limit: ExchangesLimit,
) -> dict[str, object]:
    """Berkas milik provider ini, terlama lebih dulu. Yang menunggu dikerjakan: ``status=PREPARED&status=OFFERED``."""
    found = Exchange.objects.of_provider(caller(request).provider_id).filter(pk__gt=after).order_by("pk")
    if purpose:
        found = found.filter(purpose=purpose)
    if status:
        found = found.filter(status__in=status)
    some = list(found.select_related("period").annotate(parts_count=Count("parts"))[: limit + 1])
    items = [exchange_out(exchange) for exchange in some[:limit]]
    return {"items": items, "next_after": some[limit - 1].pk if len(some) > limit else None}


@router.get("/{int:exchange_id}", **told({200: (Manifest, examples.MANIFEST)}, "NOT_FOUND"), operation_id="getManifest")
def get_manifest(request: HttpRequest, exchange_id: ExchangeId) -> dict[str, object]:
    """Manifes bertanda tangan, dengan daftar bagiannya. Membacanya mencatat bahwa berkas sudah dilihat provider."""
    exchange = own_exchange(request, exchange_id)
    mark_offered(by=acting(request), exchange=exchange, now=timezone.now())
    return manifest_of(exchange)


@router.api_operation(
    ["GET"],
    "/{int:exchange_id}/parts/{int:no}",
    operation_id="getPart",
    **part_told("NOT_FOUND", "GONE", "RANGE"),
)
def get_part(request: HttpRequest, exchange_id: ExchangeId, no: PartNo) -> HttpResponseBase:
    """Satu bagian: CSV terkompresi gzip, lengkap dengan baris judul.

    Mendukung Range, If-Range, ETag dan If-None-Match, atau mengalihkan (302) ke alamat sementara yang bertanda tangan.
    """
    exchange = own_exchange(request, exchange_id)
    part = get_object_or_404(exchange.parts, no=no)
    if not part.file:
        raise wrong("GONE")
    mark_offered(by=acting(request), exchange=exchange, now=timezone.now())
    return file_answer(request, part)


@router.post(
    "/{int:exchange_id}/receipt",
    operation_id="postReceipt",
    **told(
        {200: (ReceiptOut, examples.RECEIPTED)},
        *("NOT_FOUND", "TOTALS_DIFFER", "INVALID", "INCOMPLETE", "TOO_LARGE"),
        requestBody={"content": {"application/json": {"example": examples.RECEIPT}}},
    ),
)
def post_receipt(request: HttpRequest, exchange_id: ExchangeId, said: ReceiptIn) -> Exchange:
    """Tanda terima: berkas terbaca lengkap dan jumlah kendalinya sama. Boleh diulang."""
    exchange = own_exchange(request, exchange_id)
    try:
        return receipt(by=acting(request), exchange=exchange, now=timezone.now(), **said.dict())
    except Refused as reason:
        raise wrong(reason.code, str(reason)) from reason


_TAKEN = {202: (Accepted, examples.ACCEPTED), 200: (Accepted, examples.TAKEN_BEFORE)}
_NOT_TAKEN = (
    *("NOT_FOUND", "NOT_RECEIPTED", "WRONG_PURPOSE", "COLUMNS_MISSING", "EMPTY_FILE", "DIGEST_DIFFERS"),
    *("INCOMPLETE", "LENGTH_REQUIRED", "TOO_LARGE"),
)


@router.post(
    "/{int:exchange_id}/answers",
    operation_id="postAnswers",
    **told(_TAKEN, *_NOT_TAKEN, requestBody=posted(examples.SAID, examples.SAID_JSON)),
)
def post_answers(request: HttpRequest, exchange_id: ExchangeId, response: HttpResponse) -> Answered:
    """Jawaban pemadanan, sebagian atau seluruhnya. Disimpan lalu diolah; isi yang sama tidak diolah lagi."""
    return take(request, exchange_id, "MATCH", response)


@router.post(
    "/{int:exchange_id}/reports",
    operation_id="postReports",
    **told(_TAKEN, *_NOT_TAKEN, requestBody=posted(examples.REPORTS, examples.REPORTS_JSON)),
)
def post_reports(request: HttpRequest, exchange_id: ExchangeId, response: HttpResponse) -> Answered:
    """Laporan pengisian kuota, sebagian atau seluruhnya; sama caranya dengan jawaban."""
    return take(request, exchange_id, "INJECT", response)


def take(request: HttpRequest, exchange_id: int, purpose: str, response: HttpResponse) -> Answered:
    """Keep the posted bytes as a batch: 202 when they are new, 200 when they were here before."""
    exchange = own_exchange(request, exchange_id)
    if exchange.purpose != purpose:
        raise wrong("WRONG_PURPOSE")
    if exchange.receipted_at is None:
        raise wrong("NOT_RECEIPTED")
    with posted_file(request, f"{purpose.lower()}-{exchange.pk}") as file:
        batch, created = hand_in_answers(by=acting(request), exchange=exchange, file=file, now=timezone.now())
    told = accepted(batch)
    response["Location"] = str(told["url"])
    return Answered(202 if created else 200, told)


def own_exchange(request: HttpRequest, exchange_id: int) -> Exchange:
    """The caller's exchange, or 404: another provider's does not exist for it."""
    own = Exchange.objects.of_provider(caller(request).provider_id).select_related("period", "provider")
    return get_object_or_404(own, pk=exchange_id)


def exchange_out(exchange: Exchange) -> dict[str, object]:
    names = ("purpose", "status", "stage", "rows", "size", "sha256", "prepared_at", "receipted_at", "answered_at")
    facts = {"id": exchange.pk, "period": exchange.period.name, "parts": exchange.parts_count}  # type: ignore[attr-defined]
    return facts | {name: getattr(exchange, name) for name in names}
