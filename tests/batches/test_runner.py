"""The row is the truth, the broker a doorbell."""

import hashlib
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections
from django.utils import timezone

from tests.factories import pusdatin
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.models import Event
from vervalponsel.batches import registry, tasks
from vervalponsel.batches.actions import ask_to_stop, hand_in, run_again
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import LOCK, Parked, Refused, is_abandoned, run_batch
from vervalponsel.kit.db import lock_key

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def kind(monkeypatch):
    """A kind whose handler is whatever the test puts into ``kind.does``."""

    class Doing:
        does: ClassVar[Any] = staticmethod(lambda run: {"rows": 1})

    handler = registry.Kind("testing", "Percobaan", lambda run: Doing.does(run), queue="interactive", retries=2)
    monkeypatch.setitem(registry._KINDS, "testing", handler)
    return Doing


@pytest.fixture
def rung(monkeypatch) -> list[list[int]]:
    """The doorbells that were rung."""
    bells: list[list[int]] = []
    monkeypatch.setattr("celery.current_app.send_task", lambda name, args, **options: bells.append(args))
    return bells


def a_batch(**options) -> Batch:
    return hand_in(by=options.pop("by", SYSTEM), kind="testing", title="Uji", now=timezone.now(), **options)[0]


def raising(problem):
    def handler(run):
        raise problem

    return handler


def test_a_batch_ends_done_with_its_counts(kind):
    batch = a_batch()
    assert run_batch(batch.pk) == Status.DONE
    batch.refresh_from_db()
    assert (batch.counts, batch.attempts, batch.error) == ({"rows": 1}, 1, "")
    assert batch.finished_at


def test_run_twice_it_has_done_its_work_once(kind):
    batch, ran = a_batch(), []

    def handler(run):
        ran.append(1)
        return {}

    kind.does = handler
    run_batch(batch.pk)
    assert run_batch(batch.pk) is None
    assert ran == [1]


@pytest.mark.parametrize(
    ("problem", "status", "sentence"),
    [
        (Refused("Berkas kosong."), Status.REFUSED, "Berkas kosong."),
        (Parked("Menunggu persetujuan kedua."), Status.PARKED, "Menunggu persetujuan kedua."),
        (ZeroDivisionError("1/0"), Status.FAILED, "kesalahan di sistem"),
    ],
)
def test_what_goes_wrong_is_told_in_a_sentence(kind, problem, status, sentence):
    batch = a_batch()
    kind.does = raising(problem)
    assert run_batch(batch.pk) == status
    batch.refresh_from_db()
    assert sentence in batch.error


def test_a_wish_to_stop_is_heeded_between_commits(kind):
    batch, steps = a_batch(), []

    def handler(run):
        steps.append("first")
        ask_to_stop(by=pusdatin(), batch=run.batch, now=timezone.now())
        run.progress("second", 1, 2)
        steps.append("second")
        return {}

    kind.does = handler
    assert run_batch(batch.pk) == Status.STOPPED
    assert steps == ["first"]


def test_a_stopped_batch_can_be_run_again(kind, rung, django_capture_on_commit_callbacks):
    batch = a_batch()
    kind.does = raising(Refused("x"))
    run_batch(batch.pk)
    with django_capture_on_commit_callbacks(execute=True):
        run_again(by=pusdatin(), batch=batch, now=timezone.now())
    assert rung == [[batch.pk]]
    kind.does = lambda run: {}
    assert run_batch(batch.pk) == Status.DONE


def test_attempts_are_bounded(kind):
    batch = a_batch()
    for _ in range(2):
        kind.does = raising(KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            run_batch(batch.pk)
    assert run_batch(batch.pk) == Status.FAILED
    batch.refresh_from_db()
    assert "berkali-kali terputus" in batch.error


def test_the_same_key_is_the_same_batch(kind):
    first, created = hand_in(by=SYSTEM, kind="testing", title="A", now=timezone.now(), dedupe_key="k")
    second, again = hand_in(by=SYSTEM, kind="testing", title="A", now=timezone.now(), dedupe_key="k")
    assert (first.pk, created, again) == (second.pk, True, False)


def test_a_file_is_kept_with_its_digest_and_the_handing_in_is_recorded(kind):
    batch = a_batch(file=ContentFile(b"isi", name="daftar.csv"), by=pusdatin())
    assert (batch.file_name, batch.sha256[:8]) == ("daftar.csv", hashlib.sha256(b"isi").hexdigest()[:8])
    with batch.file.open() as kept:
        assert kept.read() == b"isi"
    assert Event.objects.of(batch).get().action == "batch.handed_in"


def test_a_doorbell_that_cannot_be_rung_is_no_error(kind, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr("celery.current_app.send_task", lambda *a, **k: 1 / 0)
    with django_capture_on_commit_callbacks(execute=True):
        batch = a_batch()
    assert batch.status == Status.QUEUED


def test_what_waits_too_long_or_lost_its_worker_is_rung_again(kind, rung):
    long_ago = timezone.now() - timedelta(minutes=5)
    waiting, abandoned, fresh, done = (a_batch() for _ in range(4))
    Batch.objects.exclude(pk=fresh.pk).update(created_at=long_ago)
    Batch.objects.filter(pk=abandoned.pk).update(status=Status.RUNNING)
    Batch.objects.filter(pk=done.pk).update(status=Status.DONE)
    assert tasks.ring_again() == 2
    assert rung == [[waiting.pk], [abandoned.pk]]


@pytest.mark.django_db(transaction=True)
def test_a_running_batch_is_not_abandoned_and_not_run_a_second_time(kind):
    batch = a_batch()
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [lock_key(LOCK), batch.pk])
        Batch.objects.filter(pk=batch.pk).update(status=Status.RUNNING)
        batch.refresh_from_db()
        assert not is_abandoned(batch)
        assert run_batch(batch.pk) is None
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()
    assert is_abandoned(batch)
    assert run_batch(batch.pk) == Status.DONE
    assert connection.is_usable()
