"""What goes wrong between a provider and us: each fault changes how a file of answers is sent, never what is true.

After the faulty sendings the whole truth arrives once, so that the exchange must end as if nothing had happened.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

FAULTS = (
    "duplicate",
    "reorder",
    "split",
    "truncate",
    "contradict",
    "unknown",
    "foreign",
    "digest",
    "slow",
    "cut",
    "silence",
)
MILD = ("duplicate", "reorder", "split")

EARLIER = "2020-01-01"
"""A day before any question: the later, true answer of a match stands."""

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sending:
    """One call: its bytes, and how it is to go wrong."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    slow: bool = False
    cut: bool = False


def sendings(header: str, rows: list[Row], faults: set[str], seed: int) -> list[Sending]:
    """The calls in which these rows are sent; without faults one."""
    chance = random.Random(seed)  # noqa: S311 - the same accidents every time
    if "silence" in faults and chance.random() < 0.3:
        return []
    if "reorder" in faults:
        rows = chance.sample(rows, len(rows))
    whole = body_of(header, rows)
    calls = [sending for name in FAULTS if name in faults for sending in broken(name, header, rows, whole)]
    parts = chunks(rows, 3) if "split" in faults else [rows]
    calls += [Sending(body_of(header, part)) for part in parts]
    return calls + calls[-1:] if "duplicate" in faults else calls


def broken(name: str, header: str, rows: list[Row], whole: bytes) -> list[Sending]:
    """The extra calls of one fault."""
    few = rows[: max(1, len(rows) // 20)]
    if name == "truncate":
        return [Sending(whole[: max(len(header) + 2, len(whole) * 2 // 3)])]
    if name == "unknown":
        return [Sending(body_of(header, [(*row[:2], "SLEEPING", *row[3:]) for row in few]))]
    if name == "foreign":
        return [Sending(body_of(header, [(str(10**9 + int(row[0])), *row[1:]) for row in few]))]
    if name == "contradict":
        return [Sending(body_of(header, [(*row[:2], other(row[2]), *row[3:-1], EARLIER) for row in few]))]
    if name == "digest":
        return [Sending(whole, {"Content-Digest": "sha-256=:AAAA:"})]
    if name in ("slow", "cut"):
        return [Sending(whole, slow=name == "slow", cut=name == "cut")]
    return []


def other(outcome: str) -> str:
    """An outcome that contradicts this one."""
    return {"ACTIVE": "INACTIVE", "SUCCEEDED": "FAILED"}.get(
        outcome, "NOT_OURS" if outcome != "FAILED" else "SUCCEEDED"
    )


def chunks(rows: list[Row], count: int) -> list[list[Row]]:
    size = -(-len(rows) // count)
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def body_of(header: str, rows: list[Row]) -> bytes:
    return "".join(f"{line}\n" for line in [header, *(",".join(row) for row in rows)]).encode()
