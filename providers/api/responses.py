"""The parts of the published document that are files and not JSON."""

from typing import Any

_EXAMPLE = (
    "line,no_ponsel,status,answered_at\n"
    "1,6281226004001,ACTIVE,2020-09-13T08:10:00+07:00\n"
    "2,6281326004011,GRACE,2020-09-13T08:10:00+07:00\n"
)
_TEXT = {"schema": {"type": "string"}, "example": _EXAMPLE}
_BYTES = {"schema": {"type": "string", "format": "binary"}}

FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "CSV, CSV terkompresi gzip, atau JSON per baris; UTF-8; setiap baris diakhiri ganti baris.",
        "content": {
            "text/csv": _TEXT,
            "application/x-ndjson": {"schema": {"type": "string"}},
            "application/gzip": _BYTES,
        },
    },
}

FILE_ANSWERS: dict[str, Any] = {
    "responses": {
        200: {"description": "Seluruh bagian", "content": {"application/gzip": _BYTES}},
        206: {"description": "Sebagian byte (Range)", "content": {"application/gzip": _BYTES}},
        302: {"description": "Bagian itu ada di alamat sementara yang bertanda tangan (Location)"},
        304: {"description": "Tidak berubah (If-None-Match)"},
    },
}
