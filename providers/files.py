"""Writing the frozen file of an exchange: streamed out of the database, packed, digested, published at once."""

from __future__ import annotations

import gzip
import hashlib
import tempfile
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection

from vervalponsel.kit.sqlfiles import run_step, sql_text

from .choices import ExchangeStatus
from .models import Exchange

SCHEMA_VERSION = 1
COLUMNS = {
    "MATCH": ("batch", "line", "pd_id", "tingkat_pendidikan", "npsn", "no_ponsel"),
    "INJECT": ("batch", "line", "pd_id", "npsn", "no_ponsel", "gigabytes"),
}
# Zlib's lower levels are three times as fast and cost a tenth in size on such lines.
GZIP_LEVEL = 3


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: bytes and digest of the packed file."""

    size: int
    sha256: str


class _Digesting:
    """A binary file that counts and digests what is written to it."""

    def __init__(self, raw: IO[bytes]) -> None:
        self.raw, self.digest, self.size = raw, hashlib.sha256(), 0

    def write(self, block: bytes) -> int:
        self.digest.update(block)
        self.size += len(block)
        return self.raw.write(block)

    def flush(self) -> None:
        self.raw.flush()


def publish(exchange: Exchange, *, now: datetime) -> Exchange:
    """Write the file of the frozen lines and make the exchange PREPARED; nobody sees it before it is whole.

    Repeated after a crash it writes the same bytes again.
    """
    exchange.rows, exchange.control_sum = control_totals(exchange)
    with tempfile.TemporaryFile() as raw:
        written = write_lines(exchange, raw)
        raw.seek(0)
        name = file_name(exchange)
        default_storage.delete(name)
        exchange.file.name = default_storage.save(name, File(raw))
    exchange.size, exchange.sha256 = written.size, written.sha256
    exchange.status, exchange.prepared_at = ExchangeStatus.PREPARED, now
    exchange.save(update_fields=["rows", "control_sum", "file", "size", "sha256", "status", "prepared_at"])
    return exchange


def file_name(exchange: Exchange) -> str:
    folder = exchange.created_at.strftime("exchanges/%Y/%m")
    return f"{folder}/{exchange.purpose.lower()}-{exchange.provider_id.lower()}-{exchange.pk}.csv.gz"


def control_totals(exchange: Exchange) -> tuple[int, str]:
    """(lines, sum of the numbers as text) of the frozen lines."""
    with connection.cursor() as cursor:
        run_step(cursor, "providers", "files/control", {"exchange": exchange.pk})
        rows, total = cursor.fetchone()
        return rows, total


def write_lines(exchange: Exchange, raw: IO[bytes]) -> Written:
    """Stream the lines as gzipped CSV; the same lines give the same bytes at any time."""
    target = _Digesting(raw)
    query = sql_text("providers", f"files/{exchange.purpose.lower()}")
    with gzip.GzipFile(filename="", mode="wb", fileobj=target, compresslevel=GZIP_LEVEL, mtime=0) as packed:
        for block in copied(query, {"exchange": exchange.pk}):
            packed.write(block)
    target.flush()
    return Written(target.size, target.digest.hexdigest())


def copied(query: str, params: dict[str, Any]) -> Any:
    """The blocks of a ``COPY … TO STDOUT``."""
    with connection.cursor() as cursor, cursor.copy(query, params) as copy:
        yield from copy
