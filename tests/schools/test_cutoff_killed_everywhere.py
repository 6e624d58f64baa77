"""A batch that is killed anywhere is taken up again and ends as if nothing had happened: every table, every row."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django import DjangoDbBlocker

from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

from .killing import held, killed_after, killed_at, taken_up_again, wait_for
from .nations import side_tables
from .pictures import differences, picture
from .scenes import SCENES, Undisturbed, small_pieces

__all__ = ["small_pieces"]
pytestmark = [
    pytest.mark.proof,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def undisturbed(
    small_pieces: None,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], Undisturbed]]:
    folder, known = tmp_path_factory.mktemp("scenes"), {}

    def made(name: str) -> Undisturbed:
        if name not in known:
            known[name] = Undisturbed.made(name, folder)
        return known[name]

    yield made
    with django_db_blocker.unblock():
        for each in known.values():
            each.scene.drop()


def last_of_each(trail: list[str], *kinds: str) -> dict[str, str]:
    """Moments of these kinds by name. What comes for each range of schools is met at the last: others are committed."""
    return {moment.rpartition(" ")[0]: moment for moment in trail if moment.startswith(kinds)}


def chosen(name: str, undisturbed: Callable[[str], Undisturbed], *kinds: str) -> list[str]:
    """What no earlier scene passes, and a few of the others, the last above all."""
    earlier = list(SCENES)[: list(SCENES).index(name)]
    known = {moment for each in earlier for moment in last_of_each(undisturbed(each).trail, *kinds)}
    found = last_of_each(undisturbed(name).trail, *kinds)
    few = list(found.values())[::-12]
    return [moment for name, moment in found.items() if name not in known or moment in few]


def killed_everywhere(found: Undisturbed, moments: list[str]) -> None:
    """Killed at each of the moments, in a fresh copy of the scene each time, and taken up again."""
    wrong = {}
    for moment in moments:
        with found.scene.again() as batch:
            killed_at(batch.pk, moment, found.scene.folder)
            if told := _told_after(found, batch):
                wrong[moment] = told
    assert not wrong, "\n".join(f"killed {moment}: {told}" for moment, told in wrong.items())


def _told_after(found: Undisturbed, batch: Batch) -> dict[str, Any]:
    """Take it up again; what is not as if nothing had happened."""
    status = taken_up_again(batch.pk)
    told = differences(found.end, picture(found.since))
    return told if status == found.status else {"status": status, **told}


@pytest.mark.parametrize("name", SCENES)
def test_killed_in_the_middle_of_every_step(name: str, undisturbed: Callable[[str], Undisturbed]) -> None:
    """The server is at work on it; when it is done, nobody is there."""
    passed = last_of_each(undisturbed(name).trail, "in ")
    assert len(passed) > {"first": 40, "second": 60, "second_taken_back": 15}.get(name, 0)
    moments = chosen(name, undisturbed, "in ", "copy ")
    killed_everywhere(undisturbed(name), moments)


@pytest.mark.parametrize("name", SCENES)
def test_killed_between_two_steps(name: str, undisturbed: Callable[[str], Undisturbed]) -> None:
    """While a commit is under way that nobody hears of any more, and before what is a commit of its own."""
    moments = chosen(name, undisturbed, "committing ", "writing ")
    assert moments
    killed_everywhere(undisturbed(name), moments)


@pytest.mark.parametrize("name", ["first", "second", "second_taken_back"])
def test_killed_at_some_moment(name: str, undisturbed: Callable[[str], Undisturbed]) -> None:
    found = undisturbed(name)
    for part in range(1, 7):
        with found.scene.again() as batch:
            killed_after(batch.pk, found.seconds * part / 6, found.scene.folder)
            assert _told_after(found, batch) == {}, f"killed after {part}/6 of the time"


def test_nobody_begins_while_the_server_works_for_the_dead(undisturbed: Callable[[str], Undisturbed]) -> None:
    """The lock belongs to the connection, and the server notices its loss when the statement is done."""
    found = undisturbed("second")
    with found.scene.again() as batch:
        with held(batch.pk, "in students/cutoff/rows 2", found.scene.folder) as child:
            os.kill(child, signal.SIGKILL)
            assert wait_for(child) == -signal.SIGKILL
            assert run_batch(batch.pk) is None
            batch.refresh_from_db()
            assert batch.status == Status.RUNNING
        assert _told_after(found, batch) == {}


@pytest.mark.parametrize("step", ["students/cutoff/judged", "students/cutoff/rows_new", "providers/cutoff/recount_new"])
def test_stopped_in_the_middle_and_run_again(step: str, undisturbed: Callable[[str], Undisturbed]) -> None:
    found = undisturbed("first")
    with found.scene.again() as batch:
        with held(batch.pk, f"at {step} 1", found.scene.folder) as child:
            Batch.objects.filter(pk=batch.pk).update(stop_wanted=True)
        assert wait_for(child) == 0
        batch.refresh_from_db()
        assert batch.status == Status.STOPPED
        # Nothing of it lies beside the register meanwhile.
        assert not list(side_tables())
        Batch.objects.filter(pk=batch.pk).update(stop_wanted=False, status=Status.QUEUED, attempts=0)
        assert _told_after(found, batch) == {}
