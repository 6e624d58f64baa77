"""The number of each person, what it entitles to, and what many numbers tell together."""

from django.db import models
from django.db.models import Case, F, Q, Value, When

from providers.choices import (
    DEAD_STAGES,
    OUT,
    STAGE_CELLS,
    USABLE_STATES,
    Cell,
    Eligibility,
    Ownership,
    Sharing,
    Source,
    Stage,
    State,
)
from providers.querysets import EntitlementQuerySet, PhoneRecordQuerySet, SharedNumberQuerySet
from schools.choices import PersonRole
from schools.models import Period, School

from .reference import Package, Provider


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
