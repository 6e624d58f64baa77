"""Everything that can go wrong in the interface, as (status, code, sentence)."""

from __future__ import annotations

from providers.catalogue import Topic, describe
from vervalponsel.kit.interfaces import POSTING, Failures

_STATUS = {
    "UNAUTHENTICATED": 401,
    "NOT_FOUND": 404,
    "NOT_RECEIPTED": 409,
    "WRONG_PURPOSE": 409,
    "TOTALS_DIFFER": 409,
    "GONE": 410,
    "RANGE": 416,
    "INVALID": 422,
    "COLUMNS_MISSING": 422,
    "TOO_MANY": 429,
    "UNAVAILABLE": 503,
    **{code: status for code, (status, _) in POSTING.items()},
}
CATALOGUE = {code: (status, describe(code, Topic.INTERFACE)) for code, status in _STATUS.items()}
"""Code → (status, sentence): published in the document's description. The sentences are the catalogue's."""

failures = Failures(CATALOGUE, realm="provider")
wrong, answer_with, install = failures.wrong, failures.answer_with, failures.install
