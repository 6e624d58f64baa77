"""One simulated provider at work: look, pull, check, receipt, answer; what fails is tried again later."""

from __future__ import annotations

import socket
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from providers.client.interface import Interface, Problem, rows_of, verify

from .faults import Faults, Row, Sending, sendings
from .subscribers import Subscribers

MATCH_HEADER = "line,no_ponsel,status,answered_at"
INJECT_HEADER = "line,no_ponsel,status,code,reported_at"
OPEN = ("PREPARED", "OFFERED", "RECEIPTED")
HEADERS = {"MATCH": ("answers", MATCH_HEADER), "INJECT": ("reports", INJECT_HEADER)}


class Machine:
    """A provider's machine. ``latency`` seconds pass between the receipt and the answers."""

    def __init__(self, interface: Interface, subscribers: Subscribers, *, faults: Faults, latency: float) -> None:
        self.interface, self.subscribers, self.faults, self.latency = interface, subscribers, faults, latency

    def round(self) -> int:
        """Do everything that waits; returns how many files were answered."""
        waiting = [found for found in self.interface.exchanges("", OPEN) if self.is_new(found)]
        done = self.take_back() + self.catch_up()
        for found in waiting:
            self.work_on(found)
        return len(waiting) + done

    def is_new(self, found: dict[str, Any]) -> bool:
        return found["status"] != "RECEIPTED" or found["id"] not in self.subscribers.answered

    def work_on(self, found: dict[str, Any]) -> None:
        """One file from manifest to answers."""
        exchange = found["id"]
        rows = self.fetched(exchange)
        time.sleep(self.latency)
        if not self.keeps_silent(exchange):
            answers = self.matched(rows) if found["purpose"] == "MATCH" else self.injected(rows)
            self.send(exchange, found["purpose"], self.without_late(exchange, found["purpose"], answers))
            self.remember(exchange, found["purpose"], answers)
        self.subscribers.answered.add(exchange)
        self.subscribers.save()

    def fetched(self, exchange: int) -> list[dict[str, str]]:
        """The rows of a file: pulled, checked, receipted."""
        with tempfile.TemporaryDirectory() as folder:
            manifest = self.interface.manifest(exchange)
            self.interface.pull(exchange, Path(folder))
            said = verify(Path(folder), manifest)
            if "digest" in self.faults.of_file(exchange):
                self.receipt_wrongly(exchange, said)
            self.interface.receipt(exchange, said)
            return list(rows_of(Path(folder), manifest))

    def receipt_wrongly(self, exchange: int, said: dict[str, Any]) -> None:
        """A receipt for other bytes: the server must not take it."""
        try:
            self.interface.receipt(exchange, said | {"sha256": "0" * 64})
        except Problem as reason:
            if reason.code == "TOTALS_DIFFER":
                return
            raise
        raise ValueError("a wrong receipt was taken")

    def keeps_silent(self, exchange: int) -> bool:
        """A silent provider answers a file only when it is offered a second time."""
        if "silence" not in self.faults.of_file(exchange) or exchange in self.subscribers.silent:
            return False
        self.subscribers.silent.add(exchange)
        return True

    def without_late(self, exchange: int, purpose: str, rows: list[Row]) -> list[Row]:
        """What is answered at once; with stale answers a few lines wait for the next round, their date unchanged."""
        late = self.faults.few(rows) if "stale" in self.faults.of_file(exchange) else []
        if late:
            self.subscribers.late.append((exchange, purpose, [list(row) for row in late]))
        return rows[len(late) :]

    def catch_up(self) -> int:
        """Send what was late in the round before."""
        late = list(self.subscribers.late)
        for exchange, purpose, rows in late:
            self.send(exchange, purpose, [tuple(row) for row in rows])
            self.subscribers.late.pop(0)
            self.subscribers.save()
        return len(late)

    def matched(self, rows: list[dict[str, str]]) -> list[Row]:
        """The answer to every line."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        return [(row["line"], row["no_ponsel"], self.subscribers.match(row["no_ponsel"]), at) for row in rows]

    def injected(self, rows: list[dict[str, str]]) -> list[Row]:
        """The report of every line; what will be taken back is reported as succeeded first."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        reports: list[Row] = []
        for line, number in ((row["line"], row["no_ponsel"]) for row in rows):
            outcome, reason = self.subscribers.inject(number)
            said = ("FAILED", reason) if outcome == "FAILED" else ("SUCCEEDED", "")
            reports.append((line, number, *said, at))
        return reports

    def remember(self, exchange: int, purpose: str, answers: list[Row]) -> None:
        """Only what was sent is known to have happened, so that a family on one number hears one answer."""
        known = self.subscribers
        if purpose == "MATCH":
            known.grace |= {number for _, number, outcome, *_ in answers if outcome == "GRACE"}
            return
        ends = [(line, number, known.inject(number)[0]) for line, number, *_ in answers]
        known.to_reverse += [(exchange, line, number) for line, number, end in ends if end == "REVERSED"]
        known.failed |= {number for _, number, end in ends if end != "SUCCEEDED"}

    def take_back(self) -> int:
        """Report reversals of what was reported as succeeded in a round before."""
        at = (datetime.now(UTC) + timedelta(seconds=1)).isoformat(timespec="seconds")
        by_exchange: dict[int, list[Row]] = {}
        for exchange, line, number in self.subscribers.to_reverse:
            by_exchange.setdefault(exchange, []).append((line, number, "REVERSED", "PACKAGE_REJECTED", at))
        for exchange, rows in by_exchange.items():
            self.send(exchange, "INJECT", rows)
        if by_exchange:
            self.subscribers.to_reverse = []
            self.subscribers.save()
        return len(by_exchange)

    def send(self, exchange: int, purpose: str, rows: list[Row]) -> None:
        what, header = HEADERS[purpose]
        for sending in sendings(header, rows, self.faults, exchange):
            self.deliver(exchange, what, sending)

    def deliver(self, exchange: int, what: str, sending: Sending) -> None:
        """One call; a refusal that the fault provoked is what had to come."""
        if sending.cut:
            self.break_off(exchange, what, sending.body)
            return
        if sending.slow:
            self.drip(exchange, what, sending.body)
            return
        try:
            self.interface.send(exchange, what, sending.body, sending.headers)
        except Problem as reason:
            if not sending.headers:
                raise
            if reason.status >= 500:
                raise

    def drip(self, exchange: int, what: str, body: bytes) -> None:
        """Send the bytes slowly."""

        def slowly() -> Iterator[bytes]:
            for start in range(0, len(body), max(1, len(body) // 10)):
                time.sleep(0.1)
                yield body[start : start + max(1, len(body) // 10)]

        headers = {"Content-Length": str(len(body)), "Content-Type": "text/csv"}
        self.interface.http.post(f"exchanges/{exchange}/{what}", content=slowly(), headers=headers)

    def break_off(self, exchange: int, what: str, body: bytes) -> None:
        """Announce the whole body, send half of it and hang up."""
        base = urlsplit(str(self.interface.http.base_url))
        head = (
            f"POST {base.path}exchanges/{exchange}/{what} HTTP/1.1\r\nHost: {base.netloc}\r\n"
            f"Authorization: {self.interface.http.headers['Authorization']}\r\nContent-Type: text/csv\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection((base.hostname or "", base.port or 80), timeout=10) as line:
            line.sendall(head.encode() + body[: len(body) // 2])
