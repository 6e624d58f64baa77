"""The simulated providers as processes, over HTTP; with accidents the exchange ends as without them."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from providers.models import Exchange, ExchangeLine, PhoneRecord
from providers.simulator.faults import FAULTS
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


def simulate(url: str, memory: Path, keys: dict[str, Any], *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "simulate_providers", "--once", "--url", url, "--latency", "0"]
    command += ["--memory", str(memory), *more]
    told = {"PROVIDER_CREDENTIALS": json.dumps(keys), "DJANGO_SETTINGS_MODULE": "vervalponsel.settings"}
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=os.environ | told, capture_output=True, text=True, timeout=120, check=False
    )


def key_of(code: str) -> dict[str, str]:
    from django.utils import timezone

    from providers.actions import create_credential

    credential, secret = create_credential(by=ROBOT, provider=a_provider(code), now=timezone.now())
    return {"key_id": credential.key_id, "secret": secret}


def run_waiting() -> None:
    for batch in Batch.objects.live().order_by("id"):
        run_batch(batch.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("faults", [(), ("--faults", *(f for f in FAULTS if f not in ("silence", "slow")))])
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
def test_a_wrong_key_is_told_and_fails(live_server: Any, tmp_path: Path) -> None:
    done = simulate(live_server.url, tmp_path, {"TRI": {"key_id": "tri-0", "secret": "x"}})
    assert done.returncode != 0
    assert "401" in done.stderr
