"""What the HTTP interfaces for machines have in common: addresses, one shape of failure, posted files on disk."""

from __future__ import annotations

import base64
import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Annotated, Any, BinaryIO

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.urls import URLPattern, URLResolver, path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Path, Query, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import Field

log = logging.getLogger(__name__)

BLOCK = 256 * 1024

REFUSED_AT_ONCE = 500

# What stands in the addresses of every interface, with the value that the examples use.
BatchId = Annotated[int, Path(..., description="Nomor pekerjaan, dari jawaban saat berkas dikirim.", example=91)]
After = Annotated[
    int, Query(0, ge=0, le=2**62, description="next_after dari halaman sebelumnya; tanpa ini dari awal.", example=57)
]
RefusedLimit = Annotated[
    int, Query(REFUSED_AT_ONCE, ge=1, le=REFUSED_AT_ONCE, description="Baris paling banyak.", example=100)
]


def addresses(api: NinjaAPI) -> list[URLPattern | URLResolver]:
    """The interface's addresses: open to machines without a person's sign-in; a wrong one fails as any other call."""

    @csrf_exempt
    def nothing_here(request: HttpRequest, rest: str) -> HttpResponse:
        return api.on_exception(request, Http404())

    patterns, _app, _namespace = api.urls
    served = [*patterns, path("<path:rest>", nothing_here, name="nothing_here")]
    for pattern in served:
        if pattern.callback:
            login_not_required(pattern.callback)
    return served


class Problem(Schema):
    """What went wrong: a code for machines, a sentence for people."""

    code: str = Field(examples=["NOT_FOUND"])
    message: str = Field(examples=["Tidak ada di sini."])


class Wrong(Exception):
    """Ends a call with a Problem."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


POSTING = {
    "LENGTH_REQUIRED": (411, "Kirim Content-Length."),
    "TOO_LARGE": (413, "Berkas terlalu besar. Bagi menjadi beberapa berkas."),
    "EMPTY_FILE": (422, "Berkas kosong."),
    "DIGEST_DIFFERS": (422, "Isi yang tiba tidak sama dengan Content-Digest."),
    "INCOMPLETE": (400, "Sambungan terputus sebelum berkas lengkap."),
}
"""What can go wrong with a posted file, as (status, sentence); part of the catalogue of whoever takes files."""

ANY_CALL = ("UNAUTHENTICATED", "TOO_MANY", "UNAVAILABLE")
"""How any call may end."""

UNAVAILABLE_SECONDS = "30"

_TOLD_AS: dict[type[Exception], str] = {
    Http404: "NOT_FOUND",
    HttpError: "INVALID",  # a body that is no JSON at all is as wrong as one of another shape
    RequestDataTooBig: "TOO_LARGE",
    UnreadablePostError: "INCOMPLETE",
}


@dataclass(frozen=True)
class Failures:
    """Everything that can go wrong in one interface: code → (status, sentence); ``realm`` names its keys."""

    catalogue: Mapping[str, tuple[int, str]]
    realm: str

    def wrong(self, code: str, message: str = "") -> Wrong:
        """A Wrong of the catalogue, with its own or a more exact sentence."""
        status, sentence = self.catalogue[code]
        return Wrong(status, code, message or sentence)

    def answer_with(self, *codes: str) -> dict[int, type[Problem]]:
        """The ``response=`` part for these codes, beside those that any call can end with."""
        return {self.catalogue[code][0]: Problem for code in (*ANY_CALL, *codes)}

    def table(self) -> str:
        """The catalogue as Markdown, for the published document."""
        rows = "\n".join(f"| {status} | `{code}` | {text} |" for code, (status, text) in self.catalogue.items())
        return f"| HTTP | code | arti |\n|---|---|---|\n{rows}\n"

    def install(self, api: NinjaAPI) -> None:
        """Let every failure of the interface speak as a Problem."""

        def say(request: HttpRequest, code: str, message: str = "", status: int = 0) -> HttpResponse:
            known, sentence = self.catalogue[code]
            return api.create_response(request, {"code": code, "message": message or sentence}, status=status or known)

        @api.exception_handler(Wrong)
        def _(request: HttpRequest, error: Wrong) -> HttpResponse:
            return say(request, error.code, str(error), error.status)

        @api.exception_handler(AuthenticationError)
        def _(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
            answer = say(request, "UNAUTHENTICATED")
            answer["WWW-Authenticate"] = f'Basic realm="{self.realm}", Bearer realm="{self.realm}"'
            return answer

        @api.exception_handler(Throttled)
        def _(request: HttpRequest, error: Throttled) -> HttpResponse:
            answer = say(request, "TOO_MANY")
            answer["Retry-After"] = str(error.wait or 1)
            return answer

        @api.exception_handler(OperationalError)
        @api.exception_handler(InterfaceError)
        def _(request: HttpRequest, error: DatabaseError | InterfaceError) -> HttpResponse:
            log.warning("the database did not serve a call: %s", type(error).__name__)
            answer = say(request, "UNAVAILABLE")
            answer["Retry-After"] = UNAVAILABLE_SECONDS
            return answer

        @api.exception_handler(ValidationError)
        def _(request: HttpRequest, error: ValidationError) -> HttpResponse:
            places = ", ".join(str(found["loc"][-1]) for found in error.errors)
            return say(request, "INVALID", f"{self.catalogue['INVALID'][1]} ({places})")

        for kind, code in _TOLD_AS.items():
            api.add_exception_handler(kind, self._told_as(api, code))

    def _told_as(self, api: NinjaAPI, code: str) -> Callable[[HttpRequest, Any], HttpResponse]:
        status, sentence = self.catalogue[code]
        return lambda request, error: api.create_response(request, {"code": code, "message": sentence}, status=status)

    @contextmanager
    def spooled(self, request: HttpRequest, most: int) -> Iterator[BinaryIO]:
        """The body of at most so many bytes as a file on disk that has no name there; raises Wrong."""
        expected = self._announced(request, most)
        with tempfile.TemporaryFile() as spool:
            self._check_digest(request.headers.get("Content-Digest", ""), self._spool(request, spool, expected))
            yield spool

    def _announced(self, request: HttpRequest, most: int) -> int:
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            raise self.wrong("LENGTH_REQUIRED")
        try:
            expected = int(request.headers.get("Content-Length") or 0)
        except ValueError:
            expected = 0
        if expected > most:
            raise self.wrong("TOO_LARGE")
        if not expected:
            raise self.wrong("EMPTY_FILE")
        return expected

    def _spool(self, request: HttpRequest, spool: BinaryIO, expected: int) -> bytes:
        """Copy the body; returns its SHA-256. A connection that breaks leaves nothing behind."""
        digest, arrived = hashlib.sha256(), 0
        try:
            while block := request.read(min(BLOCK, expected - arrived)):
                digest.update(block)
                spool.write(block)
                arrived += len(block)
        except (UnreadablePostError, OSError) as reason:
            raise self.wrong("INCOMPLETE") from reason
        if arrived != expected:
            raise self.wrong("INCOMPLETE")
        spool.seek(0)
        return digest.digest()

    def _check_digest(self, header: str, digest: bytes) -> None:
        """Compare with RFC 9530's ``Content-Digest: sha-256=:base64:`` where it was sent."""
        for part in header.split(","):
            name, _, value = part.strip().partition("=")
            if name.lower() == "sha-256" and value.strip(":") != base64.b64encode(digest).decode():
                raise self.wrong("DIGEST_DIFFERS")
