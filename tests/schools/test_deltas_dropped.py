"""The watched folder: what lies complete in it is taken once, everything else is left alone or refused with a note."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from schools.cutoff.inbox import LOCK, STILL_FOR, forget_taken, look_into_inbox
from schools.tasks import watch_inbox
from students.models import Student
from tests.waiting import another_session
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch
from vervalponsel.kit.db import lock_key

from . import bundles
from .registers import Register, imported, zipped_delta

pytestmark = pytest.mark.django_db


@pytest.fixture
def inbox(tmp_path: Path, settings) -> Path:
    settings.CUTOFF_INBOX = tmp_path / "inbox"
    settings.CUTOFF_INBOX.mkdir()
    return settings.CUTOFF_INBOX


@pytest.fixture
def delta(tmp_path: Path) -> bytes:
    """Gives a pupil without NISN one."""
    register = Register()
    school = register.school("20300001")
    register.pupil(school, nisn="")
    imported(register, tmp_path)
    return zipped_delta(register.delta(peserta_didik=[register.peserta_didik[0] | {"nisn": "0099999999"}]))


def lying(place: Path) -> list[str]:
    return sorted(file.name for file in place.iterdir() if file.is_file())


def look(later: timedelta = timedelta()) -> int:
    return look_into_inbox(now=timezone.now() + later)


def test_a_dropped_delta_repairs_a_pupil(inbox: Path, delta: bytes) -> None:
    (inbox / "hari-ini.zip").write_bytes(delta)
    assert watch_inbox() == 1
    batch = Batch.objects.get(kind="delta")
    assert (batch.file_name, batch.status, batch.actor_name) == ("hari-ini.zip", Status.QUEUED, "folder delta")
    assert lying(inbox) == []
    assert lying(inbox / "done") == ["hari-ini.zip", "hari-ini.zip.txt"]
    assert f"pekerjaan nomor {batch.pk}." in (inbox / "done" / "hari-ini.zip.txt").read_text()
    assert run_batch(batch.pk) == Status.DONE
    assert Student.objects.get().eligibility == "OK"


def test_the_same_file_twice_does_its_work_once(inbox: Path, delta: bytes) -> None:
    for _ in range(2):
        (inbox / "hari-ini.zip").write_bytes(delta)
        assert look() == 1
    assert Batch.objects.filter(kind="delta").count() == 1
    [again] = [file for file in (inbox / "done").glob("*.txt") if file.name != "hari-ini.zip.txt"]
    assert "tidak dikerjakan dua kali" in again.read_text()
    assert len(lying(inbox / "done")) == 4


def test_a_crash_between_handing_in_and_moving_away_does_the_work_once(
    inbox: Path, delta: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / "hari-ini.zip").write_bytes(delta)
    with monkeypatch.context() as broken:
        broken.setattr("schools.cutoff.inbox._move", lambda *a: (_ for _ in ()).throw(OSError("full")))
        assert look() == 0
    assert look() == 1
    assert Batch.objects.filter(kind="delta").count() == 1


def test_two_schedulers_at_once_do_not_meet(inbox: Path, delta: bytes) -> None:
    (inbox / "hari-ini.zip").write_bytes(delta)
    with another_session() as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 0)", [lock_key(LOCK)])
        assert look() == -1
        cursor.execute("SELECT pg_advisory_unlock_all()")
    assert look() == 1


def test_what_still_arrives_is_left_alone(inbox: Path, delta: bytes) -> None:
    for much in (0, 10, len(delta) // 2, len(delta) - 1):
        (inbox / "hari-ini.zip").write_bytes(delta[:much])
        assert look() == 0
    (inbox / "hari-ini.zip.part").write_bytes(delta)
    (inbox / ".hari-ini.zip").write_bytes(delta)
    assert look() == 0
    (inbox / "hari-ini.zip").write_bytes(delta)
    assert look() == 1
    assert lying(inbox) == [".hari-ini.zip", "hari-ini.zip.part"]


def test_renamed_into_place_is_taken_at_once(inbox: Path, delta: bytes) -> None:
    (inbox / "hari-ini.part").write_bytes(delta)
    os.utime(inbox / "hari-ini.part", (1, 1))
    (inbox / "hari-ini.part").rename(inbox / "hari-ini.zip")
    assert look() == 1


def test_what_stays_wrong_is_refused_with_its_reason(inbox: Path, delta: bytes, tmp_path: Path) -> None:
    (inbox / "potong.zip").write_bytes(delta[:-20])
    bundles.zipped(inbox / "semua.zip")
    assert look() == 1
    assert look(STILL_FOR + timedelta(seconds=1)) == 1
    assert lying(inbox / "refused") == ["potong.zip", "potong.zip.txt", "semua.zip", "semua.zip.txt"]
    cut, whole = ((inbox / "refused" / f"{name}.zip.txt").read_text() for name in ("potong", "semua"))
    assert cut.splitlines()[1] == "potong.zip: Ini bukan berkas zip yang utuh. Kirim ulang berkasnya."
    assert "Hanya delta yang diterima di sini." in whole
    assert "tidak ada yang berubah" in whole
    assert not Batch.objects.filter(kind="delta").exists()


def test_too_large_links_and_unreadable_ones_do_not_stop_the_others(
    inbox: Path, delta: bytes, tmp_path: Path, settings
) -> None:
    settings.DELTA_MAX_BYTES = len(delta)
    (inbox / "a-besar.zip").write_bytes(delta + b"x")
    (tmp_path / "luar.zip").write_bytes(delta)
    (inbox / "b-tautan.zip").symlink_to(tmp_path / "luar.zip")
    (inbox / "c-folder.zip").mkdir()
    (inbox / "d-benar.zip").write_bytes(delta)
    assert look() == 2
    assert lying(inbox / "refused") == ["a-besar.zip", "a-besar.zip.txt"]
    assert lying(inbox / "done") == ["d-benar.zip", "d-benar.zip.txt"]


def test_deltas_are_taken_in_the_order_in_which_they_came(inbox: Path, tmp_path: Path) -> None:
    register = Register()
    register.pupil(register.school("20300001"))
    imported(register, tmp_path)
    for minute, name in enumerate(("z", "a", "m")):
        content = zipped_delta(register.delta(peserta_didik=[register.peserta_didik[0] | {"nama": name}]))
        (inbox / f"{name}.zip").write_bytes(content)
        os.utime(inbox / f"{name}.zip", (1000 + minute, 1000 + minute))
    assert look() == 3
    assert list(Batch.objects.filter(kind="delta").order_by("id").values_list("file_name", flat=True)) == [
        "z.zip", "a.zip", "m.zip",
    ]  # fmt: skip


def test_what_was_taken_goes_when_its_time_is_over(inbox: Path, delta: bytes) -> None:
    (inbox / "hari-ini.zip").write_bytes(delta)
    look()
    now: datetime = timezone.now()
    assert forget_taken(now=now + timedelta(days=29)) == 0
    assert forget_taken(now=now + timedelta(days=31)) == 2
    assert lying(inbox / "done") == []


def test_a_folder_that_is_not_there_is_made(tmp_path: Path, settings) -> None:
    settings.CUTOFF_INBOX = tmp_path / "baru" / "inbox"
    assert look() == 0
    assert settings.CUTOFF_INBOX.stat().st_mode & 0o777 == 0o700
