"""Dumps and orders in parts: each due record once, nothing published in halves, pulled part by part."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from providers import matching
from providers.actions import close, create_credential, prepare_dump
from providers.choices import Cell
from providers.client.interface import Interface, path_of, rows_of, verify
from providers.client.interface import digest_of as digest_of_file
from providers.models import Exchange, ExchangeLine, PhoneRecord
from schools.models import Period
from tests.factories import PeriodFactory, RecordFactory, SchoolFactory, a_provider
from vervalponsel.batches import chunks, registry
from vervalponsel.batches.actions import run_again
from vervalponsel.batches.chunks import ChunkWork
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import Refused, run_batch

from .exchanging import ROBOT, Machine, dump, lines, moment, ready
from .test_exchange_injection import approved, release

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def period(settings: Any) -> Period:
    settings.EXCHANGE_LINES_PER_PART = 2
    return PeriodFactory.create()


@pytest.fixture
def telkomsel(period: Period) -> Machine:
    return Machine.of("TELKOMSEL")


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes the chunks of a step that ``when`` speaks of fail, until told otherwise."""

    def broken(step: str, when: Callable[[ChunkWork], bool] = lambda work: True) -> None:
        handler = {matching.FREEZE: matching.freeze, matching.MARK: matching.mark}[step]

        def work_on(work: ChunkWork) -> dict[str, int]:
            done = handler(work)
            if when(work):
                raise Refused("Percobaan.")
            return done

        monkeypatch.setitem(registry._CHUNKS, (matching.KIND, step), work_on)

    return broken


def prepared() -> Batch:
    batch, _ = prepare_dump(by=ROBOT, now=timezone.now())
    run_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def once_more(batch: Batch) -> Batch:
    run_again(by=ROBOT, batch=batch, now=timezone.now())
    run_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def test_parts_are_bounded_and_add_up_to_the_whole(telkomsel: Machine) -> None:
    records = ready(5)
    [exchange] = dump()
    manifest = telkomsel.get(f"exchanges/{exchange.pk}").json()

    spans = [(part["no"], part["first_line"], part["last_line"], part["rows"]) for part in manifest["parts"]]
    assert spans == [(1, 1, 2, 2), (2, 3, 4, 2), (3, 5, 5, 1)]
    assert manifest["size"] == sum(part["size"] for part in manifest["parts"])
    digests = "".join(part["sha256"] for part in manifest["parts"])
    assert manifest["sha256"] == hashlib.sha256(digests.encode()).hexdigest()
    assert [row["no_ponsel"] for row in telkomsel.pull(exchange.pk)] == [record.number[1:] for record in records]
    assert telkomsel.get("exchanges").json()["items"][0]["parts"] == 3


