"""Real servers for the whole session: every test process uses the same ones, the last one stops them."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.utils import timezone
from pytest_django.plugin import blocking_manager_key

from vervalponsel.embedded import Places, hold, release


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL and Redis, or join the process that did."""
    with_postgres, with_redis = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
    if with_postgres or with_redis:
        hold(with_postgres=with_postgres, with_redis=with_redis)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the servers up; the last process stops them."""
    release(Places.current())


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """No test sees what another one left in the cache, rate limits above all."""
    yield
    from django.core.cache import cache

    cache.clear()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """A test with real transactions ends by emptying every table, also of what migrations had loaded: load it again.

    A hook and no fixture, because it must come after the database's own fixture has been torn down.
    """
    try:
        return (yield)
    finally:
        if nextitem is not None and _empties_tables(item):
            with item.config.stash[blocking_manager_key].unblock():
                for load in _reference_loaders():
                    load(now=timezone.now())


def _empties_tables(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    transaction = marker is not None and (marker.kwargs.get("transaction") or (marker.args and marker.args[0]))
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(transaction) or bool({"transactional_db", "live_server"} & fixtures)


def _reference_loaders() -> list[Callable[..., None]]:
    """Each takes ``now=`` and loads only what is missing."""
    from providers.reference import load_reference

    return [load_reference]


@pytest.fixture
def now() -> datetime:
    """The instant at which a test happens."""
    return timezone.now()
