"""The benchmark of an operator's list: the page, and the form of many rows, against a bare view behind the same
middleware.

The yardstick asks the same session who calls, reads the same fifty rows by one plain statement, and prints them as a
table without anything round it. All are asked for in turn, so that what else the machine does falls on all alike.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import include, path, reverse

from providers.models import PhoneRecord, Provider
from providers.reference import load_reference
from schools.models import Period, Region, School
from vervalponsel.accounts.models import Assignment, User
from vervalponsel.accounts.permissions import Role
from vervalponsel.kit.benchmarks import Measure, register_benchmark
from vervalponsel.kit.sqlfiles import sql_text

from .models import Student

BUDGETS = {"list": 1 / 0.35, "several": 1 / 0.15}
"""Requests per second, as shares of the yardstick's: here as times that a request may take."""
PER_PAGE, PUPILS = 50, 300
WARM_UP = 5
BARE = "<table>{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
STATES = ("READY", "ACTIVE", "INACTIVE", "GRACE", "POSTPAID")


def register() -> None:
    """Make the benchmark known."""
    register_benchmark("list", measure_list)


def bare(request: HttpRequest) -> HttpResponse:
    """The yardstick: fifty rows of the caller's school."""
    with connection.cursor() as cursor:
        cursor.execute(sql_text("students", "bench/bare"), [request.actor.scope_code])  # type: ignore[attr-defined]
        rows = cursor.fetchall()
    return HttpResponse(bare_table().render({"rows": rows}, request))


@cache
def bare_table() -> Any:
    return engines["django"].from_string(BARE)


urlpatterns = [path("bare", bare, name="bare"), path("", include("vervalponsel.urls"))]


def measure_list(rows: int, folder: Path, workers: int = 1) -> list[tuple[str, Measure]]:
    """Ask for the pages until ``rows`` rows have been shown by each."""
    client, times = signed_in(datetime.now(UTC)), max(rows // PER_PAGE, 10)
    # Nothing has been collected where this runs.
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    storages = settings.STORAGES | {"staticfiles": static}
    with override_settings(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["testserver"], STORAGES=storages):
        addresses = {"list": reverse("students:list"), "several": reverse("students:several"), "bare": "/bare"}
        for address in [*addresses.values()] * WARM_UP:
            seconds_of(client, address)
        taken: Counter[str] = Counter()
        for _ in range(times):
            for name, address in addresses.items():
                taken[name] += seconds_of(client, address)  # type: ignore[assignment]
    return [(name, Measure(times * PER_PAGE, taken[name], taken["bare"], BUDGETS[name])) for name in BUDGETS]


def seconds_of(client: Client, address: str) -> float:
    began = time.perf_counter()
    answer = client.get(address, secure=True, headers={"Accept-Encoding": "gzip"})
    seconds = time.perf_counter() - began
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers {answer.status_code}")
    return seconds


def signed_in(now: datetime) -> Client:
    """A browser of the operator of a school whose pupils' numbers are in every state."""
    load_reference(now=now)
    Period.objects.create(
        name="Ukur", semester_id="20201", status="OPEN", is_current=True, starts_date=date(2020, 9, 1),
        deadline_at=now + timedelta(days=30),
    )  # fmt: skip
    school = a_school()
    records = PhoneRecord.objects.bulk_create([a_record(school, n, now) for n in range(PUPILS)])
    Student.objects.bulk_create([a_pupil(school, n, record) for n, record in enumerate(records)])
    user = User.objects.create(username="operator.ukur", name="Operator")
    Assignment.objects.create(user=user, role=Role.OPERATOR, scope_code=school.npsn, label="SD 1")
    client = Client()
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    return client


def a_school() -> School:
    parent: Region | None = None
    for level, code in enumerate(("000000", "030000", "032900", "032901")):
        parent = Region.objects.create(code=code, name=code, level=level, parent=parent)
    place = {"region": parent, "regency_code": "032900", "province_code": "030000", "is_synchronised": True}
    return School.objects.create(
        sekolah_id=UUID(int=1), npsn="20326541", name="SD 1", form_code=5, jenjang="SD", **place
    )


def a_record(school: School, n: int, now: datetime) -> PhoneRecord:
    state, number = STATES[n % len(STATES)], f"+62812{26000000 + n}"
    return PhoneRecord(
        role="STUDENT", person_id=UUID(int=n + 1), school=school, grade=5, eligibility="OK", typed=f"0{number[3:]}",
        number=number, provider=Provider(pk="TELKOMSEL"), state=state, state_at=now,
        answered_at=None if state == "READY" else now, ownership="MOTHER" if n % 3 else "", share_count=1,
    )  # fmt: skip


def a_pupil(school: School, n: int, record: PhoneRecord) -> Student:
    return Student(
        peserta_didik_id=UUID(int=n + 1), school=school, record=record, name=f"Murid Ke {n}", name_key=f"muridke{n}",
        sex="L", birth_date=date(2010, 5, 17), nisn=f"{100000000 + n:010d}", grade=5, eligibility="OK",
        class_name=f"Kelas 5{'AB'[n % 2]}",
    )  # fmt: skip
