from django.db.models import TextChoices


class StatementStatus(TextChoices):
    """Where the paper is; how far each person on it got is told by the entitlements."""

    STATED = "STATED", "Dicetak, menunggu diunggah"
    UPLOADED = "UPLOADED", "Diunggah, menunggu diperiksa"
    RETURNED = "RETURNED", "Dikembalikan"
    APPROVED = "APPROVED", "Disetujui"
    RELEASED = "RELEASED", "Dikirim ke provider"
    VOIDED = "VOIDED", "Dibatalkan"


class ReturnCode(TextChoices):
    """Why a scan is returned: what checking by hand found in 2020 (domain.md §1)."""

    SIGNATURE_MISSING = "SIGNATURE_MISSING", "Tanda tangan belum ada"
    STAMP_DUTY_MISSING = "STAMP_DUTY_MISSING", "Meterai belum ada"
    SEAL_MISSING = "SEAL_MISSING", "Cap sekolah belum ada"
    BLURRED = "BLURRED", "Pindaian kabur"
    WRONG_TEMPLATE = "WRONG_TEMPLATE", "Bukan lembar SPTJM dari aplikasi ini"
    WRONG_NUMBER = "WRONG_NUMBER", "Nomor SPTJM tidak cocok"
    PAGES_MISSING = "PAGES_MISSING", "Halaman tidak lengkap"
    LIST_WRONG = "LIST_WRONG", "Daftar penerima tidak benar"
    OTHER = "OTHER", "Lainnya"


class Decision(TextChoices):
    APPROVED = "APPROVED", "Disetujui"
    RETURNED = "RETURNED", "Dikembalikan"
