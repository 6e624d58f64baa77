from typing import Self

from django.apps import apps
from django.db import models

from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Permission

from .choices import LIVE, ChunkStatus
from .registry import kind_of, kinds_of_turn


class BatchQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """The nation's to Pusdatin, a school's to its operator."""
        if actor.sees_nation:
            return self
        if not (actor.scope_code and actor.may(Permission.SEE_BATCHES)):
            return self.none()
        return self.filter(scope_code=actor.scope_code)

    def live(self) -> Self:
        return self.filter(status__in=LIVE)

    def in_turn_with(self, kind: str) -> Self:
        """Of the kinds that run one after another with this one; none for a kind that waits for nobody."""
        return self.filter(kind__in=kinds_of_turn(kind_of(kind).turn))

    def newest_first(self) -> Self:
        return self.order_by("-id")


class ChunkQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        batches = apps.get_model("batches", "Batch").objects
        return self.filter(batch__in=batches.visible_to(actor))

    def waiting(self) -> Self:
        """Neither done nor set aside; somebody may be at it."""
        return self.filter(status=ChunkStatus.WAITING)

    def quarantined(self) -> Self:
        return self.filter(status=ChunkStatus.QUARANTINED)

    def in_turn(self) -> Self:
        """Those that failed before come last."""
        return self.order_by("attempts", "number", "id")


class RowErrorQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        batches = apps.get_model("batches", "Batch").objects
        return self.filter(batch__in=batches.visible_to(actor))

    def in_order(self) -> Self:
        return self.order_by("file", "line", "id")
