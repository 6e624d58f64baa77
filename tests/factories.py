"""Test data in the domain's words. Whatever a test does not say is ordinary: an SD in Brebes, an active number."""

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone
from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory, Password
from factory.helpers import post_generation

from providers.choices import Eligibility, Ownership, State
from providers.models import Package, PhoneRecord, Provider
from schools.choices import JENJANG_OF_FORM, Jenjang, PeriodStatus, RegionLevel, WindowKind
from schools.models import Office, Period, Region, School, Window
from students.models import Student
from teachers.models import Teacher
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.models import Assignment, User
from vervalponsel.accounts.permissions import Role

FORM_OF_JENJANG = {jenjang: form for form, jenjang in reversed(JENJANG_OF_FORM.items())}
SYNCED_AT = datetime(2020, 9, 1, 3, 0, tzinfo=UTC)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = Sequence(lambda n: f"petugas{n}")
    name = Sequence(lambda n: f"Petugas {n}")
    password = Password("kata-sandi-uji")


class AssignmentFactory(DjangoModelFactory[Assignment]):
    class Meta:
        model = Assignment

    user = SubFactory(UserFactory)
    role = Role.OPERATOR
    scope_code = "20300001"
    label = LazyAttribute(lambda o: f"{o.role} {o.scope_code}".strip())


def an_actor(role: str, scope_code: str = "", jenjang: list[str] | None = None, user: User | None = None) -> Actor:
    """A person with one assignment, as an Actor."""
    person = user or UserFactory.create()
    assignment = AssignmentFactory.create(user=person, role=role, scope_code=scope_code, jenjang=jenjang or [])
    return Actor(user=person, assignment=assignment)


def operator_of(school: School) -> Actor:
    return an_actor(Role.OPERATOR, school.npsn)


def pusdatin() -> Actor:
    return an_actor(Role.PUSDATIN)


def a_region(code: str) -> Region:
    """The region of a code, with its parents up to the nation."""
    parent_code = {0: None, 1: "000000", 2: f"{code[:2]}0000", 3: f"{code[:4]}00"}
    level = 0 if code == "000000" else 1 if code.endswith("0000") else 2 if code.endswith("00") else 3
    above = parent_code[level]
    parent = a_region(above) if above else None
    defaults = {"name": f"Wilayah {code}", "level": RegionLevel(level), "parent": parent}
    return Region.objects.get_or_create(code=code, defaults=defaults)[0]


class OfficeFactory(DjangoModelFactory[Office]):
    class Meta:
        model = Office
        django_get_or_create = ("scope_code",)

    scope_code = "0329"
    name = LazyAttribute(lambda o: f"Dinas {o.scope_code}")
    jenjang = LazyFunction(lambda: [Jenjang.PAUD, Jenjang.SD, Jenjang.SMP, Jenjang.KESETARAAN])


class SchoolFactory(DjangoModelFactory[School]):
    class Meta:
        model = School

    class Params:
        district = "032901"

    sekolah_id = LazyFunction(uuid.uuid4)
    npsn = Sequence(lambda n: f"{20300000 + n}")
    name = Sequence(lambda n: f"SD Negeri {n} Brebes")
    jenjang = Jenjang.SD
    form_code = LazyAttribute(lambda o: FORM_OF_JENJANG[o.jenjang])
    region = LazyAttribute(lambda o: a_region(o.district))
    regency_code = LazyAttribute(lambda o: f"{o.district[:4]}00")
    province_code = LazyAttribute(lambda o: f"{o.district[:2]}0000")
    head_name = "Siti Rahayu"
    last_sync_at = SYNCED_AT
    is_synchronised = True


class PeriodFactory(DjangoModelFactory[Period]):
    """A running, current period whose deadline is a week ahead."""

    class Meta:
        model = Period
        skip_postgeneration_save = True

    name = Sequence(lambda n: f"Periode {n}")
    semester_id = "20201"
    status = PeriodStatus.OPEN
    is_current = True
    starts_date = date(2020, 9, 1)
    deadline_at = LazyFunction(lambda: timezone.now() + timedelta(days=7))

    @post_generation
    def packages(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for jenjang in Jenjang.values:
            learning = {"STUDENT": 15 if jenjang == Jenjang.PAUD else 30, "TEACHER": 37}
            for role, gigabytes in learning.items():
                Package.objects.create(period=self, role=role, jenjang=jenjang, general_gb=5, learning_gb=gigabytes)


class WindowFactory(DjangoModelFactory[Window]):
    """A release window that is open now."""

    class Meta:
        model = Window

    period = SubFactory(PeriodFactory)
    kind = WindowKind.RELEASE
    stage = 1
    name = LazyAttribute(lambda o: f"Tahap {o.stage}")
    opens_at = LazyFunction(lambda: timezone.now() - timedelta(days=1))
    closes_at = LazyFunction(lambda: timezone.now() + timedelta(days=1))


def a_provider(code: str = "TELKOMSEL") -> Provider:
    return Provider.objects.get_or_create(code=code, defaults={"name": code.title()})[0]


class RecordFactory(DjangoModelFactory[PhoneRecord]):
    """An eligible pupil's active Telkomsel number with a stated owner, answered just now."""

    class Meta:
        model = PhoneRecord

    role = "STUDENT"
    person_id = LazyFunction(uuid.uuid4)
    school = SubFactory(SchoolFactory)
    grade = 5
    eligibility = Eligibility.OK
    number = Sequence(lambda n: f"+62812{10000000 + n}")
    typed = LazyAttribute(lambda o: f"0{o.number[3:]}" if o.number else "")
    provider = LazyAttribute(lambda o: a_provider() if o.number else None)
    state = State.ACTIVE
    state_at = LazyFunction(timezone.now)
    answered_at = LazyAttribute(lambda o: timezone.now() if o.state in (State.ACTIVE, State.POSTPAID) else None)
    ownership = Ownership.MOTHER
    share_count = 1

    @classmethod
    def empty(cls, **fields: Any) -> PhoneRecord:
        return cls.create(number="", state=State.EMPTY, ownership="", share_count=0, **fields)


class StudentFactory(DjangoModelFactory[Student]):
    class Meta:
        model = Student

    peserta_didik_id = LazyFunction(uuid.uuid4)
    school = SubFactory(SchoolFactory)
    record = LazyAttribute(
        lambda o: RecordFactory.create(role="STUDENT", person_id=o.peserta_didik_id, school=o.school)
    )
    name = Sequence(lambda n: f"Murid Ke {n}")
    name_key = LazyAttribute(lambda o: o.name.lower().replace(" ", ""))
    sex = "L"
    birth_date = date(2010, 5, 17)
    nisn = Sequence(lambda n: f"{100000000 + n:010d}")
    grade = 5
    class_name = "Kelas 5A"
    eligibility = Eligibility.OK


class TeacherFactory(DjangoModelFactory[Teacher]):
    class Meta:
        model = Teacher

    ptk_id = LazyFunction(uuid.uuid4)
    school = SubFactory(SchoolFactory)
    record = LazyAttribute(
        lambda o: RecordFactory.create(
            role="TEACHER", person_id=o.ptk_id, school=o.school, grade=0, ownership=Ownership.OWN
        )
    )
    name = Sequence(lambda n: f"Guru Ke {n}")
    name_key = LazyAttribute(lambda o: o.name.lower().replace(" ", ""))
    sex = "P"
    birth_date = date(1980, 1, 2)
    ptk_type = 3
    is_home = True
    eligibility = Eligibility.OK
