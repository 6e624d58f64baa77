"""The frozen files of an exchange: parts of bounded size, each packed and digested, published all at once."""

from __future__ import annotations

import hashlib
import zlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from vervalponsel.kit.sqlfiles import run_step

from .choices import ExchangeStatus
from .models import Exchange, ExchangePart
from .querysets import keys_of

SCHEMA_VERSION = 2
COLUMNS = {
    "MATCH": ("batch", "line", "pd_id", "tingkat_pendidikan", "npsn", "no_ponsel"),
    "INJECT": ("batch", "line", "pd_id", "npsn", "no_ponsel", "gigabytes"),
}
# A third of the work of gzip's own level, for a twentieth more on a provider's line.
ZIP_LEVEL = 2
GZIP = 31
"""zlib's word for the gzip format with its largest window."""


def write_part(exchange: Exchange, first: int, last: int) -> ExchangePart | None:
    """Pack the frozen lines ``first`` to ``last`` into a part; None when there are none.

    The file lies in its place before the row that names it is committed. Its name bears its digest: whoever repeats the
    work, or comes to life again, can only write the same bytes.
    """
    with connection.cursor() as cursor:
        keys = dict(zip(("first", "last"), keys_of(exchange.pk, first, last), strict=True))
        run_step(cursor, "providers", f"files/{exchange.purpose.lower()}", keys)
        rows, control_sum, first_line, last_line, text = cursor.fetchone()
    if not rows:
        return None
    packed = packed_lines(exchange, text)
    sha256 = hashlib.sha256(packed).hexdigest()
    part = ExchangePart(exchange=exchange, rows=rows, control_sum=control_sum, first_line=first_line)
    part.last_line, part.size, part.sha256 = last_line, len(packed), sha256
    part.file.name = store(f"{folder_of(exchange)}/{first_line}-{sha256[:16]}.csv.gz", packed)
    part.save()
    return part


def packed_lines(exchange: Exchange, text: str) -> bytes:
    """A gzip file with a header row."""
    return packed(f"{','.join(COLUMNS[exchange.purpose])}\n{text}\n")


def packed(text: str) -> bytes:
    """The text as a gzip file; the same text gives the same bytes at any time."""
    packer = zlib.compressobj(ZIP_LEVEL, zlib.DEFLATED, GZIP)
    return packer.compress(text.encode()) + packer.flush()


def folder_of(exchange: Exchange) -> str:
    folder = exchange.created_at.strftime("exchanges/%Y/%m")
    return f"{folder}/{exchange.purpose.lower()}-{exchange.provider_id.lower()}-{exchange.pk}"


def store(name: str, content: bytes) -> str:
    """Lay a file in its place, unless it lies there whole; returns its name."""
    if default_storage.exists(name):
        if default_storage.size(name) == len(content):
            return name
        default_storage.delete(name)
    return default_storage.save(name, ContentFile(content))


@transaction.atomic
def publish(exchange: Exchange, *, now: datetime) -> Exchange | None:
    """Number the parts, write the totals and make the exchange PREPARED, all in one commit.

    An exchange without lines is forgotten: None. Repeated it changes nothing.
    """
    held = Exchange.objects.select_for_update().get(pk=exchange.pk)
    if held.status != ExchangeStatus.PREPARING:
        return held
    parts = list(held.parts.in_order())
    if not parts:
        held.delete()
        return None
    for no, part in enumerate(parts, 1):
        part.no = no
    ExchangePart.objects.bulk_update(parts, ["no"], batch_size=1000)
    held.rows, held.size = sum(part.rows for part in parts), sum(part.size for part in parts)
    held.control_sum = str(sum(int(part.control_sum) for part in parts))
    held.sha256 = digest_of([part.sha256 for part in parts])
    held.status, held.prepared_at = ExchangeStatus.PREPARED, now
    held.save(update_fields=["rows", "control_sum", "size", "sha256", "status", "prepared_at"])
    return held


def digest_of(digests: list[str]) -> str:
    """The digest of a whole exchange: SHA-256 of the parts' hexadecimal digests, one after the other."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()
