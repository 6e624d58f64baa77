"""Sentences about the register: who is no recipient, which row was set aside."""

from .entries import Acts, Topic, entries

_IN_DAPODIK = "Perbaiki di Dapodik, lalu sinkronkan."
_IN_VERVALPD = "Perbaiki identitasnya di VervalPD; perubahannya masuk ke sini dengan sendirinya."

ELIGIBILITY = entries(
    Topic.ELIGIBILITY,
    ("OK", Acts.NOBODY, "Penerima.", "Memenuhi semua syarat data.", ""),
    (
        "LEFT",
        Acts.SCHOOL,
        "Tidak ada lagi di data Dapodik sekolah ini[ sejak {date}].",
        "Keluar, lulus, atau pindah.",
        _IN_DAPODIK,
    ),
    ("INACTIVE", Acts.SCHOOL, "Tercatat tidak aktif di Dapodik.", "Status keaktifannya dimatikan.", _IN_DAPODIK),
    (
        "NOT_SYNCED",
        Acts.SCHOOL,
        "Sekolah belum sinkronisasi Dapodik semester ini[; terakhir {date}].",
        "Data sekolah lebih tua dari semester berjalan.",
        "Sinkronkan Dapodik.",
    ),
    ("NISN_MISSING", Acts.SCHOOL, "NISN belum ada.", "Kolom NISN kosong di Dapodik.", _IN_VERVALPD),
    ("NISN_INVALID", Acts.SCHOOL, "NISN tidak sah: harus sepuluh angka.", "NISN di Dapodik salah tulis.", _IN_VERVALPD),
    (
        "DUPLICATE_SCHOOL",
        Acts.SCHOOL,
        "Terdaftar juga di sekolah lain[ (NPSN {npsn})]. Salah satu sekolah perlu mengeluarkannya.",
        "Orang yang sama aktif di dua sekolah.",
        "Sepakati dengan sekolah itu, lalu sinkronkan Dapodik.",
    ),
    (
        "NISN_CONFLICT",
        Acts.SCHOOL,
        "NISN yang sama dipakai orang lain[ di sekolah NPSN {npsn}][; kemiripan nama {similarity}%].",
        "Satu NISN tercatat untuk dua orang.",
        _IN_VERVALPD,
    ),
    (
        "NOT_HOME_SCHOOL",
        Acts.SCHOOL,
        "Sekolah ini bukan sekolah induknya.",
        "Guru menerima kuota lewat sekolah induk.",
        "Sekolah induk yang mengurus nomornya.",
    ),
    (
        "NOT_TEACHER",
        Acts.NOBODY,
        "Jenis PTK bukan guru atau kepala sekolah.",
        "Kuota hanya untuk guru dan kepala sekolah.",
        "",
    ),
    (
        "NOT_SERVED",
        Acts.PUSDATIN,
        "Jenjang ini tidak dilayani pada periode ini.",
        "Periode tidak punya paket untuk jenjang ini.",
        "",
    ),
    (
        "RECEIVES_PIP",
        Acts.NOBODY,
        "Sudah menerima PIP atau PKH.",
        "Periode ini tidak melayani penerima PIP atau PKH.",
        "",
    ),
    ("NO_SCHOOL", Acts.PUSDATIN, "Sekolahnya tidak ada di data sekolah.", "Sekolah belum ikut tarikan data.", ""),
)

ROW = entries(
    Topic.ROW,
    (
        "TOO_FEW_FIELDS",
        Acts.PUSDATIN,
        "Kolom di baris ini kurang[: {found} dari {expected}].",
        "Baris terpotong.",
        "Perbaiki berkasnya.",
    ),
    (
        "TOO_MANY_FIELDS",
        Acts.PUSDATIN,
        "Kolom di baris ini berlebih[: {found} dari {expected}].",
        "Ada koma di luar tanda kutip.",
        "Perbaiki berkasnya.",
    ),
    (
        "UNREADABLE_ROW",
        Acts.PUSDATIN,
        "Baris ini tidak dapat dibaca.",
        "Tanda kutip atau isinya rusak.",
        "Perbaiki berkasnya.",
    ),
    (
        "ID_INVALID",
        Acts.PUSDATIN,
        "Kode pengenal di baris ini bukan UUID.",
        "Isi kolom kunci rusak.",
        "Perbaiki berkasnya.",
    ),
    (
        "SCHOOL_UNKNOWN",
        Acts.PUSDATIN,
        "Sekolah di baris ini tidak dikenal.",
        "sekolah_id tidak ada di data sekolah.",
        "Muat sekolahnya.",
    ),
    ("NAME_MISSING", Acts.SCHOOL, "Nama di baris ini kosong.", "Kolom nama tidak terisi.", _IN_DAPODIK),
    (
        "VALUE_TOO_LONG",
        Acts.PUSDATIN,
        "Isi salah satu kolom terlalu panjang.",
        "Kolom tertukar atau rusak.",
        "Perbaiki berkasnya.",
    ),
    (
        "DUPLICATE_ROW",
        Acts.PUSDATIN,
        "Baris ini ada lebih dari sekali.",
        "Kunci yang sama sudah dimuat dari baris lain.",
        "Perbaiki berkasnya.",
    ),
    (
        "OUT_OF_SCOPE",
        Acts.PUSDATIN,
        "Baris ini di luar wilayah bundel.",
        "Bundel hanya untuk satu provinsi.",
        "Muat dengan bundel lain.",
    ),
    (
        "PREFIX_LOCKED",
        Acts.SYSTEM,
        "Sebuah nomor di sekolah NPSN {npsn} terkunci di SPTJM dan tetap pada provider lamanya.",
        "Awalannya berpindah saat nomor itu ada di SPTJM yang berlaku.",
        "Dibaca ulang dengan sendirinya setelah kuncinya lepas.",
    ),
    ("NPSN_INVALID", Acts.SCHOOL, "NPSN bukan delapan karakter.", "NPSN di Dapodik salah tulis.", _IN_DAPODIK),
    ("NPSN_TAKEN", Acts.SCHOOL, "NPSN ini sudah dipakai sekolah lain.", "Dua sekolah dengan satu NPSN.", _IN_DAPODIK),
    ("FORM_NOT_OURS", Acts.NOBODY, "Bentuk pendidikan ini tidak dilayani.", "Madrasah diurus kementerian lain.", ""),
    (
        "REGION_UNKNOWN",
        Acts.PUSDATIN,
        "Wilayah di baris ini tidak dikenal.",
        "kode_wilayah tidak ada di data wilayah.",
        "Muat wilayahnya.",
    ),
    (
        "REGION_CODE_INVALID",
        Acts.PUSDATIN,
        "Kode wilayah harus enam angka.",
        "kode_wilayah salah tulis.",
        "Perbaiki berkasnya.",
    ),
)
