"""What Pusdatin keeps by hand: providers, their prefixes, keys and code words, and the packages."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from providers.choices import Outcome, Purpose
from providers.querysets import PrefixQuerySet
from schools.choices import Jenjang, PersonRole
from schools.models import Period
from vervalponsel.kit.machine_keys import MachineKey, MachineKeyQuerySet


class Provider(models.Model):
    """One of the six cooperating mobile providers; ``code`` is also its name in files (``TELKOMSEL``).

    The contact is whom Pusdatin calls when answers are missing.
    """

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField("nama", max_length=40)
    is_active = models.BooleanField("bekerja sama", default=True)
    contact_name = models.CharField("nama petugas", max_length=80, blank=True)
    contact_phone = models.CharField("telepon", max_length=30, blank=True)
    contact_email = models.EmailField("surel", blank=True)

    def __str__(self) -> str:
        return self.name


class IntRange(Func):
    function = "int4range"


class DateRange(Func):
    function = "daterange"


class Prefix(models.Model):
    """National prefixes ``first`` to ``last`` (three digits without the 0: 811 is 0811) of a provider, dated."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="prefixes")
    first = models.PositiveSmallIntegerField("awalan pertama")
    last = models.PositiveSmallIntegerField("awalan terakhir")
    valid_from = models.DateField("berlaku sejak", default="2000-01-01")
    valid_to = models.DateField("sampai", null=True, blank=True)

    objects = PrefixQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first__gte=800, last__lte=899, last__gte=F("first")),
                name="prefix_is_mobile",
                violation_error_message="Awalan harus 0800 sampai 0899, dari kecil ke besar.",
            ),
            ExclusionConstraint(
                name="prefix_has_one_provider",
                expressions=[
                    (IntRange("first", "last", Value("[]"), output_field=IntegerRangeField()), RangeOperators.OVERLAPS),
                    (DateRange("valid_from", "valid_to", output_field=DateRangeField()), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Awalan itu pada tanggal itu sudah milik provider lain.",
            ),
        ]

    def __str__(self) -> str:
        return f"0{self.first}–0{self.last} {self.provider_id}"


class Credential(MachineKey):
    """A key of a provider's machine."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="credentials")

    objects = MachineKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.provider_id} {self.key_id}"


class CodeWord(models.Model):
    """What a word in a provider's files means; without a provider it holds for all of them.

    Rows are only added: of one word the newest holds, and what was read before tells with which it was read.
    """

    provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="code_words")
    purpose = models.CharField("pertukaran", max_length=6, choices=Purpose.choices)
    word = models.CharField("kata dalam berkas", max_length=40)
    outcome = models.CharField("artinya", max_length=9, choices=Outcome.choices)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.word} = {self.outcome}"


class Package(models.Model):
    """Gigabytes a month for a kind of recipient in a period; an empty provider means every provider."""

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="packages")
    role = models.CharField("penerima", max_length=7, choices=PersonRole.choices)
    jenjang = models.CharField(max_length=12, choices=Jenjang.choices)
    provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    general_gb = models.PositiveSmallIntegerField("kuota umum (GB)")
    learning_gb = models.PositiveSmallIntegerField("kuota belajar (GB)")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "role", "jenjang", "provider"],
                nulls_distinct=False,
                name="package_once",
                violation_error_message="Paket untuk penerima itu sudah ada.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.jenjang} {self.gigabytes} GB"

    @property
    def gigabytes(self) -> int:
        return self.general_gb + self.learning_gb
