"""What the words in providers' files mean. The published ones are here; further ones are Pusdatin's data (CodeWord)."""

from __future__ import annotations

from .choices import Outcome, Purpose

PUBLISHED: dict[str, dict[str, str]] = {
    Purpose.MATCH: {
        "ACTIVE": Outcome.ACTIVE,
        "AKTIF": Outcome.ACTIVE,
        "POSTPAID": Outcome.POSTPAID,
        "PASCABAYAR": Outcome.POSTPAID,
        "INACTIVE": Outcome.INACTIVE,
        "TIDAK_AKTIF": Outcome.INACTIVE,
        "GRACE": Outcome.GRACE,
        "MASA_TENGGANG": Outcome.GRACE,
        "NOT_OURS": Outcome.NOT_OURS,
        "BUKAN_PELANGGAN": Outcome.NOT_OURS,
    },
    Purpose.INJECT: {
        "SUCCEEDED": Outcome.SUCCEEDED,
        "BERHASIL": Outcome.SUCCEEDED,
        "FAILED": Outcome.FAILED,
        "GAGAL": Outcome.FAILED,
        "REVERSED": Outcome.REVERSED,
        "DITARIK": Outcome.REVERSED,
    },
}
"""Purpose → word → outcome, as the interface's document publishes them."""

FAILURES = (
    "NUMBER_INACTIVE",
    "NUMBER_IN_GRACE",
    "NUMBER_BLOCKED",
    "NOT_SUBSCRIBER",
    "PACKAGE_REJECTED",
    "SYSTEM_ERROR",
    "OTHER",
)
"""Reasons of a failed or reversed injection; any other word is kept on the line and counts as OTHER."""


def folded(word: str) -> str:
    """A word without regard to case, spaces and dashes: ``tidak aktif`` is ``TIDAK_AKTIF``."""
    return "_".join(word.upper().replace("-", " ").replace("_", " ").split())[:40]
