"""Answers for the machines that watch this one: is the process alive, and can it do its work?"""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """200 while the process answers, whatever else is down: a restart would heal nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when database and Redis answer, otherwise 503 naming the one that does not."""
    state = {
        "database": _answers("database", _ask_database),
        "redis": _answers("redis", _ask_redis),
    }
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _answers(name: str, ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception:  # noqa: BLE001 - whatever goes wrong, the answer is "no"
        logger.warning("%s does not answer", name)
        return False
    return True


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_redis() -> None:
    client = Redis.from_url(str(settings.CACHES["default"]["LOCATION"]), socket_timeout=2, socket_connect_timeout=2)
    with client:
        if not client.ping():
            raise RedisError("no answer to PING")
