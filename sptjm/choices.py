from enum import StrEnum

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


class LeftOut(StrEnum):
    """Why somebody with a usable number cannot be on a statement now; mostly what ``providers_claim_refusal`` says.

    Their sentences are in the catalogue, topic DROP.
    """

    OWNERSHIP_MISSING = "OWNERSHIP_MISSING"
    ANSWER_TOO_OLD = "ANSWER_TOO_OLD"
    SHARED_TO_CONFIRM = "SHARED_TO_CONFIRM"
    SHARED_STOPPED = "SHARED_STOPPED"
    NUMBER_FULL = "NUMBER_FULL"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    NOT_USABLE = "NOT_USABLE"
    PERIOD_NOT_OPEN = "PERIOD_NOT_OPEN"


class ScanRefusal(TextChoices):
    """Why an uploaded file is not taken; nothing is kept of it and nothing is lost."""

    EMPTY_FILE = "EMPTY_FILE", "Berkas ini kosong. Pindai atau foto ulang, lalu unggah lagi."
    TOO_LARGE = "TOO_LARGE", "Berkas ini lebih besar dari 10 MB. Pindai dengan 200 titik per inci, lalu unggah lagi."
    WRONG_TYPE = "WRONG_TYPE", "Berkas ini bukan PDF, JPEG, atau PNG. Simpan pindaian sebagai salah satunya."
    ENCRYPTED = "ENCRYPTED", "PDF ini dikunci kata sandi. Simpan tanpa kata sandi, lalu unggah lagi."
    TOO_MANY_PAGES = "TOO_MANY_PAGES", "PDF ini lebih dari 200 halaman. Unggah halaman SPTJM saja."
    TOO_MANY_PIXELS = (
        "TOO_MANY_PIXELS",
        "Gambar di berkas ini terlalu besar. Pindai dengan 300 titik per inci atau kurang.",
    )
    BROKEN = "BROKEN", "Berkas ini rusak dan tidak dapat dibuka. Pindai atau simpan ulang, lalu unggah lagi."
    BUSY = "BUSY", "Banyak pindaian sedang diperiksa. Tunggu sebentar, lalu unggah lagi berkas yang sama."
    SAME_AS_RETURNED = (
        "SAME_AS_RETURNED",
        "Berkas ini sama dengan pindaian yang dikembalikan. Perbaiki lembarnya, lalu unggah pindaian yang baru.",
    )
    OF_ANOTHER = "OF_ANOTHER", "Berkas yang sama sudah diunggah untuk SPTJM lain. Unggah pindaian SPTJM ini."
