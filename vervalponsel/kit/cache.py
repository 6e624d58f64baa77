"""A cache that may be down without taking the pages with it."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _forgive(answer: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Answer like an empty cache when Redis cannot be asked."""

    def wrap(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def call(self: RedisCache, *args: Any, **kwargs: Any) -> Any:
            try:
                return method(self, *args, **kwargs)
            except (RedisError, OSError):
                logger.warning("cache does not answer to %s", method.__name__)
                return answer() if answer else None

        return call

    return wrap


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; without Redis every look misses and every write is forgotten."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """The value, or `default` when it is missing or Redis is down."""
        try:
            return super().get(key, default, version)
        except (RedisError, OSError):
            logger.warning("cache does not answer to get")
            return default

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """The raised value; without Redis the raise is counted from nothing."""
        try:
            return super().incr(key, delta, version)
        except (RedisError, OSError):
            logger.warning("cache does not answer to incr")
            return delta

    add = _forgive(lambda: True)(RedisCache.add)
    set = _forgive(None)(RedisCache.set)
    touch = _forgive(bool)(RedisCache.touch)
    delete = _forgive(bool)(RedisCache.delete)
    get_many = _forgive(dict)(RedisCache.get_many)
    set_many = _forgive(list)(RedisCache.set_many)
    delete_many = _forgive(None)(RedisCache.delete_many)
    has_key = _forgive(bool)(RedisCache.has_key)
    clear = _forgive(bool)(RedisCache.clear)
