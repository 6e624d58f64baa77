from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, IntegerRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When

from schools.choices import Jenjang, PersonRole
from schools.models import Period, School
from vervalponsel.batches.models import Batch

from .choices import (
    DEAD_STAGES,
    OUT,
    STAGE_CELLS,
    USABLE_STATES,
    Cell,
    Decision,
    Eligibility,
    ExchangeStatus,
    Outcome,
    Ownership,
    Purpose,
    Sharing,
    Source,
    Stage,
    State,
)
from .querysets import (
    EntitlementQuerySet,
    ExchangeLineQuerySet,
    ExchangePartQuerySet,
    ExchangeQuerySet,
    PhoneRecordQuerySet,
    PrefixQuerySet,
    SharedNumberQuerySet,
)


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


class Credential(models.Model):
    """A provider machine's key: ``key_id`` is public, of the secret only a hash is kept."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="credentials")
    key_id = models.CharField(max_length=24, unique=True)
    secret_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.provider_id} {self.key_id}"


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


def _cell() -> Case:
    """The precedence of design.md §3, *Cells*, as an expression of the record's own columns."""
    shared = ~Q(state__in=(State.EMPTY, State.MALFORMED))
    return Case(
        When(~Q(eligibility=Eligibility.OK), then=Value(OUT)),
        When(stage__in=[c.value for c in STAGE_CELLS], then=F("stage")),
        When(shared & Q(sharing=Sharing.STOPPED), then=Value(Cell.SHARED_STOPPED.value)),
        When(shared & Q(sharing=Sharing.TO_CONFIRM), then=Value(Cell.SHARED_TO_CONFIRM.value)),
        When(state__in=[s.value for s in USABLE_STATES], then=Value(Cell.USABLE.value)),
        When(state=State.READY, asked_in__isnull=False, then=Value(Cell.SENT.value)),
        default=F("state"),
    )


