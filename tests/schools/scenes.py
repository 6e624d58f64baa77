"""Databases in which a batch waits that is about to be killed: a cut-off, a delta, a trial, a revert, a re-reading."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from providers import cutoff as numbers
from providers import rereading
from providers.models import Entitlement, PhoneRecord, Prefix
from providers.reference import load_reference
from providers.rereading import hand_in_prefixes
from schools.cutoff.deciding import approve
from schools.cutoff.reverting import hand_in_revert
from schools.models import CutoffLimits, Period
from tests.factories import PeriodFactory, pusdatin
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

from .killing import Scene
from .pictures import Picture, picture
from .registers import NOW, Register, Row, first_register, handed_in, imported, second_register
from .test_cutoff_reverted import claims

LATER = "2020-09-18"


def a_week_later() -> tuple[Register, list[Row]]:
    """The second register, with a new school in a new region."""
    register, _, pupils = second_register()
    register.wilayah.append(
        {"kode_wilayah": "120302", "nama": "Kec. Abung", "id_level_wilayah": "", "mst_kode_wilayah": ""}
    )
    register.pupil(register.school("20300009", kode_wilayah="120302"))
    return register, pupils


def first(place: Path) -> Batch:
    """Into an empty register."""
    _nothing_yet()
    return handed_in(first_register()[0], place)


def second(place: Path) -> Batch:
    """Into a register in which one number was edited and two are on a statement."""
    _used(place)
    return handed_in(a_week_later()[0], place, cutoff_date=LATER)


def trial(place: Path) -> Batch:
    batch = second(place)
    Batch.objects.filter(pk=batch.pk).update(params={**batch.params, "trial": True})
    return batch


def delta(place: Path) -> Batch:
    """Of two pupils who change places, one of a number, and one who is new."""
    _used(place)
    register, pupils = a_week_later()
    return handed_in(
        register.delta(peserta_didik=[pupils[1], pupils[8], pupils[6], register.peserta_didik[-1]]),
        place,
        scope="delta",
        cutoff_date=LATER,
    )


def beyond_limits(place: Path) -> Batch:
    """The second again, with limits that it goes beyond."""
    batch = second(place)
    CutoffLimits.objects.create(removed_percent=1, changed_percent=1, set_aside_percent=1, judged_from=1)
    return batch


def approved(place: Path) -> Batch:
    """What waited goes on after the second person's word."""
    batch = beyond_limits(place)
    assert run_batch(batch.pk) == Status.PARKED
    return approve(by=pusdatin(), batch=batch, now=timezone.now())


def first_taken_back(place: Path) -> Batch:
    _nothing_yet()
    return _taken_back(imported(first_register()[0], place))


def second_taken_back(place: Path) -> Batch:
    _used(place)
    return _taken_back(imported(a_week_later()[0], place, cutoff_date=LATER))


def reread(place: Path) -> Batch:
    """0812 belongs to another provider from now on, 0857 to nobody."""
    _used(place)
    today = timezone.localdate()
    Prefix.objects.filter(first=812).update(provider_id="XL")
    Prefix.objects.filter(first=857).update(valid_to=today)
    return hand_in_prefixes(by=Actor.system("uji"), prefixes=[812, 857], now=timezone.now())


SCENES: dict[str, Callable[[Path], Batch]] = {
    "first": first,
    "second": second,
    "delta": delta,
    "trial": trial,
    "beyond_limits": beyond_limits,
    "approved": approved,
    "first_taken_back": first_taken_back,
    "second_taken_back": second_taken_back,
    "reread": reread,
}


def _nothing_yet() -> None:
    load_reference(now=NOW)
    PeriodFactory.create(sharing_confirm_above=1)


def _used(place: Path) -> None:
    _nothing_yet()
    batch = imported(first_register()[0], place)
    assert batch.status == Status.DONE, batch.error
    usable = PhoneRecord.objects.filter(role="STUDENT", eligibility="OK", number__gt="", share_count=1)
    stated = claims(list(usable.order_by("person_id")[:3]), Period.objects.get())
    # Long ago: whoever takes a later cut-off back does not find them to be of its time.
    Entitlement.objects.filter(pk__in=[claim.pk for claim in stated]).update(stage_at=NOW)
    edited = usable.order_by("-person_id")[:1].values("pk")
    PhoneRecord.objects.filter(pk__in=edited).update(edited_at=NOW + timedelta(days=1))


def _taken_back(batch: Batch) -> Batch:
    assert batch.status == Status.DONE, batch.error
    return hand_in_revert(by=pusdatin(), run=batch.cutoff_run, now=timezone.now())


@pytest.fixture(scope="module")
def small_pieces() -> Iterator[None]:
    """Several ranges and two lanes, whatever the machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "PEOPLE_AT_ONCE", 4)
        patch.setattr(numbers, "lane_count", lambda: 2)
        patch.setattr(rereading, "RECORDS_AT_ONCE", 3)
        patch.setattr(settings, "CUTOFF_INDEXES_AWAY_FROM", 0)
        yield


@dataclass(frozen=True)
class Undisturbed:
    """A scene, how it ends when nobody kills it, the moments that it passes and how long that takes."""

    scene: Scene
    since: datetime
    status: str
    end: Picture
    trail: list[str]
    seconds: float

    @classmethod
    def made(cls, name: str, folder: Path) -> Undisturbed:
        """Lay the scene out and run a copy of it to its end."""
        scene, since = Scene.made(name, folder, lambda: SCENES[name](folder)), timezone.now()
        with scene.again() as batch:
            started = time.monotonic()
            trail = scene.trail()
            seconds = time.monotonic() - started
            batch.refresh_from_db()
            assert batch.status in (Status.DONE, Status.PARKED), (batch.status, batch.step, batch.error)
            return cls(scene, since, batch.status, picture(since), trail, seconds)
