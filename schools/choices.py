from django.db.models import IntegerChoices, TextChoices


class Jenjang(TextChoices):
    PAUD = "PAUD", "PAUD"
    SD = "SD", "SD"
    SMP = "SMP", "SMP"
    SMA = "SMA", "SMA"
    SMK = "SMK", "SMK"
    SLB = "SLB", "SLB"
    KESETARAAN = "KESETARAAN", "Kesetaraan"


JENJANG_OF_FORM: dict[int, str] = {
    **dict.fromkeys((1, 2, 3, 4), Jenjang.PAUD),
    5: Jenjang.SD,
    6: Jenjang.SMP,
    13: Jenjang.SMA,
    15: Jenjang.SMK,
    **dict.fromkeys((7, 8, 14, 29), Jenjang.SLB),
    **dict.fromkeys((27, 40), Jenjang.KESETARAAN),
}
"""bentuk_pendidikan_id to jenjang (domain.md §4); a form that is missing here is not ours (madrasah)."""

PROVINCE_JENJANG = (Jenjang.SMA, Jenjang.SMK, Jenjang.SLB)
REGENCY_JENJANG = (Jenjang.PAUD, Jenjang.SD, Jenjang.SMP, Jenjang.KESETARAAN)


class RegionLevel(IntegerChoices):
    NATION = 0, "Nasional"
    PROVINCE = 1, "Provinsi"
    REGENCY = 2, "Kabupaten/kota"
    DISTRICT = 3, "Kecamatan"


class PeriodStatus(TextChoices):
    DRAFT = "DRAFT", "Disiapkan"
    OPEN = "OPEN", "Berjalan"
    CLOSED = "CLOSED", "Ditutup"


class WindowKind(TextChoices):
    PREPARE = "PREPARE", "Perbaikan nomor dan SPTJM"
    RELEASE = "RELEASE", "Tahap pengiriman kuota"


class PersonRole(TextChoices):
    """Which of the two kinds of people a row or a figure speaks of."""

    STUDENT = "STUDENT", "Siswa"
    TEACHER = "TEACHER", "Guru"


class ChangeKind(TextChoices):
    """What a cut-off did to a school."""

    ENTERED = "ENTERED", "Masuk"
    LEFT = "LEFT", "Keluar"
    MOVED_IN = "MOVED_IN", "Pindah masuk"
    MOVED_OUT = "MOVED_OUT", "Pindah keluar"
    NUMBER_SUPPLIED = "NUMBER_SUPPLIED", "Nomor terisi"
    NUMBER_DIFFERS = "NUMBER_DIFFERS", "Nomor berbeda, tidak diterapkan"
    ELIGIBILITY = "ELIGIBILITY", "Kelayakan berubah"


class RowKind(TextChoices):
    """Rows of the register of which a cut-off keeps what they were before."""

    REGION = "REGION", "wilayah"
    OFFICE = "OFFICE", "kantor dinas"
    SCHOOL = "SCHOOL", "sekolah"
    STUDENT = "STUDENT", "siswa"
    TEACHER = "TEACHER", "guru"
    RECORD = "RECORD", "nomor"
    CLAIM = "CLAIM", "baris SPTJM"
