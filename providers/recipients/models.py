from django.db import models

from providers.choices import Eligibility
from providers.models import PhoneRecord
from schools.models import School


class Recipient(models.Model):
    """A row of the register: one person at one school, with why they are a recipient or not.

    At most one row per person is eligible; all rows of a person point to the same PhoneRecord. ``name_key`` is the name
    after folding case, spaces and punctuation, for comparing and searching. ``register_number`` is the number as the
    register last told it: a PhoneRecord starts from it, and afterwards only its changes are told to the school.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="%(class)ss", db_index=False)
    record = models.ForeignKey(PhoneRecord, null=True, on_delete=models.PROTECT, related_name="%(class)ss")
    name = models.CharField("nama", max_length=160)
    name_key = models.CharField(max_length=160)
    sex = models.CharField("jenis kelamin", max_length=1, blank=True)
    birth_date = models.DateField("tanggal lahir", null=True)
    is_active = models.BooleanField("aktif", default=True)
    has_left = models.BooleanField("tidak ada lagi di register", default=False)
    eligibility = models.CharField("kelayakan", max_length=20, choices=Eligibility.choices)
    other_npsn = models.CharField("sekolah lain yang terkait", max_length=8, blank=True)
    name_similarity = models.PositiveSmallIntegerField("kemiripan nama (%)", null=True)
    register_number = models.CharField("nomor di register", max_length=120, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
