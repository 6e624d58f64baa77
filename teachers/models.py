from django.db import models
from django.db.models import Q

from providers.choices import Eligibility
from providers.recipients.models import Recipient

from .querysets import TeacherQuerySet


class Teacher(Recipient):
    """A PTK at a school (ptk.csv); key (ptk_id, school). NUPTK may be empty."""

    ptk_id = models.UUIDField()
    nuptk = models.CharField("NUPTK", max_length=20, blank=True)
    ptk_type = models.PositiveSmallIntegerField("jenis PTK", null=True)
    is_home = models.BooleanField("sekolah induk", default=False)

    objects = TeacherQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ptk_id", "school"], name="teacher_row_once"),
            models.UniqueConstraint(
                fields=["ptk_id"], condition=Q(eligibility=Eligibility.OK), name="teacher_eligible_once"
            ),
        ]
        indexes = [models.Index(fields=["school", "name_key", "id"], name="teacher_list")]

    @property
    def person_id(self) -> object:
        return self.ptk_id

    @property
    def identity(self) -> str:
        return self.nuptk

    @property
    def class_name(self) -> str:
        return ""
