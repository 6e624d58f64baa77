"""Worker, web server or database is killed at every step of both exchanges: it ends as if nothing had happened.

The steps are those that the processes pass (killing.moments), so that a step which is added tomorrow is killed too.
Every case begins from the same stored state, so that none knows what another one did.
"""

from __future__ import annotations

import http.client
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib import resources
from typing import Any

import pytest

from providers.models import ExchangeLine, ShareRequest
from tests.journey.balance import (
    Picture,
    cells_are_kept,
    claims_hold,
    injected_once,
    lines_hold,
    orders_hold,
    sums_are_kept,
)
from vervalponsel.batches import actions
from vervalponsel.batches.models import Batch

from .killing.cycle import DEEDS, Cycle, World, file_for
from .killing.stack import Stack, bells_of, first_of_each, used_by_this_process

pytestmark = pytest.mark.proof

Told = dict[str, Any]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[World]:
    """A stack of this module alone, with one worker and one scheduler."""
    with pytest.MonkeyPatch.context() as patch:
        # What is committed must outlive the server.
        patch.delenv("EMBEDDED_UNSAFE_FAST", raising=False)
        stack = Stack.at(tmp_path_factory.mktemp("killed"))
        patch.setattr(actions, "current_app", bells_of(stack))
        try:
            stack.prepare()
            with django_db_blocker.unblock(), used_by_this_process(stack), World.made(stack) as made:
                stack.start("web", "worker", "beat")
                stack.insist(lambda: list(made.clients["TELKOMSEL"].exchanges()), what="the web server's first answer")
                yield made
        finally:
            stack.end()


Deed = Callable[[Cycle], object]


def by_a_worker(phase: str) -> Deed:
    return lambda cycle: cycle.done(DEEDS[phase](cycle))


def pull(cycle: Cycle) -> None:
    """The provider brings every file that waits and sees that they bear what was frozen."""
    pulled = cycle.pull("MATCH")
    assert sorted(len(rows) for rows in pulled.values()) == [5, 6]


PHASES: dict[str, tuple[str, Deed]] = {phase: ("worker", by_a_worker(phase)) for phase in DEEDS}
CALLS: dict[str, tuple[str, Deed]] = {"pull": ("web", pull)} | {
    phase: ("web", by_a_worker(phase)) for phase in ("answers", "reports")
}


class Undisturbed:
    """What a deed ends in when nothing is killed, and the moments that the role passes on the way."""

    def __init__(self, world: World, phase: str, role: str, deed: Deed) -> None:
        cycle, stack = world.at(phase), world.stack
        deed(cycle)
        self.told = cycle.told()
        stack.insist(stack.is_anybody_at_work, lambda busy: not busy, f"the end of {phase}")
        self.trail = stack.trail(role)


@pytest.fixture(scope="module")
def undisturbed(world: World) -> Callable[[str, str], Undisturbed]:
    """By phase and role; each is seen once."""
    seen: dict[tuple[str, str], Undisturbed] = {}

    def see(phase: str, role: str) -> Undisturbed:
        if (phase, role) not in seen:
            seen[phase, role] = Undisturbed(world, phase, role, deed_of(phase, role))
        return seen[phase, role]

    return see


def deed_of(phase: str, role: str) -> Deed:
    return (PHASES if role == "worker" else CALLS)[phase][1]


def differing(expected: Told, found: Told) -> str:
    names = [name for name in expected if found[name] != expected[name]]
    return "; ".join(f"{name}: {found[name]} instead of {expected[name]}" for name in names)


def broken() -> list[str]:
    """What must hold whatever happened, and does not."""
    picture = Picture()
    checks = (cells_are_kept, claims_hold, injected_once, lines_hold, orders_hold, sums_are_kept)
    return [sentence for check in checks for sentence in check(picture)]


def wrong_after(world: World, clean: Undisturbed, phase: str, role: str, order: tuple[str, int, str]) -> str:
    """Do it with a kill on the way; what is wrong afterwards, in words."""
    cycle = world.at(phase)
    name, times, target = order
    world.stack.order(role, name, times, target)
    deed_of(phase, role)(cycle)
    was_killed = world.stack.is_carried_out()
    found = world.stack.insist(cycle.told)
    wrong = ["nobody was killed"] * (not was_killed) + broken()
    if found != clean.told:
        wrong.append(differing(clean.told, found))
    return f"{target} at {name} {times}: {', '.join(wrong)}" if wrong else ""


def killed_everywhere(world: World, clean: Undisturbed, phase: str, role: str, target: str) -> None:
    """The same again and again, each time with a kill at the next moment."""
    moments = first_of_each(clean.trail)
    assert len(moments) > 5, moments
    wrong = [wrong_after(world, clean, phase, role, (*moment, target)) for moment in moments]
    assert not any(wrong), "\n".join(filter(None, wrong))


@pytest.mark.parametrize("target", ["self", "database"])
@pytest.mark.parametrize("phase", PHASES)
def test_a_worker_or_its_database_is_killed(world: World, undisturbed: Any, phase: str, target: str) -> None:
    killed_everywhere(world, undisturbed(phase, "worker"), phase, "worker", target)


@pytest.mark.parametrize("target", ["self", "database"])
@pytest.mark.parametrize("call", CALLS)
def test_the_web_server_or_its_database_is_killed(world: World, undisturbed: Any, call: str, target: str) -> None:
    killed_everywhere(world, undisturbed(call, "web"), call, "web", target)


