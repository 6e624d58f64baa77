"""A register made of a few rows, written as a bundle and imported."""

from __future__ import annotations

import csv
import io
import uuid
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from schools.cutoff.handing_in import hand_in_path
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

from . import bundles

NOW = datetime(2020, 9, 12, 1, 0, tzinfo=UTC)
Row = dict[str, str]

_REGIONS = [("000000", "Indonesia"), ("030000", "Jawa Tengah"), ("032900", "Kab. Brebes"), ("032901", "Kec. Salem")]
_REGIONS += [("120000", "Lampung"), ("120300", "Kab. Lampung Utara"), ("120301", "Kec. Bukit Kemuning")]
_HEADERS = {
    "wilayah": "kode_wilayah nama id_level_wilayah mst_kode_wilayah",
    "sekolah": "sekolah_id npsn nama bentuk_pendidikan_id status_sekolah kode_wilayah alamat_jalan nama_kepala_sekolah"
    " nip_kepala_sekolah last_sync soft_delete",
    "peserta_didik": "peserta_didik_id sekolah_id nisn nama jenis_kelamin tanggal_lahir nama_ibu_kandung"
    " tingkat_pendidikan_id nama_rombel aktif nomor_telepon_seluler penerima_pip soft_delete",
    "ptk": "ptk_id sekolah_id nuptk nama jenis_kelamin tanggal_lahir jenis_ptk_id ptk_induk aktif no_hp soft_delete",
}


@dataclass
class Register:
    """The four files as lists of rows; a row may be changed between two imports."""

    wilayah: list[Row] = field(default_factory=lambda: [_region(*each) for each in _REGIONS])
    sekolah: list[Row] = field(default_factory=list)
    peserta_didik: list[Row] = field(default_factory=list)
    ptk: list[Row] = field(default_factory=list)
    serial: count[int] = field(default_factory=lambda: count(1))
    as_they_lie: dict[str, bytes] = field(default_factory=dict)

    def school(self, npsn: str, **changes: str) -> Row:
        """An SD in Kabupaten Brebes that synchronised this semester."""
        row = {
            "sekolah_id": str(uuid.uuid5(uuid.NAMESPACE_OID, npsn)),
            "npsn": npsn,
            "nama": f"SD Negeri {npsn}",
            "bentuk_pendidikan_id": "5",
            "status_sekolah": "1",
            "kode_wilayah": "032901",
            "alamat_jalan": "Jl. Raya 1",
            "nama_kepala_sekolah": "Siti Rahayu",
            "nip_kepala_sekolah": "",
            "last_sync": "2020-09-01 10:00:00",
        }
        return _added(self.sekolah, row, changes)

    def pupil(self, school: Row, **changes: str) -> Row:
        """An active pupil with a NISN, a number and an identity of their own."""
        n = next(self.serial)
        row = {
            "peserta_didik_id": str(uuid.UUID(int=n)),
            "sekolah_id": school["sekolah_id"],
            "nisn": f"00{n:08d}",
            "nama": f"Murid {n}",
            "jenis_kelamin": "P",
            "tanggal_lahir": "2010-03-14",
            "nama_ibu_kandung": "Ibu",
            "tingkat_pendidikan_id": "4",
            "nama_rombel": "4A",
            "aktif": "1",
            "nomor_telepon_seluler": f"08122600{n:04d}",
        }
        return _added(self.peserta_didik, row, changes)

    def teacher(self, school: Row, **changes: str) -> Row:
        """A class teacher at the home school."""
        n = next(self.serial)
        row = {
            "ptk_id": str(uuid.UUID(int=n)),
            "sekolah_id": school["sekolah_id"],
            "nuptk": "",
            "nama": f"Guru {n}",
            "jenis_kelamin": "L",
            "tanggal_lahir": "1980-04-26",
            "jenis_ptk_id": "3",
            "ptk_induk": "1",
            "aktif": "1",
            "no_hp": f"08572600{n:04d}",
        }
        return _added(self.ptk, row, changes)

    def again(self, school: Row, pupil: Row, **changes: str) -> Row:
        """The same pupil at another school."""
        return _added(self.peserta_didik, {**pupil, "sekolah_id": school["sekolah_id"]}, changes)

    def delta(self, **rows: list[Row]) -> Register:
        """A register that holds nothing but these rows."""
        empty: dict[str, list[Row]] = {name: [] for name in _HEADERS}
        return Register(**{**empty, **rows})  # type: ignore[arg-type]

    def files(self) -> dict[str, bytes]:
        """The files' bytes, unless a test says how one lies there."""
        texts = {f"{name}.csv": _text(columns.split(), getattr(self, name)) for name, columns in _HEADERS.items()}
        return texts | self.as_they_lie


