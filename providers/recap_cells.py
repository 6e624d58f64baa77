"""How recaps call the cells, and in which groups of the balance sheet they stand."""

from schools.recaps import CellGroup, CellWords, register_cells, register_provider_names

from .choices import Cell, Eligibility
from .recipients.filters import GROUPS

_TONES = {"masuk": "ok", "berjalan": "wait", "siap": "ok", "menunggu": "wait", "perbaiki": "fix"}
_ORDER = ("masuk", "berjalan", "siap", "menunggu", "perbaiki")
_SHORT = {
    "masuk": "Kuota masuk",
    "berjalan": "Di SPTJM",
    "siap": "Siap",
    "menunggu": "Menunggu",
    "perbaiki": "Perbaiki",
}


def register() -> None:
    """Put the words into the registry; called when the app is ready."""
    register_cells(
        [CellGroup(name, GROUPS[name][0], _TONES[name], _SHORT[name]) for name in _ORDER],
        [CellWords(cell.value, Cell(cell).label, name) for name in _ORDER for cell in GROUPS[name][1]],
        dict(Eligibility.choices),
    )
    register_provider_names(_provider_names)


def _provider_names() -> dict[str, str]:
    from .models import Provider

    return dict(Provider.objects.values_list("code", "name"))
