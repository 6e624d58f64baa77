from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q

from schools.models import School
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Permission

from .choices import StatementStatus


class StatementQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        if not actor.may(Permission.SEE_RECIPIENTS):
            return self.none()
        if actor.sees_nation:
            return self
        return self.filter(school__in=School.objects.visible_to(actor))

    def to_review(self, actor: Actor) -> Self:
        """Uploaded scans that the actor may judge: not one they uploaded themselves; oldest first."""
        own = Q(uploaded_by=actor.user) if actor.user else Q(pk__in=[])
        return (
            self.filter(status=StatementStatus.UPLOADED, school__in=School.objects.judged_by(actor))
            .exclude(own)
            .order_by("uploaded_at", "id")
        )

    def judged_by(self, actor: Actor) -> Self:
        """All whose scan is, was or will be the actor's to judge, in whatever status."""
        return self.filter(school__in=School.objects.judged_by(actor))

    def after(self, uploaded_at: datetime, pk: int) -> Self:
        """What follows a place in the queue of review."""
        return self.filter(Q(uploaded_at__gt=uploaded_at) | Q(uploaded_at=uploaded_at, pk__gt=pk))

    def approved(self) -> Self:
        return self.filter(status=StatementStatus.APPROVED)

    def releasable_by(self, actor: Actor) -> Self:
        """Approved ones that somebody else approved."""
        return self.approved().exclude(approved_by=actor.user)

    def of_schools(self, *, jenjang: str = "", wilayah: str = "") -> Self:
        """Only of a jenjang, a kab/kota, both or neither."""
        found = self.filter(school__jenjang=jenjang) if jenjang else self
        return found.filter(school__regency_code=wilayah) if wilayah else found

    def chosen(self, wanted: dict[str, Any]) -> Self:
        """The list's filters: ``keadaan`` a status, ``periode`` a period, ``npsn`` a school; absent ones choose all."""
        names = {"keadaan": "status", "periode": "period", "npsn": "school__npsn"}
        return self.filter(**{names[name]: value for name, value in wanted.items() if value})

    def newest_first(self) -> Self:
        return self.order_by(F("created_at").desc(), "-id")


class StatementLineQuerySet(models.QuerySet):
    def in_order(self) -> Self:
        return self.select_related("entitlement").order_by("position")


class ScanQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        statements = apps.get_model("sptjm", "Statement").objects
        return self.filter(statement__in=statements.visible_to(actor))
