"""A provider's side of the exchange in tests: its key, its calls, its files; and the workers' side, run at once."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from providers.actions import create_credential, prepare_dump
from providers.models import Exchange, PhoneRecord
from tests.factories import RecordFactory, a_provider
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

BASE = "/api/provider/v1"
ROBOT = Actor.system("uji")


@dataclass
class Machine:
    """A provider's machine that speaks HTTP with its own key."""

    client: Client
    auth: str

    @classmethod
    def of(cls, code: str = "TELKOMSEL") -> Machine:
        credential, secret = create_credential(by=ROBOT, provider=a_provider(code), now=timezone.now())
        return cls(Client(), f"Bearer {credential.key_id}.{secret}")

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"{BASE}/{path}", headers={"Authorization": self.auth, **headers})

    def post(self, path: str, body: bytes, content_type: str = "text/csv", **headers: str) -> Any:
        return self.client.post(
            f"{BASE}/{path}", body, content_type=content_type, headers={"Authorization": self.auth, **headers}
        )

    def waiting(self, purpose: str = "MATCH") -> list[int]:
        answer = self.get(f"exchanges?purpose={purpose}&status=PREPARED&status=OFFERED")
        return [item["id"] for item in answer.json()["items"]]

    def pull(self, exchange: int) -> list[dict[str, str]]:
        """The rows of all parts, checked against the manifest, with the receipt sent."""
        manifest = self.get(f"exchanges/{exchange}").json()
        rows = [row for part in manifest["parts"] for row in self.part(exchange, part)]
        assert sum(int(row["no_ponsel"]) for row in rows) == int(manifest["control_sum"])
        said = {"rows": len(rows), "sha256": manifest["sha256"], "control_sum": manifest["control_sum"]}
        answer = self.post(f"exchanges/{exchange}/receipt", json.dumps(said).encode(), "application/json")
        assert answer.status_code == 200, answer.content
        return rows

    def part(self, exchange: int, part: dict[str, Any]) -> list[dict[str, str]]:
        packed = b"".join(self.get(f"exchanges/{exchange}/parts/{part['no']}").streaming_content)
        assert (len(packed), hashlib.sha256(packed).hexdigest()) == (part["size"], part["sha256"])
        rows = list(csv.DictReader(io.StringIO(gzip.decompress(packed).decode())))
        numbers = [int(row["line"]) for row in rows]
        assert (len(rows), numbers[0], numbers[-1]) == (part["rows"], part["first_line"], part["last_line"])
        assert sum(int(row["no_ponsel"]) for row in rows) == int(part["control_sum"])
        return rows

    def answer(self, exchange: int, body: bytes, what: str = "answers") -> Batch:
        """Hand a file in and let a worker run it."""
        answer = self.post(f"exchanges/{exchange}/{what}", body)
        assert answer.status_code in (200, 202), answer.content
        run_batch(answer.json()["batch"])
        return Batch.objects.get(pk=answer.json()["batch"])


def dump() -> list[Exchange]:
    """Prepare a dump of everything that is due."""
    batch, _ = prepare_dump(by=ROBOT, now=timezone.now())
    run_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.status == "DONE", batch.error
    return list(Exchange.objects.filter(batch=batch).order_by("provider_id"))


def ready(count: int = 1, **fields: Any) -> list[PhoneRecord]:
    """Records that wait to be asked."""
    fields = {"state": "READY", "answered_at": None} | fields
    return [RecordFactory.create(**fields) for _ in range(count)]


def lines(rows: list[tuple[Any, ...]], header: str = "line,no_ponsel,status,answered_at") -> bytes:
    """A CSV file as a provider writes it."""
    return "".join(f"{line}\n" for line in [header, *(",".join(map(str, row)) for row in rows)]).encode()


def moment(minutes: int = 0) -> str:
    """A time of checking, so many minutes from now."""
    return (timezone.now() + timedelta(minutes=minutes)).isoformat()


def at(minutes: int, of: datetime) -> str:
    return (of + timedelta(minutes=minutes)).isoformat()
