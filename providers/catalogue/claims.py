"""Sentences about the way to the quota: the statement, its scan, the injection."""

from .entries import Acts, Topic, entries

_REPLACE = "Minta cek ulang setelah kartu diurus, atau ganti nomor."
_IN_DAPODIK = "Perbaiki di Dapodik, lalu sinkronkan."

CLAIM = entries(
    Topic.CLAIM,
    (
        "STATED",
        Acts.SCHOOL,
        "Terkunci di SPTJM {statement}. Cetak, tanda tangani di atas meterai, lalu unggah.",
        "SPTJM sudah dibuat, pindaiannya belum diunggah.",
        "Unggah pindaian SPTJM.",
    ),
    (
        "UPLOADED",
        Acts.DINAS,
        "SPTJM {statement} diunggah[ {date}]. Menunggu diperiksa dinas.",
        "Pindaian menunggu giliran.",
        "Tunggu.",
    ),
    (
        "RETURNED",
        Acts.SCHOOL,
        "SPTJM {statement} dikembalikan[: {reason}].",
        "Pindaian belum memenuhi syarat.",
        "Perbaiki lembarnya, lalu unggah lagi.",
    ),
    (
        "APPROVED",
        Acts.PUSDATIN,
        "[SPTJM {statement} disetujui. ]Menunggu dikirim ke provider.",
        "Pindaian disetujui.",
        "Tunggu.",
    ),
    (
        "RELEASED",
        Acts.PROVIDER,
        "Dikirim ke {provider}[ {date}]. Menunggu laporan pengisian.",
        "Provider sedang mengisi kuota.",
        "Tunggu.",
    ),
    ("INJECTED", Acts.NOBODY, "Kuota[ {gigabytes} GB] masuk[ {date}].", "Laporan pengisian dari provider.", ""),
    (
        "VOIDED",
        Acts.SCHOOL,
        "SPTJM {statement} dibatalkan[: {reason}].",
        "Sekolah membatalkan SPTJM.",
        "Buat SPTJM baru.",
    ),
    (
        "DROPPED",
        Acts.SCHOOL,
        "Dikeluarkan dari SPTJM[ {statement}][: {reason}].",
        "Syaratnya tidak lagi terpenuhi.",
        "Perbaiki datanya.",
    ),
    (
        "FAILED",
        Acts.SCHOOL,
        "Kuota gagal masuk[: {reason}]. Perbaiki nomor untuk tahap berikutnya.",
        "Laporan pengisian dari provider.",
        "Perbaiki nomornya atau minta cek ulang.",
    ),
    (
        "REVERSED",
        Acts.SCHOOL,
        "Kuota ditarik kembali[: {reason}]. Perbaiki nomor untuk tahap berikutnya.",
        "Provider membatalkan pengisian.",
        "Perbaiki nomornya atau minta cek ulang.",
    ),
    (
        "NO_STATEMENT_YET",
        Acts.PROVIDER,
        "SPTJM belum dapat dibuat: provider belum menjawab nomor sekolah ini.[ Terakhir dikirim {date}.]",
        "Belum ada nomor sekolah ini yang dinyatakan aktif.",
        "Tunggu jawaban provider.",
    ),
)

INJECTION = entries(
    Topic.INJECTION,
    ("SUCCEEDED", Acts.NOBODY, "kuota masuk", "Laporan provider.", ""),
    ("NUMBER_INACTIVE", Acts.SCHOOL, "nomor sudah tidak aktif", "Kartu lewat masa aktif sesudah dicek.", _REPLACE),
    ("NUMBER_IN_GRACE", Acts.SCHOOL, "nomor dalam masa tenggang", "Masa aktif kartu lewat sesudah dicek.", _REPLACE),
    (
        "NUMBER_BLOCKED",
        Acts.SCHOOL,
        "nomor diblokir",
        "Provider memblokir kartu ini.",
        "Hubungi provider, atau ganti nomor.",
    ),
    (
        "NOT_SUBSCRIBER",
        Acts.SCHOOL,
        "bukan nomor pelanggan provider ini",
        "Provider tidak mengenal nomor ini.",
        "Ganti nomor.",
    ),
    (
        "PACKAGE_REJECTED",
        Acts.SCHOOL,
        "kartu tidak dapat menerima paket ini",
        "Jenis kartunya menolak paket kuota.",
        "Ganti nomor.",
    ),
    ("SYSTEM_ERROR", Acts.PROVIDER, "gangguan di provider", "Sistem provider gagal mengisi.", "Minta cek ulang."),
    (
        "OTHER",
        Acts.SCHOOL,
        "provider tidak menyebut alasan yang dikenal",
        "Kata provider belum ada di daftar.",
        "Minta cek ulang.",
    ),
)

