"""Every address, for every role, of the own and of a foreign school, reading and writing."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import pytest
from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests.access.routes import all_routes
from tests.access.table import ROUTES, Machine, Open, Rule
from tests.access.world import Side, World
from vervalponsel.accounts.permissions import Role

pytestmark = pytest.mark.django_db

RULES = {name: rule for name, rule in sorted(ROUTES.items()) if isinstance(rule, Rule)}
MACHINES = {name: rule for name, rule in sorted(ROUTES.items()) if isinstance(rule, Machine)}
OPEN = {name: rule for name, rule in sorted(ROUTES.items()) if isinstance(rule, Open)}
LET_THROUGH = {200, 302, 400, 409, 422}


def test_every_route_is_in_the_table():
    named = {route.name: route.pattern for route in all_routes()}
    assert {name: pattern for name, pattern in named.items() if name not in ROUTES} == {}
    assert set(ROUTES) <= set(named), "the table names addresses that do not exist"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Made once: what a test does inside ``undone`` leaves no trace."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside leaves no trace for the next role or test."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(client: Client, name: str, rule: Rule, side: Side, method: str, *, keep: bool = False) -> HttpResponseBase:
    url = reverse(name, args=rule.args(side))
    query = rule.query(side)
    with nullcontext() if keep else undone():
        answer = getattr(client, method)(
            url if method == "get" else f"{url}?{'&'.join(f'{k}={v}' for k, v in query.items())}",
            query if method == "get" else rule.data(side),
        )
        if answer.streaming:
            b"".join(answer.streaming_content)
    return answer


def group(status: int) -> int:
    return 200 if status in LET_THROUGH else status


@pytest.mark.parametrize("name", RULES)
def test_people(name, world):
    rule = RULES[name]
    for role, actor in world.actors.items():
        client = world.browser(role)
        may = rule.allows(actor)
        for side in (world.own, world.foreign):
            for method in [m for m, used in (("get", rule.reads), ("post", rule.writes)) if used]:
                expected = rule.status(role, own=side is world.own, may=may)
                got = ask(client, name, rule, side, method).status_code
                where = "own" if side is world.own else "foreign"
                assert group(got) == expected, f"{method} {name} by {role or 'nobody'}, {where}: {got}"


@pytest.mark.parametrize("name", [name for name, rule in RULES.items() if rule.writes])
def test_a_refused_write_changes_nothing(name, world):
    rule = RULES[name]
    before = world.snapshot()
    for role, actor in world.actors.items():
        client = world.browser(role)
        may = rule.allows(actor)
        for side in (world.own, world.foreign):
            if rule.status(role, own=side is world.own, may=may) != 200:
                ask(client, name, rule, side, "post", keep=True)
    assert world.snapshot() == before


@pytest.mark.parametrize("name", RULES)
def test_a_reading_address_refuses_to_write_and_the_other_way_round(name, world):
    rule = RULES[name]
    client = world.browser(next(role for role, actor in world.actors.items() if rule.allows(actor)))
    url = reverse(name, args=rule.args(world.own))
    with undone():
        if not rule.writes and not name.startswith("account_") and name != "accounts:switch":
            assert client.post(url).status_code == 405
        if not rule.reads:
            assert client.get(url).status_code == 405


@pytest.mark.parametrize("name", RULES)
def test_strangers_are_sent_to_the_sign_in(name, world, client):
    rule = RULES[name]
    for method in ("get", "post"):
        answer = getattr(client, method)(reverse(name, args=rule.args(world.own)))
        assert answer.status_code == 302, name
        assert answer["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", OPEN)
def test_open_addresses_answer_anybody(name, world, client):
    status = client.get(reverse(name, args=OPEN[name].args)).status_code
    assert status in {200, 302}, status


@pytest.mark.parametrize("name", MACHINES)
def test_machines(name, world, client):
    rule = MACHINES[name]

    def call(side: Side, key: Side | None) -> int:
        headers = {}
        if key is not None:
            credential, secret = (world.service_keys if rule.register else world.keys)[key]
            headers = {"Authorization": f"Bearer {credential.key_id}.{secret}"}
        url = reverse(name, args=rule.args(side))
        more = {"data": rule.body, "content_type": rule.content_type} if rule.method == "post" else {}
        with undone():
            answer = getattr(client, rule.method)(url, headers=headers, **more)
            if answer.streaming:
                b"".join(answer.streaming_content)
        return answer.status_code

    if rule.open:
        assert call(world.own, None) in {200, 404}
        return
    assert call(world.own, None) == 401
    client.force_login(world.actors[Role.PUSDATIN].user)
    assert call(world.own, None) == 401, "a person's session is no provider's key"
    client.logout()
    if rule.scoped:
        assert call(world.foreign, world.own) == 404
