"""Accounts of the network of data managers: who works for which school or office."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet

from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.models import Assignment, User
from vervalponsel.accounts.permissions import Permission, Role
from vervalponsel.audit.actions import record

from .choices import RegionLevel
from .models import Office, Region, School
from .querysets import region_code

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that nobody confuses when reading them aloud."""


class UnknownScope(Exception):
    """No school or region has that code, or it is not the actor's to staff; the message is the sentence."""


def assignments_managed_by(actor: Actor) -> QuerySet[Assignment]:
    """Assignments the actor may create and end: Pusdatin all, a dinas the operators of its own schools."""
    rows = Assignment.objects.select_related("user")
    if actor.may(Permission.MANAGE):
        return rows
    if not actor.may(Permission.MANAGE_OPERATORS):
        return rows.none()
    schools = School.objects.visible_to(actor).values("npsn")
    return rows.filter(role=Role.OPERATOR, scope_code__in=schools)


def people_managed_by(actor: Actor, text: str = "") -> QuerySet[User]:
    """People with their managed assignments as ``tasks``, those that hold first; ``text`` is a name or a code."""
    rows = assignments_managed_by(actor)
    wanted = rows
    if text:
        wanted = rows.filter(Q(user__name__icontains=text) | Q(user__username=text) | Q(scope_code=text))
    people = User.objects.filter(pk__in=wanted.order_by().values("user")).order_by("name", "id")
    return people.prefetch_related(Prefetch("assignments", rows.order_by("-is_active", "label"), to_attr="tasks"))


def people_reset_by(actor: Actor) -> QuerySet[User]:
    """People all of whose assignments the actor manages: a reset must not open a door that is not theirs."""
    beyond = Assignment.objects.exclude(pk__in=assignments_managed_by(actor).order_by().values("pk"))
    return User.objects.exclude(pk__in=beyond.values("user"))


def label_for(actor: Actor, role: str, scope_code: str) -> str:
    """What an assignment is called. Raises UnknownScope when there is no such place in the actor's reach."""
    if role == Role.OPERATOR:
        school = School.objects.visible_to(actor).filter(npsn=scope_code).first()
        if school is None:
            raise UnknownScope("Tidak ada sekolah dengan NPSN itu di wilayah kerja Anda.")
        return f"{school.name} · NPSN {school.npsn}"
    if not actor.may(Permission.MANAGE):
        raise UnknownScope("Anda hanya dapat menugaskan operator sekolah.")
    if role == Role.PUSDATIN:
        return "Pusdatin"
    return _region_label(role, scope_code)


_LEVELS: dict[str, tuple[RegionLevel, ...]] = {
    Role.DINAS: (RegionLevel.PROVINCE, RegionLevel.REGENCY),
    Role.LPMP: (RegionLevel.PROVINCE,),
}


def _region_label(role: str, scope_code: str) -> str:
    region = Region.objects.filter(code=region_code(scope_code), level__in=_LEVELS[role]).first()
    if region is None or scope_code != region.code[: 2 * region.level]:
        raise UnknownScope("Isi dua angka awal kode provinsi; untuk dinas juga empat angka kode kabupaten/kota.")
    if role == Role.LPMP:
        return f"LPMP {region.name}"
    office = Office.objects.filter(scope_code=scope_code).first()
    return office.name if office else f"Dinas Pendidikan {region.name}"


def new_password() -> str:
    """A first password that can be read aloud: four groups of four."""
    word = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return "-".join(word[at : at + 4] for at in range(0, 16, 4))


@transaction.atomic
def assign(*, by: Actor, username: str, name: str, role: str, scope_code: str, now: datetime) -> tuple[Assignment, str]:
    """Give a person (made when unknown) an assignment; returns it with a new account's first password, or nothing."""
    label = label_for(by, role, scope_code)
    password = ""
    person = User.objects.filter(username=username).first()
    if person is None:
        password = new_password()
        person = User(username=username, name=name)
        person.set_password(password)
        person.save()
    assignment, _ = Assignment.objects.update_or_create(
        user=person, role=role, scope_code=scope_code, defaults={"label": label, "is_active": True}
    )
    after = {"username": username, "role": role, "scope_code": scope_code}
    record(by=by, action="assignment.given", target=assignment, now=now, after=after)
    return assignment, password


@transaction.atomic
def end_assignment(*, by: Actor, assignment: Assignment, now: datetime) -> Assignment:
    """The person no longer works there; what they did stays on record."""
    if assignment.is_active:
        assignment.is_active = False
        assignment.save(update_fields=["is_active"])
        record(by=by, action="assignment.ended", target=assignment, now=now)
    return assignment


@transaction.atomic
def reset_password(*, by: Actor, person: User, now: datetime) -> str:
    """A new first password; every session of the person ends with the old one."""
    password = new_password()
    person.set_password(password)
    person.save(update_fields=["password"])
    record(by=by, action="password.reset", target=person, now=now)
    return password
