from django.db.models import TextChoices


class Eligibility(TextChoices):
    """Whether a row of the register is a recipient, and if not why (domain.md §4, the 5 K)."""

    OK = "OK", "Penerima"
    LEFT = "LEFT", "Tidak ada lagi di register"
    INACTIVE = "INACTIVE", "Tidak aktif"
    NOT_SYNCED = "NOT_SYNCED", "Sekolah belum sinkronisasi"
    NISN_MISSING = "NISN_MISSING", "NISN kosong"
    NISN_INVALID = "NISN_INVALID", "NISN tidak sah"
    DUPLICATE_SCHOOL = "DUPLICATE_SCHOOL", "Terdaftar di dua sekolah"
    NISN_CONFLICT = "NISN_CONFLICT", "NISN dipakai orang lain"
    NOT_HOME_SCHOOL = "NOT_HOME_SCHOOL", "Bukan sekolah induk"
    NOT_TEACHER = "NOT_TEACHER", "Bukan guru atau kepala sekolah"
    RECEIVES_PIP = "RECEIVES_PIP", "Sudah menerima PIP atau PKH"
    NOT_SERVED = "NOT_SERVED", "Jenjang tidak dilayani periode ini"


BY_PERIOD = (Eligibility.NOT_SERVED, Eligibility.RECEIVES_PIP)
"""What the current period alone decides: a claim of an earlier period that is still open goes on."""


class State(TextChoices):
    """Is the number usable? (design.md §3)"""

    EMPTY = "EMPTY", "Kosong"
    MALFORMED = "MALFORMED", "Belum terbaca"
    READY = "READY", "Sesuai format"
    ACTIVE = "ACTIVE", "Aktif"
    POSTPAID = "POSTPAID", "Pascabayar"
    INACTIVE = "INACTIVE", "Tidak aktif"
    GRACE = "GRACE", "Masa tenggang"
    NOT_OURS = "NOT_OURS", "Bukan pelanggan"
    FAILED = "FAILED", "Kuota gagal"


USABLE_STATES = (State.ACTIVE, State.POSTPAID)


class Sharing(TextChoices):
    """How a number that several recipients use is judged by the current period's thresholds."""

    NONE = "NONE", "Wajar"
    TO_CONFIRM = "TO_CONFIRM", "Perlu ditegaskan"
    STOPPED = "STOPPED", "Terlalu banyak"


class Ownership(TextChoices):
    OWN = "OWN", "Milik sendiri"
    FATHER = "FATHER", "Ayah"
    MOTHER = "MOTHER", "Ibu"
    GUARDIAN = "GUARDIAN", "Wali"
    SIBLING = "SIBLING", "Saudara"
    RELATIVE = "RELATIVE", "Kerabat"


class Source(TextChoices):
    CUTOFF = "CUTOFF", "Tarikan Dapodik"
    EDITED = "EDITED", "Diisi operator"


class Stage(TextChoices):
    """How far a claim is on its way (design.md §3)."""

    STATED = "STATED", "Dinyatakan di SPTJM"
    UPLOADED = "UPLOADED", "Pindaian diunggah"
    RETURNED = "RETURNED", "Dikembalikan"
    APPROVED = "APPROVED", "Disetujui"
    RELEASED = "RELEASED", "Dikirim ke provider"
    INJECTED = "INJECTED", "Kuota masuk"
    VOIDED = "VOIDED", "Dibatalkan"
    DROPPED = "DROPPED", "Dikeluarkan"
    FAILED = "FAILED", "Kuota gagal masuk"
    REVERSED = "REVERSED", "Kuota ditarik kembali"


DEAD_STAGES = (Stage.VOIDED, Stage.DROPPED, Stage.FAILED, Stage.REVERSED)


