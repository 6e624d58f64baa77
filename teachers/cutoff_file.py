"""The file of the bundle that holds teachers and other staff."""

from schools.cutoff.registry import CutoffFile

TEACHERS = CutoffFile(
    "ptk.csv",
    columns=(
        "ptk_id",
        "sekolah_id",
        "nuptk",
        "nama",
        "jenis_kelamin",
        "tanggal_lahir",
        "jenis_ptk_id",
        "ptk_induk",
        "aktif",
        "no_hp",
    ),
    optional_columns=("soft_delete",),
)
