from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from .permissions import Role
from .querysets import AssignmentQuerySet


class User(AbstractUser):
    """A person of the network of data managers (SDM); what they may do is in their assignments."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField("nama", max_length=120)

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()


class Assignment(models.Model):
    """A role within a scope.

    ``scope_code`` is text so that the kernel needs to know no school: empty for the nation, the first two
    or four digits of a kode_wilayah for a region, or an NPSN. ``jenjang`` empty means all of the scope.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="assignments")
    role = models.CharField("peran", max_length=10, choices=Role.choices)
    scope_code = models.CharField("wilayah atau NPSN", max_length=8, blank=True)
    jenjang = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    label = models.CharField("sebutan", max_length=160)
    is_active = models.BooleanField("berlaku", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "scope_code"],
                name="assignment_once",
                violation_error_message="Orang ini sudah memegang peran itu.",
            ),
            models.CheckConstraint(
                condition=models.Q(role=Role.PUSDATIN, scope_code="")
                | (~models.Q(role=Role.PUSDATIN) & ~models.Q(scope_code="")),
                name="assignment_scope_fits_role",
                violation_error_message="Hanya Pusdatin yang bekerja untuk seluruh negeri.",
            ),
            # Zeros would widen it: 00 is the nation's code, 0300 a whole province's.
            models.CheckConstraint(
                condition=models.Q(role__in=(Role.OPERATOR, Role.PUSDATIN))
                | models.Q(scope_code__regex=r"^(?!00)[0-9]{2}$")
                | models.Q(role=Role.DINAS, scope_code__regex=r"^(?!00)[0-9]{2}(?!00)[0-9]{2}$"),
                name="assignment_scope_is_a_region",
                violation_error_message="Isi dua angka awal kode provinsi; dinas juga empat angka kabupaten/kota.",
            ),
        ]

    def __str__(self) -> str:
        return self.label