DROP = entries(
    Topic.DROP,
    (
        "SHARED_STOPPED",
        Acts.SCHOOL,
        "nomor dipakai terlalu banyak penerima",
        "Penerima dengan nomor yang sama melebihi batas periode ini.",
        "Isi nomor lain.",
    ),
    (
        "SHARED_TO_CONFIRM",
        Acts.SCHOOL,
        "nomor dipakai bersama dan belum ditegaskan",
        "Beberapa penerima memakai nomor yang sama.",
        "Tegaskan bahwa mereka satu keluarga, atau ganti nomor.",
    ),
    (
        "OWNERSHIP_MISSING",
        Acts.SCHOOL,
        "kepemilikan nomor belum diisi",
        "Pemilik nomor belum dinyatakan.",
        "Pilih pemilik nomor.",
    ),
    ("NOT_ELIGIBLE", Acts.SCHOOL, "bukan penerima menurut data terakhir", "Data Dapodik berubah.", _IN_DAPODIK),
    (
        "NOT_USABLE",
        Acts.SCHOOL,
        "nomor tidak dapat dipakai menurut jawaban terakhir",
        "Provider menjawab lain dari sebelumnya.",
        _REPLACE,
    ),
    (
        "ANSWER_TOO_OLD",
        Acts.PROVIDER,
        "jawaban provider sudah terlalu lama",
        "Nomor perlu dicek ulang.",
        "Tunggu cek ulang.",
    ),
    (
        "NUMBER_FULL",
        Acts.SCHOOL,
        "nomor sudah dinyatakan untuk penerima lain sebanyak batas periode ini",
        "Satu nomor hanya untuk sejumlah penerima.",
        "Isi nomor lain.",
    ),
    (
        "PERIOD_NOT_OPEN",
        Acts.PUSDATIN,
        "periode belum dibuka",
        "Periode disiapkan atau sudah ditutup.",
        "Tunggu periode dibuka.",
    ),
    (
        "RECORD_CHANGED",
        Acts.SCHOOL,
        "data berubah sejak halaman dibuka",
        "Ada perubahan lain lebih dulu.",
        "Muat ulang halaman.",
    ),
)

RETURN = entries(
    Topic.RETURN,
    (
        "SIGNATURE_MISSING",
        Acts.SCHOOL,
        "tanda tangan belum ada[ di halaman {page}]",
        "Kotak tanda tangan kosong.",
        "Minta tanda tangan kepala sekolah, lalu unggah pindaian baru.",
    ),
    (
        "STAMP_DUTY_MISSING",
        Acts.SCHOOL,
        "meterai belum ada",
        "Kotak meterai kosong.",
        "Tempel meterai, tanda tangani di atasnya.",
    ),
    (
        "SEAL_MISSING",
        Acts.SCHOOL,
        "cap sekolah belum ada",
        "Cap tidak tampak.",
        "Bubuhkan cap, lalu unggah pindaian baru.",
    ),
    ("BLURRED", Acts.SCHOOL, "pindaian kabur", "Tulisan tidak terbaca.", "Pindai ulang dengan terang dan datar."),
    (
        "WRONG_TEMPLATE",
        Acts.SCHOOL,
        "bukan lembar SPTJM dari aplikasi ini",
        "Lembarnya dibuat sendiri.",
        "Cetak SPTJM dari sini.",
    ),
    ("WRONG_NUMBER", Acts.SCHOOL, "nomor SPTJM tidak cocok", "Lembarnya milik SPTJM lain.", "Unggah lembar SPTJM ini."),
    (
        "PAGES_MISSING",
        Acts.SCHOOL,
        "halaman tidak lengkap[: halaman {page}]",
        "Ada halaman yang tidak ikut terpindai.",
        "Pindai semua halaman.",
    ),
    (
        "LIST_WRONG",
        Acts.SCHOOL,
        "daftar penerima tidak benar",
        "Ada nama yang tidak seharusnya.",
        "Batalkan, lalu buat SPTJM baru.",
    ),
    ("OTHER", Acts.SCHOOL, "lihat catatan dari pemeriksa", "Alasannya ditulis pemeriksa.", "Ikuti catatannya."),
)
