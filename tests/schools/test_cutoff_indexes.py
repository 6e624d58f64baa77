"""Indexes during a first load: away while empty tables are filled, and there again whatever became of the load."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import connection

from providers import sharing
from providers.models import PhoneRecord, SharedNumber, ShareRequest
from schools.cutoff import indexes, registry
from schools.cutoff.cutoff import Cutoff
from schools.models import PutAwayIndex
from schools.tasks import put_back_indexes
from students.models import Student
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import Stopped, run_batch
from vervalponsel.kit.db import lock_key

from .registers import Register, handed_in, imported

pytestmark = pytest.mark.django_db(transaction=True)

Found = list[tuple[str, str, bool]]
_CAST = re.compile(r"::(?:character varying|text)(?:\[\])?|[()]")
"""PostgreSQL writes the casts of lists elsewhere once it has read its own text back."""


@pytest.fixture(autouse=True)
def _away_from_the_first_row(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CUTOFF_INDEXES_AWAY_FROM = 0
    # The server's own cleaning gives way after a second; on a busy machine later.
    monkeypatch.setattr(indexes, "WAIT", "60s")


def small_register() -> Register:
    register = Register()
    schools = [register.school(f"2030000{n}") for n in (1, 2)]
    pupils = [register.pupil(school) for school in schools for _ in range(3)]
    register.again(schools[1], pupils[0])["aktif"] = "0"
    register.teacher(schools[0], no_hp="")
    return register


def indexes_now() -> Found:
    """Every index of the tables that a first load fills, and whether a constraint goes by it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid),"
            " EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('u', 'p'))"
            " FROM pg_index i WHERE i.indrelid = ANY (%s::regclass[]) AND i.indisvalid ORDER BY 1",
            [list(registry.filled_tables())],
        )
        return [(name, _CAST.sub("", text), is_constraint) for name, text, is_constraint in cursor.fetchall()]


def seen_while_merging(monkeypatch: pytest.MonkeyPatch) -> list[Found]:
    """What indexes there are when the pupils have been merged."""
    seen: list[Found] = []
    step = Cutoff.step

    def look(self: Cutoff, package: str, name: str, **more: object) -> int:
        if (package, name) in (("students", "link_new"), ("students", "link")):
            seen.append(indexes_now())
        return step(self, package, name, **more)

    monkeypatch.setattr(Cutoff, "step", look)
    return seen


def test_they_are_away_while_empty_tables_are_filled_and_there_again_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, register = indexes_now(), small_register()
    assert len(before) > 15
    seen = seen_while_merging(monkeypatch)
    assert imported(register, tmp_path).status == Status.DONE
    assert [name.rsplit("_", 1)[1] for name, *_ in seen[0]] == ["pkey"] * 3
    assert indexes_now() == before
    assert not PutAwayIndex.objects.exists()
    # The second row of a pupil who is a recipient elsewhere points to the same number.
    assert Student.objects.filter(record=None).count() == 0


def test_a_later_cutoff_leaves_them_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, register = indexes_now(), small_register()
    assert imported(register, tmp_path).status == Status.DONE
    seen = seen_while_merging(monkeypatch)
    register.pupil(register.sekolah[0])
    assert imported(register, tmp_path).status == Status.DONE
    assert seen == [before]


def test_a_small_first_load_leaves_them_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    settings.CUTOFF_INDEXES_AWAY_FROM = 1000
    before, register = indexes_now(), small_register()
    seen = seen_while_merging(monkeypatch)
    assert imported(register, tmp_path).status == Status.DONE
    assert seen == [before]