class PhoneRecord(models.Model):
    """The number of one recipient. It outlives cut-offs, moves and periods, and holds no name.

    ``person_id`` is peserta_didik_id or ptk_id; ``number`` is E.164 or empty; ``stage`` mirrors the live claim in the
    current period (kept by a trigger on Entitlement); ``cell`` is computed by the database from the rest.
    ``looks_made_up`` is a question to the school, which ``confirmed_at`` answers.
    ``version`` grows with every change by a person, for forms that were opened before somebody else's change.
    The largest and busiest table of all: a foreign key that another index begins with, or that nobody looks for, has no
    index of its own; the same holds for claims and lines.
    """

    role = models.CharField(max_length=7, choices=PersonRole.choices)
    person_id = models.UUIDField()
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="phone_records", db_index=False)
    grade = models.PositiveSmallIntegerField("tingkat_pendidikan_id", default=0)
    eligibility = models.CharField(max_length=20, choices=Eligibility.choices)
    typed = models.CharField("nomor seperti diketik", max_length=120, blank=True)
    number = models.CharField("nomor", max_length=16, blank=True)
    provider = models.ForeignKey(Provider, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.CUTOFF)
    edited_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.EMPTY)
    code = models.CharField("kode alasan", max_length=24, blank=True)
    state_at = models.DateTimeField()
    answered_at = models.DateTimeField("jawaban provider", null=True)
    confirmed_at = models.DateTimeField("ditegaskan operator", null=True)
    asked_in = models.ForeignKey(
        "Exchange", null=True, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    recheck_wanted_at = models.DateTimeField("cek ulang diminta", null=True)
    ownership = models.CharField("kepemilikan", max_length=8, choices=Ownership.choices, blank=True)
    share_count = models.PositiveIntegerField("penerima nomor ini", default=0)
    sharing = models.CharField(max_length=10, choices=Sharing.choices, default=Sharing.NONE)
    sharing_confirmed_at = models.DateTimeField(null=True)
    looks_made_up = models.BooleanField("tampak seperti nomor karangan", default=False)
    stage = models.CharField(max_length=8, choices=Stage.choices, blank=True)
    version = models.PositiveIntegerField(default=1)
    cell = models.GeneratedField(
        expression=_cell(), output_field=models.CharField(max_length=17, choices=Cell.choices), db_persist=True
    )

    objects = PhoneRecordQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "person_id"], name="one_record_per_person"),
            models.CheckConstraint(
                condition=Q(number="") | Q(number__regex=r"^\+628[0-9]{8,11}$"), name="number_is_e164_mobile"
            ),
            models.CheckConstraint(
                condition=Q(state__in=(State.EMPTY, State.MALFORMED), number="", provider=None)
                | (~Q(state__in=(State.EMPTY, State.MALFORMED)) & ~Q(number="") & Q(provider__isnull=False)),
                name="number_fits_state",
            ),
            models.CheckConstraint(
                condition=Q(ownership="") | Q(ownership__in=Ownership.values), name="record_owner_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["school", "role", "cell"], name="record_by_school_cell"),
            models.Index(fields=["number"], condition=~Q(number=""), name="record_by_number"),
            models.Index(
                fields=["provider", "id"],
                condition=Q(state=State.READY, eligibility=Eligibility.OK, asked_in__isnull=True),
                name="record_to_ask",
            ),
            models.Index(
                fields=["provider", "id"], condition=Q(recheck_wanted_at__isnull=False), name="record_to_ask_again"
            ),
            models.Index(
                fields=["state", "answered_at"],
                condition=Q(state__in=(*USABLE_STATES, State.GRACE), eligibility=Eligibility.OK)
                & ~Q(stage__in=(Stage.RELEASED, Stage.INJECTED)),
                name="record_by_age_of_answer",
            ),
            models.Index(
                fields=["id"], condition=Q(state=State.MALFORMED, code="NO_PROVIDER"), name="record_without_provider"
            ),
            models.Index(
                fields=["school", "role"],
                condition=Q(looks_made_up=True, confirmed_at__isnull=True),
                name="record_in_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"

    @property
    def is_in_question(self) -> bool:
        """Whether the school is asked if the number is right; ``in_question`` finds such records."""
        return self.looks_made_up and self.confirmed_at is None

    @property
    def is_usable(self) -> bool:
        return self.state in USABLE_STATES


class Entitlement(models.Model):
    """A record's claim in a period, and the one home of how far it is on its way.

    ``school`` and ``number`` are those of the moment of stating: the line stays with that school to its end. ``slot``
    counts the claims of one number. ``closed`` is set when the period closes and ends the lock.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="entitlements", db_index=False)
    record = models.ForeignKey(PhoneRecord, on_delete=models.PROTECT, related_name="entitlements", db_index=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="entitlements", db_index=False)
    role = models.CharField(max_length=7, choices=PersonRole.choices)
    number = models.CharField(max_length=16)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+", db_index=False)
    ownership = models.CharField(max_length=8, choices=Ownership.choices)
    slot = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=8, choices=Stage.choices, default=Stage.STATED)
    code = models.CharField(max_length=24, blank=True)
    stage_at = models.DateTimeField()
    closed = models.BooleanField(default=False)
    package = models.ForeignKey(Package, null=True, on_delete=models.PROTECT, related_name="+")
    carried_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by")
    live = models.GeneratedField(
        expression=Case(
            When(Q(closed=True) | Q(stage__in=[s.value for s in DEAD_STAGES]), then=Value(False)), default=Value(True)
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    objects = EntitlementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "record"], condition=Q(live=True), name="one_live_claim_per_record"
            ),
            models.UniqueConstraint(
                fields=["period", "number", "slot"], condition=Q(live=True), name="one_live_claim_per_slot"
            ),
            # An empty one is refused by the claim's own rules, which tell the reason.
            models.CheckConstraint(
                condition=Q(ownership="") | Q(ownership__in=Ownership.values), name="claim_owner_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["record", "period"], name="claim_by_record"),
            models.Index(fields=["school", "period", "stage"], name="claim_by_school"),
            models.Index(
                fields=["period", "provider"], condition=Q(live=True, stage=Stage.APPROVED), name="claim_to_release"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id}/{self.record_id} {self.stage}"


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

    No record is in two live lines of one purpose, and once at most in an exchange.
    Lines are made by nothing but INSERT … SELECT from the very records and claims, millions at once, and nothing that
    they name is ever deleted under them: the database's own look at each reference, row by row, would cost more than
    all the rest.
    ``outcome`` is what the provider said; ``is_stale`` when the number had changed meanwhile, so it was not applied.
    """

    exchange = models.ForeignKey(
        Exchange, on_delete=models.CASCADE, related_name="lines", db_index=False, db_constraint=False
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
            models.UniqueConstraint(fields=["exchange", "line_no"], name="line_once"),
            models.UniqueConstraint(fields=["record", "exchange"], name="record_once_per_exchange"),
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


class CodeWord(models.Model):
    """What a word in a provider's files means; without a provider it holds for all of them."""

    provider = models.ForeignKey(Provider, null=True, blank=True, on_delete=models.PROTECT, related_name="code_words")
    purpose = models.CharField("pertukaran", max_length=6, choices=Purpose.choices)
    word = models.CharField("kata dalam berkas", max_length=40)
    outcome = models.CharField("artinya", max_length=9, choices=Outcome.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "purpose", "word"],
                nulls_distinct=False,
                name="code_word_once",
                violation_error_message="Kata itu sudah diberi arti.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word} = {self.outcome}"


class NumberCheck(models.Model):
    """A number of which several lines tell, whose answers are compared when the file is through; requests repeat."""

    number = models.CharField(max_length=16)

    def __str__(self) -> str:
        return str(self.pk)


class ShareRequest(models.Model):
    """A number whose sharers must be counted again; repeated requests fold into one run."""

    number = models.CharField(max_length=16)


class SharedNumber(models.Model):
    """A number that at least ``KEPT_FROM`` eligible recipients share, kept so that the worst are found at once."""

    KEPT_FROM = 4

    number = models.CharField(max_length=16, unique=True)
    recipients = models.PositiveIntegerField("penerima")
    schools = models.PositiveIntegerField("sekolah")
    regencies = models.PositiveIntegerField("kab/kota")

    objects = SharedNumberQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-recipients", "id"], name="shared_number_worst_first")]

    def __str__(self) -> str:
        return f"{self.recipients} penerima"


class QuestionRequest(models.Model):
    """A school whose numbers must be looked through for made-up ones again; repeated requests fold into one run."""

    school_id = models.BigIntegerField()
