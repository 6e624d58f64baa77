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

from .faults import Row, Sending, sendings
from .subscribers import Subscribers

MATCH_HEADER = "line,no_ponsel,status,answered_at"
INJECT_HEADER = "line,no_ponsel,status,code,reported_at"
OPEN = ("PREPARED", "OFFERED", "RECEIPTED")


class Machine:
    """A provider's machine. ``latency`` seconds pass between the receipt and the answers."""

    def __init__(self, interface: Interface, subscribers: Subscribers, *, faults: set[str], latency: float) -> None:
        self.interface, self.subscribers, self.faults, self.latency = interface, subscribers, faults, latency

    def round(self) -> int:
        """Do everything that waits; returns how many files were answered."""
        waiting = [found for found in self.interface.exchanges("", OPEN) if self.is_new(found)]
        taken_back = self.take_back()
        for found in waiting:
            self.work_on(found)
        return len(waiting) + taken_back

    def is_new(self, found: dict[str, Any]) -> bool:
        return found["status"] != "RECEIPTED" or found["id"] not in self.subscribers.answered

    def work_on(self, found: dict[str, Any]) -> None:
        """One file from manifest to answers."""
        exchange = found["id"]
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "file.csv.gz"
            manifest = self.interface.manifest(exchange)
            self.interface.pull(exchange, target)
            self.interface.receipt(exchange, verify(target, manifest))
            rows = list(rows_of(target))
        time.sleep(self.latency)
        if found["purpose"] == "MATCH":
            self.send(exchange, "answers", MATCH_HEADER, self.matched(rows))
        else:
            self.send(exchange, "reports", INJECT_HEADER, self.injected(exchange, rows))
        self.subscribers.answered.add(exchange)
        self.subscribers.save()

    def matched(self, rows: list[dict[str, str]]) -> list[Row]:
        """The answer to every line; grace is remembered only now, so that a family on one number hears one answer."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        answers: list[Row] = [
            (row["line"], row["no_ponsel"], self.subscribers.match(row["no_ponsel"]), at) for row in rows
        ]
        self.subscribers.grace |= {number for _, number, outcome, *_ in answers if outcome == "GRACE"}
        return answers

    def injected(self, exchange: int, rows: list[dict[str, str]]) -> list[Row]:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        reports: list[Row] = []
        for line, number in ((row["line"], row["no_ponsel"]) for row in rows):
            outcome, reason = self.subscribers.inject(number)
            if outcome == "REVERSED":
                self.subscribers.to_reverse.append((exchange, line, number))
            if outcome != "SUCCEEDED":
                self.subscribers.failed.add(number)
            said = ("FAILED", reason) if outcome == "FAILED" else ("SUCCEEDED", "")
            reports.append((line, number, *said, at))
        return reports

    def take_back(self) -> int:
        """Report reversals of what was reported as succeeded in a round before."""
        at = (datetime.now(UTC) + timedelta(seconds=1)).isoformat(timespec="seconds")
        by_exchange: dict[int, list[Row]] = {}
        for exchange, line, number in self.subscribers.to_reverse:
            by_exchange.setdefault(exchange, []).append((line, number, "REVERSED", "PACKAGE_REJECTED", at))
        for exchange, rows in by_exchange.items():
            self.send(exchange, "reports", INJECT_HEADER, rows)
        if by_exchange:
            self.subscribers.to_reverse = []
            self.subscribers.save()
        return len(by_exchange)

    def send(self, exchange: int, what: str, header: str, rows: list[Row]) -> None:
        for sending in sendings(header, rows, self.faults, seed=exchange):
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
