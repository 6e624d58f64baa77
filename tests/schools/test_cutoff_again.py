"""What a second cut-off or a delta does: only what differs moves, and verified numbers stay verified."""

from datetime import timedelta
from pathlib import Path

import pytest

from providers.choices import Eligibility, Ownership, Sharing, Source, Stage, State
from providers.models import Entitlement, PhoneRecord
from schools.choices import ChangeKind
from schools.models import CutoffChange, CutoffRun, Period, School
from schools.tallies import NATION, region_figures
from students.models import Student
from teachers.models import Teacher
from tests.factories import PeriodFactory
from vervalponsel.batches.choices import Status

from .registers import NOW, Register, Row, imported

pytestmark = pytest.mark.django_db

Told = tuple[str, str, str, str, str]


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def sd(register: Register) -> Row:
    return register.school("20300001")


@pytest.fixture
def other(register: Register) -> Row:
    """A second school that has somebody, so that it is told what is new."""
    school = register.school("20300002")
    register.pupil(school)
    return school


def record_of(pupil: Row) -> PhoneRecord:
    return PhoneRecord.objects.get(person_id=pupil["peserta_didik_id"])


def row_of(pupil: Row, school: Row | None = None) -> Student:
    place = (school or pupil)["sekolah_id"]
    return Student.objects.get(peserta_didik_id=pupil["peserta_didik_id"], school__sekolah_id=place)


def told() -> list[Told]:
    """What the newest run told the schools."""
    newest = CutoffRun.objects.order_by("-id").first()
    fields = ("school__npsn", "kind", "code", "other_npsn", "offered")
    return sorted(CutoffChange.objects.filter(run=newest).values_list(*fields))


def a_claim(pupil: Row, period: Period, stage: str = Stage.STATED) -> Entitlement:
    """The pupil's number on a statement."""
    PhoneRecord.objects.filter(person_id=pupil["peserta_didik_id"]).update(
        state=State.ACTIVE, answered_at=NOW, ownership=Ownership.FATHER
    )
    record = record_of(pupil)
    assert record.provider is not None
    claim = Entitlement.objects.create(
        period=period,
        record=record,
        school=record.school,
        role=record.role,
        number=record.number,
        provider=record.provider,
        ownership=record.ownership,
        slot=1,
        stage_at=NOW,
    )
    if stage != Stage.STATED:
        Entitlement.objects.filter(pk=claim.pk).update(stage=Stage.UPLOADED)
    return claim


def test_the_same_bundle_twice_changes_nothing(register: Register, sd: Row, other: Row, tmp_path: Path) -> None:
    pupil, _ = register.pupil(sd), register.teacher(sd)
    register.pupil(sd, nisn="")
    register.again(other, pupil)
    first = imported(register, tmp_path)
    before = list(Student.objects.order_by("id").values()), list(PhoneRecord.objects.order_by("id").values())
    second = imported(register, tmp_path)
    assert first.counts["changes"] == len(register.wilayah) + 2 + 4 + 1
    assert second.counts["changes"] == 0
    assert before == (list(Student.objects.order_by("id").values()), list(PhoneRecord.objects.order_by("id").values()))
    assert {**first.counts, "changes": 0} == second.counts
    assert told() == []


def test_the_same_bundle_after_an_operators_edit_tells_and_changes_nothing(
    register: Register, sd: Row, tmp_path: Path
) -> None:
    pupil = register.pupil(sd)
    imported(register, tmp_path)
    edited = {"number": "+6285640010012", "typed": "085640010012", "provider": "INDOSAT", "source": Source.EDITED}
    PhoneRecord.objects.update(**edited, edited_at=NOW)
    assert imported(register, tmp_path).counts["changes"] == 0
    assert told() == []
    assert record_of(pupil).number == "+6285640010012"


def test_a_later_number_is_listed_and_not_applied(register: Register, sd: Row, tmp_path: Path) -> None:
    pupil = register.pupil(sd)
    imported(register, tmp_path)
    PhoneRecord.objects.update(state=State.ACTIVE, answered_at=NOW)
    pupil["nomor_telepon_seluler"] = "085640010012"
    batch = imported(register, tmp_path, cutoff_date="2020-09-20")
    assert (record_of(pupil).number, record_of(pupil).state) == ("+628122600" + "0001", State.ACTIVE)
    assert told() == [("20300001", ChangeKind.NUMBER_DIFFERS, "", "", "085640010012")]
    assert batch.counts["changes"] == 1
    assert imported(register, tmp_path, cutoff_date="2020-09-21").counts["changes"] == 0
    assert told() == []


