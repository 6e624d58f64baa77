"""The file of the bundle that holds the pupils."""

from schools.cutoff.registry import CutoffFile

STUDENTS = CutoffFile(
    "peserta_didik.csv",
    columns=(
        "peserta_didik_id",
        "sekolah_id",
        "nisn",
        "nama",
        "jenis_kelamin",
        "tanggal_lahir",
        "nama_ibu_kandung",
        "tingkat_pendidikan_id",
        "nama_rombel",
        "aktif",
        "nomor_telepon_seluler",
    ),
    optional_columns=("penerima_pip", "soft_delete"),
)
