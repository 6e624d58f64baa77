"""The protocol in ten minutes: the description in the published document."""

from providers.words import FAILURES, PUBLISHED

from .errors import failures

_STEPS = """
Antarmuka pertukaran Verval Ponsel dengan provider. Setiap provider memakai kuncinya sendiri dan hanya melihat berkasnya
sendiri: HTTP Basic (`key_id` dan `secret`) atau `Authorization: Bearer key_id.secret`.
Baca dulu [panduan sepuluh menit](/api/provider/v1/panduan/).

## Pemadanan (MATCH)
1. `GET exchanges?purpose=MATCH&status=PREPARED&status=OFFERED`: berkas yang menunggu.
2. `GET exchanges/{id}`: manifes: jumlah seluruhnya dan daftar bagian (baris, ukuran, sha256, jumlah kendali), dengan
   tanda tangan Ed25519; kunci di `GET keys`.
3. `GET exchanges/{id}/parts/{no}` untuk setiap bagian: CSV gzip berjudul, kolom
   `batch,line,pd_id,tingkat_pendidikan,npsn,no_ponsel`. Terputus? Lanjutkan dengan `Range` dan `If-Range`. Balasan 302
   menunjuk alamat sementara: ikuti tanpa membawa kunci. `no_ponsel` ditulis `628…`; nomor baris boleh berlubang.
4. `POST exchanges/{id}/receipt`: baris dan jumlah kendali semua bagian hasil hitung Anda; `sha256` = SHA-256 dari
   sha256 semua bagian (heksadesimal) yang disambung menurut nomornya. Tidak sama: 409, ambil ulang.
5. `POST exchanges/{id}/answers`: kolom `line,no_ponsel,status,answered_at` (boleh juga `batch`, `code`). Boleh
   sebagian-sebagian, terlambat, berulang, dan dalam urutan apa pun. Balasan 202 dengan alamat batch.
6. `GET batches/{id}`: jumlah baris menurut hasil; `GET batches/{id}/refused`: baris yang ditolak, dengan alasannya.

## Pengisian kuota (INJECT)
Sama, dengan `purpose=INJECT`, kolom `batch,line,pd_id,npsn,no_ponsel,gigabytes`, dan laporan ke `reports` dengan kolom
`line,no_ponsel,status,code,reported_at`. Tanpa laporan berarti belum ada jawaban, bukan berhasil. Pengisian yang sudah
dilaporkan berhasil masih dapat dilaporkan ditarik.

## Aturan jawaban
- Jawaban hanya berlaku untuk nomor yang dikirim di baris itu. Nomor yang sudah diganti sekolah: jawaban disimpan dan
  dihitung (`stale`), tidak diterapkan.
- `answered_at` adalah waktu provider memeriksa (ISO 8601; tanpa zona berarti WIB), paling awal waktu berkas disiapkan.
- Beberapa jawaban untuk satu baris: pada pemadanan yang terbaru berlaku, pada waktu yang sama yang lebih hati-hati
  (NOT_OURS, INACTIVE, GRACE, POSTPAID, ACTIVE); pada pengisian REVERSED di atas FAILED di atas SUCCEEDED. Hasilnya
  tidak bergantung pada urutan kedatangan. Yang bertentangan dalam sehari masuk daftar periksa.
- Kata `status` yang belum dikenal ditahan sampai diberi arti; baris lain jalan terus.
- Setiap baris diakhiri ganti baris; baris terakhir tanpa ganti baris dianggap terpotong.
- Isi yang sama persis dikirim lagi tidak diolah lagi: jawabannya batch yang sama (200).
- `Content-Digest: sha-256=:…:` (RFC 9530), bila dikirim, diperiksa.
"""


def description() -> str:
    """Steps, words and errors as Markdown."""
    words = "\n".join(
        f"- {purpose}: {', '.join(f'`{word}` = {outcome}' for word, outcome in meanings.items())}"
        for purpose, meanings in PUBLISHED.items()
    )
    return (
        f"{_STEPS}\n## Kata status\n{words}\n\nAlasan gagal atau ditarik (`code`): {', '.join(FAILURES)}."
        f"\n\n## Kesalahan\n{failures.table()}"
    )
