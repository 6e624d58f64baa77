from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from vervalponsel.batches.models import Batch
from vervalponsel.kit.machine_keys import MachineKey

from .choices import ChangeKind, Jenjang, PeriodStatus, PersonRole, RegionLevel, RowKind, WindowKind
from .querysets import (
    CutoffChangeQuerySet,
    CutoffFigureQuerySet,
    CutoffLimitsQuerySet,
    CutoffRunQuerySet,
    OfficeQuerySet,
    PeriodQuerySet,
    RegionQuerySet,
    SchoolQuerySet,
    ServiceKeyQuerySet,
)


def every_jenjang() -> list[str]:
    return list(Jenjang.values)


class Region(models.Model):
    """A row of Dapodik's kode_wilayah (six digits PPKKCC), which is not the home ministry's code."""

    code = models.CharField("kode wilayah", max_length=6, primary_key=True)
    name = models.CharField("nama", max_length=100)
    level = models.PositiveSmallIntegerField(choices=RegionLevel.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    objects = RegionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """An education office and what it judges; an unstaffed one's work falls to Pusdatin."""

    scope_code = models.CharField("wilayah kerja", max_length=4, unique=True)
    name = models.CharField("nama", max_length=160)
    jenjang = ArrayField(models.CharField(max_length=12, choices=Jenjang.choices), verbose_name="jenjang")
    is_staffed = models.BooleanField("ada petugas", default=True)

    objects = OfficeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    @property
    def jenjang_words(self) -> str:
        return ", ".join(Jenjang(value).label for value in self.jenjang)


class School(models.Model):
    """A satuan pendidikan of the register. ``regency_code`` and ``province_code`` are those of its region."""

    sekolah_id = models.UUIDField(unique=True)
    npsn = models.CharField("NPSN", max_length=8, unique=True)
    name = models.CharField("nama", max_length=160)
    form_code = models.PositiveSmallIntegerField("bentuk pendidikan")
    jenjang = models.CharField(max_length=12, choices=Jenjang.choices)
    is_public = models.BooleanField("negeri", default=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    regency_code = models.CharField(max_length=6)
    province_code = models.CharField(max_length=6)
    address = models.CharField("alamat", max_length=255, blank=True)
    head_name = models.CharField("nama kepala sekolah", max_length=120, blank=True)
    head_nip = models.CharField("NIP kepala sekolah", max_length=30, blank=True)
    last_sync_at = models.DateTimeField("sinkronisasi terakhir", null=True)
    is_synchronised = models.BooleanField("sudah sinkron semester ini", default=False)
    no_coverage = models.BooleanField("daerah tanpa sinyal (3T)", default=False)
    has_left = models.BooleanField("tidak ada lagi di register", default=False)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["regency_code", "jenjang"], name="school_by_regency"),
            models.Index(fields=["province_code", "jenjang"], name="school_by_province"),
            models.Index(fields=["region"], name="school_by_district"),
        ]

    def __str__(self) -> str:
        return self.name


