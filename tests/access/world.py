"""Two schools far apart, each with everything that an address can name, and one person per role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from providers.actions import create_credential
from providers.choices import ExchangeStatus
from providers.models import Exchange, ExchangeLine, ExchangePart, Package, PhoneRecord, Prefix, SharedNumber
from schools.models import CutoffRun, Office, Period, School, ServiceKey, Window
from schools.service_keys import create_key
from sptjm.models import Scan, Statement
from students.models import Student
from teachers.models import Teacher
from tests.factories import (
    AssignmentFactory,
    OfficeFactory,
    PeriodFactory,
    SchoolFactory,
    StudentFactory,
    TeacherFactory,
    UserFactory,
    WindowFactory,
    a_provider,
    an_actor,
    operator_of,
    pusdatin,
)
from tests.sptjm.factories import a_pdf
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.models import Assignment, User
from vervalponsel.accounts.permissions import Role
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch


@dataclass(eq=False)
class Side:
    """One school with what belongs to it; the nation's objects are the same on both sides."""

    world: World
    district: str
    provider_code: str
    school: School = field(init=False)

    def __post_init__(self) -> None:
        self.school = SchoolFactory.create(district=self.district)
        self.student: Student = StudentFactory.create(school=self.school)
        self.teacher: Teacher = TeacherFactory.create(school=self.school)
        self.office: Office = OfficeFactory.create(scope_code=self.district[:4])
        self.batch = self._batch(self.school.npsn, Status.FAILED)
        self.release = self._batch("", Status.DONE, "release")
        self.worker = AssignmentFactory.create(user=UserFactory.create(), scope_code=self.school.npsn)
        self.statement = self._statement()
        self.scan = self._scan()
        self.exchange = self._exchange()
        self.answers = self._answers()
        self.contradicted = self._contradicted()
        self.delta = Batch.objects.create(
            kind="delta",
            title="Delta",
            status=Status.DONE,
            actor_name="uji",
            created_at=timezone.now(),
            params={"service": self.service},
        )

    @property
    def service(self) -> str:
        """The name of the machine that hands in deltas on this side."""
        return f"dapodik-{self.district}"

    @property
    def region(self) -> str:
        return self.school.regency_code

    def _batch(self, scope: str, status: Status, kind: str = "open-period") -> Batch:
        return Batch.objects.create(
            kind=kind,
            scope_code=scope,
            title="Pekerjaan",
            status=status,
            actor_name="uji",
            created_at=timezone.now(),
            params={"period": self.world.period.pk},
        )

    def _statement(self) -> Statement:
        statement = Statement(
            school=self.school,
            period=self.world.period,
            serial=1,
            number=f"001/{self.school.npsn}",
            status="UPLOADED",
            students=1,
            teachers=0,
            head_name="Siti Rahayu",
            content_sha256="0" * 64,
            created_at=timezone.now(),
            uploaded_at=timezone.now(),
            uploaded_by=UserFactory.create(),
            print_batch=self._batch(self.school.npsn, Status.DONE),
            pages=2,
        )
        statement.pdf.save("sptjm.pdf", ContentFile(a_pdf()), save=False)
        statement.save()
        return statement

    def _scan(self) -> Scan:
        scan = Scan(
            statement=self.statement,
            original_name="pindaian.pdf",
            content_type="application/pdf",
            size=100,
            sha256=f"{self.statement.pk:064d}",
            pages=2,
            uploaded_by=self.statement.uploaded_by,
            uploaded_at=timezone.now(),
        )
        scan.file.save("pindaian.pdf", ContentFile(a_pdf()), save=False)
        scan.save()
        return scan

    def _exchange(self) -> Exchange:
        exchange = Exchange(
            provider=a_provider(self.provider_code),
            purpose="MATCH",
            period=self.world.period,
            status=ExchangeStatus.PREPARED,
            batch=self._batch("", Status.DONE),
            created_at=timezone.now(),
            prepared_at=timezone.now(),
            sha256="0" * 64,
        )
        exchange.save()
        part = ExchangePart(exchange=exchange, no=1, first_line=1, last_line=1, rows=1, size=1, sha256="0" * 64)
        part.file.save("dump.csv.gz", ContentFile(b"x"), save=True)
        return exchange

    def _answers(self) -> Batch:
        """A file of answers that the provider handed in."""
        batch = Batch(
            kind="answers",
            title="Jawaban",
            status=Status.DONE,
            actor_name=f"provider:{self.provider_code}",
            created_at=timezone.now(),
            params={"exchange": self.exchange.pk, "provider": self.provider_code},
        )
        batch.file.save("answers.csv", ContentFile(b"line,outcome\n"), save=False)
        batch.save()
        return batch

    def _contradicted(self) -> ExchangeLine:
        """A line that the provider answered in two ways."""
        record = self.student.record
        assert record
        return ExchangeLine.objects.create(
            exchange=self.exchange,
            purpose="MATCH",
            line_no=1,
            record=record,
            person_id=record.person_id,
            npsn=self.school.npsn,
            number="+6281226004001",
            outcome="ACTIVE",
            outcome_at=timezone.now(),
            is_contradicted=True,
            live=False,
        )


