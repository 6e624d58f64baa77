"""What a state that is not final owes to whoever waits in it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Duty:
    """Of a status: who acts next, what limits the waiting, what heals it by itself, which button a person has."""

    who: str
    clock: str
    heals: str
    button: str
