"""Pages of lists that are too long to be counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from .keys import key_of


class Slice:
    """A page like Django's Page, without a total: it only knows whether something follows."""

    def __init__(self, rows: QuerySet, number: str | int | None, per_page: int = 50) -> None:
        wanted = key_of(str(number))
        self.number = wanted if 0 < wanted < 10_000 else 1
        start = (self.number - 1) * per_page
        found = list(rows[start : start + per_page + 1])
        self.object_list: list[Any] = found[:per_page]
        self.has_next = len(found) > per_page
        self.has_previous = self.number > 1
        self.next_page_number = self.number + 1
        self.previous_page_number = max(self.number - 1, 1)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.object_list)

    def __len__(self) -> int:
        return len(self.object_list)