def _region(code: str, name: str) -> Row:
    return {"kode_wilayah": code, "nama": name, "id_level_wilayah": "", "mst_kode_wilayah": ""}


def _added(rows: list[Row], row: Row, changes: Row) -> Row:
    rows.append(row | changes)
    return rows[-1]


def _text(columns: list[str], rows: list[Row]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _rows(content: bytes) -> int:
    return sum(1 for _ in csv.reader(io.StringIO(content.decode()))) - 1


def first_register() -> tuple[Register, list[Row], list[Row]]:
    """Three schools with what an import can meet: shared numbers, a conflict, a pupil at two schools, refused rows."""
    register = Register()
    schools = [register.school(f"2030000{n}") for n in (1, 2, 3)]
    pupils = [register.pupil(school) for school in schools for _ in range(3)]
    for pupil in pupils[1:3]:
        pupil["nomor_telepon_seluler"] = "081226004001"
    pupils[4]["nisn"] = pupils[0]["nisn"]
    register.again(schools[2], pupils[3])
    register.pupil(schools[0], nama="")
    register.teacher(schools[1], no_hp="")
    register.teacher(schools[2], no_hp="081226004001")
    return register, schools, pupils


def second_register() -> tuple[Register, list[Row], list[Row]]:
    """The same a week later: moves in both directions, a swap, somebody gone, a repaired conflict, new numbers."""
    register, schools, pupils = first_register()
    pupils[1]["sekolah_id"], pupils[8]["sekolah_id"] = schools[2]["sekolah_id"], schools[0]["sekolah_id"]
    pupils[2]["nisn"], pupils[7]["nisn"] = pupils[7]["nisn"], pupils[2]["nisn"]
    register.peserta_didik.remove(pupils[5])
    pupils[4]["nisn"] = "0099999999"
    pupils[6]["nomor_telepon_seluler"] = "085640010012"
    register.ptk[0]["no_hp"] = "085640010013"
    register.pupil(schools[1])
    schools[0]["kode_wilayah"] = "120301"
    return register, schools, pupils


def folder_of(register: Register, place: Path, **manifest: object) -> Path:
    """The register as a bundle in a folder of its own; a delta holds only the files that have rows."""
    content = register.files()
    if manifest.get("scope") == "delta":
        content = {name: data for name, data in content.items() if data.count(b"\n") > 1}
    listed = [bundles.entry(name, data, rows=_rows(data)) for name, data in content.items()]
    return bundles.folder(place / uuid.uuid4().hex, content, **{"files": listed, **manifest})


def handed_in(register: Register, place: Path, **manifest: object) -> Batch:
    """The same, handed in."""
    return hand_in_path(by=Actor.system("uji"), path=folder_of(register, place, **manifest), now=NOW)


def imported(register: Register, place: Path, **manifest: object) -> Batch:
    """The same, run to its end."""
    batch = handed_in(register, place, **manifest)
    run_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def zipped_delta(register: Register, **manifest: object) -> bytes:
    """The register as the zip of a delta, the same bytes every time; ``sha256`` is a wrong digest in its manifest."""
    digest = {"sha256": manifest.pop("sha256")} if "sha256" in manifest else {}
    content = {name: data for name, data in register.files().items() if data.count(b"\n") > 1}
    listed = [bundles.entry(name, data, rows=_rows(data), **digest) for name, data in content.items()]
    text = bundles.manifest(content, **{"files": listed, "scope": "delta", **manifest})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, data in {**content, "manifest.json": text}.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return packed.getvalue()
