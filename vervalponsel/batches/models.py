from django.conf import settings
from django.db import models

from .choices import LIVE, ChunkStatus, Status
from .querysets import BatchQuerySet, ChunkQuerySet, RowErrorQuerySet
from .registry import kind_of


class Batch(models.Model):
    """Every import, export, print run and exchanged file as one kind of row.

    The row is the truth of what runs in the background; the broker only rings a doorbell. ``params`` holds what
    the handler needs, ``counts`` what came of it. ``dedupe_key`` makes the same file handed in twice one batch.
    """

    kind = models.CharField("jenis", max_length=30)
    scope_code = models.CharField(max_length=8, blank=True)
    title = models.CharField("judul", max_length=160)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    dedupe_key = models.CharField(max_length=120, null=True, unique=True)
    file = models.FileField(upload_to="batches/%Y/%m/", blank=True, max_length=200)
    file_name = models.CharField("nama berkas", max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    params = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    step = models.CharField("langkah", max_length=120, blank=True)
    step_at = models.DateTimeField("langkah sejak", null=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(null=True)
    error = models.TextField("kesalahan", blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    stop_wanted = models.BooleanField(default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=160)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["scope_code", "-id"], name="batch_of_scope"),
            models.Index(fields=["created_at"], condition=models.Q(status__in=LIVE), name="batch_live"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.pk})"

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def standing(self) -> str:
        """Its status as pages say it: a parked one waits for a second person's word, or for anybody to act."""
        waits_for_anybody = self.status == Status.PARKED and not kind_of(self.kind).needs_second_person
        return "Menunggu petugas" if waits_for_anybody else Status(self.status).label


class Chunk(models.Model):
    """A piece of a batch's work that any worker on any host may take; ``name`` tells which work of the batch.

    ``params`` say what to do, ``counts`` what came of it, written by the transaction that did it. ``rows`` is its
    weight in the progress. ``attempts`` is counted before the work, so that what kills its worker is set aside in the
    end.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="chunks", db_index=False)
    name = models.CharField(max_length=30)
    number = models.PositiveIntegerField()
    params = models.JSONField(default=dict)
    rows = models.BigIntegerField(default=1)
    status = models.CharField(max_length=11, choices=ChunkStatus.choices, default=ChunkStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    counts = models.JSONField(default=dict)
    error = models.TextField("kesalahan", blank=True)
    worker = models.CharField(max_length=120, blank=True)
    begun_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ChunkQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "name", "number"], name="chunk_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.name} {self.number}"


class RowError(models.Model):
    """A row that was set aside: where it stood, why, and the sentence's facts. No personal value is kept."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="row_errors")
    file = models.CharField(max_length=60, blank=True)
    line = models.BigIntegerField()
    column = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)

    objects = RowErrorQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["batch", "file", "line"], name="row_error_place")]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.code}"