class Period(models.Model):
    """A quota period with all its rules as data. Exactly one OPEN period is current: the one being edited for."""

    name = models.CharField("nama", max_length=60, unique=True)
    semester_id = models.CharField("semester", max_length=5)
    status = models.CharField(max_length=6, choices=PeriodStatus.choices, default=PeriodStatus.DRAFT)
    is_current = models.BooleanField("sedang disiapkan", default=False)
    starts_date = models.DateField("mulai")
    deadline_at = models.DateTimeField("tenggat SPTJM")
    jenjang = ArrayField(
        models.CharField(max_length=12, choices=Jenjang.choices), default=every_jenjang, verbose_name="jenjang dilayani"
    )
    sharing_confirm_above = models.PositiveSmallIntegerField("berbagi perlu ditegaskan di atas", default=3)
    sharing_max = models.PositiveSmallIntegerField("penerima per nomor paling banyak", default=10)
    answer_valid_days = models.PositiveSmallIntegerField(
        "jawaban provider berlaku (hari)", default=30, validators=[MinValueValidator(1)]
    )
    carries_over = models.BooleanField("penerima tanpa perubahan diteruskan", default=True)
    excludes_pip = models.BooleanField("penerima PIP/PKH tidak dilayani", default=False)
    holds_no_coverage = models.BooleanField("tahan daerah tanpa sinyal saat pengiriman", default=False)
    stamp_duty_rupiah = models.PositiveIntegerField("meterai (rupiah)", default=10000)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_current"],
                condition=Q(is_current=True),
                name="one_current_period",
                violation_error_message="Hanya satu periode yang dapat disiapkan sekaligus.",
            ),
            models.CheckConstraint(
                condition=Q(is_current=False) | Q(status=PeriodStatus.OPEN),
                name="current_period_is_open",
                violation_error_message="Periode yang disiapkan harus sedang berjalan.",
            ),
            models.CheckConstraint(
                condition=Q(sharing_confirm_above__gte=1, sharing_max__gte=F("sharing_confirm_above")),
                name="sharing_thresholds_ordered",
                violation_error_message="Batas berbagi tidak boleh di bawah batas penegasan.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """A span of a period in which something is done; an empty ``region_prefix`` means the nation."""

    period = models.ForeignKey(Period, on_delete=models.CASCADE, related_name="windows")
    kind = models.CharField("jenis", max_length=8, choices=WindowKind.choices)
    stage = models.PositiveSmallIntegerField("tahap", default=1, validators=[MinValueValidator(1)])
    name = models.CharField("nama", max_length=80)
    region_prefix = models.CharField("awalan wilayah", max_length=4, blank=True)
    opens_at = models.DateTimeField("dibuka")
    closes_at = models.DateTimeField("ditutup")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "kind", "stage", "region_prefix"],
                name="window_once",
                violation_error_message="Jendela untuk tahap dan wilayah itu sudah ada.",
            ),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="window_has_length",
                violation_error_message="Waktu tutup harus setelah waktu buka.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CutoffRun(models.Model):
    """One handed-in cut-off or delta, with its receipt in the batch's counts. A trial is judged and never written.

    ``first_of`` names the parts of which the register had nothing before. ``begun_at`` is when its first row was
    written, ``written_at`` when its latest attempt began to write. ``excess`` is what went over the limits, and
    ``approved_excess`` what a second person allowed of it. A reverted run counts as never applied.
    """

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, related_name="cutoff_run")
    scope = models.CharField("cakupan", max_length=12)
    cutoff_date = models.DateField("tanggal tarikan")
    semester_id = models.CharField("semester", max_length=5)
    manifest_sha256 = models.CharField(max_length=64)
    is_trial = models.BooleanField("uji coba", default=False)
    first_of = ArrayField(models.CharField(max_length=10), default=list)
    planned_changes = models.BigIntegerField("perubahan yang direncanakan", null=True)
    excess = models.JSONField(default=list)
    approved_excess = models.JSONField(default=list)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    reverting_at = models.DateTimeField(null=True)
    reverted_at = models.DateTimeField(null=True)

    objects = CutoffRunQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_trial=False) | Q(begun_at=None, applied_at=None), name="trial_writes_nothing"
            ),
            # Tables of the register are shut to everybody else meanwhile.
            models.UniqueConstraint(
                fields=["is_trial"],
                condition=Q(reverting_at__isnull=False, reverted_at__isnull=True),
                name="one_revert_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.cutoff_date}"


class CutoffBefore(models.Model):
    """A row of the register as it was before a run changed it; without ``old`` the run made the row.

    Nothing is kept of a part of which the run was the first: there everything is the run's.
    """

    pk = models.CompositePrimaryKey("run_id", "kind", "row_id")
    run = models.ForeignKey(CutoffRun, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False)
    kind = models.CharField(max_length=8, choices=RowKind.choices)
    row_id = models.BigIntegerField()
    school_id = models.BigIntegerField(null=True)
    old = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["run", "kind", "school_id"], name="cutoff_before_of_school")]

    def __str__(self) -> str:
        return f"{self.kind} {self.row_id}"


class PutAwayIndex(models.Model):
    """An index that a first load dropped from an empty table and that is still to be built: ``definition`` is its SQL.

    ``is_constraint`` says that a unique constraint of the same name goes by it.
    """

    name = models.CharField(max_length=63, unique=True)
    table_name = models.CharField(max_length=63)
    definition = models.TextField()
    is_constraint = models.BooleanField()

    def __str__(self) -> str:
        return self.name


class CutoffLimits(models.Model):
    """How much a cut-off may do before a second person must allow it, in percent; one row at most.

    Judged for the nation and for each province that has at least ``judged_from`` recipients or rows.
    """

    removed_percent = models.PositiveSmallIntegerField(
        "penerima yang keluar paling banyak (%)", default=5, validators=[MaxValueValidator(100)]
    )
    changed_percent = models.PositiveSmallIntegerField(
        "penerima yang berubah paling banyak (%)", default=20, validators=[MaxValueValidator(100)]
    )
    set_aside_percent = models.PositiveSmallIntegerField(
        "baris yang disisihkan paling banyak (%)", default=20, validators=[MaxValueValidator(100)]
    )
    judged_from = models.PositiveIntegerField("dinilai mulai dari (penerima)", default=1000)

    objects = CutoffLimitsQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.removed_percent}/{self.changed_percent}/{self.set_aside_percent} %"


class CutoffChange(models.Model):
    """What a cut-off did to one person of one school, for the school to read."""

    run = models.ForeignKey(CutoffRun, on_delete=models.CASCADE, related_name="changes")
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="cutoff_changes")
    role = models.CharField(max_length=7, choices=PersonRole.choices)
    person_id = models.UUIDField()
    kind = models.CharField(max_length=16, choices=ChangeKind.choices)
    code = models.CharField(max_length=24, blank=True)
    other_npsn = models.CharField(max_length=8, blank=True)
    offered = models.CharField("yang ditawarkan tarikan", max_length=120, blank=True)

    objects = CutoffChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["school", "-run"], name="cutoff_change_of_school")]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"


class CutoffFigure(models.Model):
    """What a cut-off does to one school's pupils or teachers, in figures; with an empty ``npsn`` the sums of a place.

    ``region_code`` is the school's kab/kota, of sums the place itself (kab/kota, province, nation). A school is named
    by its NPSN, because a trial also counts those that the register does not have. ``registered`` counts recipients
    before the run; ``read`` = ``recipients`` + the sum of ``reasons``, rows of the bundle that were set aside by code.
    """

    run = models.ForeignKey(CutoffRun, on_delete=models.CASCADE, related_name="figures", db_index=False)
    region_code = models.CharField(max_length=6)
    npsn = models.CharField(max_length=8, blank=True)
    role = models.CharField(max_length=7, choices=PersonRole.choices)
    registered = models.IntegerField(default=0)
    read = models.IntegerField(default=0)
    recipients = models.IntegerField(default=0)
    entered = models.IntegerField(default=0)
    moved_in = models.IntegerField(default=0)
    moved_out = models.IntegerField(default=0)
    left = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    number_supplied = models.IntegerField(default=0)
    number_differs = models.IntegerField(default=0)
    reasons = models.JSONField(default=dict)

    objects = CutoffFigureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "region_code", "npsn", "role"], name="cutoff_figure_once"),
        ]
        indexes = [models.Index(fields=["run", "region_code"], condition=Q(npsn=""), name="cutoff_figure_sums")]

    def __str__(self) -> str:
        return f"{self.npsn or self.region_code} {self.role}"


class ServiceKey(MachineKey):
    """A key of a machine that hands in deltas of the register.

    Keys of one ``service`` follow one another; at a change both work until the older one expires.
    """

    service = models.CharField("nama layanan", max_length=40)

    objects = ServiceKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.service} {self.key_id}"


class TallyDelta(models.Model):
    """A signed change of a figure, appended by triggers and folded into Tally and Rollup."""

    school_id = models.BigIntegerField()
    role = models.CharField(max_length=7)
    metric = models.CharField(max_length=32)
    provider_id = models.CharField(max_length=12)
    n = models.IntegerField()


class Tally(models.Model):
    """A figure of one school: how many people of ``role`` lie in the cell (or sub-count) ``metric``."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=7, choices=PersonRole.choices)
    metric = models.CharField(max_length=32)
    provider_id = models.CharField(max_length=12)
    n = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "role", "metric", "provider_id"], name="tally_once"),
        ]


class Rollup(models.Model):
    """The same figures summed per kab/kota, province and nation (``region_code`` 000000), by jenjang."""

    region_code = models.CharField(max_length=6)
    jenjang = models.CharField(max_length=12)
    role = models.CharField(max_length=7, choices=PersonRole.choices)
    metric = models.CharField(max_length=32)
    provider_id = models.CharField(max_length=12)
    n = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region_code", "jenjang", "role", "metric", "provider_id"], name="rollup_once"
            ),
        ]