def test_planning_goes_on_behind_what_a_killed_run_had_planned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others work on the first parts meanwhile; what became due behind them joins the same file."""
    ready(5)
    planned = iter(range(2))

    def dies(*args: Any, **options: Any) -> None:
        if next(planned, None) is None:
            raise KeyboardInterrupt
        chunks.plan(*args, **options)

    batch, _ = prepare_dump(by=ROBOT, now=timezone.now())
    with monkeypatch.context() as patch:
        patch.setattr(matching, "plan", dies)
        with pytest.raises(KeyboardInterrupt):
            run_batch(batch.pk)
    assert chunks.help_with(batch.pk) == 2
    ready(2)
    run_batch(batch.pk)
    exchange = Exchange.objects.get()
    spans = exchange.parts.in_order().values_list("no", "first_line", "last_line")
    assert list(spans) == [(1, 1, 2), (2, 3, 4), (3, 5, 6), (4, 7, 7)]
    assert ExchangeLine.objects.values("record").distinct().count() == exchange.rows == 7


@pytest.mark.parametrize("seed", range(4))
def test_each_due_record_is_asked_once_by_its_own_provider(seed: int, settings: Any) -> None:
    chance = random.Random(seed)
    settings.EXCHANGE_LINES_PER_PART = chance.randint(1, 5)
    prefixes = {"TELKOMSEL": "812", "TRI": "896", "XL": "817"}
    school, due = SchoolFactory.create(), set()
    for n in range(30):
        provider = chance.choice(list(prefixes))
        state, sharing = chance.choice(["READY", "READY", "ACTIVE"]), chance.choice(["NONE", "TO_CONFIRM", "STOPPED"])
        again = timezone.now() if chance.random() < 0.3 else None
        eligibility = chance.choice(["OK", "OK", "LEFT"])
        record = RecordFactory.create(
            school=school,
            provider=a_provider(provider),
            number=f"+62{prefixes[provider]}{10000000 + n}",
            state=state,
            sharing=sharing,
            eligibility=eligibility,
            recheck_wanted_at=again,
        )
        if eligibility == "OK" and (again or (state == "READY" and sharing != "STOPPED")):
            due.add((record.pk, provider, record.number))

    dump()

    asked = list(ExchangeLine.objects.filter(live=True).values_list("record_id", "exchange__provider_id", "number"))
    assert sorted(asked) == sorted(due)
    marked = PhoneRecord.objects.filter(asked_in__isnull=False)
    assert {pk for pk, *_ in due} == set(marked.values_list("pk", flat=True))
    assert not PhoneRecord.objects.filter(recheck_wanted_at__isnull=False, eligibility="OK").exists()
    assert dump() == []


def test_a_part_that_fails_holds_back_its_exchange_alone(breaking: Callable[..., None], telkomsel: Machine) -> None:
    ready(5)
    ready(1, number="+6289612345678", provider=a_provider("TRI"))
    breaking(matching.FREEZE, lambda work: work.params["provider"] == "TELKOMSEL" and work.params["before"] == 2)

    batch = prepared()

    assert (batch.status, batch.error[:19]) == ("PARKED", "1 dari 4 potongan g")
    assert list(Exchange.objects.order_by("provider_id").values_list("provider_id", "status")) == [
        ("TELKOMSEL", "PREPARING"),
        ("TRI", "PREPARED"),
    ]
    assert telkomsel.waiting() == []
    assert ExchangeLine.objects.filter(exchange__provider="TELKOMSEL").count() == 3

    breaking(matching.FREEZE, lambda work: False)
    batch = once_more(batch)

    assert (batch.status, batch.counts["rows"]) == ("DONE", 6)
    [exchange] = telkomsel.waiting()
    assert [row["line"] for row in telkomsel.pull(exchange)] == ["1", "2", "3", "4", "5"]


def test_what_is_published_and_not_yet_marked_is_asked_all_the_same(
    breaking: Callable[..., None], telkomsel: Machine
) -> None:
    answered, unanswered, changed = ready(3)
    breaking(matching.MARK)
    batch = prepared()
    assert batch.status == "PARKED"
    assert set(PhoneRecord.objects.values_list("cell", flat=True)) == {Cell.READY}
    assert prepared().pk != batch.pk
    assert ExchangeLine.objects.count() == 3, "nobody is asked twice"

    [exchange] = telkomsel.waiting()
    telkomsel.pull(exchange)
    telkomsel.answer(exchange, lines([(1, answered.number[1:], "ACTIVE", moment(1))]))
    PhoneRecord.objects.filter(pk=changed.pk).update(number="+6281299990000")
    breaking(matching.MARK, lambda work: False)
    batch = once_more(batch)

    assert batch.status == "DONE"
    cells = dict(PhoneRecord.objects.values_list("pk", "cell"))
    assert cells == {answered.pk: "USABLE", unanswered.pk: "SENT", changed.pk: "READY"}


def test_after_an_exchange_was_closed_nothing_of_it_is_marked(breaking: Callable[..., None]) -> None:
    ready(3)
    breaking(matching.MARK)
    batch = prepared()
    close(by=ROBOT, exchange=Exchange.objects.get(), now=timezone.now())
    breaking(matching.MARK, lambda work: False)

    once_more(batch)

    assert not PhoneRecord.objects.exclude(cell="READY", asked_in=None).exists()
    assert [exchange.rows for exchange in dump()] == [3]


def test_orders_lie_in_parts_too(telkomsel: Machine, period: Period) -> None:
    claims = [approved(period) for _ in range(5)]

    _, [exchange] = release(period)

    assert [part.rows for part in exchange.parts.in_order()] == [2, 2, 1]
    assert [row["no_ponsel"] for row in telkomsel.pull(exchange.pk)] == [claim.number[1:] for claim in claims]


def test_a_store_that_signs_addresses_is_pointed_to(
    telkomsel: Machine, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready()
    [exchange] = dump()
    settings.FILES_BY_SIGNED_ADDRESS = True
    monkeypatch.setattr(default_storage, "url", lambda name: f"https://store.invalid/{name}?X-Amz-Signature=abc")

    answer = telkomsel.get(f"exchanges/{exchange.pk}/parts/1")

    assert (answer.status_code, answer["Cache-Control"]) == (302, "no-store")
    assert answer["Location"] == f"https://store.invalid/{exchange.parts.get().file.name}?X-Amz-Signature=abc"
    assert Machine.of("TRI").get(f"exchanges/{exchange.pk}/parts/1").status_code == 404
    assert telkomsel.get(f"exchanges/{exchange.pk}/parts/2").status_code == 404


# The shipped client


@pytest.fixture
def calls() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def interface(period: Period, calls: list[tuple[str, str]]) -> Iterator[Interface]:
    """The client against the application itself; ``calls`` tells path and wanted range of what it asked for."""
    credential, secret = create_credential(by=ROBOT, provider=a_provider(), now=timezone.now())
    client = Client()

    def answered(request: httpx.Request) -> httpx.Response:
        calls.append((request.url.path.rpartition("/")[2], request.headers.get("Range", "")))
        told = dict(request.headers)
        answer = client.generic(request.method, request.url.raw_path.decode(), request.read(), headers=told)
        return httpx.Response(
            answer.status_code, headers=dict(answer.items()), stream=httpx.ByteStream(answer.getvalue())
        )

    with Interface(
        "http://testserver", credential.key_id, secret, transport=httpx.MockTransport(answered), tries=1
    ) as made:
        yield made


def test_a_pull_goes_on_where_it_broke_off(interface: Interface, calls: list[tuple[str, str]], tmp_path: Path) -> None:
    records = ready(5)
    [exchange] = dump()
    sizes = [part.size for part in exchange.parts.in_order()]
    assert interface.pull(exchange.pk, tmp_path) == sum(sizes)
    second, third = path_of(tmp_path, exchange.pk, 2), path_of(tmp_path, exchange.pk, 3)
    whole = second.read_bytes()
    second.write_bytes(whole[:20])
    third.write_bytes(b"\x00" * sizes[2])
    calls.clear()

    assert interface.pull(exchange.pk, tmp_path) == sizes[1] - 20 + sizes[2]

    assert calls[1:] == [("2", "bytes=20-"), ("3", "")], "the first is whole, the third is wrong as a whole"
    manifest = interface.manifest(exchange.pk)
    assert [row["no_ponsel"] for row in rows_of(tmp_path, manifest)] == [record.number[1:] for record in records]
    assert interface.receipt(exchange.pk, verify(tmp_path, manifest, interface.keys()))["status"] == "RECEIPTED"


def test_a_changed_part_or_manifest_is_noticed(interface: Interface, tmp_path: Path) -> None:
    ready(3)
    [exchange] = dump()
    interface.pull(exchange.pk, tmp_path)
    manifest, keys = interface.manifest(exchange.pk), interface.keys()
    forged = json.loads(json.dumps(manifest))
    forged["parts"][0]["sha256"] = "0" * 64
    with pytest.raises(ValueError, match="tidak ditandatangani"):
        verify(tmp_path, forged, keys)

    target = path_of(tmp_path, exchange.pk, 2)
    target.write_bytes(target.read_bytes()[:-1] + b"\x01")
    assert digest_of_file(target) != manifest["parts"][1]["sha256"]
    with pytest.raises(ValueError, match="bagian 2: sha256"):
        verify(tmp_path, manifest, keys)
    target.unlink()
    with pytest.raises(ValueError, match="bagian 2: sha256"):
        verify(tmp_path, manifest, keys)
