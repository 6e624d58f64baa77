"""Random deeds of operators, offices, Pusdatin, providers and the register: the books balance after every one.

A walk is told by its seed alone. Where it fails, the trace tells every deed and what came of it, and
``WALK=<seed>`` walks it again.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from providers.choices import Purpose
from schools.choices import Jenjang
from tests.journey import deeds
from tests.journey.balance import Picture, wrong
from tests.journey.nation import Nation, a_small_nation
from tests.journey.register_deeds import CHANGES

pytestmark = pytest.mark.django_db(transaction=True)
STEPS = 60
BEGINNINGS = ["USABLE", "STATED", "UPLOADED", "APPROVED", "RELEASED", "INJECTED"]


def cut_off(nation: Nation, dice: Random) -> str:
    """The register changes, and tells so; told everything, it changes nothing when it tells it again."""
    changes = [dice.choice(CHANGES)(nation, a(dice), a(dice)) for _ in range(dice.randint(1, 6))]
    scope = dice.choice(["delta", "delta", "nation", "province:03", "province:12"])
    if not any(nation.differing(scope).values()):
        return deeds.NOTHING
    batch = nation.bring(scope)
    if not nation.waiting and not any(nation.differing("delta").values()):
        again = nation.bring("nation")
        assert again.counts["changes"] == 0, again.counts
    return f"{scope} of {'; '.join(changes)}: {batch.status} {batch.error}, {batch.counts.get('changes')} changes"


def open_next(nation: Nation, dice: Random) -> str:
    """Mostly the rules stay as they are; its batch may run late."""
    changes: dict[str, object] = {
        "carries_over": dice.random() < 0.8,
        "excludes_pip": dice.random() < 0.2,
        "holds_no_coverage": dice.random() < 0.3,
        "jenjang": dice.choice([list(Jenjang.values), list(Jenjang.values), ["PAUD", "SD", "SMA"], ["SD", "SMP"]]),
        "sharing_confirm_above": dice.randint(1, 3),
        "sharing_max": dice.randint(3, 5),
        "answer_valid_days": dice.choice([7, 30]),
    }
    return deeds.open_next(nation, dice.random() < 0.6, changes)


def circumstances(nation: Nation, dice: Random) -> str:
    office = dice.choice(["03", "0329", "12", "1203"])
    return f"{deeds.no_coverage(nation, a(dice))}, {deeds.staff(office, dice.random() < 0.5)}"


def a(dice: Random) -> int:
    return dice.randrange(1000)


def yes(dice: Random) -> bool:
    return dice.random() < 0.5


Deed = Callable[[Nation, Random], str]
DEEDS: list[tuple[int, Deed]] = [
    (8, lambda n, d: deeds.edit(n, a(d), a(d), a(d))),
    (1, lambda n, d: deeds.edit_with_an_old_form(n, a(d), a(d))),
    (3, lambda n, d: deeds.state_owners(n, a(d), a(d))),
    (2, lambda n, d: deeds.confirm_sharing(n, a(d))),
    (1, lambda n, d: deeds.confirm_number(n, a(d))),
    (2, lambda n, d: deeds.ask_again(n, a(d))),
    (4, lambda n, d: deeds.dump(n)),
    (3, lambda n, d: deeds.answer_all(n, a(d))),
    (4, lambda n, d: deeds.answer(n, a(d), a(d), yes(d))),
    (2, lambda n, d: deeds.report_all(n, a(d))),
    (4, lambda n, d: deeds.report(n, a(d), a(d), yes(d))),
    (1, lambda n, d: deeds.pull(n, a(d), d.choice(list(Purpose)))),
    (2, lambda n, d: deeds.close_exchange(n, a(d), d.choice(list(Purpose)))),
    (6, lambda n, d: deeds.make(n, a(d), a(d))),
    (5, lambda n, d: deeds.upload(n, a(d))),
    (1, lambda n, d: deeds.upload(n, a(d), again=True)),
    (5, lambda n, d: deeds.judge(n, a(d), good=d.random() < 0.7)),
    (1, lambda n, d: deeds.judge(n, a(d), good=yes(d), anyone=True)),
    (2, lambda n, d: deeds.give_back(n, a(d), a(d))),
    (2, lambda n, d: deeds.give_up(n, a(d))),
    (4, lambda n, d: deeds.release(n, a(d), a(d))),
    (8, cut_off),
    (3, open_next),
    (2, lambda n, d: deeds.close_old(n, a(d))),
    (1, lambda n, d: deeds.finish_waiting(n)),
    (3, lambda n, d: deeds.recount(n)),
    (1, lambda n, d: deeds.fold(n, yes(d))),
    (2, lambda n, d: deeds.days_pass(n, d.choice([1, 8, 31]))),
    (1, circumstances),
    (2, lambda n, d: deeds.all_the_way(n, a(d), d.choice(BEGINNINGS))),
]


class Walk:
    """A number of deeds one after the other; ``trace`` tells them."""

    def __init__(self, nation: Nation, seed: int) -> None:
        self.nation, self.dice, self.trace = nation, Random(seed), [f"walk {seed}"]

    def go(self, steps: int) -> None:
        weights, choices = zip(*DEEDS, strict=True)
        if self.dice.random() < 0.8:
            self.trace.append(deeds.all_the_way(self.nation, a(self.dice), self.dice.choice(BEGINNINGS)))
        for step in range(steps):
            self.balance(f"after step {step}", thorough=step % 4 == 0)
            told = ""
            while told in ("", deeds.NOTHING):
                told = self.dice.choices(choices, weights)[0](self.nation, self.dice)
            self.trace.append(told)
            self.nation.pass_time(minutes=5)
        deeds.finish_waiting(self.nation)
        deeds.recount(self.nation)
        self.balance("in the end", thorough=True)

    def balance(self, when: str, *, thorough: bool) -> None:
        found = wrong(Picture(opening=bool(self.nation.waiting)), thorough=thorough)
        assert not found, "\n".join(["", *self.trace, "", f"The books do not balance {when}:", *found[:30]])


@pytest.fixture
def walk(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
    def begin(seed: int, steps: int) -> None:
        with a_small_nation(settings, tmp_path, monkeypatch) as nation:
            walk = Walk(nation, seed)
            try:
                walk.go(steps)
            except Exception as problem:
                problem.add_note("\n".join(walk.trace))
                raise

    return begin


@pytest.mark.parametrize("seed", range(1, 6))
def test_the_books_balance_whatever_people_do(walk: Callable[[int, int], None], seed: int) -> None:
    walk(int(os.environ.get("WALK", seed)), STEPS)


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(6, 12))
def test_the_books_balance_on_longer_walks(walk: Callable[[int, int], None], seed: int) -> None:
    """The same ways every time: what is proved must not hang on luck. ``WALK`` goes new ones."""
    walk(int(os.environ.get("WALK", seed)), 2 * STEPS)
