"""The simulated providers as processes, over HTTP; with accidents the exchange ends as without them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.utils import timezone

from providers.actions import create_credential, offer_again
from providers.client import Interface
from providers.models import Exchange, ExchangeLine, PhoneRecord
from providers.simulator.faults import FAULTS, MILD, Faults, Row, sendings
from providers.simulator.line import BadLine
from providers.simulator.subscribers import ACTIVE_RATE, Subscribers
from tests.factories import PeriodFactory, RecordFactory, a_provider
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

from .exchanging import ROBOT, dump


def test_shares_of_active_numbers_are_those_of_the_programme() -> None:
    for provider, rate in ACTIVE_RATE.items():
        known = Subscribers(provider)
        outcomes = [known.match(f"62812{n:08d}") for n in range(4000)]
        active = sum(outcome in ("ACTIVE", "POSTPAID") for outcome in outcomes) / len(outcomes)
        assert abs(active - rate) < 0.03


def test_grace_is_topped_up_when_asked_again_and_a_failed_injection_works_the_second_time(tmp_path: Path) -> None:
    memory = tmp_path / "tri.json"
    first = Subscribers("TRI", {"628951": "GRACE", "628952": "FAILED"}, memory)
    assert (first.match("628951"), first.inject("628952")[0]) == ("GRACE", "FAILED")
    first.grace.add("628951")
    first.failed.add("628952")
    first.save()

    later = Subscribers.load("TRI", first.known, memory)
    assert (later.match("628951"), later.inject("628952")[0]) == ("ACTIVE", "SUCCEEDED")


HEADER = "line,no_ponsel,status,answered_at"
ROWS: list[Row] = [(str(n), f"62895{n:08d}", "ACTIVE", "2020-09-13T08:00:00+07:00") for n in range(1, 61)]


def said(*names: str) -> list[bytes]:
    return [sending.body for sending in sendings(HEADER, ROWS, Faults.named(list(names)), 1)]


def test_without_faults_everything_is_said_once_and_whole() -> None:
    [body] = said()
    assert body.decode().splitlines() == [HEADER, *(",".join(row) for row in ROWS)]


@pytest.mark.parametrize("name", [name for name in FAULTS if name not in ("silence", "stale", "500s")])
def test_each_fault_changes_what_is_sent_and_ends_with_the_truth(name: str) -> None:
    bodies = said(name)
    assert bodies != said() or name in ("digest", "slow", "cut")
    assert len(bodies) > 1 or name == "reorder"
    lines = {line for body in bodies[-3:] for line in body.decode().splitlines()}
    assert {",".join(row) for row in ROWS} <= lines


def test_a_report_is_never_contradicted_without_harm() -> None:
    reports: list[Row] = [
        ("1", "62895", "SUCCEEDED", "", "2020-09-13"),
        ("2", "62895", "FAILED", "OTHER", "2020-09-13"),
    ]
    assert len(sendings(HEADER, reports, Faults(frozenset({"contradict"})), 1)) == 1


def test_mild_faults_befall_some_files_and_few_lines() -> None:
    mild = Faults.named(["mild"])
    drawn = [mild.of_file(exchange) for exchange in range(300)]
    assert set().union(*drawn) == set(MILD)
    assert 1 < sum(map(len, drawn)) / len(drawn) < len(MILD) / 2
    assert len(mild.few([*ROWS] * 100)) == 3


def test_on_a_bad_line_a_call_that_is_made_again_gets_through() -> None:
    seen: list[str] = []

    def server(request: httpx.Request) -> httpx.Response:
        seen.append(request.method)
        return httpx.Response(200, json={"next_after": None, "items": []})

    transport = BadLine(httpx.MockTransport(server), often=3)
    with Interface("http://server", "key", "secret", pause=0, transport=transport) as interface:
        for _ in range(9):
            assert list(interface.exchanges()) == []
    assert (transport.calls, len(seen)) == (13, 11)  # four went wrong, two of them behind the server's back


def test_a_simulated_provider_knows_nothing_of_the_server() -> None:
    """Its process has the public interface and nothing else: no Django, no models, no settings."""
    tell = "import sys, providers.simulator.__main__, providers.client.__main__; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", tell], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert not {name for name in loaded if name.split(".")[0] in ("django", "ninja", "celery", "psycopg", "schools")}
    assert {name for name in loaded if name.startswith("providers")} <= {
        "providers",
        *(name for name in loaded if name.startswith(("providers.simulator", "providers.client"))),
    }


def simulate(url: str, memory: Path, keys: dict[str, Any], *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "simulate_providers", "--once", "--url", url, "--latency", "0"]
    command += ["--memory", str(memory), *more]
    told = {"PROVIDER_CREDENTIALS": json.dumps(keys), "DJANGO_SETTINGS_MODULE": "vervalponsel.settings"}
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=os.environ | told, capture_output=True, text=True, timeout=120, check=False
    )


def key_of(code: str) -> dict[str, str]:
    credential, secret = create_credential(by=ROBOT, provider=a_provider(code), now=timezone.now())
    return {"key_id": credential.key_id, "secret": secret}


def run_waiting() -> None:
    for batch in Batch.objects.live().order_by("id"):
        run_batch(batch.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("faults", [(), ("--faults", *(f for f in FAULTS if f != "silence")), ("--faults", "mild")])
def test_providers_answer_everything(live_server: Any, tmp_path: Path, faults: tuple[str, ...]) -> None:
    PeriodFactory.create()
    for n in range(30):
        common = {"state": "READY", "answered_at": None}
        RecordFactory.create(number=f"+62895{n:08d}", provider=a_provider("TRI"), **common)
        RecordFactory.create(number=f"+62817{n:08d}", provider=a_provider("XL"), **common)
    dump()

    done = simulate(live_server.url, tmp_path, {"TRI": key_of("TRI"), "XL": key_of("XL")}, *faults)

    assert done.returncode == 0, done.stderr
    run_waiting()
    assert set(Exchange.objects.values_list("status", flat=True)) == {"ANSWERED"}
    assert not ExchangeLine.objects.filter(live=True).exists()
    states = dict(PhoneRecord.objects.values_list("number", "state"))
    truth = {"+62895": Subscribers("TRI"), "+62817": Subscribers("XL")}
    assert states == {number: truth[number[:6]].match(number[1:]) for number in states}


@pytest.mark.django_db(transaction=True)
def test_a_silent_provider_answers_when_it_is_offered_the_file_again(live_server: Any, tmp_path: Path) -> None:
    PeriodFactory.create()
    RecordFactory.create(number="+6289500000001", provider=a_provider("TRI"), state="READY", answered_at=None)
    [exchange] = dump()
    keys = {"TRI": key_of("TRI")}
    assert simulate(live_server.url, tmp_path, keys, "--faults", "silence", "--rates", "TRI=1").returncode == 0
    exchange.refresh_from_db()
    assert (exchange.status, Batch.objects.filter(kind="answers").count()) == ("RECEIPTED", 0)

    offer_again(by=ROBOT, exchange=exchange, now=timezone.now())
    assert simulate(live_server.url, tmp_path, keys, "--faults", "silence", "--rates", "TRI=1").returncode == 0
    run_waiting()
    assert PhoneRecord.objects.get().state in ("ACTIVE", "POSTPAID")


@pytest.mark.django_db(transaction=True)
def test_a_wrong_key_is_told_and_fails(live_server: Any, tmp_path: Path) -> None:
    done = simulate(live_server.url, tmp_path, {"TRI": {"key_id": "tri-0", "secret": "x"}})
    assert done.returncode != 0
    assert "401" in done.stderr
