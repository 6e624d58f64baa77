from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from .permissions import Permission, Role

if TYPE_CHECKING:
    from .actor import Actor


class AssignmentQuerySet(models.QuerySet):
    """Assignments; ``visible_to`` is what a manager of accounts may see."""

    def active(self) -> Self:
        return self.filter(is_active=True, user__is_active=True)

    def visible_to(self, actor: Actor) -> Self:
        """Own ones; a manager of accounts also sees those it manages (dinas: operators, by NPSN elsewhere)."""
        if actor.may(Permission.MANAGE):
            return self
        if actor.role == Role.DINAS:
            return self.filter(role=Role.OPERATOR)
        return self.filter(user=actor.user)
