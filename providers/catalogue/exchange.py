"""Why a row of a provider's file was set aside."""

from .entries import Acts, Topic, entries

_SEND_AGAIN = "Kirim ulang baris itu dengan isi yang benar."

EXCHANGE = entries(
    Topic.ROW,
    ("ROW_WIDTH", Acts.PROVIDER, "Jumlah kolom tidak sama dengan baris pertama.", "Baris rusak.", _SEND_AGAIN),
    ("ROW_NOT_JSON", Acts.PROVIDER, "Baris ini bukan objek JSON.", "Baris rusak.", _SEND_AGAIN),
    ("ROW_LINE", Acts.PROVIDER, "Nomor baris (line) bukan bilangan.", "Kolom tertukar atau rusak.", _SEND_AGAIN),
    ("ROW_NUMBER", Acts.PROVIDER, "no_ponsel bukan nomor ponsel.", "Kolom tertukar atau rusak.", _SEND_AGAIN),
    ("ROW_DATE", Acts.PROVIDER, "Tanggal jawaban tidak dapat dibaca.", "Tulis menurut ISO 8601.", _SEND_AGAIN),
    ("ROW_FUTURE", Acts.PROVIDER, "Tanggal jawaban ada di masa depan.", "Jam pengirim salah.", _SEND_AGAIN),
    (
        "ROW_CUT_OFF",
        Acts.PROVIDER,
        "Baris terakhir terpotong.",
        "Setiap baris harus diakhiri ganti baris, agar yang terpotong tidak terbaca sebagai utuh.",
        _SEND_AGAIN,
    ),
    ("ROW_TOO_LONG", Acts.PROVIDER, "Baris ini terlalu panjang.", "Ganti baris hilang.", _SEND_AGAIN),
    (
        "FILE_TRUNCATED",
        Acts.PROVIDER,
        "Berkas terputus di sini; baris sebelumnya sudah diolah.",
        "Berkas terkompresi tidak lengkap.",
        "Kirim ulang berkasnya; baris yang sama tidak diolah dua kali.",
    ),
    ("OTHER_BATCH", Acts.PROVIDER, "Baris ini menyebut berkas lain.", "Kolom batch tidak cocok.", _SEND_AGAIN),
    ("UNKNOWN_LINE", Acts.PROVIDER, "Baris ini tidak ada dalam berkas yang dikirim.", "line salah.", _SEND_AGAIN),
    (
        "NUMBER_NOT_SENT",
        Acts.PROVIDER,
        "Nomor di baris ini bukan nomor yang dikirim.",
        "Jawaban hanya berlaku untuk nomor yang ditanyakan.",
        _SEND_AGAIN,
    ),
    (
        "UNKNOWN_WORD",
        Acts.PUSDATIN,
        "Kata “{word}” belum dikenal; baris ini ditahan.",
        "Provider memakai kata baru.",
        "Beri artinya, lalu baca ulang berkasnya.",
    ),
)
