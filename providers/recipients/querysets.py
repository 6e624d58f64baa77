from __future__ import annotations

from typing import Self

from django.db import models

from providers.choices import Eligibility
from schools.models import School
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Permission


class RecipientQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Rows of the schools the actor sees, for roles that may see recipients with names."""
        if not actor.may(Permission.SEE_RECIPIENTS):
            return self.none()
        if actor.sees_nation:
            return self
        return self.filter(school__in=School.objects.visible_to(actor))

    def eligible(self) -> Self:
        return self.filter(eligibility=Eligibility.OK)

    def left_out(self) -> Self:
        """Rows that are no recipients, each with its reason; those who left the register are history."""
        return self.exclude(eligibility__in=(Eligibility.OK, Eligibility.LEFT))

    def in_cells(self, cells: list[str]) -> Self:
        return self.eligible().filter(record__cell__in=cells)

    def by_name(self) -> Self:
        return self.order_by("name_key", "id")
