from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from .permissions import Permission

if TYPE_CHECKING:
    from .actor import Actor


class AssignmentQuerySet(models.QuerySet):
    """Assignments; which operators a dinas manages is told by the part that knows schools."""

    def active(self) -> Self:
        return self.filter(is_active=True, user__is_active=True)

    def visible_to(self, actor: Actor) -> Self:
        """One's own; who manages accounts of the nation sees all."""
        return self if actor.may(Permission.MANAGE) else self.filter(user=actor.user)
