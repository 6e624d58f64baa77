"""What went out to a provider and what came back, line by line."""

from django.db import models
from django.db.models import Q

from providers.choices import Decision, ExchangeStatus, Outcome, Purpose
from providers.querysets import LINES_AT_MOST, ExchangeLineQuerySet, ExchangePartQuerySet, ExchangeQuerySet
from schools.models import Period
from vervalponsel.batches.models import Batch

from .records import Entitlement, PhoneRecord
from .reference import Provider


class Exchange(models.Model):
    """What is frozen for one provider: a dump to match or an order to inject; one row of the ledger.

    Its lines lie in parts of bounded size. ``rows``, ``size`` and ``control_sum`` are sums over the parts, ``sha256``
    is the digest of the parts' digests (hexadecimal, one after the other in the order of ``no``). ``counts`` is how
    many lines ended in which outcome, taken whenever a file of answers has been taken in.
    """

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="exchanges")
    purpose = models.CharField(max_length=6, choices=Purpose.choices)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="exchanges")
    stage = models.PositiveSmallIntegerField("tahap", default=1)
    status = models.CharField(max_length=9, choices=ExchangeStatus.choices, default=ExchangeStatus.PREPARING)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="exchanges")
    rows = models.BigIntegerField("baris", default=0)
    control_sum = models.CharField("jumlah kendali", max_length=40, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField("byte", default=0)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    prepared_at = models.DateTimeField(null=True)
    offered_at = models.DateTimeField(null=True)
    receipted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["provider", "purpose", "-id"], name="exchange_by_provider")]
        constraints = [
            models.UniqueConstraint(fields=["batch", "provider", "purpose"], name="one_exchange_per_batch"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.provider_id} {self.pk}"


class ExchangePart(models.Model):
    """One file of an exchange, complete in itself. ``no`` counts from 1 and is given when the exchange is published.

    Its lines are ``rows`` of those from ``first_line`` to ``last_line``; line numbers may have gaps.
    """

    exchange = models.ForeignKey(Exchange, on_delete=models.CASCADE, related_name="parts", db_index=False)
    no = models.PositiveIntegerField("bagian", null=True)
    first_line = models.BigIntegerField("baris pertama")
    last_line = models.BigIntegerField("baris terakhir")
    rows = models.PositiveIntegerField("baris")
    control_sum = models.CharField("jumlah kendali", max_length=40)
    file = models.FileField(blank=True, max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField("byte")

    objects = ExchangePartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exchange", "first_line"], name="part_once"),
            models.UniqueConstraint(fields=["exchange", "no"], name="part_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.exchange_id}/{self.no}"


class ExchangeLine(models.Model):
    """One number in a frozen file. ``live`` while an answer may still come.

    No record is in two live lines of one purpose, and no exchange has done with a record twice.
    The database makes the key out of exchange and line number, so that one index finds a line by either; who looks for
    the lines of an exchange or of a record says so with ``of`` and ``about``: columns alone have no index.
    Lines are made by nothing but INSERT … SELECT from the very records and claims, millions at once, and nothing that
    they name is ever deleted under them: the database's own look at each reference, row by row, would cost more than
    all the rest.
    ``outcome`` is what the provider said; ``is_stale`` when the number had changed meanwhile, so it was not applied.
    """

    exchange = models.ForeignKey(
        Exchange, on_delete=models.DO_NOTHING, related_name="lines", db_index=False, db_constraint=False
    )
    purpose = models.CharField(max_length=6, choices=Purpose.choices)
    line_no = models.BigIntegerField()
    record = models.ForeignKey(
        PhoneRecord, on_delete=models.PROTECT, related_name="exchange_lines", db_index=False, db_constraint=False
    )
    entitlement = models.ForeignKey(
        Entitlement,
        null=True,
        on_delete=models.PROTECT,
        related_name="order_lines",
        db_index=False,
        db_constraint=False,
    )
    person_id = models.UUIDField()
    grade = models.PositiveSmallIntegerField(default=0)
    npsn = models.CharField(max_length=8)
    number = models.CharField(max_length=16)
    gigabytes = models.PositiveSmallIntegerField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome.choices, blank=True)
    code = models.CharField(max_length=40, blank=True)
    outcome_at = models.DateTimeField(null=True)
    # Of two million rows a file each would be looked up in the batches, which nobody removes.
    answer_batch = models.ForeignKey(
        Batch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    is_stale = models.BooleanField(default=False)
    is_contradicted = models.BooleanField(default=False)
    live = models.BooleanField(default=True)

    objects = ExchangeLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(line_no__gte=1, line_no__lt=LINES_AT_MOST), name="line_number_fits_key"),
            models.UniqueConstraint(
                fields=["record", "exchange"], condition=Q(live=False), name="record_done_once_per_exchange"
            ),
            models.UniqueConstraint(
                fields=["record"], condition=Q(live=True, purpose=Purpose.MATCH), name="one_live_question_per_record"
            ),
            models.UniqueConstraint(
                fields=["record"], condition=Q(live=True, purpose=Purpose.INJECT), name="one_live_order_per_record"
            ),
        ]
        indexes = [
            models.Index(fields=["number"], condition=Q(is_contradicted=True), name="line_to_review"),
            models.Index(fields=["entitlement"], condition=Q(entitlement__isnull=False), name="line_by_entitlement"),
        ]

    def __str__(self) -> str:
        return f"{self.exchange_id}/{self.line_no}"


class LineAnswer(models.Model):
    """One of several differing answers to a line: all are kept, so that their order decides nothing."""

    line = models.ForeignKey(ExchangeLine, on_delete=models.CASCADE, related_name="answers")
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    code = models.CharField(max_length=40, blank=True)
    outcome_at = models.DateTimeField()
    batch = models.ForeignKey(
        Batch, null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "outcome", "code", "outcome_at"], name="line_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.outcome}"


class LineReview(models.Model):
    """What a person decided about a line that was answered in different ways, and what had been said until then.

    Anything said of the line afterwards (``answers`` kept, the ``outcome`` that stands) brings it back to the list.
    """

    line = models.OneToOneField(ExchangeLine, on_delete=models.CASCADE, related_name="review")
    decision = models.CharField(max_length=5, choices=Decision.choices)
    answers = models.PositiveIntegerField()
    outcome = models.CharField(max_length=9, choices=Outcome.choices)
    reviewed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.line_id} {self.decision}"


class NumberCheck(models.Model):
    """A number of which several lines tell, whose answers are compared when the file is through; requests repeat."""

    number = models.CharField(max_length=16)

    def __str__(self) -> str:
        return str(self.pk)
