"""One catalogue of codes: what each says to the operator, where it comes from, who acts next and what to do.

Nothing of Django here. Codes are grouped by topic; ``describe(code, **facts)`` finds a code in the order of ``Topic``.
The topic has to be named where a code lies in two: INACTIVE of a person (``Topic.ELIGIBILITY``), OTHER of a scan
(``Topic.RETURN``), and SHARED_STOPPED, SHARED_TO_CONFIRM and OWNERSHIP_MISSING as a reason (``Topic.DROP``).

A sentence names its facts in braces. What stands in square brackets is said only when all its facts are known; any
other missing fact becomes a dash. Reasons of a failure, a return or a drop are clauses, to be passed as the fact
``reason``.
"""

from functools import cache

from .claims import CLAIM, DROP, INJECTION, RETURN
from .entries import ACTS_IN_WORDS, Acts, Entry, Topic
from .exchange import EXCHANGE
from .interface import INTERFACE
from .numbers import EDIT, NUMBER, QUESTION, STATE
from .register import ELIGIBILITY, ROW

__all__ = ["ACTS_IN_WORDS", "ENTRIES", "Acts", "Entry", "Topic", "describe", "find"]

ENTRIES: tuple[Entry, ...] = (
    *STATE, *NUMBER, *CLAIM, *INJECTION, *DROP, *RETURN, *QUESTION, *EDIT, *ELIGIBILITY, *ROW, *EXCHANGE, *INTERFACE
)  # fmt: skip


def describe(code: str, /, topic: Topic | None = None, **facts: object) -> str:
    """The sentence of a code. A code that nobody catalogued is said by its name: a page must not fail for it."""
    found = find(code, topic)
    return found.say(facts) if found else f"Keadaan ini belum ada penjelasannya ({code})."


def find(code: str, topic: Topic | None = None) -> Entry | None:
    """The entry of a code, in one topic or in the first that has it."""
    by_topic = _index()
    topics = [topic] if topic else list(Topic)
    return next((by_topic[t, str(code)] for t in topics if (t, str(code)) in by_topic), None)


@cache
def _index() -> dict[tuple[Topic, str], Entry]:
    return {(entry.topic, entry.code): entry for entry in ENTRIES}