def test_an_empty_number_never_edited_is_filled(register: Register, sd: Row, tmp_path: Path) -> None:
    filled, emptied = (register.pupil(sd, nomor_telepon_seluler="") for _ in range(2))
    imported(register, tmp_path)
    PhoneRecord.objects.filter(person_id=emptied["peserta_didik_id"]).update(edited_at=NOW)
    filled["nomor_telepon_seluler"], emptied["nomor_telepon_seluler"] = "085640010012", "085640010013"
    imported(register, tmp_path, cutoff_date="2020-09-20")
    assert (record_of(filled).number, record_of(filled).state) == ("+6285640010012", State.READY)
    assert record_of(emptied).state == State.EMPTY
    assert told() == [
        ("20300001", ChangeKind.NUMBER_DIFFERS, "", "", "085640010013"),
        ("20300001", ChangeKind.NUMBER_SUPPLIED, "", "", "085640010012"),
    ]


@pytest.mark.parametrize("reverse", [False, True])
def test_who_moves_keeps_the_number_and_the_statement(
    register: Register, sd: Row, other: Row, tmp_path: Path, reverse: bool
) -> None:
    period = PeriodFactory.create()
    source, target = (other, sd) if reverse else (sd, other)
    register.pupil(sd)
    pupil = register.pupil(source)
    imported(register, tmp_path)
    claim = a_claim(pupil, period)
    pupil["sekolah_id"] = target["sekolah_id"]
    imported(register, tmp_path, cutoff_date="2020-09-20")
    record = record_of(pupil)
    claim.refresh_from_db()
    assert (record.school.npsn, record.state, record.stage) == (target["npsn"], State.ACTIVE, Stage.STATED)
    assert (claim.stage, claim.school.npsn) == (Stage.STATED, source["npsn"])
    assert told() == sorted(
        [
            (source["npsn"], ChangeKind.MOVED_OUT, "", target["npsn"], ""),
            (target["npsn"], ChangeKind.MOVED_IN, "", source["npsn"], ""),
        ]
    )
    assert Student.objects.filter(eligibility=Eligibility.LEFT).count() == 1


@pytest.mark.parametrize("stage", [Stage.STATED, Stage.UPLOADED])
def test_who_leaves_is_taken_out_of_the_statement(register: Register, sd: Row, tmp_path: Path, stage: str) -> None:
    period = PeriodFactory.create()
    register.pupil(sd)
    pupil = register.pupil(sd)
    imported(register, tmp_path)
    claim = a_claim(pupil, period, stage)
    register.peserta_didik.remove(pupil)
    batch = imported(register, tmp_path, cutoff_date="2020-09-20")
    claim.refresh_from_db()
    assert (claim.stage, claim.code) == (Stage.DROPPED, Eligibility.LEFT)
    record, row = record_of(pupil), row_of(pupil)
    assert (record.eligibility, record.cell, record.stage) == (Eligibility.LEFT, "OUT", "")
    assert (row.eligibility, row.has_left) == (Eligibility.LEFT, True)
    assert told() == [("20300001", ChangeKind.LEFT, "", "", "")]
    assert (batch.counts["changes"], batch.counts["students"]["recipients"]) == (1, 1)


def test_new_pupils_enter_and_others_change_their_eligibility(register: Register, sd: Row, tmp_path: Path) -> None:
    pupil = register.pupil(sd)
    imported(register, tmp_path)
    register.pupil(sd)
    register.pupil(sd, nisn="")
    pupil["aktif"] = "0"
    imported(register, tmp_path, cutoff_date="2020-09-20")
    assert told() == [
        ("20300001", ChangeKind.ELIGIBILITY, Eligibility.INACTIVE, "", ""),
        ("20300001", ChangeKind.ELIGIBILITY, Eligibility.NISN_MISSING, "", ""),
        ("20300001", ChangeKind.ENTERED, "", "", ""),
    ]


