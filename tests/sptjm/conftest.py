"""One school of Brebes in a running period, its operator, its office and Pusdatin, each with a browser."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from schools.models import Period, School
from sptjm.models import Statement
from tests.factories import OfficeFactory, PeriodFactory, an_actor, operator_of, pusdatin
from tests.sptjm.factories import a_pdf, a_school
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Role
from vervalponsel.batches.runner import run_batch


def browser_of(actor: Actor) -> Client:
    client = Client()
    assert actor.user
    client.force_login(actor.user)
    return client


@dataclass
class Case:
    """What the tests act on; ``school_at`` and so on are signed-in browsers."""

    period: Period
    school: School
    operator: Actor
    office: Actor
    nation: Actor

    def __post_init__(self) -> None:
        self.at_school = browser_of(self.operator)
        self.at_office = browser_of(self.office)
        self.at_nation = browser_of(self.nation)

    def make(self, **fields: object) -> Statement:
        """Through the form; gives the newest statement of the school."""
        posted = {"head_name": "Siti Rahayu", "head_nip": "", "whom": "BOTH"} | fields
        answer = self.at_school.post(reverse("sptjm:make"), posted)
        assert answer.status_code == 302, answer.content.decode()
        return Statement.objects.filter(school=self.school).latest("id")

    def print(self, statement: Statement) -> Statement:
        assert run_batch(statement.print_batch_id or 0) == "DONE"
        statement.refresh_from_db()
        return statement

    def upload(self, statement: Statement, data: bytes | None = None, name: str = "pindaian.pdf") -> Any:
        upload = SimpleUploadedFile(name, a_pdf() if data is None else data, content_type="application/pdf")
        return self.at_school.post(reverse("sptjm:upload", args=[statement.pk]), {"scan": upload})

    def judge(self, statement: Statement, decision: str = "approve", by: Client | None = None, **fields: object) -> Any:
        scan = statement.scans.latest("id")
        posted = {"scan": scan.pk, "decision": decision} | fields
        return (by or self.at_office).post(reverse("sptjm:review", args=[statement.pk]), posted)

    def approved(self) -> Statement:
        statement = self.make()
        self.upload(statement)
        self.judge(statement)
        statement.refresh_from_db()
        assert statement.status == "APPROVED"
        return statement


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    }


@pytest.fixture
def case(db: None) -> Case:
    period = PeriodFactory.create()
    school = a_school(students=3, teachers=1)
    OfficeFactory.create()
    return Case(period, school, operator_of(school), an_actor(Role.DINAS, "0329"), pusdatin())
