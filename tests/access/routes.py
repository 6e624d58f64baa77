"""Every address of the application, found by walking its resolver."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """A named address; ``pattern`` is for messages only."""

    name: str
    pattern: str


def all_routes() -> list[Route]:
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver: URLResolver, prefix: str, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for part in resolver.url_patterns:
        pattern = f"{prefix}{part.pattern}"
        if isinstance(part, URLPattern):
            yield Route(":".join((*namespaces, part.name or "")), pattern)
        else:
            yield from _walk(part, pattern, (*namespaces, part.namespace) if part.namespace else namespaces)
