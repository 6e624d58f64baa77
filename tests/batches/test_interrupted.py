"""A batch whose worker lost the database, was told to stop before it began, or waits behind many others."""

from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, OperationalError, connection, connections, transaction
from django.utils import timezone

from tests.factories import pusdatin
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.models import Event
from vervalponsel.batches import registry, tasks
from vervalponsel.batches.actions import ask_to_stop, hand_in
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import is_abandoned, run_batch
from vervalponsel.kit.db import advisory_lock

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system()


@pytest.fixture
def kind(monkeypatch):
    """A kind whose handler is whatever the test puts into ``kind.does``."""

    class Doing:
        does: Any = staticmethod(lambda run: {"rows": 1})

    for name, queue in (("testing", "interactive"), ("other", "import")):
        handler = registry.Kind(name, "Percobaan", lambda run: Doing.does(run), queue=queue)
        monkeypatch.setitem(registry._KINDS, name, handler)
    return Doing


@pytest.fixture
def rung(monkeypatch) -> list[int]:
    """The batches whose doorbell was rung."""
    bells: list[int] = []
    monkeypatch.setattr("celery.current_app.send_task", lambda name, args, **options: bells.append(*args))
    return bells


def a_batch(**options: Any) -> Batch:
    ordinary: dict[str, Any] = {"by": SYSTEM, "kind": "testing", "title": "Uji", "now": timezone.now()}
    return hand_in(**ordinary | options)[0]


def lose_the_connection() -> None:
    """What a restart of the server does to the worker's session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    finally:
        other.close()


@pytest.fixture
def fresh_connection():
    yield
    connection.close()


@pytest.mark.usefixtures("fresh_connection")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_transaction", [True, False])
def test_a_batch_that_lost_the_database_is_left_to_be_run_again(kind, in_transaction):
    batch = a_batch()

    def handler(run):
        lose_the_connection()
        if in_transaction:
            with transaction.atomic():
                Batch.objects.count()
        return {"rows": Batch.objects.count()}

    kind.does = handler
    assert run_batch(batch.pk) is None
    connection.close()
    batch.refresh_from_db()
    assert (batch.status, batch.error) == (Status.RUNNING, "")
    assert is_abandoned(batch)
    kind.does = lambda run: {"rows": 1}
    assert run_batch(batch.pk) == Status.DONE


@pytest.mark.usefixtures("fresh_connection")
@pytest.mark.django_db(transaction=True)
def test_a_handler_that_outlives_its_lock_is_stopped_at_its_next_progress(kind):
    batch = a_batch()
    steps: list[object] = []

    def handler(run):
        lose_the_connection()
        with pytest.raises(OperationalError), transaction.atomic():
            Batch.objects.count()
        steps.append(Batch.objects.count())  # a new session, which holds no lock
        run.progress("second", 1, 2)
        steps.append("unlocked")
        return {}

    kind.does = handler
    assert run_batch(batch.pk) is None
    assert steps == [1]
    batch.refresh_from_db()
    assert (batch.status, is_abandoned(batch)) == (Status.RUNNING, True)


@pytest.mark.usefixtures("fresh_connection")
@pytest.mark.django_db(transaction=True)
def test_the_error_that_broke_the_connection_is_the_one_that_is_seen():
    def fail_under_the_lock() -> None:
        with advisory_lock("test"):
            lose_the_connection()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_under_the_lock()


def test_a_batch_that_takes_longer_than_a_task_may_goes_on_in_the_next_one(kind):
    batch = a_batch()

    def handler(run):
        raise SoftTimeLimitExceeded

    kind.does = handler
    with pytest.raises(SoftTimeLimitExceeded):
        run_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, is_abandoned(batch)) == (Status.RUNNING, True)


def test_what_is_told_to_stop_while_it_waits_does_not_begin(kind):
    batch = a_batch()
    kind.does = lambda run: pytest.fail("it began")
    ask_to_stop(by=pusdatin(), batch=batch, now=timezone.now())
    assert run_batch(batch.pk) == Status.STOPPED
    batch.refresh_from_db()
    assert batch.finished_at


def test_the_second_of_two_at_once_leaves_no_file_behind(kind, monkeypatch):
    first = a_batch(file=ContentFile(b"isi", name="a.csv"), dedupe_key="k")
    folder = first.file.name.rpartition("/")[0]
    before = set(default_storage.listdir(folder)[1])
    # Both looked before either had stored its own.
    monkeypatch.setattr("vervalponsel.batches.actions.batch_of_key", lambda key: None)
    second, created = hand_in(
        by=SYSTEM,
        kind="testing",
        title="Uji",
        now=timezone.now(),
        file=ContentFile(b"isi", name="a.csv"),
        dedupe_key="k",
    )
    assert (second.pk, created) == (first.pk, False)
    assert set(default_storage.listdir(folder)[1]) == before


def test_a_wrong_row_is_told_as_it_is_when_no_key_was_given(kind):
    with pytest.raises(IntegrityError, match="created_at"), transaction.atomic():
        a_batch(now=None)
    assert not Event.objects.exists()


def test_a_crowd_in_one_queue_is_rung_from_its_head_and_hides_no_other_queue(kind, rung, monkeypatch):
    monkeypatch.setattr(tasks, "MOST_RINGS", 3)
    crowd = [a_batch() for _ in range(5)]
    alone = a_batch(kind="other")
    Batch.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    assert tasks.ring_again() == 4
    assert sorted(rung) == [*(batch.pk for batch in crowd[:3]), alone.pk]
