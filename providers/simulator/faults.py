"""What goes wrong between a provider and us: each fault changes how things are sent, never what is true.

After the faulty sendings the whole truth arrives once, so that the exchange must end as if nothing had happened.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

SENDING_FAULTS = ("truncate", "contradict", "unknown", "foreign", "digest", "slow", "cut")
"""Each makes a wrong call before the right ones."""

FAULTS = ("duplicate", "reorder", "split", *SENDING_FAULTS, "stale", "silence", "500s")
"""Every fault there is: duplicate, reorder and split change the right calls; stale answers some lines a round later;
silence answers a file only after it has been offered again; 500s breaks the calls themselves (``line.py``)."""

MILD = tuple(name for name in FAULTS if name not in ("foreign", "slow", "silence"))
"""What an ordinary day brings, now and then and on few lines; all of it heals by itself."""

MILD_SHARE, MILD_ROWS = 0.35, 3
EARLIER = "2020-01-01"
"""A day before any question: the later, true answer of a match stands."""

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Faults:
    """Which faults happen. ``mild``: each to some of the files only, and to a few of their lines."""

    names: frozenset[str] = frozenset()
    mild: bool = False

    @classmethod
    def named(cls, names: list[str]) -> Faults:
        """From the words of a command line; ``mild`` stands for all of MILD."""
        mild = "mild" in names
        return cls(frozenset(names) - {"mild"} | (frozenset(MILD) if mild else frozenset()), mild)

    def of_file(self, exchange: int) -> frozenset[str]:
        """Those that happen to this file, the same ones every time."""
        chance = random.Random(exchange)  # noqa: S311 - the same accidents every time
        drawn = {name for name in FAULTS if name in self.names and chance.random() < MILD_SHARE}
        return frozenset(drawn) if self.mild else self.names

    def few(self, rows: list[Row]) -> list[Row]:
        """The lines that a fault befalls: one in twenty, at least one."""
        count = max(1, len(rows) // 20)
        return rows[: min(count, MILD_ROWS) if self.mild else count]


@dataclass(frozen=True, slots=True)
class Sending:
    """One call: its bytes, and how it is to go wrong."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    slow: bool = False
    cut: bool = False


def sendings(header: str, rows: list[Row], faults: Faults, exchange: int) -> list[Sending]:
    """The calls in which these rows are sent; without faults one."""
    names, chance = faults.of_file(exchange), random.Random(exchange)  # noqa: S311 - the same accidents every time
    if "reorder" in names:
        rows = chance.sample(rows, len(rows))
    few, whole = faults.few(rows), body_of(header, rows)
    calls = [sending for name in SENDING_FAULTS if name in names for sending in broken(name, header, few, whole)]
    parts = chunks(rows, 3) if "split" in names else [rows]
    calls += [Sending(body_of(header, part)) for part in parts]
    return calls + calls[-1:] if "duplicate" in names else calls


def broken(name: str, header: str, few: list[Row], whole: bytes) -> list[Sending]:
    """The extra calls of one fault."""
    if name == "truncate":
        return [Sending(whole[: max(len(header) + 2, len(whole) * 2 // 3)])]
    if name == "digest":
        return [Sending(whole, {"Content-Digest": "sha-256=:AAAA:"})]
    if name in ("slow", "cut"):
        return [Sending(whole, slow=name == "slow", cut=name == "cut")]
    said = [row for row in (_WRONG[name](row) for row in few) if row]
    return [Sending(body_of(header, said))] if said else []


def _contradicting(row: Row) -> Row | None:
    """Another outcome of an earlier day. Of an injection there is none that does no harm: that is a reversal."""
    if row[2] in ("SUCCEEDED", "FAILED", "REVERSED"):
        return None
    return (*row[:2], "INACTIVE" if row[2] == "ACTIVE" else "NOT_OURS", *row[3:-1], EARLIER)


_WRONG = {
    "unknown": lambda row: (*row[:2], "SLEEPING", *row[3:]),
    "foreign": lambda row: (str(10**9 + int(row[0])), *row[1:]),
    "contradict": _contradicting,
}
"""What a line says by mistake, before it is said right."""


def chunks(rows: list[Row], count: int) -> list[list[Row]]:
    size = max(1, -(-len(rows) // count))
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def body_of(header: str, rows: list[Row]) -> bytes:
    return "".join(f"{line}\n" for line in [header, *(",".join(row) for row in rows)]).encode()
