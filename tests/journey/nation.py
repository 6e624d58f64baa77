"""A small nation for tests of everything at once: two provinces, three kab/kota, six schools, about thirty people.

Its register is changed in memory and reaches the system only as cut-offs and deltas; its clock stands still until a
test moves it; everything that a worker would do is run at once.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from providers import answer_pieces, cutoff, sharing, survey
from providers.models import Package
from schools import periods
from schools.choices import Jenjang, PersonRole, WindowKind
from schools.cutoff.handing_in import hand_in_path
from schools.models import Office, Period, School, Window
from tests.factories import an_actor, pusdatin
from tests.schools import bundles
from tests.schools.registers import Register, Row
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Role
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

START = datetime(2020, 10, 1, 1, 0, tzinfo=UTC)
ROBOT = Actor.system("uji")
NUMBERS = [
    *(f"0812260000{n:02d}" for n in range(7)),
    *(f"0857260000{n:02d}" for n in range(4)),
    *(f"0817260000{n:02d}" for n in range(3)),
]
"""So few that sharing is the rule: of three providers."""

_REGIONS = [("032800", "Kab. Tegal"), ("032801", "Kec. Margasari")]
_SCHOOLS = [
    ("20300001", {}, 5, 2),
    ("20300002", {"bentuk_pendidikan_id": "6"}, 4, 1),
    ("20300003", {"bentuk_pendidikan_id": "13"}, 4, 1),
    ("20300004", {"kode_wilayah": "032801"}, 4, 1),
    ("20300005", {"bentuk_pendidikan_id": "1", "kode_wilayah": "120301"}, 3, 1),
    ("20300006", {"kode_wilayah": "120301", "last_sync": ""}, 2, 0),
]
"""NPSN, what differs from an SD in Brebes, pupils, teachers."""

SMALL_PIECES = (
    (cutoff, "PEOPLE_AT_ONCE", 9),
    (periods, "SCHOOLS_AT_ONCE", 2),
    (settings, "EXCHANGE_LINES_PER_PART", 4),
    (survey, "ROWS_PER_CHUNK", 4),
    (answer_pieces, "BLOCK", 256),
    (sharing, "CHUNK", 3),
)
KEYS = {
    "sekolah": ("sekolah_id",),
    "peserta_didik": ("peserta_didik_id", "sekolah_id"),
    "ptk": ("ptk_id", "sekolah_id"),
}
Sent = dict[str, dict[tuple[str, ...], Row]]


@dataclass
class People:
    """Who acts."""

    operators: dict[str, Actor]
    offices: dict[str, Actor]
    nation: list[Actor]

    @classmethod
    def hired(cls) -> People:
        offices = {code: an_actor(Role.DINAS, code) for code in ("03", "0329", "0328", "12", "1203")}
        operators = {npsn: an_actor(Role.OPERATOR, npsn) for npsn, *_ in _SCHOOLS}
        return cls(operators, offices, [pusdatin(), pusdatin()])

    def operator(self, school: School) -> Actor:
        return self.operators[school.npsn]


@contextmanager
def a_small_nation(settings: Any, place: Path, patch: pytest.MonkeyPatch) -> Iterator[Nation]:
    """One that has begun: own files, a clock that stands still, and pieces so small that everything takes several."""
    for module, name, size in SMALL_PIECES:
        patch.setattr(module, name, size)
    settings.MEDIA_ROOT = place
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": place}}
    }
    with time_machine.travel(START, tick=False) as clock:
        nation = Nation(place, People.hired(), clock)
        nation.begin()
        yield nation


@dataclass
class Nation:
    """The system with its first cut-off applied and its first period open."""

    place: Path
    people: People
    clock: time_machine.Traveller
    register: Register = field(default_factory=Register)
    sent: Sent = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    waiting: list[Callable[[], object]] = field(default_factory=list)
    gone_schools: list[Row] = field(default_factory=list)
    scans: int = 0

    def begin(self) -> None:
        self.register.wilayah += [{"kode_wilayah": code, "nama": name} for code, name in _REGIONS]
        for npsn, changes, pupils, teachers in _SCHOOLS:
            school = self.register.school(npsn, **changes)
            for _ in range(pupils):
                self.enter("peserta_didik", school)
            for _ in range(teachers):
                self.enter("ptk", school)
        new_period(self, is_current=True, status="OPEN")
        self.bring("nation")

    # The register

    def enter(self, file: str, school: Row, number: str | None = None) -> Row:
        """Somebody new; the first ones share a few numbers among them."""
        add = self.register.pupil if file == "peserta_didik" else self.register.teacher
        column = "nomor_telepon_seluler" if file == "peserta_didik" else "no_hp"
        count = len(self.register.peserta_didik) + len(self.register.ptk)
        return add(school, **{column: NUMBERS[count * 3 % len(NUMBERS)] if number is None else number})

    def differing(self, scope: str) -> dict[str, list[Row]]:
        """The rows that a bundle of this scope bears: all of a province or the nation, only changed ones in a delta."""
        found = {}
        for file, key in KEYS.items():
            rows = getattr(self.register, file)
            if scope == "delta":
                known = self.sent.get(file, {})
                there = {tuple(row[name] for name in key) for row in rows}
                gone = [{**row, "soft_delete": "1"} for ids, row in known.items() if ids not in there]
                rows = gone + [row for row in rows if known.get(tuple(row[name] for name in key)) != row]
            elif scope != "nation":
                rows = [row for row in rows if self.province_of(row) == scope.removeprefix("province:")]
            found[file] = copy.deepcopy(rows)
        return found

    def province_of(self, row: Row) -> str:
        """The first two digits of where the row's school lies, or lay when it was told last."""
        of = {school["sekolah_id"]: school["kode_wilayah"][:2] for school in self.register.sekolah}
        return of.get(row["sekolah_id"], self.places.get(row["sekolah_id"], ""))

    def bring(self, scope: str) -> Batch:
        """Hand in what the register says now as a cut-off of this scope, and import it."""
        rows = self.differing(scope)
        content = self.register.delta(wilayah=self.regions(scope), **rows).files()
        if scope == "delta":
            content = {name: data for name, data in content.items() if data.count(b"\n") > 1}
        self._remember(scope, rows)
        listed = [bundles.entry(name, data) for name, data in content.items()]
        said = {"files": listed, "scope": scope, "cutoff_date": self.today().isoformat()}
        folder = bundles.folder(self.place / uuid4().hex, content, **said)
        return self.run(hand_in_path(by=ROBOT, path=folder, now=self.now()))

    def regions(self, scope: str) -> list[Row]:
        if scope == "delta":
            return []
        prefix = scope.removeprefix("province:") if scope != "nation" else ""
        return [row for row in self.register.wilayah if row["kode_wilayah"].startswith(prefix)]

    def _remember(self, scope: str, rows: dict[str, list[Row]]) -> None:
        """What the system has been told, so that the next delta bears the rest."""
        for file, key in KEYS.items():
            known = self.sent.setdefault(file, {})
            for ids in [ids for ids, row in known.items() if self._speaks_of(scope, row)]:
                del known[ids]
            for row in rows[file]:
                ids = tuple(row[name] for name in key)
                known.pop(ids, None)
                if not row.get("soft_delete"):
                    known[ids] = row
        self.places |= {row["sekolah_id"]: row["kode_wilayah"][:2] for row in rows["sekolah"]}

    def _speaks_of(self, scope: str, row: Row) -> bool:
        """Whether a bundle of this scope that lacks the row says that it is gone."""
        return scope == "nation" or scope == f"province:{self.places.get(row['sekolah_id'])}"

    # Time and work

    def now(self) -> datetime:
        return timezone.now()

    def today(self) -> date:
        return timezone.localdate()

    def pass_time(self, **span: float) -> None:
        self.clock.shift(timedelta(**span))

    def run(self, batch: Batch) -> Batch:
        """What a worker does; no batch may break down. Another worker may be at it already."""
        status = run_batch(batch.pk)
        batch.refresh_from_db()
        assert status is None or batch.status in ("DONE", "REFUSED", "PARKED"), f"{batch}: {batch.status} {batch.error}"
        return batch

    # Who is there

    def schools(self) -> list[School]:
        return list(School.objects.order_by("npsn"))

    def current(self) -> Period:
        return Period.objects.get(is_current=True)

    def office_of(self, school: School) -> Actor:
        """Who judges the school's scans."""
        for actor in self.people.offices.values():
            if School.objects.judged_by(actor).filter(pk=school.pk).exists():
                return actor
        return self.people.nation[0]


