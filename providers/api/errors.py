"""Everything that can go wrong in the interface, as (status, code, sentence); one shape for all of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import Field


class Problem(Schema):
    """What went wrong: a code for machines, a sentence for people."""

    code: str = Field(examples=["NOT_FOUND"])
    message: str = Field(examples=["Tidak ada di sini, atau milik provider lain."])


class Wrong(Exception):
    """Ends a call with a Problem."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


CATALOGUE = {
    "UNAUTHENTICATED": (401, "Kunci tidak ada, salah, kedaluwarsa atau dicabut."),
    "NOT_FOUND": (404, "Tidak ada di sini, atau milik provider lain."),
    "NOT_RECEIPTED": (409, "Kirim dulu tanda terima untuk berkas ini."),
    "WRONG_PURPOSE": (409, "Jawaban hanya untuk MATCH, laporan hanya untuk INJECT."),
    "TOTALS_DIFFER": (409, "Jumlah kendali tidak sama dengan manifes."),
    "GONE": (410, "Masa simpan berkas ini sudah lewat."),
    "LENGTH_REQUIRED": (411, "Kirim Content-Length."),
    "TOO_LARGE": (413, "Berkas terlalu besar. Bagi menjadi beberapa berkas."),
    "RANGE": (416, "Rentang byte di luar berkas."),
    "INVALID": (422, "Isi permintaan tidak sesuai dokumen antarmuka."),
    "EMPTY_FILE": (422, "Berkas kosong."),
    "COLUMNS_MISSING": (422, "Baris pertama tidak memuat semua kolom wajib."),
    "DIGEST_DIFFERS": (422, "Isi yang tiba tidak sama dengan Content-Digest."),
    "INCOMPLETE": (400, "Sambungan terputus sebelum berkas lengkap."),
    "TOO_MANY": (429, "Terlalu banyak permintaan; ulangi setelah Retry-After detik."),
}
"""Code → (status, sentence): published in the document's description."""


def wrong(code: str, message: str = "") -> Wrong:
    """A Wrong of the catalogue, with its own or a more exact sentence."""
    status, sentence = CATALOGUE[code]
    return Wrong(status, code, message or sentence)


def answer_with(*codes: str) -> dict[int, type[Problem]]:
    """The ``response=`` part for these codes, beside those that any call can end with."""
    return {CATALOGUE[code][0]: Problem for code in ("UNAUTHENTICATED", "TOO_MANY", *codes)}


def install(api: NinjaAPI) -> None:
    """Let every failure of the interface speak as a Problem."""

    def say(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
        return api.create_response(request, {"code": code, "message": message}, status=status)

    @api.exception_handler(Wrong)
    def _(request: HttpRequest, error: Wrong) -> HttpResponse:
        return say(request, error.status, error.code, str(error))

    @api.exception_handler(AuthenticationError)
    def _(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        answer = say(request, 401, "UNAUTHENTICATED", CATALOGUE["UNAUTHENTICATED"][1])
        answer["WWW-Authenticate"] = 'Basic realm="provider", Bearer realm="provider"'
        return answer

    @api.exception_handler(Throttled)
    def _(request: HttpRequest, error: Throttled) -> HttpResponse:
        answer = say(request, 429, "TOO_MANY", CATALOGUE["TOO_MANY"][1])
        answer["Retry-After"] = str(error.wait or 1)
        return answer

    @api.exception_handler(Http404)
    def _(request: HttpRequest, error: Http404) -> HttpResponse:
        return say(request, 404, "NOT_FOUND", CATALOGUE["NOT_FOUND"][1])

    @api.exception_handler(ValidationError)
    def _(request: HttpRequest, error: ValidationError) -> HttpResponse:
        places = ", ".join(str(found["loc"][-1]) for found in error.errors)
        return say(request, 422, "INVALID", f"{CATALOGUE['INVALID'][1]} ({places})")

    @api.exception_handler(HttpError)
    def _(request: HttpRequest, error: HttpError) -> HttpResponse:
        return say(request, error.status_code, "INVALID", str(error))
