"""Links by which a page of a school's people is taken away as a table, with the filters that are on."""

from __future__ import annotations

from vervalponsel.accounts.http import Request
from vervalponsel.kit.exports import CSV, XLSX

from .people import People


def table_links(request: Request, people: People, name: str) -> list[tuple[str, str]]:
    """(label, address) of each kind of table."""
    chosen = request.GET.copy()
    chosen.pop("page", None)
    query = f"?{chosen.urlencode()}" if chosen else ""
    return [(f"Unduh {kind.upper()}", f"{people.url_of(name, kind)}{query}") for kind in (XLSX, CSV)]