def new_period(nation: Nation, **changes: object) -> Period:
    """The next period: a month later, with packages for everybody and stages for the nation and for one province."""
    count = Period.objects.count()
    values = {
        "name": f"Periode {count + 1}",
        "semester_id": "20201",
        "starts_date": date(2020 + (9 + count) // 12, (9 + count) % 12 + 1, 1),
        "deadline_at": nation.now() + timedelta(days=3650),
        "sharing_confirm_above": 2,
        "sharing_max": 4,
    }
    period = Period.objects.create(**(values | changes))
    kinds = [(role, jenjang) for role in PersonRole.values for jenjang in Jenjang.values]
    Package.objects.bulk_create(
        Package(period=period, role=role, jenjang=jenjang, general_gb=5, learning_gb=30) for role, jenjang in kinds
    )
    opened = {"opens_at": nation.now(), "closes_at": nation.now() + timedelta(days=3650), "kind": WindowKind.RELEASE}
    Window.objects.create(period=period, stage=1, name="Tahap 1", **opened)
    Window.objects.create(period=period, stage=2, name="Tahap 2, Jawa Tengah", region_prefix="03", **opened)
    return period


def unstaff(scope_code: str, *, staffed: bool) -> None:
    Office.objects.filter(scope_code=scope_code).update(is_staffed=staffed)
