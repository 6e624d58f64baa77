from django.conf import settings
from django.db import models
from django.db.models import F, Q

from providers.choices import Ownership
from providers.models import Entitlement
from schools.choices import PersonRole
from schools.models import Period, School
from vervalponsel.batches.models import Batch

from .choices import Decision, ReturnCode, StatementStatus
from .querysets import ScanQuerySet, StatementLineQuerySet, StatementQuerySet

PERSON = settings.AUTH_USER_MODEL


class Statement(models.Model):
    """A printed SPTJM. ``serial`` counts per school and period and is never reused, ``number`` is what stands on paper.

    ``content_sha256`` is the digest of the annexed list, so that a scan can be told to be of this very list.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="statements")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="statements")
    serial = models.PositiveIntegerField("nomor urut")
    number = models.CharField("nomor SPTJM", max_length=40, unique=True)
    status = models.CharField(max_length=8, choices=StatementStatus.choices, default=StatementStatus.STATED)
    students = models.PositiveIntegerField("siswa")
    teachers = models.PositiveIntegerField("guru")
    head_name = models.CharField("kepala sekolah", max_length=120)
    head_nip = models.CharField("NIP", max_length=30, blank=True)
    content_sha256 = models.CharField(max_length=64)
    created_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    print_batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    pdf = models.FileField(upload_to="sptjm/%Y/%m/", blank=True, max_length=200)
    pages = models.PositiveSmallIntegerField(default=0)
    uploaded_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    return_code = models.CharField(max_length=20, choices=ReturnCode.choices, blank=True)
    return_note = models.CharField(max_length=300, blank=True)
    released_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)
    release_batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.CharField("alasan pembatalan", max_length=300, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "period", "serial"], name="statement_serial_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(uploaded_by__isnull=True) | ~Q(approved_by=F("uploaded_by")),
                name="approver_is_not_uploader",
                violation_error_message="Pindaian harus disetujui oleh orang lain, bukan pengunggahnya.",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | Q(approved_by__isnull=True) | ~Q(released_by=F("approved_by")),
                name="releaser_is_not_approver",
                violation_error_message="Pengiriman harus dilakukan orang lain, bukan penyetujunya.",
            ),
        ]
        indexes = [
            models.Index(fields=["period", "status", "uploaded_at"], name="statement_queue"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def people(self) -> int:
        return self.students + self.teachers


class StatementLine(models.Model):
    """One person on a statement as printed; the way of the claim itself is on the entitlement."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    entitlement = models.OneToOneField(Entitlement, on_delete=models.PROTECT, related_name="statement_line")
    position = models.PositiveIntegerField("nomor")
    role = models.CharField(max_length=7, choices=PersonRole.choices)
    name = models.CharField("nama", max_length=160)
    identity = models.CharField("NISN atau NUPTK", max_length=20, blank=True)
    class_name = models.CharField("kelas", max_length=60, blank=True)
    number = models.CharField("nomor ponsel", max_length=16)
    provider_name = models.CharField(max_length=40)
    ownership = models.CharField(max_length=8, choices=Ownership.choices)

    objects = StatementLineQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "position"], name="line_position_once")]

    def __str__(self) -> str:
        return f"{self.statement_id}/{self.position}"


class Scan(models.Model):
    """An uploaded file for a statement. Every one is kept; the newest is the one that is judged."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="scans")
    file = models.FileField(upload_to="scans/%Y/%m/", max_length=200)
    original_name = models.CharField("nama berkas", max_length=200)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField("byte")
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveSmallIntegerField("halaman")
    uploaded_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()

    objects = ScanQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["statement", "sha256"], name="scan_once_per_statement")]

    def __str__(self) -> str:
        return f"{self.statement_id} {self.sha256[:8]}"


class Review(models.Model):
    """A judgement of a scan: approved, or returned with a reason; kept for good."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="reviews")
    scan = models.ForeignKey(Scan, null=True, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField(max_length=8, choices=Decision.choices)
    code = models.CharField(max_length=20, choices=ReturnCode.choices, blank=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=160)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.statement_id} {self.decision}"
