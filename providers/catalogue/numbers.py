"""Sentences about a number: can it be used, why a text is none, what came of an edit."""

from .entries import Acts, Topic, entries

_REPLACE = "Minta cek ulang setelah kartu diurus, atau ganti nomor."
_RETYPE = "Ketik ulang nomornya."

STATE = entries(
    Topic.STATE,
    ("EMPTY", Acts.SCHOOL, "Belum ada nomor.", "Kolom nomor kosong atau bertanda tidak ada.", "Isi nomornya."),
    ("MALFORMED", Acts.SCHOOL, "Nomor belum dapat dibaca.", "Teksnya bukan satu nomor ponsel yang pasti.", _RETYPE),
    ("READY", Acts.PUSDATIN, "Sesuai format, menunggu dicek provider.", "Nomor belum dikirim ke provider.", "Tunggu."),
    ("SENT", Acts.PROVIDER, "Sedang dicek {provider}[ sejak {date}].", "Nomor sudah dikirim ke provider.", "Tunggu."),
    (
        "ACTIVE",
        Acts.SCHOOL,
        "Aktif menurut {provider}[, {date}].",
        "Jawaban provider.",
        "Isi kepemilikan, lalu buat SPTJM.",
    ),
    (
        "POSTPAID",
        Acts.SCHOOL,
        "Pascabayar[ di {provider}], dapat menerima kuota.",
        "Jawaban provider.",
        "Isi kepemilikan, lalu buat SPTJM.",
    ),
    (
        "INACTIVE",
        Acts.SCHOOL,
        "Tidak aktif menurut {provider}[, {date}]. Pastikan kartu masih dipakai dan minta cek ulang, atau ganti nomor.",
        "Kartu lewat masa aktif atau diblokir saat dicek.",
        _REPLACE,
    ),
    (
        "GRACE",
        Acts.SCHOOL,
        "Dalam masa tenggang[ menurut {provider}][, {date}]. Isi pulsa lalu minta cek ulang, atau ganti nomor.",
        "Masa aktif kartu sudah lewat, tetapi kartunya masih dapat diselamatkan.",
        _REPLACE,
    ),
    (
        "NOT_OURS",
        Acts.SCHOOL,
        "Bukan nomor pelanggan {provider}[, {date}]. Periksa angkanya, atau ganti nomor.",
        "Provider tidak mengenal nomor ini.",
        "Periksa angkanya, atau ganti nomor.",
    ),
    (
        "FAILED",
        Acts.SCHOOL,
        "Kuota gagal masuk[: {reason}]. Perbaiki nomor untuk tahap berikutnya.",
        "Laporan pengisian dari provider.",
        "Perbaiki nomornya atau minta cek ulang.",
    ),
    ("USABLE", Acts.SCHOOL, "Nomor siap masuk SPTJM.", "Provider menyatakan nomor ini dapat dipakai.", "Buat SPTJM."),
    (
        "SHARED",
        Acts.NOBODY,
        "Nomor ini dipakai {count} penerima[, {where}].",
        "Beberapa penerima memakai nomor yang sama; jumlahnya masih wajar.",
        "",
    ),
    (
        "SHARED_TO_CONFIRM",
        Acts.SCHOOL,
        "Nomor ini dipakai {count} penerima[, {where}]. Pastikan mereka satu keluarga, atau ganti nomor.",
        "Beberapa penerima memakai nomor yang sama, di sekolah ini atau di sekolah lain.",
        "Tegaskan bahwa mereka satu keluarga, atau ganti nomor.",
    ),
    (
        "SHARED_STOPPED",
        Acts.SCHOOL,
        "Nomor ini dipakai {count} penerima[, {where}]: lebih dari yang boleh. Ganti nomor.",
        "Penerima dengan nomor yang sama melebihi batas periode ini.",
        "Isi nomor lain.",
    ),
    (
        "OWNERSHIP_MISSING",
        Acts.SCHOOL,
        "Isi kepemilikan nomor agar dapat masuk SPTJM.",
        "Pemilik nomor belum dinyatakan.",
        "Pilih pemilik nomor.",
    ),
    ("OUT", Acts.NOBODY, "Bukan penerima menurut data terakhir.", "Lihat alasannya di daftar bukan penerima.", ""),
)