def test_two_pupils_who_swap_their_nisn_at_two_schools(register: Register, sd: Row, other: Row, tmp_path: Path) -> None:
    here, there = register.pupil(sd), register.pupil(other)
    imported(register, tmp_path)
    here["nisn"], there["nisn"] = there["nisn"], here["nisn"]
    batch = imported(register, tmp_path, cutoff_date="2020-09-20")
    assert batch.status == Status.DONE
    assert [row_of(each).nisn for each in (here, there)] == [here["nisn"], there["nisn"]]
    assert set(Student.objects.values_list("eligibility", flat=True)) == {Eligibility.OK}


def test_a_delta_that_repairs_an_identity_frees_the_partner(
    register: Register, sd: Row, other: Row, tmp_path: Path
) -> None:
    here = register.pupil(sd, nisn="0109999022", nama="Muhammad Fajar")
    there = register.pupil(other, nisn="0109999022", nama="Muhamad Fajri")
    imported(register, tmp_path)
    assert not PhoneRecord.objects.filter(person_id=here["peserta_didik_id"]).exists()
    repaired = {**there, "nisn": "0109999099"}
    batch = imported(register.delta(peserta_didik=[repaired]), tmp_path, scope="delta", cutoff_date="2020-09-12")
    assert [row_of(each).eligibility for each in (here, there)] == [Eligibility.OK, Eligibility.OK]
    assert (row_of(here).other_npsn, row_of(here).name_similarity) == ("", None)
    assert record_of(here).state == State.READY
    assert batch.counts["changes"] == 2
    assert batch.counts["students"] == {"read": 1, "recipients": 1, "set_aside": {}}
    assert told() == [
        ("20300001", ChangeKind.ELIGIBILITY, Eligibility.OK, "", ""),
        ("20300002", ChangeKind.ELIGIBILITY, Eligibility.OK, "", ""),
    ]


def test_a_delta_that_makes_a_conflict_takes_both_out(register: Register, sd: Row, other: Row, tmp_path: Path) -> None:
    here = register.pupil(sd)
    imported(register, tmp_path)
    newcomer = register.pupil(other, nisn=here["nisn"])
    imported(register.delta(peserta_didik=[newcomer]), tmp_path, scope="delta", cutoff_date="2020-09-12")
    assert [row_of(each).eligibility for each in (here, newcomer)] == [Eligibility.NISN_CONFLICT] * 2
    assert record_of(here).eligibility == Eligibility.NISN_CONFLICT


def test_a_delta_of_the_double_registration_frees_the_other_school(
    register: Register, sd: Row, other: Row, tmp_path: Path
) -> None:
    pupil = register.pupil(sd)
    register.again(other, pupil)
    imported(register, tmp_path)
    gone = {"peserta_didik_id": pupil["peserta_didik_id"], "sekolah_id": other["sekolah_id"], "soft_delete": "1"}
    imported(register.delta(peserta_didik=[gone]), tmp_path, scope="delta", cutoff_date="2020-09-12")
    assert row_of(pupil, sd).eligibility == Eligibility.OK
    left = row_of(pupil, other)
    assert (left.eligibility, left.has_left, left.name) == (Eligibility.LEFT, True, pupil["nama"])


def test_a_delta_with_a_schools_synchronisation_frees_all_its_people(register: Register, tmp_path: Path) -> None:
    silent = register.school("20300005", last_sync="")
    pupil, _ = register.pupil(silent), register.teacher(silent)
    imported(register, tmp_path)
    assert row_of(pupil).eligibility == Eligibility.NOT_SYNCED
    delta = register.delta(sekolah=[{**silent, "last_sync": "2020-09-11 20:00:00"}])
    imported(delta, tmp_path, scope="delta", cutoff_date="2020-09-12")
    assert row_of(pupil).eligibility == Eligibility.OK
    assert Teacher.objects.get().eligibility == Eligibility.OK
    assert record_of(pupil).number == "+6281226000001"


