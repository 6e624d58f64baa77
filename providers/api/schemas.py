"""What the interface says and hears."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

Purpose = Literal["MATCH", "INJECT"]
Status = Literal["PREPARED", "OFFERED", "RECEIPTED", "ANSWERED", "CLOSED"]


class ExchangeOut(Schema):
    """One dump or order. ``id`` stands in its column ``batch``."""

    id: int
    purpose: Purpose
    status: Status
    period: str
    stage: int
    parts: int
    rows: int
    size: int
    sha256: str
    prepared_at: datetime | None
    receipted_at: datetime | None
    answered_at: datetime | None


class ExchangePage(Schema):
    """Some exchanges, oldest first; ``next_after`` leads on, null at the end."""

    items: list[ExchangeOut]
    next_after: int | None


class Part(Schema):
    """One file of an exchange. Its lines lie between ``first_line`` and ``last_line``; numbers may be left out."""

    no: int
    rows: int
    first_line: int
    last_line: int
    control_sum: str
    size: int
    sha256: str


class Manifest(Schema):
    """What the files have to be. Check ``size`` and ``sha256`` of each pulled part, then rows and control sum."""

    schema_version: int
    batch: int
    provider: str
    purpose: Purpose
    period: str
    stage: int
    columns: list[str]
    rows: int
    control_sum: str = Field(description="Jumlah semua no_ponsel sebagai bilangan bulat, desimal.")
    size: int
    sha256: str = Field(description="SHA-256 dari sha256 semua bagian (heksadesimal), disambung menurut nomornya.")
    parts: list[Part]
    prepared_at: str
    key_id: str
    signature: str = Field(description="Ed25519 (base64) atas JSON kanonis manifes tanpa kolom ini.")


class ReceiptIn(Schema):
    """What the provider counted in all parts together; ``sha256`` as in the manifest."""

    rows: int = Field(ge=0, examples=[1200])
    sha256: str = Field(pattern="^[0-9a-fA-F]{64}$", examples=["0" * 64])
    control_sum: str = Field("", pattern="^[0-9]{0,40}$", examples=["75394012345678"])


class ReceiptOut(Schema):
    """The exchange as it stands after the receipt."""

    id: int
    status: Status
    receipted_at: datetime | None


class Accepted(Schema):
    """The file is kept; what came of it is told at ``url``."""

    batch: int
    status: str
    url: str


class Counts(Schema):
    """In what the rows ended. They add up to ``rows`` once the batch is DONE."""

    rows: int = 0
    applied: int = Field(0, description="Diterapkan.")
    stale: int = Field(0, description="Nomor sudah diganti; disimpan, tidak diterapkan.")
    duplicate: int = Field(0, description="Sudah pernah dijawab sama persis.")
    superseded: int = Field(0, description="Ada jawaban lain yang berlaku untuk baris itu; disimpan.")
    unknown_line: int = Field(0, description="Baris itu tidak ada dalam berkas.")
    number_not_sent: int = Field(0, description="Nomor bukan yang dikirim di baris itu.")
    held: int = Field(0, description="Kata belum dikenal; ditahan.")
    bad: int = Field(0, description="Baris rusak.")


class BatchOut(Schema):
    """A file of answers or reports that was handed in."""

    id: int
    status: str = Field(description="QUEUED, RUNNING, PARKED, DONE, REFUSED, STOPPED, FAILED")
    sha256: str
    created_at: datetime
    finished_at: datetime | None
    error: str
    counts: Counts
    refused_url: str


class RefusedRow(Schema):
    """A row that was set aside: its place in the file as sent, why, and in which column."""

    row: int
    column: str
    code: str
    message: str


class RefusedPage(Schema):
    """Some refused rows; ``next_after`` leads on, null at the end."""

    items: list[RefusedRow]
    next_after: int | None


class Key(Schema):
    """A public key that signs manifests."""

    key_id: str
    algorithm: Literal["Ed25519"] = "Ed25519"
    public_key: str = Field(description="32 byte, base64.")