NUMBER = entries(
    Topic.NUMBER,
    ("EMPTY", Acts.SCHOOL, "Belum ada nomor.", "Kolom nomor kosong atau bertanda tidak ada.", "Isi nomornya."),
    ("NO_DIGITS", Acts.SCHOOL, "Nomor belum dapat dibaca: tidak ada angka di sini.", "Hanya ada kata.", _RETYPE),
    (
        "TOO_SHORT",
        Acts.SCHOOL,
        "Nomor belum dapat dibaca: angkanya kurang dari sepuluh.",
        "Ada angka yang tertinggal.",
        _RETYPE,
    ),
    (
        "TOO_LONG",
        Acts.SCHOOL,
        "Nomor belum dapat dibaca: angkanya lebih dari tiga belas.",
        "Ada angka yang berlebih.",
        _RETYPE,
    ),
    (
        "NOT_MOBILE",
        Acts.SCHOOL,
        "Ini bukan nomor ponsel. Nomor ponsel diawali 08 atau +628.",
        "Nomor telepon rumah, atau angka lain.",
        "Isi nomor ponsel.",
    ),
    (
        "FOREIGN",
        Acts.SCHOOL,
        "Ini nomor luar negeri. Kuota hanya untuk nomor Indonesia (+62).",
        "Nomor diawali kode negara lain.",
        "Isi nomor Indonesia.",
    ),
    (
        "NO_PROVIDER",
        Acts.SCHOOL,
        "Awalan nomor ini bukan milik provider yang bekerja sama. Periksa angkanya, atau ganti nomor.",
        "Empat angka pertama tidak ada di daftar awalan provider.",
        "Periksa empat angka pertama.",
    ),
    (
        "DIGITS_LOST",
        Acts.SCHOOL,
        "Sebagian angka hilang karena disingkat lembar kerja, seperti 6,28E+11. Ketik ulang nomornya.",
        "Lembar kerja menyimpan nomor sebagai bilangan, bukan teks.",
        _RETYPE,
    ),
    (
        "DIGITS_HIDDEN",
        Acts.SCHOOL,
        "Sebagian angka disamarkan. Ketik nomor lengkapnya.",
        "Ada x, bintang, atau titik tebal.",
        _RETYPE,
    ),
    (
        "TWO_NUMBERS",
        Acts.SCHOOL,
        "Ada dua nomor di sini. Pilih salah satu.",
        "Satu kolom berisi beberapa nomor.",
        "Pilih satu nomor.",
    ),
    (
        "AMBIGUOUS",
        Acts.SCHOOL,
        "Nomor ini dapat dibaca lebih dari satu cara. Pilih yang benar, atau ketik ulang.",
        "Ada angka atau huruf yang mungkin bagian dari nomor, mungkin bukan.",
        "Pilih atau ketik ulang.",
    ),
    (
        "LETTERS",
        Acts.SCHOOL,
        "Ada huruf di antara angka. Ketik nomornya dengan angka saja.",
        "Huruf menempel pada angka.",
        _RETYPE,
    ),
)

QUESTION = entries(
    Topic.QUESTION,
    (
        "ODD_DIGITS",
        Acts.SCHOOL,
        "Apakah nomor ini benar? Angka di belakangnya sama semua atau berurutan.",
        "Tujuh angka terakhir sama, atau naik atau turun satu-satu.",
        "Tegaskan bahwa nomornya benar, atau ganti nomor.",
    ),
    (
        "IN_A_ROW",
        Acts.SCHOOL,
        "Apakah nomor ini benar? Lima nomor atau lebih di sekolah ini berurutan.",
        "Nomor ponsel satu sekolah jarang berurutan.",
        "Tegaskan bahwa nomornya benar, atau ganti nomor.",
    ),
)

EDIT = entries(
    Topic.EDIT,
    (
        "LOCKED",
        Acts.SCHOOL,
        "Nomor ini terkunci di SPTJM[ {statement}] dan tidak dapat diubah.",
        "Nomor di SPTJM yang berlaku tidak boleh berubah.",
        "Batalkan SPTJM bila nomornya salah.",
    ),
    (
        "CHANGED_MEANWHILE",
        Acts.SCHOOL,
        "Data ini diubah orang lain sejak Anda membukanya. Periksa isinya, lalu simpan lagi.",
        "Ada perubahan lain lebih dulu.",
        "Periksa, lalu simpan lagi.",
    ),
    (
        "NOT_POSSIBLE",
        Acts.SCHOOL,
        "Itu tidak dapat dilakukan pada keadaan nomor ini sekarang.",
        "Keadaannya sudah berubah.",
        "Muat ulang.",
    ),
    ("UNCHANGED", Acts.NOBODY, "Tidak ada yang berubah.", "Isinya sama dengan yang tersimpan.", ""),
    ("SAVED", Acts.NOBODY, "Tersimpan.", "Perubahan Anda diterima.", ""),
    (
        "RECHECK_WANTED",
        Acts.PUSDATIN,
        "Cek ulang diminta[ {date}].",
        "Ikut dikirim ke provider pada pengiriman berikutnya.",
        "Tunggu.",
    ),
    (
        "ASKED_AGAIN",
        Acts.PROVIDER,
        "Sedang dicek ulang {provider}[ sejak {date}].",
        "Nomor sudah dikirim lagi ke provider.",
        "Tunggu.",
    ),
    ("CONFIRMED", Acts.NOBODY, "Ditegaskan operator[ {date}].", "Operator menyatakan nomor ini benar.", ""),
)
