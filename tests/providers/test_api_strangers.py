"""Another provider's machine, as a process with its own key: over every operation it can see and touch nothing of ours.

The operations come from the served document, so that a new one is tried without a change here.
"""

import json
import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings

from providers.models import CodeWord, Credential, Exchange, ExchangeLine, LineAnswer, PhoneRecord
from tests.factories import PeriodFactory
from vervalponsel.batches.models import Batch, RowError

from .exchanging import BASE, Machine, dump, lines, moment, ready

pytestmark = pytest.mark.django_db(transaction=True)

STRANGER = """
import json, os, sys
import httpx
base, auth, calls = json.load(sys.stdin)
with httpx.Client(base_url=base, headers={"Authorization": auth}, trust_env=False) as line:
    said = []
    for method, path, kind, body in calls:
        headers = {"Content-Type": kind} if kind else {}
        answer = line.request(method, path, content=body.encode() or None, headers=headers)
        said.append([method, path, answer.status_code, answer.text])
json.dump(said, sys.stdout)
"""
OPEN_TO_ALL = {"listKeys"}
OWN_LISTS = {"listExchanges"}


@pytest.fixture
def ours() -> dict[str, Any]:
    """Telkomsel's exchange with an answer, a refused row and a batch."""
    PeriodFactory.create()
    machine = Machine.of("TELKOMSEL")
    ready(3)
    [exchange] = dump()
    rows = machine.pull(exchange.pk)
    batch = machine.answer(exchange.pk, lines([(1, rows[0]["no_ponsel"], "ACTIVE", moment(1)), (9, "62", "X", "")]))
    secrets = [exchange.sha256, batch.sha256, *(row["no_ponsel"] for row in rows), *(row["pd_id"] for row in rows)]
    said = lines([(2, rows[1]["no_ponsel"], "INACTIVE", moment(1))]).decode()
    return {"exchange": exchange.pk, "batch": batch.pk, "no": 1, "secrets": secrets, "said": said}


def calls_of(document: dict[str, Any], ours: dict[str, Any]) -> dict[str, list[str]]:
    """Operation → one call that would work for the owner: method, address, content type, body."""
    places = {"{exchange_id}": ours["exchange"], "{batch_id}": ours["batch"], "{no}": ours["no"]}
    calls = {}
    for template, operations in document["paths"].items():
        path = template
        for name, value in places.items():
            path = path.replace(name, str(value))
        assert "{" not in path, f"say in this test what stands for the parameter of {template}"
        for method, operation in operations.items():
            calls[operation["operationId"]] = [method.upper(), path, *body_for(operation, ours)]
    return calls


def body_for(operation: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    kinds = operation.get("requestBody", {}).get("content", {})
    if "text/csv" in kinds:
        return ["text/csv", ours["said"]]
    if "application/json" in kinds:
        exchange = Exchange.objects.get(pk=ours["exchange"])
        return ["application/json", json.dumps({"rows": exchange.rows, "sha256": exchange.sha256})]
    return ["", ""]


def state() -> list[Any]:
    """Everything that a call could change, but when a key was used."""
    models = (Exchange, ExchangeLine, LineAnswer, Batch, RowError, CodeWord, PhoneRecord)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def spoken_by(code: str, url: str, calls: list[list[str]]) -> list[list[Any]]:
    """What the process of another provider hears."""
    auth = Machine.of(code).auth
    done = subprocess.run(
        [sys.executable, "-c", STRANGER],
        input=json.dumps([url, auth, calls]),
        env={"PATH": os.environ["PATH"]},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    return list(json.loads(done.stdout))


def test_another_provider_sees_and_touches_nothing(live_server: Any, ours: dict[str, Any], client: Any) -> None:
    calls = calls_of(client.get(f"{BASE}/openapi.json").json(), ours)
    before = state()

    heard = spoken_by("INDOSAT", live_server.url, list(calls.values()))

    statuses = {name: answer[2] for name, answer in zip(calls, heard, strict=True)}
    assert {name for name, status in statuses.items() if status != 404} == OPEN_TO_ALL | OWN_LISTS, statuses
    listed = next(json.loads(answer[3]) for name, answer in zip(calls, heard, strict=True) if name in OWN_LISTS)
    assert listed["items"] == []
    assert not [secret for secret in ours["secrets"] for answer in heard if secret in answer[3]]
    assert state() == before
    assert Credential.objects.get(provider="INDOSAT").last_used_at


def test_the_same_calls_work_for_the_owner(live_server: Any, ours: dict[str, Any], client: Any) -> None:
    """Otherwise the test above would pass for calls that nobody can make."""
    calls = calls_of(client.get(f"{BASE}/openapi.json").json(), ours)
    heard = spoken_by("TELKOMSEL", live_server.url, list(calls.values()))
    statuses = {name: answer[2] for name, answer in zip(calls, heard, strict=True)}
    wrong = {name: status for name, status in statuses.items() if status not in (200, 202)}
    assert wrong == {"postReports": 409}
