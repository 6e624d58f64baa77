from django.db import models
from django.db.models import Q

from providers.choices import Eligibility
from providers.recipients.models import Recipient

from .querysets import StudentQuerySet


class Student(Recipient):
    """A pupil at a school (peserta_didik.csv); key (peserta_didik_id, school)."""

    peserta_didik_id = models.UUIDField()
    nisn = models.CharField("NISN", max_length=20, blank=True)
    grade = models.PositiveSmallIntegerField("tingkat", null=True)
    class_name = models.CharField("rombel", max_length=60, blank=True)
    receives_pip = models.BooleanField("penerima PIP/PKH", default=False)

    objects = StudentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["peserta_didik_id", "school"], name="student_row_once"),
            models.UniqueConstraint(
                fields=["peserta_didik_id"], condition=Q(eligibility=Eligibility.OK), name="student_eligible_once"
            ),
            models.UniqueConstraint(
                fields=["nisn"], condition=Q(eligibility=Eligibility.OK) & ~Q(nisn=""), name="nisn_eligible_once"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "name_key", "id"], name="student_list"),
            # The others are found by nisn_eligible_once: whoever looks for a NISN asks for both.
            models.Index(
                fields=["nisn"],
                condition=~Q(eligibility=Eligibility.OK) & ~Q(nisn=""),
                name="student_left_out_by_nisn",
            ),
        ]

    @property
    def person_id(self) -> object:
        return self.peserta_didik_id

    @property
    def identity(self) -> str:
        return self.nisn