class Cell(TextChoices):
    """Where an eligible record lies in the recaps: exactly one cell, by this precedence."""

    INJECTED = "INJECTED", "Kuota masuk"
    RELEASED = "RELEASED", "Dikirim ke provider"
    APPROVED = "APPROVED", "SPTJM disetujui"
    UPLOADED = "UPLOADED", "SPTJM diunggah"
    RETURNED = "RETURNED", "SPTJM dikembalikan"
    STATED = "STATED", "SPTJM dicetak"
    SHARED_STOPPED = "SHARED_STOPPED", "Nomor dipakai terlalu banyak"
    SHARED_TO_CONFIRM = "SHARED_TO_CONFIRM", "Nomor bersama, perlu ditegaskan"
    FAILED = "FAILED", "Kuota gagal masuk"
    INACTIVE = "INACTIVE", "Tidak aktif"
    GRACE = "GRACE", "Masa tenggang"
    NOT_OURS = "NOT_OURS", "Bukan pelanggan provider"
    MALFORMED = "MALFORMED", "Belum terbaca"
    EMPTY = "EMPTY", "Belum ada nomor"
    SENT = "SENT", "Sedang dicek provider"
    READY = "READY", "Menunggu dikirim ke provider"
    USABLE = "USABLE", "Aktif, belum di SPTJM"


STAGE_CELLS = (Cell.INJECTED, Cell.RELEASED, Cell.APPROVED, Cell.UPLOADED, Cell.RETURNED, Cell.STATED)
REPAIR_CELLS = (
    Cell.SHARED_STOPPED,
    Cell.SHARED_TO_CONFIRM,
    Cell.FAILED,
    Cell.INACTIVE,
    Cell.GRACE,
    Cell.NOT_OURS,
    Cell.MALFORMED,
    Cell.EMPTY,
)
"""Cells in which the school acts next."""
WAITING_CELLS = (Cell.SENT, Cell.READY)
RESIDUE_CELLS = (*REPAIR_CELLS, *WAITING_CELLS)
"""Residue: every eligible record whose number is not usable now (domain.md §1)."""

OUT = "OUT"
"""The cell of a record that is not eligible; such people are counted by reason on their register rows."""
OWNERSHIP_MISSING = "OWNERSHIP_MISSING"
"""A sub-count of USABLE, not a cell."""


class Purpose(TextChoices):
    MATCH = "MATCH", "Pemadanan"
    INJECT = "INJECT", "Pengisian kuota"


class ExchangeStatus(TextChoices):
    """The life of an exchanged file; its content is frozen at PREPARED."""

    PREPARING = "PREPARING", "Sedang disiapkan"
    PREPARED = "PREPARED", "Siap"
    OFFERED = "OFFERED", "Ditawarkan"
    RECEIPTED = "RECEIPTED", "Diterima provider"
    ANSWERED = "ANSWERED", "Terjawab seluruhnya"
    CLOSED = "CLOSED", "Ditutup"


class Outcome(TextChoices):
    """What a provider said of one line: of a match, then of an injection. Empty = no answer yet."""

    ACTIVE = "ACTIVE", "Aktif"
    POSTPAID = "POSTPAID", "Pascabayar"
    INACTIVE = "INACTIVE", "Tidak aktif"
    GRACE = "GRACE", "Masa tenggang"
    NOT_OURS = "NOT_OURS", "Bukan pelanggan"
    SUCCEEDED = "SUCCEEDED", "Kuota masuk"
    FAILED = "FAILED", "Kuota gagal"
    REVERSED = "REVERSED", "Kuota ditarik kembali"


MATCH_OUTCOMES = (Outcome.ACTIVE, Outcome.POSTPAID, Outcome.INACTIVE, Outcome.GRACE, Outcome.NOT_OURS)
INJECT_OUTCOMES = (Outcome.SUCCEEDED, Outcome.FAILED, Outcome.REVERSED)


class Decision(TextChoices):
    """What a person does about contradicting answers."""

    ASK = "ASK", "Tanyakan lagi"
    KEEP = "KEEP", "Biarkan yang berlaku"
