"""Small bundles for tests, right ones and wrong ones."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

SEKOLAH_ID = "0b7c5a52-7d0e-4f0c-9f3a-6d1c0e2a9b11"

REGIONS = (
    "kode_wilayah,nama,id_level_wilayah,mst_kode_wilayah\n000000,Indonesia,0,\n030000,Prov. Jawa Tengah,1,000000\n"
)
SCHOOLS = (
    "sekolah_id,npsn,nama,bentuk_pendidikan_id,status_sekolah,kode_wilayah,alamat_jalan,nama_kepala_sekolah,"
    "nip_kepala_sekolah,last_sync\n"
    f'{SEKOLAH_ID},20326541,SD Negeri 1,5,1,032901,"Jl. Pemuda 1, RT 1","Ani, S.Pd.",,2020-09-01 10:00:00\n'
)
STUDENTS = (
    "peserta_didik_id,sekolah_id,nisn,nama,jenis_kelamin,tanggal_lahir,nama_ibu_kandung,tingkat_pendidikan_id,"
    "nama_rombel,aktif,nomor_telepon_seluler\n"
    f"c3b7c5a5-7d0e-4f0c-9f3a-6d1c0e2a9b12,{SEKOLAH_ID},0081234567,Rizky,L,2008-04-12,Sri,6,6A,1,081226004001\n"
    f"c3b7c5a5-7d0e-4f0c-9f3a-6d1c0e2a9b13,{SEKOLAH_ID},0081234568,Putri,P,2008-05-12,Dewi,6,6A,1,\n"
)
TEACHERS = (
    "ptk_id,sekolah_id,nuptk,nama,jenis_kelamin,tanggal_lahir,jenis_ptk_id,ptk_induk,aktif,no_hp\n"
    f"d3b7c5a5-7d0e-4f0c-9f3a-6d1c0e2a9b14,{SEKOLAH_ID},,Sri Wahyuni,P,1980-04-26,3,1,1,081226004001\n"
)


def files(**changes: str | bytes | None) -> dict[str, bytes]:
    """The four files; a change names one without its ending (``ptk=…``), None leaves it out."""
    content: dict[str, str | bytes | None] = {
        "wilayah": REGIONS,
        "sekolah": SCHOOLS,
        "peserta_didik": STUDENTS,
        "ptk": TEACHERS,
    }
    content |= changes
    return {
        f"{name}.csv": text.encode() if isinstance(text, str) else text
        for name, text in content.items()
        if text is not None
    }


def entry(name: str, content: bytes, **changes: Any) -> dict[str, Any]:
    """The manifest's entry of a file; rows are the lines of its bytes but one, unless a change says otherwise."""
    rows = max(0, content.count(b"\n") - 1)
    return {"name": name, "rows": rows, "sha256": hashlib.sha256(content).hexdigest()} | changes


def manifest(content: dict[str, bytes], **changes: Any) -> bytes:
    """The text of a manifest for these files."""
    values = {
        "schema_version": 1,
        "cutoff_date": "2020-09-11",
        "semester_id": "20201",
        "scope": "nation",
        "files": [entry(name, data) for name, data in content.items()],
    }
    return json.dumps({key: value for key, value in (values | changes).items() if value is not ...}).encode()


def folder(place: Path, content: dict[str, bytes] | None = None, **changes: Any) -> Path:
    """Write a bundle as a folder; ``changes`` are the manifest's."""
    content = files() if content is None else content
    place.mkdir(exist_ok=True)
    for name, data in content.items():
        (place / name).write_bytes(data)
    (place / "manifest.json").write_bytes(manifest(content, **changes))
    return place


def zipped(place: Path, content: dict[str, bytes] | None = None, prefix: str = "") -> Path:
    """Write a bundle as a zip."""
    content = files() if content is None else content
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**content, "manifest.json": manifest(content)}.items():
            archive.writestr(prefix + name, data)
    return place
