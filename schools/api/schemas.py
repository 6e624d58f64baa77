"""What the interface says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field


class Accepted(Schema):
    """The delta was checked and kept; what comes of it is told at ``url``."""

    batch: int
    status: str
    url: str


class DeltaOut(Schema):
    """A delta that was handed in. ``counts`` tell of each file how many rows were read, kept and set aside by code."""

    id: int
    status: str = Field(description="QUEUED, RUNNING, PARKED, DONE, REFUSED, STOPPED, FAILED")
    step: str = Field(description="Langkah yang sedang berjalan, atau apa yang ditunggu.")
    sha256: str
    created_at: datetime
    finished_at: datetime | None
    error: str
    counts: dict[str, Any]
    refused_url: str


class RefusedRow(Schema):
    """A row that was set aside: its place, why, and whose move it is."""

    file: str
    row: int
    column: str
    code: str
    message: str
    acts: str


class RefusedPage(Schema):
    """Some refused rows; ``next_after`` leads on, null at the end."""

    items: list[RefusedRow]
    next_after: int | None
