"""What a simulated provider knows of its subscribers: nothing but the number, and how often it was asked."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

ACTIVE_RATE = {
    "TELKOMSEL": 0.68,
    "INDOSAT": 0.76,
    "XL": 0.80,
    "TRI": 0.85,
    "SMARTFREN": 0.61,
    "AXIS": 0.63,
}
"""Share of active numbers by provider, as one kabupaten saw it (domain.md §5)."""

POSTPAID_OF_ACTIVE = 0.04
OF_THE_REST = (("INACTIVE", 0.62), ("GRACE", 0.88), ("NOT_OURS", 1.0))
FAILED_SHARE, REVERSED_SHARE = 0.02, 0.01
REASONS = ("NUMBER_INACTIVE", "NUMBER_IN_GRACE", "NUMBER_BLOCKED", "PACKAGE_REJECTED", "SYSTEM_ERROR")


def share_of(number: str, salt: str) -> float:
    """A number between 0 and 1 that belongs to the phone number for good."""
    return int.from_bytes(hashlib.sha256(f"{salt}:{number}".encode()).digest()[:6]) / 2**48


@dataclass
class Subscribers:
    """Answers for the numbers of one provider; ``known`` overrides the digest for the numbers it names.

    What has to be remembered between rounds lies in ``path``: who was in grace, whose injection failed once, what is
    still to be sent. ``rate`` is the share of active numbers where it is not the programme's.
    """

    provider: str
    known: dict[str, str] = field(default_factory=dict)
    path: Path | None = None
    grace: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    answered: set[int] = field(default_factory=set)
    to_reverse: list[tuple[int, str, str]] = field(default_factory=list)
    late: list[tuple[int, str, list[list[str]]]] = field(default_factory=list)
    silent: set[int] = field(default_factory=set)
    rate: float | None = None

    @classmethod
    def load(cls, provider: str, known: dict[str, str], path: Path | None, rate: float | None = None) -> Subscribers:
        kept = json.loads(path.read_text()) if path and path.exists() else {}
        return cls(
            provider,
            known,
            path,
            set(kept.get("grace", [])),
            set(kept.get("failed", [])),
            set(kept.get("answered", [])),
            [tuple(line) for line in kept.get("to_reverse", [])],
            [tuple(rest) for rest in kept.get("late", [])],
            set(kept.get("silent", [])),
            rate,
        )

    def save(self) -> None:
        """Write what has to be remembered, whole or not at all."""
        if self.path is None:
            return
        kept = {
            "grace": sorted(self.grace),
            "failed": sorted(self.failed),
            "answered": sorted(self.answered),
            "to_reverse": self.to_reverse,
            "late": self.late,
            "silent": sorted(self.silent),
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(kept))
        fresh.replace(self.path)

    def match(self, number: str) -> str:
        """The outcome of asking; a number in grace has been topped up when it is asked again."""
        outcome = self.known.get(number, "") or self._by_digest(number)
        if outcome in ("FAILED", "REVERSED"):
            return "ACTIVE"
        if outcome == "GRACE":
            return "ACTIVE" if number in self.grace else "GRACE"
        return outcome

    def _by_digest(self, number: str) -> str:
        share, rate = share_of(number, "match"), self.rate or ACTIVE_RATE[self.provider]
        if share < rate:
            return "POSTPAID" if share < rate * POSTPAID_OF_ACTIVE else "ACTIVE"
        rest = (share - rate) / (1 - rate)
        return next(outcome for outcome, border in OF_THE_REST if rest < border)

    def inject(self, number: str) -> tuple[str, str]:
        """(outcome, reason) of an injection; the second try works. REVERSED succeeds first and is taken back later."""
        outcome, share = self.known.get(number, ""), share_of(number, "inject")
        if number in self.failed:
            return "SUCCEEDED", ""
        if outcome == "FAILED" or (not outcome and share < FAILED_SHARE):
            return "FAILED", REASONS[int(share * 1e6) % len(REASONS)]
        if outcome == "REVERSED" or (not outcome and share < FAILED_SHARE + REVERSED_SHARE):
            return "REVERSED", "PACKAGE_REJECTED"
        return "SUCCEEDED", ""
