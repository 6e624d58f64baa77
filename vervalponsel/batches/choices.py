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
