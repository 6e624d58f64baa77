"""How each operation stands in the published document: its answers with an example each, and its failures by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vervalponsel.kit.interfaces import ANY_CALL

from . import examples
from .errors import CATALOGUE, answer_with

_BYTES = {"schema": {"type": "string", "format": "binary"}}
_UNPACKED = {"isi": {"summary": "Isinya sesudah dibuka dari gzip", "value": examples.DUMP}}
_JSON = "application/json"


def told(answers: Mapping[int, tuple[Any, object]], *codes: str, **extra: Any) -> dict[str, Any]:
    """``response=`` and ``openapi_extra=`` of an operation: (schema, example) by status, then what it may fail with.

    ``extra`` is laid beside the examples, such as a ``requestBody``.
    """
    shown: dict[int, Any] = {status: _example(example) for status, (_, example) in answers.items()}
    for code in (*ANY_CALL, *codes):
        status, sentence = CATALOGUE[code]
        failures = shown.setdefault(status, {"content": {_JSON: {"examples": {}}}})["content"][_JSON]["examples"]
        failures[code] = {"summary": sentence, "value": {"code": code, "message": sentence}}
    schemas = {status: schema for status, (schema, _) in answers.items()}
    return {"response": schemas | answer_with(*codes), "openapi_extra": {"responses": shown, **extra}}


def _example(value: object) -> dict[str, Any]:
    return {"content": {_JSON: {"example": value}}}


def posted(text: str, json_lines: str) -> dict[str, Any]:
    """The ``requestBody`` of a file of answers or reports."""
    packed = {"csv": {"summary": "Isinya sebelum dikompres gzip", "value": text}}
    return {
        "required": True,
        "description": "CSV, CSV terkompresi gzip, atau JSON per baris; UTF-8; setiap baris diakhiri ganti baris.",
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": text},
            "application/x-ndjson": {"schema": {"type": "string"}, "example": json_lines},
            "application/gzip": _BYTES | {"examples": packed},
        },
    }


def part_told(*codes: str) -> dict[str, Any]:
    """As ``told``, of the operation that answers with a file."""
    made = told({}, *codes)
    made["openapi_extra"]["responses"] |= {
        200: {"description": "Seluruh bagian", "content": {"application/gzip": _BYTES | {"examples": _UNPACKED}}},
        206: {"description": "Sebagian byte (Range)", "content": {"application/gzip": _BYTES}},
        302: {"description": "Bagian itu ada di alamat sementara yang bertanda tangan (Location)"},
        304: {"description": "Tidak berubah (If-None-Match)"},
    }
    return made


def also_as_csv(made: dict[str, Any], example: str) -> dict[str, Any]:
    """The same operation, whose 200 may be a table too."""
    table = {"schema": {"type": "string"}, "example": example}
    made["openapi_extra"]["responses"][200]["content"]["text/csv"] = table
    return made