def test_who_reads_an_empty_table_for_long_keeps_its_indexes_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, register = indexes_now(), small_register()
    monkeypatch.setattr(indexes, "WAIT", "3s")
    seen = seen_while_merging(monkeypatch)
    reader = connection.copy()
    try:
        with reader.cursor() as cursor:
            cursor.execute("BEGIN; LOCK TABLE students_student IN ACCESS SHARE MODE")
            assert imported(register, tmp_path).status == Status.DONE
            cursor.execute("ROLLBACK")
    finally:
        reader.close()
    left = {name for name, *_ in seen[0]}
    assert {name for name, *_ in before if name.startswith(("student_", "students_", "nisn"))} <= left
    assert "record_by_number" not in left
    assert indexes_now() == before


def test_they_are_there_again_after_a_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, register = indexes_now(), small_register()
    step = Cutoff.step

    def stopped_after_merging(self: Cutoff, package: str, name: str, **more: object) -> int:
        if name == "link_new":
            raise Stopped
        return step(self, package, name, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Cutoff, "step", stopped_after_merging)
        assert run_batch(handed_in(register, tmp_path).pk) == Status.STOPPED
    assert Student.objects.exists()
    assert indexes_now() == before
    assert not PutAwayIndex.objects.exists()


@pytest.mark.parametrize("away_from", [0, 1000])
def test_sharers_are_counted_whether_or_not_they_are_away(
    tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, away_from: int
) -> None:
    """All at once while they are away, number by number where they stayed: with the same outcome, each in one way."""
    settings.CUTOFF_INDEXES_AWAY_FROM = away_from
    asked: list[int] = []
    recount = sharing.recount

    def listen(numbers: list[str], *, now: datetime) -> int:
        asked.append(len(numbers))
        return recount(numbers, now=now)

    monkeypatch.setattr(sharing, "recount", listen)
    register = Register()
    school = register.school("20300001")
    crowds = {"081226004001": 2, "081226004002": 4, "081226004003": 11}
    for number, size in crowds.items():
        for _ in range(size):
            register.pupil(school, nomor_telepon_seluler=number)
    assert imported(register, tmp_path).status == Status.DONE
    found = PhoneRecord.objects.values_list("number", "share_count", "sharing", "cell")
    assert {(number[-2:], n, verdict, cell) for number, n, verdict, cell in found} == {
        ("01", 2, "NONE", "READY"),
        ("02", 4, "TO_CONFIRM", "SHARED_TO_CONFIRM"),
        ("03", 11, "STOPPED", "SHARED_STOPPED"),
    }
    assert set(SharedNumber.objects.values_list("recipients", "schools")) == {(4, 1), (11, 1)}
    assert not ShareRequest.objects.exists()
    assert asked == ([3] if away_from else [])


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill."""


def left_by_a_kill(register: Register, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: int) -> Batch:
    """A first load that died when it had built so many of its indexes again."""
    build, done = indexes._build, iter(range(built))

    def dies(index: PutAwayIndex) -> None:
        if next(done, None) is None:
            raise Killed
        build(index)

    with monkeypatch.context() as patch:
        patch.setattr(indexes, "_build", dies)
        patch.setattr(indexes, "lane_count", lambda: 1)
        batch = handed_in(register, tmp_path)
        with pytest.raises(Killed):
            run_batch(batch.pk)
    return batch


@pytest.mark.parametrize("built", [0, 5])
def test_what_a_killed_load_left_away_is_built_when_no_cutoff_is_at_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, built: int
) -> None:
    before, register = indexes_now(), small_register()
    left_by_a_kill(register, tmp_path, monkeypatch, built)
    assert len(indexes_now()) == 3 + built
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, 0)", [lock_key("cutoff")])
            assert put_back_indexes() == -1
            cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [lock_key("cutoff")])
    finally:
        other.close()
    assert put_back_indexes() > 15 - 3 - built
    assert indexes_now() == before
    assert put_back_indexes() == 0


def test_a_killed_load_that_is_run_again_builds_them_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, register = indexes_now(), small_register()
    batch = left_by_a_kill(register, tmp_path, monkeypatch, 4)
    seen = seen_while_merging(monkeypatch)
    assert run_batch(batch.pk) == Status.DONE
    assert seen == [before]
    assert indexes_now() == before
