"""Numbers that look made up: a question for the school, never a refusal. Nothing of Django here.

``providers/sql/functions/made_up.sql`` is the set-based twin, proved equal by a property test.
"""

from collections.abc import Iterable

LONG_RUN = 5
"""So many numbers of one school that follow one another are hardly cards that were bought."""
LONG_TAIL = 7
"""So many last digits that are all the same, or count up or down, are hardly a card's."""

_UPWARDS = "01234567890123456"
_DOWNWARDS = _UPWARDS[::-1]


def has_odd_digits(number: str) -> bool:
    """Whether an E.164 number ends like nothing that an operator hands out: …0000000, …2345678, …7654321."""
    tail = number[-LONG_TAIL:]
    return tail == tail[0] * LONG_TAIL or tail in _UPWARDS or tail in _DOWNWARDS


def made_up(numbers: Iterable[str]) -> set[str]:
    """Those of one school's E.164 numbers that look made up: by their digits, or by a long run of neighbours."""
    known = set(numbers)
    return {number for number in known if has_odd_digits(number)} | _in_long_runs(sorted(map(int, known)))


def _in_long_runs(ascending: list[int]) -> set[str]:
    found: set[str] = set()
    run: list[int] = []
    for number in [*ascending, -1]:
        if run and number != run[-1] + 1:
            if len(run) >= LONG_RUN:
                found.update(f"+{n}" for n in run)
            run = []
        run.append(number)
    return found