def test_a_delta_that_takes_a_school_away_frees_whom_its_people_collided_with(
    register: Register, sd: Row, other: Row, tmp_path: Path
) -> None:
    alone, twice, conflict = (register.pupil(other) for _ in range(3))
    register.again(sd, twice)
    theirs = register.pupil(sd, nisn=conflict["nisn"], nama="Nama Lain")
    teacher = register.teacher(other)
    register.ptk.append({**teacher, "sekolah_id": sd["sekolah_id"]})
    imported(register, tmp_path)
    assert {row_of(twice, sd).eligibility, row_of(theirs).eligibility} == {
        Eligibility.DUPLICATE_SCHOOL,
        Eligibility.NISN_CONFLICT,
    }
    gone = register.delta(sekolah=[{**other, "soft_delete": "1"}])
    imported(gone, tmp_path, scope="delta", cutoff_date="2020-09-12")
    assert School.objects.get(npsn=other["npsn"]).has_left
    assert [row_of(pupil, other).eligibility for pupil in (alone, twice, conflict)] == [Eligibility.LEFT] * 3
    freed = [row_of(twice, sd), row_of(theirs), Teacher.objects.get(school__npsn=sd["npsn"])]
    assert [(row.eligibility, row.other_npsn) for row in freed] == [(Eligibility.OK, "")] * 3
    assert Teacher.objects.get(school__npsn=other["npsn"]).eligibility == Eligibility.LEFT

    imported(register.delta(sekolah=[other]), tmp_path, scope="delta", cutoff_date="2020-09-13")
    assert row_of(alone).eligibility == Eligibility.OK
    assert row_of(theirs).eligibility == row_of(conflict).eligibility == Eligibility.NISN_CONFLICT
    for school in (sd, other):
        assert row_of(twice, school).eligibility == Eligibility.DUPLICATE_SCHOOL
        assert Teacher.objects.get(school__npsn=school["npsn"]).eligibility == Eligibility.DUPLICATE_SCHOOL


def test_what_a_delta_does_not_name_stays(register: Register, sd: Row, other: Row, tmp_path: Path) -> None:
    pupil = register.pupil(sd)
    imported(register, tmp_path)
    imported(register.delta(peserta_didik=[{**pupil, "nama_rombel": "5A"}]), tmp_path, scope="delta")
    assert not Student.objects.filter(has_left=True).exists()
    assert not School.objects.filter(has_left=True).exists()
    assert row_of(pupil).class_name == "5A"


def test_a_province_speaks_of_itself_only(register: Register, sd: Row, tmp_path: Path) -> None:
    lampung = register.school("20300007", kode_wilayah="120301")
    here, there = register.pupil(sd), register.pupil(lampung)
    imported(register, tmp_path)
    register.peserta_didik.remove(here)
    stranger = register.pupil(lampung)
    batch = imported(register, tmp_path, scope="province:03", cutoff_date="2020-09-20")
    assert row_of(here).eligibility == Eligibility.LEFT
    assert row_of(there).eligibility == Eligibility.OK
    assert not Student.objects.filter(peserta_didik_id=stranger["peserta_didik_id"]).exists()
    assert batch.counts["students"]["set_aside"] == {"OUT_OF_SCOPE": 2}
    assert batch.counts["schools"]["set_aside"] == {"OUT_OF_SCOPE": 1}
    assert not School.objects.filter(has_left=True).exists()


def test_a_conflict_across_provinces_is_seen_by_a_provinces_cutoff(register: Register, sd: Row, tmp_path: Path) -> None:
    lampung = register.school("20300007", kode_wilayah="120301")
    there = register.pupil(lampung)
    imported(register, tmp_path)
    here = register.pupil(sd, nisn=there["nisn"])
    imported(register, tmp_path, scope="province:03", cutoff_date="2020-09-20")
    assert [row_of(each).eligibility for each in (here, there)] == [Eligibility.NISN_CONFLICT] * 2


def test_a_refused_row_leaves_its_person_as_they_were(register: Register, sd: Row, tmp_path: Path) -> None:
    pupil = register.pupil(sd)
    imported(register, tmp_path)
    pupil["nama"] = ""
    rival = register.pupil(sd, nisn=pupil["nisn"])
    imported(register, tmp_path, cutoff_date="2020-09-20")
    assert row_of(pupil).name == "Murid 1"
    assert [row_of(each).eligibility for each in (pupil, rival)] == [Eligibility.NISN_CONFLICT] * 2


