"""How the rows of a cut-off are judged, with exact answers."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from providers.choices import Eligibility, State
from providers.models import PhoneRecord
from schools.choices import PersonRole
from schools.models import Office, Region, School
from students.models import Student
from teachers.models import Teacher
from tests.factories import PeriodFactory
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch, RowError

from .registers import Register, Row, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def sd(register: Register) -> Row:
    return register.school("20300001")


@pytest.fixture
def other(register: Register) -> Row:
    return register.school("20300002")


def verdict(pupil: Row, school: Row | None = None) -> tuple[str, str, int | None]:
    place = (school or pupil)["sekolah_id"]
    row = Student.objects.get(peserta_didik_id=pupil["peserta_didik_id"], school__sekolah_id=place)
    return row.eligibility, row.other_npsn, row.name_similarity


def eligibility(teacher: Row) -> str:
    return Teacher.objects.get(ptk_id=teacher["ptk_id"], school__sekolah_id=teacher["sekolah_id"]).eligibility


def refused(batch: Batch) -> list[tuple[str, int, str, str]]:
    return list(RowError.objects.filter(batch=batch).in_order().values_list("file", "line", "column", "code"))


def counts(batch: Batch, word: str) -> dict[str, Any]:
    assert batch.status == Status.DONE, batch.error
    return batch.counts[word]


def test_an_ordinary_pupil_is_a_recipient_with_a_ready_number(register: Register, sd: Row, tmp_path: Path) -> None:
    pupil = register.pupil(sd, nomor_telepon_seluler="0812-2600-4001", nama="Siti  Nur'Aini")
    batch = imported(register, tmp_path)
    student = Student.objects.get()
    assert (student.eligibility, student.name, student.name_key) == (Eligibility.OK, "Siti Nur'Aini", "sitinuraini")
    record = student.record
    assert record is not None
    assert str(record.person_id) == pupil["peserta_didik_id"]
    assert (record.number, record.provider_id, record.state) == ("+6281226004001", "TELKOMSEL", State.READY)
    assert (record.grade, record.school, record.ownership, record.cell) == (4, student.school, "", "READY")
    assert counts(batch, "students") == {"read": 1, "recipients": 1, "set_aside": {}}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"aktif": "0"}, Eligibility.INACTIVE),
        ({"nisn": ""}, Eligibility.NISN_MISSING),
        ({"nisn": "-"}, Eligibility.NISN_MISSING),
        ({"nisn": "12345"}, Eligibility.NISN_INVALID),
        ({"nisn": "00123456789"}, Eligibility.NISN_INVALID),
        ({"nisn": "001234567a"}, Eligibility.NISN_INVALID),
        ({"nisn": "'0012345678"}, Eligibility.OK),
        ({"soft_delete": "1", "nisn": ""}, None),
        ({"aktif": "0", "nisn": ""}, Eligibility.INACTIVE),
    ],
)
def test_a_pupils_own_reasons(
    register: Register, sd: Row, tmp_path: Path, changes: dict[str, str], code: str | None
) -> None:
    register.pupil(sd, **changes)
    batch = imported(register, tmp_path)
    aside = counts(batch, "students")["set_aside"]
    if code is None:
        assert aside == {"LEFT": 1}
        assert not Student.objects.exists()
        return
    assert Student.objects.get().eligibility == code
    assert aside == ({} if code == Eligibility.OK else {code: 1})
    assert PhoneRecord.objects.exists() is (code == Eligibility.OK)


@pytest.mark.parametrize(
    ("last_sync", "code"),
    [
        ("", Eligibility.NOT_SYNCED),
        ("2020-06-30 23:59:59", Eligibility.NOT_SYNCED),
        ("2020-07-01 00:00:00", Eligibility.OK),
        ("01/07/2020 00:00", Eligibility.OK),
        ("2020-06-30T17:00:00Z", Eligibility.OK),
        ("0000-00-00", Eligibility.NOT_SYNCED),
        ("9999-12-31 00:00:00", Eligibility.NOT_SYNCED),
        ("kemarin", Eligibility.NOT_SYNCED),
    ],
)
def test_a_school_is_synchronised_from_the_semesters_first_day(
    register: Register, tmp_path: Path, last_sync: str, code: str
) -> None:
    pupil = register.pupil(register.school("20300001", last_sync=last_sync))
    imported(register, tmp_path)
    assert verdict(pupil)[0] == code


def test_the_even_semester_starts_in_january_of_the_next_year(register: Register, tmp_path: Path) -> None:
    late = register.pupil(register.school("20300001", last_sync="2020-12-31 10:00:00"))
    fresh = register.pupil(register.school("20300002", last_sync="2021-01-01 08:00:00"))
    imported(register, tmp_path, semester_id="20202", cutoff_date="2021-02-01")
    assert (verdict(late)[0], verdict(fresh)[0]) == (Eligibility.NOT_SYNCED, Eligibility.OK)


def test_one_pupil_at_two_schools_is_nobodys_recipient(register: Register, sd: Row, other: Row, tmp_path: Path) -> None:
    pupil = register.pupil(sd)
    register.again(other, pupil, peserta_didik_id=pupil["peserta_didik_id"].upper())
    imported(register, tmp_path)
    assert verdict(pupil, sd) == (Eligibility.DUPLICATE_SCHOOL, "20300002", None)
    assert verdict(pupil, other) == (Eligibility.DUPLICATE_SCHOOL, "20300001", None)


def test_an_inactive_row_at_the_old_school_hinders_nobody(
    register: Register, sd: Row, other: Row, tmp_path: Path
) -> None:
    pupil = register.pupil(sd)
    register.again(other, pupil, aktif="0")
    imported(register, tmp_path)
    assert (verdict(pupil, sd)[0], verdict(pupil, other)[0]) == (Eligibility.OK, Eligibility.INACTIVE)
    assert set(Student.objects.values_list("record", flat=True)) == {PhoneRecord.objects.get().pk}


def test_one_nisn_and_the_same_folded_name_and_birth_date_is_one_person(
    register: Register, sd: Row, other: Row, tmp_path: Path
) -> None:
    here = register.pupil(sd, nisn="0109999021", nama="Siti Nur Aini")
    there = register.pupil(other, nisn="0109999021", nama="SITI NUR'AINI")
    imported(register, tmp_path)
    assert verdict(here) == (Eligibility.DUPLICATE_SCHOOL, "20300002", None)
    assert verdict(there) == (Eligibility.DUPLICATE_SCHOOL, "20300001", None)


@pytest.mark.parametrize(
    ("names", "births", "similarity"),
    [
        # mu uh ha am mm ma ad df fa aj ja ar (12) and mu uh ha am ma ad df fa aj jr ri (11), of which 9 are shared.
        (("Muhammad Fajar", "Muhamad Fajri"), ("2010-06-01", "2010-08-11"), 78),
        (("Budi", "Budi"), ("2010-06-01", "2010-06-02"), 100),
        (("Budi", "Wening"), ("2010-06-01", "2010-06-01"), 0),
        (("Budi", "Budi"), ("", ""), 100),
    ],
)
def test_one_nisn_and_two_persons_is_a_conflict(
    register: Register,
    sd: Row,
    other: Row,
    tmp_path: Path,
    names: tuple[str, str],
    births: tuple[str, str],
    similarity: int,
) -> None:
    here = register.pupil(sd, nisn="0109999022", nama=names[0], tanggal_lahir=births[0])
    there = register.pupil(other, nisn="0109999022", nama=names[1], tanggal_lahir=births[1])
    imported(register, tmp_path)
    assert verdict(here) == (Eligibility.NISN_CONFLICT, "20300002", similarity)
    assert verdict(there) == (Eligibility.NISN_CONFLICT, "20300001", similarity)


def test_a_nisn_of_a_whole_crowd_is_judged_in_time(register: Register, sd: Row, tmp_path: Path) -> None:
    for n in range(300):
        register.pupil(sd, nisn="0000000000", nama=f"Anak {n}")
    batch = imported(register, tmp_path)
    assert counts(batch, "students")["set_aside"] == {"NISN_CONFLICT": 300}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, Eligibility.OK),
        ({"jenis_ptk_id": "20"}, Eligibility.OK),
        ({"jenis_ptk_id": "11"}, Eligibility.NOT_TEACHER),
        ({"jenis_ptk_id": ""}, Eligibility.NOT_TEACHER),
        ({"ptk_induk": "0"}, Eligibility.NOT_HOME_SCHOOL),
        ({"ptk_induk": "0", "jenis_ptk_id": "11"}, Eligibility.NOT_HOME_SCHOOL),
        ({"aktif": "0"}, Eligibility.INACTIVE),
    ],
)
def test_teachers(register: Register, sd: Row, tmp_path: Path, changes: dict[str, str], code: str) -> None:
    teacher = register.teacher(sd, **changes)
    imported(register, tmp_path)
    assert eligibility(teacher) == code
    if code == Eligibility.OK:
        record = PhoneRecord.objects.get(role=PersonRole.TEACHER)
        assert (record.ownership, record.state) == ("OWN", State.READY)


def test_a_teacher_whom_two_schools_call_their_own(register: Register, sd: Row, other: Row, tmp_path: Path) -> None:
    teacher = register.teacher(sd)
    register.ptk.append({**teacher, "sekolah_id": other["sekolah_id"]})
    visitor = register.teacher(sd)
    register.ptk.append({**visitor, "sekolah_id": other["sekolah_id"], "ptk_induk": "0"})
    imported(register, tmp_path)
    rows = Teacher.objects.filter(ptk_id=teacher["ptk_id"]).order_by("school__npsn")
    assert [(row.eligibility, row.other_npsn) for row in rows] == [
        (Eligibility.DUPLICATE_SCHOOL, "20300002"),
        (Eligibility.DUPLICATE_SCHOOL, "20300001"),
    ]
    assert eligibility(visitor) == Eligibility.OK


def test_the_current_period_says_who_is_served(register: Register, sd: Row, tmp_path: Path) -> None:
    period = PeriodFactory.create(jenjang=["SD", "SMA"], excludes_pip=True)
    period.packages.filter(role=PersonRole.TEACHER, jenjang="SMA").delete()
    sma, smp = (
        register.school("20300003", bentuk_pendidikan_id="13"),
        register.school("20300004", bentuk_pendidikan_id="6"),
    )
    pupil, aided, unserved = register.pupil(sd), register.pupil(sd, penerima_pip="1"), register.pupil(smp)
    served, without_package = register.teacher(sd), register.teacher(sma)
    imported(register, tmp_path)
    assert [verdict(each)[0] for each in (pupil, aided, unserved)] == ["OK", "RECEIVES_PIP", "NOT_SERVED"]
    assert [eligibility(each) for each in (served, without_package)] == ["OK", "NOT_SERVED"]


def test_rows_that_cannot_be_kept_are_told_with_file_line_and_code(register: Register, sd: Row, tmp_path: Path) -> None:
    register.wilayah.append({"kode_wilayah": "99", "nama": "Antah"})
    register.school("20300009", bentuk_pendidikan_id="9")
    register.school("2030", sekolah_id=str(uuid.uuid4()))
    register.school("20300010", kode_wilayah="999999")
    register.school("20300001", sekolah_id=str(uuid.uuid4()))
    good = register.pupil(sd, nama='Budi "Si\nKecil", S')
    register.pupil(sd, peserta_didik_id="bukan-uuid")
    register.pupil(sd, sekolah_id=str(uuid.uuid4()))
    register.pupil(sd, nama=" ")
    register.pupil(sd, nama="N" * 161)
    register.peserta_didik.append(dict(good))
    batch = imported(register, tmp_path)
    assert refused(batch) == [
        ("peserta_didik.csv", 4, "peserta_didik_id", "ID_INVALID"),
        ("peserta_didik.csv", 5, "sekolah_id", "SCHOOL_UNKNOWN"),
        ("peserta_didik.csv", 6, "nama", "NAME_MISSING"),
        ("peserta_didik.csv", 7, "nama", "VALUE_TOO_LONG"),
        ("peserta_didik.csv", 8, "peserta_didik_id", "DUPLICATE_ROW"),
        ("sekolah.csv", 3, "bentuk_pendidikan_id", "FORM_NOT_OURS"),
        ("sekolah.csv", 4, "npsn", "NPSN_INVALID"),
        ("sekolah.csv", 5, "kode_wilayah", "REGION_UNKNOWN"),
        ("sekolah.csv", 6, "npsn", "NPSN_TAKEN"),
        ("wilayah.csv", 9, "kode_wilayah", "REGION_CODE_INVALID"),
    ]
    assert Student.objects.get().name == 'Budi "Si Kecil", S'
    aside = {code: 1 for _, _, _, code in refused(batch)[:5]}
    assert counts(batch, "students") == {"read": 6, "recipients": 1, "set_aside": aside}


def test_a_row_with_too_few_or_too_many_fields_is_set_aside(register: Register, sd: Row, tmp_path: Path) -> None:
    register.pupil(sd)
    content = register.files()["peserta_didik.csv"]
    header, line = content.splitlines()[:2]
    register.as_they_lie["peserta_didik.csv"] = b"\n".join([header, b"a,b", line, line + b",x", b""])
    batch = imported(register, tmp_path)
    assert refused(batch) == [
        ("peserta_didik.csv", 2, "", "TOO_FEW_FIELDS"),
        ("peserta_didik.csv", 4, "", "TOO_MANY_FIELDS"),
    ]
    assert counts(batch, "students") == {
        "read": 3,
        "recipients": 1,
        "set_aside": {"TOO_FEW_FIELDS": 1, "TOO_MANY_FIELDS": 1},
    }


def test_region_codes_get_their_zero_back_and_offices_are_made(register: Register, tmp_path: Path) -> None:
    for region in register.wilayah:
        region["kode_wilayah"] = region["kode_wilayah"].lstrip("0") or "0"
    register.wilayah.append({"kode_wilayah": "350000", "nama": "Luar Negeri"})
    register.school("20300001", kode_wilayah="32901")
    register.school("20300002", kode_wilayah="03290101")
    register.school("NP751295", kode_wilayah="120301")
    imported(register, tmp_path)
    brebes, village, lampung = School.objects.order_by("npsn")
    assert (brebes.region_id, brebes.regency_code, brebes.province_code) == ("032901", "032900", "030000")
    assert (village.region_id, lampung.npsn) == ("032901", "NP751295")
    assert Region.objects.get(code="032901").parent_id == "032900"
    offices = dict(Office.objects.values_list("scope_code", "is_staffed"))
    assert offices == {"03": True, "0329": True, "12": True, "1203": True, "35": False}
    assert set(Office.objects.get(scope_code="03").jenjang) == {"SMA", "SMK", "SLB"}


def test_a_parent_that_never_came_stands_under_its_code(register: Register, tmp_path: Path) -> None:
    register.wilayah = [each for each in register.wilayah if each["kode_wilayah"] not in ("032900", "000000")]
    pupil = register.pupil(register.school("20300001"))
    imported(register, tmp_path)
    assert Region.objects.get(code="032900").name == "Wilayah 032900"
    assert verdict(pupil)[0] == Eligibility.OK


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2010-03-14", "2010-03-14"),
        ("14-03-2010", "2010-03-14"),
        ("14/3/2010", "2010-03-14"),
        ("2010/03/14", "2010-03-14"),
        ("2010-03-14 00:00:00", "2010-03-14"),
        ("2010-02-31", "None"),
        ("0000-00-00", "None"),
        ("9999-01-01", "None"),
        ("tidak tahu", "None"),
        ("", "None"),
    ],
)
def test_birth_dates(register: Register, sd: Row, tmp_path: Path, typed: str, expected: str) -> None:
    register.pupil(sd, tanggal_lahir=typed)
    imported(register, tmp_path)
    assert str(Student.objects.get().birth_date) == expected


@pytest.mark.parametrize(
    ("typed", "state", "code"),
    [
        ("", State.EMPTY, ""),
        ("--", State.EMPTY, ""),
        ("0824 1234 5678", State.MALFORMED, "NO_PROVIDER"),
        ("021-5551234", State.MALFORMED, "NOT_MOBILE"),
    ],
)
def test_numbers_that_are_none(register: Register, sd: Row, tmp_path: Path, typed: str, state: str, code: str) -> None:
    register.pupil(sd, nomor_telepon_seluler=typed)
    imported(register, tmp_path)
    record = PhoneRecord.objects.get()
    assert (record.typed, record.number, record.provider_id) == (typed, "", None)
    assert (record.state, record.code) == (state, code)


def test_identifiers_in_capitals_and_braces_are_the_same(register: Register, sd: Row, tmp_path: Path) -> None:
    pupil = register.pupil(sd, sekolah_id="{" + sd["sekolah_id"].upper() + "}")
    batch = imported(register, tmp_path)
    pupil["peserta_didik_id"] = "{" + pupil["peserta_didik_id"].upper() + "}"
    again = imported(register, tmp_path)
    assert counts(batch, "students")["recipients"] == 1
    assert again.counts["changes"] == 0
