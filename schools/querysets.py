from __future__ import annotations

from typing import Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Substr

from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Permission, Role
from vervalponsel.kit.machine_keys import MachineKeyQuerySet

from .choices import PROVINCE_JENJANG, REGENCY_JENJANG, PeriodStatus, RegionLevel


def region_code(prefix: str) -> str:
    """The six-digit code of a region prefix: ``0329`` is 032900, the empty prefix is the nation."""
    return prefix.ljust(6, "0")


class RegionQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Regions are public geography."""
        return self

    def provinces(self) -> Self:
        return self.filter(level=RegionLevel.PROVINCE).order_by("code")

    def regencies_of(self, province_code: str) -> Self:
        return self.filter(level=RegionLevel.REGENCY, code__startswith=province_code[:2]).order_by("code")


class OfficeQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.sees_nation else self.filter(scope_code=actor.scope_code)

    def unstaffed(self) -> Self:
        return self.filter(is_staffed=False)


class SchoolQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Own school, own region and jenjang, own province, or the nation (domain.md §8)."""
        if actor.sees_nation:
            return self
        if not actor.scope_code:
            return self.none()
        if actor.role == Role.OPERATOR:
            return self.filter(npsn=actor.scope_code)
        if actor.role == Role.LPMP:
            return self.in_region(actor.scope_code)
        if actor.role == Role.DINAS:
            return self.in_region(actor.scope_code).filter(jenjang__in=jenjang_of(actor))
        return self.none()

    def in_region(self, prefix: str) -> Self:
        """Schools below a region prefix of 0, 2 or 4 digits, or a full six-digit code."""
        code = region_code(prefix)
        if code == "000000":
            return self
        if code.endswith("0000"):
            return self.filter(province_code=code)
        if code.endswith("00"):
            return self.filter(regency_code=code)
        return self.filter(region_id=code)

    def active(self) -> Self:
        return self.filter(has_left=False)

    def matching(self, text: str) -> Self:
        """By NPSN, or part of the name."""
        return self.filter(Q(npsn=text) | Q(name__icontains=text))

    def judged_by(self, actor: Actor) -> Self:
        """Schools whose scans the actor judges: an office its own, Pusdatin those without a staffed office."""
        offices = apps.get_model("schools", "Office").objects
        if actor.role == Role.DINAS:
            office = offices.filter(scope_code=actor.scope_code, is_staffed=True).first()
            return self.visible_to(actor).filter(jenjang__in=office.jenjang) if office else self.none()
        if not actor.sees_nation:
            return self.none()
        office_here = offices.filter(
            Q(scope_code=Substr(OuterRef("regency_code"), 1, 4))
            | Q(scope_code=Substr(OuterRef("province_code"), 1, 2)),
            is_staffed=True,
            jenjang__contains=[OuterRef("jenjang")],
        )
        return self.filter(~Exists(office_here))


def jenjang_of(actor: Actor) -> list[str]:
    """The jenjang an office works on: those of the assignment, else of the table of offices, else by its level."""
    if actor.jenjang:
        return actor.jenjang
    office = apps.get_model("schools", "Office").objects.filter(scope_code=actor.scope_code).first()
    return office.jenjang if office else list(PROVINCE_JENJANG if len(actor.scope_code) == 2 else REGENCY_JENJANG)


class PeriodQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Everybody may know the running and the closed periods; drafts are Pusdatin's."""
        return self if actor.sees_nation else self.exclude(status=PeriodStatus.DRAFT)

    def current(self) -> Self:
        return self.filter(is_current=True)

    def open(self) -> Self:
        return self.filter(status=PeriodStatus.OPEN)


class CutoffRunQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.sees_nation else self.none()

    def applied(self) -> Self:
        """What stands in the register: a reverted run counts as never applied."""
        return self.filter(applied_at__isnull=False, reverted_at__isnull=True)


class CutoffLimitsQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.sees_nation else self.none()


class CutoffChangeQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        if not actor.may(Permission.SEE_RECIPIENTS):
            return self.none()
        schools = apps.get_model("schools", "School").objects
        return self.filter(school__in=schools.visible_to(actor))


class CutoffFigureQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.sees_nation else self.none()

    def sums(self) -> Self:
        """Of places; the others are schools'."""
        return self.filter(npsn="")


class ServiceKeyQuerySet(MachineKeyQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.may(Permission.MANAGE) else self.none()