def test_a_school_that_left_and_one_that_was_entered_anew(
    register: Register, sd: Row, other: Row, tmp_path: Path
) -> None:
    pupil = register.pupil(sd)
    imported(register, tmp_path)
    register.sekolah.remove(other)
    register.peserta_didik = [pupil]
    sd["sekolah_id"] = pupil["sekolah_id"] = "0b7c5a52-7d0e-4f0c-9f3a-6d1c0e2a9b11"
    batch = imported(register, tmp_path, cutoff_date="2020-09-20")
    assert School.objects.get(npsn="20300002").has_left
    assert str(School.objects.get(npsn="20300001").sekolah_id) == sd["sekolah_id"]
    assert row_of(pupil).eligibility == Eligibility.OK
    assert batch.counts["schools"] == {"read": 1, "recipients": 1, "set_aside": {}}


def test_an_older_bundle_is_refused(register: Register, sd: Row, tmp_path: Path) -> None:
    register.pupil(sd)
    imported(register, tmp_path, cutoff_date="2020-09-20")
    for scope in ("nation", "province:03", "delta"):
        batch = imported(register, tmp_path, cutoff_date="2020-09-19", scope=scope)
        assert batch.status == Status.REFUSED
        assert "lebih tua" in batch.error
    assert imported(register, tmp_path, cutoff_date="2020-09-20").status == Status.DONE


def test_a_province_is_not_older_than_another_one(register: Register, sd: Row, tmp_path: Path) -> None:
    imported(register, tmp_path, cutoff_date="2020-09-20", scope="province:12")
    assert imported(register, tmp_path, cutoff_date="2020-09-19", scope="province:03").status == Status.DONE


def test_a_refused_bundle_leaves_nothing(register: Register, sd: Row, tmp_path: Path) -> None:
    register.pupil(sd)
    listed = [{"name": "sekolah.csv", "rows": 1, "sha256": "0" * 64}]
    batch = imported(register, tmp_path, files=listed, scope="delta")
    assert batch.status == Status.REFUSED
    assert not School.objects.exists()
    assert not CutoffRun.objects.exists()


def test_sharers_are_counted_and_figures_folded(register: Register, sd: Row, tmp_path: Path) -> None:
    PeriodFactory.create(sharing_confirm_above=1, sharing_max=2)
    shared = [register.pupil(sd, nomor_telepon_seluler="081226004001") for _ in range(2)]
    crowd = [register.pupil(sd, nomor_telepon_seluler="085740010099") for _ in range(3)]
    alone = register.pupil(sd)
    register.pupil(sd, nisn="")
    imported(register, tmp_path)
    assert [(record_of(each).share_count, record_of(each).sharing) for each in (alone, shared[0], crowd[0])] == [
        (1, Sharing.NONE),
        (2, Sharing.TO_CONFIRM),
        (3, Sharing.STOPPED),
    ]
    figures = region_figures(NATION).by("metric", role="STUDENT")
    assert figures == {"SHARED_STOPPED": 3, "SHARED_TO_CONFIRM": 2, "READY": 1, "OUT:NISN_MISSING": 1}
    joins = register.pupil(sd, nomor_telepon_seluler="081226004001")
    imported(register, tmp_path, cutoff_date="2020-09-20")
    assert record_of(joins).sharing == record_of(shared[0]).sharing == Sharing.STOPPED


def test_a_school_that_moves_takes_its_figures_along(register: Register, sd: Row, tmp_path: Path) -> None:
    register.pupil(sd)
    imported(register, tmp_path)
    sd["kode_wilayah"] = "120301"
    imported(register, tmp_path, cutoff_date="2020-09-20")
    assert region_figures("032900").by("metric") == {}
    assert region_figures("120300").by("metric") == {"READY": 1}


def test_what_was_answered_long_ago_stays_answered(register: Register, sd: Row, tmp_path: Path) -> None:
    pupil = register.pupil(sd)
    imported(register, tmp_path)
    answered = NOW - timedelta(days=400)
    PhoneRecord.objects.update(state=State.GRACE, answered_at=answered)
    pupil["nama_rombel"], pupil["tingkat_pendidikan_id"] = "5A", "5"
    imported(register, tmp_path, cutoff_date="2020-09-20")
    record = record_of(pupil)
    assert (record.state, record.answered_at, record.grade) == (State.GRACE, answered, 5)