class World:
    """Own and foreign side, the nation's objects, and a person for every role working on the own side."""

    def __init__(self) -> None:
        self.period: Period = PeriodFactory.create()
        self.draft: Period = PeriodFactory.create(status="DRAFT", is_current=False)
        self.window: Window = WindowFactory.create(period=self.draft)
        self.package: Package = self.draft.packages.earliest("pk")
        self.own, self.foreign = Side(self, "032901", "TELKOMSEL"), Side(self, "120301", "XL")
        self.prefix: Prefix = Prefix.objects.earliest("pk")
        self.shared = SharedNumber.objects.create(number="+6281379140528", recipients=11, schools=2, regencies=2)
        self.parked, self.trial = self._run(Status.PARKED), self._run(Status.DONE, is_trial=True)
        self.actors: dict[str, Actor] = {
            Role.OPERATOR: operator_of(self.own.school),
            Role.DINAS: an_actor(Role.DINAS, "0329"),
            Role.LPMP: an_actor(Role.LPMP, "03"),
            Role.PUSDATIN: pusdatin(),
            "": Actor(user=UserFactory.create(), assignment=None),
        }
        now = timezone.now()
        self.keys = {
            side: create_credential(by=Actor.system("uji"), provider=side.exchange.provider, now=now)
            for side in (self.own, self.foreign)
        }
        self.service_keys = {
            side: create_key(by=Actor.system("uji"), service=side.service, now=now) for side in (self.own, self.foreign)
        }
        self.service_key = self.service_keys[self.own][0]

    def _run(self, status: Status, **more: Any) -> CutoffRun:
        """A handed-in cut-off."""
        now = timezone.now()
        batch = Batch(kind="cutoff", title="Tarikan", status=status, actor_name="uji", created_at=now)
        batch.file.save("tarikan.zip", ContentFile(b"x"), save=False)
        batch.save()
        about = {"scope": "nation", "cutoff_date": now.date(), "semester_id": "20201", "manifest_sha256": "0" * 64}
        return CutoffRun.objects.create(batch=batch, **about, **more)

    def browser(self, role: str) -> Client:
        """A signed-in browser of the role's person."""
        client = Client()
        person = self.actors[role].user
        assert person
        client.force_login(person)
        return client

    def snapshot(self) -> list[Any]:
        """Everything that a write could change, to see that a refused one changed nothing."""
        return [
            list(model.objects.order_by("pk").values())
            for model in (PhoneRecord, Statement, Scan, Batch, Period, Window, Package, Office, School, Prefix)
        ] + [
            list(Assignment.objects.order_by("pk").values()),
            list(User.objects.order_by("pk").values("pk", "password", "is_active")),
            list(Exchange.objects.order_by("pk").values()),
            list(ServiceKey.objects.order_by("pk").values()),
        ]
