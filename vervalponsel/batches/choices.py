from django.db.models import TextChoices


class Status(TextChoices):
    """The life of a batch; PARKED waits for a person's word."""

    QUEUED = "QUEUED", "Menunggu giliran"
    RUNNING = "RUNNING", "Sedang berjalan"
    PARKED = "PARKED", "Menunggu persetujuan"
    DONE = "DONE", "Selesai"
    REFUSED = "REFUSED", "Ditolak"
    STOPPED = "STOPPED", "Dihentikan"
    FAILED = "FAILED", "Gagal"


LIVE = (Status.QUEUED, Status.RUNNING)
FINAL = (Status.DONE, Status.REFUSED, Status.STOPPED, Status.FAILED)


class ChunkStatus(TextChoices):
    """Of one chunk of a batch. WAITING also while somebody works on it: that is told by the lock on its row."""

    WAITING = "WAITING", "Menunggu giliran"
    DONE = "DONE", "Selesai"
    QUARANTINED = "QUARANTINED", "Gagal, disisihkan"
