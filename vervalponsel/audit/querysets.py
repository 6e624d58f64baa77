from typing import Self

from django.db import models

from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Permission


class EventQuerySet(models.QuerySet):
    def of(self, target: models.Model) -> Self:
        """The story of one object, in order."""
        return self.filter(target_type=target._meta.model_name, target_id=str(target.pk)).order_by("id")

    def visible_to(self, actor: Actor) -> Self:
        """The nation to Pusdatin; to those who work with recipients the events of the very scope they work for."""
        if actor.sees_nation:
            return self
        if not (actor.scope_code and actor.may(Permission.SEE_RECIPIENTS)):
            return self.none()
        return self.filter(scope_code=actor.scope_code)
