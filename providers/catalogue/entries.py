"""What an entry of the catalogue is, and how its sentence is filled with facts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What a code speaks of."""

    STATE = "STATE"  # is the number usable?
    NUMBER = "NUMBER"  # why a text is no number
    CLAIM = "CLAIM"  # how far a recipient is on the way to the quota
    INJECTION = "INJECTION"  # why quota failed or was taken back; clauses
    DROP = "DROP"  # why a recipient left a statement, or cannot get on one; clauses
    RETURN = "RETURN"  # why a scan came back; clauses
    QUESTION = "QUESTION"  # what the school is asked about a number that can be used
    EDIT = "EDIT"  # what came of an operator's change
    ELIGIBILITY = "ELIGIBILITY"  # why somebody in the register is no recipient
    ROW = "ROW"  # why a row of a file was set aside
    INTERFACE = "INTERFACE"  # why a machine's call was not served


class Acts(StrEnum):
    """Who acts next."""

    SCHOOL = "school"
    PROVIDER = "provider"
    DINAS = "dinas"
    PUSDATIN = "pusdatin"
    SYSTEM = "system"
    NOBODY = ""


ACTS_IN_WORDS: dict[Acts, str] = {
    Acts.SCHOOL: "Sekolah",
    Acts.PROVIDER: "Provider",
    Acts.DINAS: "Dinas",
    Acts.PUSDATIN: "Pusdatin",
    Acts.SYSTEM: "Sistem",
    Acts.NOBODY: "Tidak ada",
}
"""Whose move it is, as tables and pages say it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One code. ``sentence`` and ``todo`` are read by the operator, ``cause`` by whoever asks why."""

    topic: Topic
    code: str
    acts: Acts
    sentence: str
    cause: str
    todo: str

    def say(self, facts: Mapping[str, object]) -> str:
        """The sentence with its facts."""
        return _filled(_CLAUSE.sub(lambda clause: _if_known(clause[1], facts), self.sentence), facts)


_CLAUSE = re.compile(r"\[([^\]]*)\]")
_FACT = re.compile(r"\{(\w+)\}")


def _if_known(clause: str, facts: Mapping[str, object]) -> str:
    return clause if all(facts.get(name) not in (None, "") for name in _FACT.findall(clause)) else ""


def _filled(text: str, facts: Mapping[str, object]) -> str:
    """Facts are put in once and not searched for braces themselves."""
    return _FACT.sub(lambda fact: _shown(facts.get(fact[1])), text)


def _shown(fact: object) -> str:
    return "–" if fact in (None, "") else str(fact)


def entries(topic: Topic, *rows: tuple[str, Acts, str, str, str]) -> tuple[Entry, ...]:
    """The entries of a topic from rows of code, who acts, sentence, cause, what to do."""
    return tuple(Entry(topic, *row) for row in rows)
