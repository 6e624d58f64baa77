"""Handing out a frozen part: resumable by Range, recognisable by ETag, with its digest; or the store's own address."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import BinaryIO

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase

from providers.models import ExchangePart

from .errors import wrong

BLOCK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def file_answer(request: HttpRequest, part: ExchangePart) -> HttpResponseBase:
    """The file, some of its bytes (206), 304 when the caller has it, or 302 to where it can be had for a while."""
    etag = f'"{part.sha256}"'
    if etag in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers={"ETag": etag})
    if settings.FILES_BY_SIGNED_ADDRESS:
        return elsewhere(part)
    asked = request.headers.get("Range", "")
    if request.headers.get("If-Range", etag) != etag:
        asked = ""
    first, last, is_part = span_of(asked, part.size)
    answer = answer_of(request, part, first, last, status=206 if is_part else 200)
    if is_part:
        answer["Content-Range"] = f"bytes {first}-{last}/{part.size}"
    answer["ETag"], answer["Accept-Ranges"] = etag, "bytes"
    digest = digest_of(part)
    answer["Repr-Digest"], answer["Digest"] = f"sha-256=:{digest}:", f"SHA-256={digest}"
    return answer


def elsewhere(part: ExchangePart) -> HttpResponseBase:
    """The store hands out its own bytes, with Range, for as long as its signature holds."""
    answer = HttpResponseRedirect(part.file.url)
    answer["Cache-Control"] = "no-store"
    answer["Repr-Digest"] = f"sha-256=:{digest_of(part)}:"
    return answer


def digest_of(part: ExchangePart) -> str:
    return base64.b64encode(bytes.fromhex(part.sha256)).decode()


def answer_of(request: HttpRequest, part: ExchangePart, first: int, last: int, *, status: int) -> HttpResponseBase:
    name = f"{part.exchange_id}-{part.no}.csv.gz"
    headers = {
        "Content-Length": str(last - first + 1),
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-transform",
        # The bytes are what was digested: nothing on the way may pack them a second time.
        "Content-Encoding": "identity",
    }
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type="application/gzip", headers=headers)
    stream = part.file.open("rb")
    blocks = blocks_of(stream, first, last)
    answer = StreamingHttpResponse(blocks, status=status, content_type="application/gzip", headers=headers)
    answer._resource_closers.append(stream.close)  # type: ignore[attr-defined]  # noqa: SLF001
    return answer


def blocks_of(stream: BinaryIO, first: int, last: int) -> Iterator[bytes]:
    """Bytes ``first`` to ``last`` in blocks."""
    stream.seek(first)
    left = last - first + 1
    while left and (block := stream.read(min(BLOCK, left))):
        left -= len(block)
        yield block


def span_of(header: str, size: int) -> tuple[int, int, bool]:
    """(first, last, whether it is a part) of a Range header; what is not one range of bytes means the whole."""
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if not found or found.groups() == ("", ""):
        return 0, size - 1, False
    start, end = found.groups()
    first = int(start) if start else max(size - int(end), 0)
    last = min(int(end), size - 1) if start and end else size - 1
    if first > last:
        raise wrong("RANGE", f"Rentang byte di luar berkas; panjangnya {size}.")
    return first, last, True
