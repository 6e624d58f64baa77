"""The life of an exchange in words: who acts next, and which button a person has."""

from __future__ import annotations

from datetime import datetime, timedelta

from vervalponsel.kit.duties import Duty

from .choices import ExchangeStatus
from .models import Exchange

DUTIES: dict[str, Duty] = {
    ExchangeStatus.PREPARING: Duty(
        who="Sistem",
        clock="biasanya beberapa menit",
        heals="Pekerjaan yang terputus dibangunkan lagi dan melanjutkan berkas yang sama.",
        button="Jalankan lagi (di halaman pekerjaan)",
    ),
    ExchangeStatus.PREPARED: Duty(
        who="Provider",
        clock="provider belum melihat berkas ini",
        heals="Provider mengambilnya pada putaran berikutnya.",
        button="Tutup, sisanya tanpa jawaban",
    ),
    ExchangeStatus.OFFERED: Duty(
        who="Provider",
        clock="provider sudah melihat, belum mengirim tanda terima",
        heals="Pengambilan yang terputus dilanjutkan oleh provider.",
        button="Tawarkan lagi",
    ),
    ExchangeStatus.RECEIPTED: Duty(
        who="Provider",
        clock="provider sudah menerima utuh, jawaban belum lengkap",
        heals="Jawaban boleh datang bertahap, terlambat atau berulang.",
        button="Tawarkan lagi",
    ),
    ExchangeStatus.ANSWERED: Duty(
        who="Tidak ada",
        clock="semua baris terjawab",
        heals="Jawaban susulan tetap diterima.",
        button="Tutup",
    ),
}
"""Every status that is not final. CLOSED is final; late answers still count."""

LIMITS: dict[str, tuple[str, timedelta]] = {
    ExchangeStatus.PREPARING: ("created_at", timedelta(hours=1)),
    ExchangeStatus.PREPARED: ("prepared_at", timedelta(hours=6)),
    ExchangeStatus.OFFERED: ("offered_at", timedelta(hours=6)),
    ExchangeStatus.RECEIPTED: ("receipted_at", timedelta(hours=24)),
}
"""Of a status that waits for somebody: since when, and after how long it is late. From then on it is to be chased."""


def waiting_since(exchange: Exchange) -> datetime | None:
    """The moment from which the present status is counted; None when nobody is waited for."""
    column, _ = LIMITS.get(exchange.status, ("", None))
    return (getattr(exchange, column) or exchange.created_at) if column else None


def due_at(exchange: Exchange) -> datetime | None:
    """When the present status becomes late."""
    since = waiting_since(exchange)
    return since + LIMITS[exchange.status][1] if since else None


TONES = {
    ExchangeStatus.PREPARING: "wait",
    ExchangeStatus.PREPARED: "wait",
    ExchangeStatus.OFFERED: "wait",
    ExchangeStatus.RECEIPTED: "wait",
    ExchangeStatus.ANSWERED: "ok",
    ExchangeStatus.CLOSED: "neutral",
}

AGAIN = (ExchangeStatus.OFFERED, ExchangeStatus.RECEIPTED)
CLOSABLE = (ExchangeStatus.PREPARED, ExchangeStatus.OFFERED, ExchangeStatus.RECEIPTED, ExchangeStatus.ANSWERED)


def may_offer_again(exchange: Exchange) -> bool:
    return exchange.status in AGAIN


def may_close(exchange: Exchange) -> bool:
    return exchange.status in CLOSABLE
