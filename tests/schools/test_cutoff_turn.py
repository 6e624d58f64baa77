"""One register, one turn: bundles that wait for each other hold no worker and keep their order."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from schools.cutoff.cutoff import LOCK
from schools.cutoff.pipeline import WAITS
from students.models import Student
from tests.factories import pusdatin
from tests.waiting import another_session
from vervalponsel.batches import tasks
from vervalponsel.batches.actions import ask_to_stop
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch
from vervalponsel.kit.db import lock_key

from .registers import NOW, Register, folder_of, handed_in, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def register(tmp_path: Path) -> Register:
    register = Register()
    register.pupil(register.school("20300001"))
    imported(register, tmp_path)
    return register


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The batches whose doorbell was rung."""
    bells: list[int] = []
    monkeypatch.setattr("celery.current_app.send_task", lambda name, args, **options: bells.append(*args))
    return bells


def a_delta(register: Register, place: Path, **changes: str) -> Batch:
    pupil = register.peserta_didik[0] | changes
    return handed_in(register.delta(peserta_didik=[pupil]), place, scope="delta")


def test_a_delta_waits_in_words_and_without_a_worker(register: Register, tmp_path: Path, client: Client) -> None:
    delta = a_delta(register, tmp_path, nama="Siti")
    with another_session() as importing, importing.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 0)", [lock_key(LOCK)])
        assert run_batch(delta.pk) == Status.QUEUED
        cursor.execute("SELECT pg_advisory_unlock_all()")
    delta.refresh_from_db()
    assert (delta.status, delta.attempts, delta.started_at) == (Status.QUEUED, 0, None)
    client.force_login(pusdatin().user)  # type: ignore[arg-type]
    assert WAITS in client.get(reverse("batches:detail", args=[delta.pk])).content.decode()
    assert run_batch(delta.pk) == Status.DONE
    assert Student.objects.get().name == "Siti"


def test_deltas_keep_their_order_whichever_bell_is_heard_first(
    register: Register, tmp_path: Path, rung: list[int]
) -> None:
    first, second = (a_delta(register, tmp_path, nama=name) for name in ("Pertama", "Kedua"))
    assert tasks.run(second.pk) == Status.QUEUED
    assert rung == []
    assert tasks.run(first.pk) == Status.DONE
    assert rung == [second.pk]
    assert tasks.run(second.pk) == Status.DONE
    assert Student.objects.get().name == "Kedua"


def test_the_command_goes_on_with_what_a_killed_one_left(register: Register, tmp_path: Path) -> None:
    """Where no worker runs, nobody else would: the command would wait for ever behind what it left itself."""
    left = a_delta(register, tmp_path, nama="Pertama")
    Batch.objects.filter(pk=left.pk).update(status=Status.RUNNING, attempts=1, started_at=NOW)
    bundle = folder_of(register.delta(peserta_didik=register.peserta_didik), tmp_path, scope="delta")
    call_command("import_cutoff", str(bundle), stdout=StringIO(), stderr=StringIO())
    left.refresh_from_db()
    assert left.status == Status.DONE
    assert Student.objects.get().name == register.peserta_didik[0]["nama"]


def test_the_command_says_what_it_leaves_when_somebody_interrupts_it(
    register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = folder_of(register.delta(peserta_didik=register.peserta_didik), tmp_path, scope="delta")

    def interrupted(batch_id: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("schools.management.commands.import_cutoff.run_batch", interrupted)
        with pytest.raises(CommandError, match="tetap tercatat"):
            call_command("import_cutoff", str(bundle), stdout=StringIO(), stderr=StringIO())
    left = Batch.objects.latest("id")
    assert left.is_live
    call_command("import_cutoff", str(bundle), stdout=StringIO(), stderr=StringIO())
    left.refresh_from_db()
    assert left.status == Status.DONE


def test_who_waits_can_be_stopped(register: Register, tmp_path: Path) -> None:
    first, second = (a_delta(register, tmp_path, nama=name) for name in ("Pertama", "Kedua"))
    assert run_batch(second.pk) == Status.QUEUED
    ask_to_stop(by=pusdatin(), batch=second, now=NOW)
    assert run_batch(second.pk) == Status.STOPPED
    assert run_batch(first.pk) == Status.DONE
    assert Student.objects.get().name == "Pertama"
