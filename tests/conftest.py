"""Real servers for the whole session: every test process uses the same ones, the last one stops them."""

import os
import shutil
from collections.abc import Iterator

import pytest

from vervalponsel.embedded import Places, hold, release


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL and Redis, or join the process that did."""
    if config.option.help or config.option.version:
        return
    with_postgres, with_redis = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
    if with_postgres or with_redis:
        hold(with_postgres=with_postgres, with_redis=with_redis)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the servers up; the process that made the folder removes it."""
    release(Places.current())
    if os.environ.get("TEST_VAR_DIR_OWNER") == str(os.getpid()):
        shutil.rmtree(os.environ["TEST_VAR_DIR"], ignore_errors=True)


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """No test sees what another one left in the cache, rate limits above all."""
    yield
    from django.core.cache import cache

    cache.clear()
