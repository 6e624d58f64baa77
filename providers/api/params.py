"""What stands in the addresses of the interface, each with a description and the value that the examples use."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Path, Query

from . import examples
from .schemas import Purpose, Status

EXCHANGES_AT_ONCE = 100

ExchangeId = Annotated[
    int, Path(..., description="Nomor berkas, dari daftar berkas.", example=examples.MANIFEST["batch"])
]
PartNo = Annotated[int, Path(..., description="Nomor bagian, dari manifes.", example=1)]
OfPurpose = Annotated[
    Purpose | None, Query(None, description="Hanya berkas pemadanan, atau hanya pesanan kuota.", example="MATCH")
]
OfStatus = Annotated[
    list[Status],
    Query([], description="Hanya berkas dengan keadaan ini; boleh beberapa.", example=["PREPARED", "OFFERED"]),
]
Format = Annotated[
    Literal["json", "csv"] | None,
    Query(None, alias="format", description="Tabel CSV, atau JSON berhalaman.", example="csv"),
]
ExchangesLimit = Annotated[
    int, Query(EXCHANGES_AT_ONCE, ge=1, le=EXCHANGES_AT_ONCE, description="Berkas paling banyak.", example=20)
]
