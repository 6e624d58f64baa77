"""The Actor: a person in one of their assignments, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .permissions import ROLE_PERMISSIONS, Permission, Role

if TYPE_CHECKING:
    from .models import Assignment, User


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts. ``by=`` and ``visible_to`` take one everywhere; ``name`` is set for machines only."""

    user: User | None
    assignment: Assignment | None
    name: str = ""
    has_several: bool = False

    @classmethod
    def system(cls, name: str = "sistem") -> Actor:
        """An actor without a person: tasks, imports, ``provider:TRI``. It sees everything."""
        return cls(user=None, assignment=None, name=name)

    @property
    def is_system(self) -> bool:
        return self.user is None and bool(self.name)

    @property
    def role(self) -> str:
        return self.assignment.role if self.assignment else ""

    @property
    def scope_code(self) -> str:
        return self.assignment.scope_code if self.assignment else ""

    @property
    def jenjang(self) -> list[str]:
        return self.assignment.jenjang if self.assignment else []

    @property
    def label(self) -> str:
        return self.assignment.label if self.assignment else self.name

    @property
    def sees_nation(self) -> bool:
        return self.is_system or self.role == Role.PUSDATIN

    def may(self, permission: Permission) -> bool:
        """Whether the role allows it; the scope is judged by ``visible_to``."""
        return self.is_system or permission in ROLE_PERMISSIONS.get(self.role, frozenset())