ELSEWHERE = {"matching/is_due", "matching/want_old_again", "intake/15_correct"}
"""Steps of the clock's tasks, and one of files that are read again with corrected words: it adds no commit."""


def test_every_step_of_the_product_is_a_moment(undisturbed: Any) -> None:
    """A step file that none of the deeds passes would never be killed."""
    sql = resources.files("providers") / "sql"
    parts = ("matching", "files", "intake", "injection")
    steps = {f"{part}/{file.name.removesuffix('.sql')}" for part in parts for file in (sql / part).iterdir()}
    passed = {moment for phase in PHASES for moment in undisturbed(phase, "worker").trail}
    assert steps - ELSEWHERE <= {moment.removeprefix("step providers/") for moment in passed}


def test_the_web_server_is_killed_while_a_file_arrives(world: World, undisturbed: Any) -> None:
    cycle = world.at("answers")
    exchange = cycle.exchanges("MATCH").get()
    body = file_for(exchange, world.begun)
    call = http.client.HTTPConnection("127.0.0.1", world.stack.port)
    call.putrequest("POST", f"/api/provider/v1/exchanges/{exchange.pk}/answers")
    headers = dict(world.clients["TELKOMSEL"].http.headers) | {"content-type": "text/csv"}
    for name, value in (headers | {"content-length": str(len(body))}).items():
        call.putheader(name, value)
    call.endheaders(body[: len(body) // 2])
    world.stack.insist(partial(world.stack.trail, "web"), lambda trail: "body" in trail, "the first half of a file")
    world.stack.kill("web")
    call.close()
    assert not Batch.objects.filter(pk__gt=cycle.first_batch, kind="answers").exists()
    by_a_worker("answers")(cycle)
    assert not differing(undisturbed("answers", "web").told, cycle.told())


@contextmanager
def everything_twice(stack: Stack) -> Iterator[None]:
    """Another worker, and two schedulers with the whole schedule, all started at the same moment."""
    stack.stop("beat")
    stack.start("worker2", "beat1", "beat2", WHOLE_SCHEDULE="1")
    try:
        yield
    finally:
        stack.stop("worker2", "beat1", "beat2")
        stack.start("beat")


def test_two_workers_and_two_schedulers_at_the_same_moment(world: World) -> None:
    world.stack.restore("begun")
    expected = (alone := a_way(world)).told_of_people()
    assert alone.exchanges("INJECT").count() == 2
    insist = world.stack.insist
    with everything_twice(world.stack):
        cycles = [newcomers(world) for _ in range(4)]
        people = {record.pk for cycle in cycles for record in cycle.people}
        asked = ExchangeLine.objects.filter(record__in=people, exchange__status="PREPARED")
        insist(asked.count, lambda count: count == len(people), f"dumps of {len(people)} numbers")
        sent_twice(cycles, "MATCH")
        for cycle in cycles:
            cycle.state()
            cycle.approve()
        for batch in [cycles[0].hand_in_release() for _ in range(3)]:
            cycles[0].done(batch)
        sent_twice(cycles, "INJECT")
        insist(ShareRequest.objects.exists, lambda waits: not waits, "the count of who shares a number")
    for cycle in cycles:
        assert not differing(expected, cycle.told_of_people())
    assert not broken()


def newcomers(world: World) -> Cycle:
    cycle = Cycle.begin(world)
    cycle.enter(8)
    cycle.enter(5, "INDOSAT")
    return cycle


def a_way(world: World) -> Cycle:
    """All of both exchanges, one thing after the other."""
    cycle = newcomers(world)
    cycle.done(cycle.dump())
    sent_twice([cycle], "MATCH", times=1)
    cycle.state()
    cycle.approve()
    cycle.done(cycle.hand_in_release())
    sent_twice([cycle], "INJECT", times=1)
    return cycle


def sent_twice(cycles: list[Cycle], purpose: str, times: int = 2) -> None:
    """Every file that waits is pulled and answered, with the same file sent by several at once."""
    world, batches = cycles[0].world, set()
    for cycle in cycles:
        cycle.pull(purpose)
    found = {exchange.pk: exchange for cycle in cycles for exchange in cycle.exchanges(purpose)}
    what = "answers" if purpose == "MATCH" else "reports"
    with ThreadPoolExecutor() as pool:
        for exchange in found.values():
            body, client = file_for(exchange, world.begun), world.clients[exchange.provider_id]
            sending = [pool.submit(client.send, exchange.pk, what, body) for _ in range(times)]
            batches |= {sent.result()["batch"] for sent in sending}
    assert len(batches) == len(found)
    for batch in Batch.objects.filter(pk__in=batches):
        cycles[0].done(batch)


@pytest.mark.parametrize("phase", PHASES)
def test_bells_are_lost(world: World, undisturbed: Any, phase: str) -> None:
    """Redis dies with all that it held before a worker has heard the bell, and again while it is at work."""
    clean = undisturbed(phase, "worker")
    cycle = world.at(phase)
    world.stack.hold("worker")
    batch = DEEDS[phase](cycle)
    world.stack.lose_redis()
    world.stack.order("worker", clean.trail[len(clean.trail) // 2], target="redis")
    world.stack.let_go("worker")
    cycle.done(batch)
    assert world.stack.is_carried_out()
    assert not differing(clean.told, cycle.told())
