"""The two files of the bundle that belong to the schools (domain.md, "The cut-off bundle")."""

from .registry import CutoffFile, register_file

REGIONS = CutoffFile(
    "wilayah.csv",
    columns=("kode_wilayah", "nama", "id_level_wilayah", "mst_kode_wilayah"),
    optional_columns=("soft_delete",),
)

SCHOOLS = CutoffFile(
    "sekolah.csv",
    columns=(
        "sekolah_id",
        "npsn",
        "nama",
        "bentuk_pendidikan_id",
        "status_sekolah",
        "kode_wilayah",
        "alamat_jalan",
        "nama_kepala_sekolah",
        "nip_kepala_sekolah",
        "last_sync",
    ),
    optional_columns=("soft_delete",),
)


def register() -> None:
    """Make both files known."""
    register_file(REGIONS)
    register_file(SCHOOLS)
