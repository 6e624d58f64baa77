"""Figures are exact at every commit, folded or not, at every level."""

import pytest

from providers.choices import Eligibility, Ownership, State
from providers.models import PhoneRecord
from schools import tallies
from schools.choices import Jenjang
from schools.models import Rollup, School, Tally, TallyDelta
from tests.factories import RecordFactory, SchoolFactory, StudentFactory, a_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def schools() -> list[School]:
    return [
        SchoolFactory.create(district="032901"),
        SchoolFactory.create(district="032801", jenjang=Jenjang.SMP),
        SchoolFactory.create(district="120301"),
    ]


def by_cell(figures: tallies.Figures) -> dict[str, int]:
    return figures.by("metric")


def test_figures_are_exact_before_during_and_after_folding(schools):
    RecordFactory.create_batch(3, school=schools[0], ownership="")
    assert by_cell(tallies.school_figures(schools[0].pk)) == {"USABLE": 3, "OWNERSHIP_MISSING": 3}
    assert tallies.fold() > 0
    PhoneRecord.objects.filter(pk__in=PhoneRecord.objects.values("pk")[:1]).update(ownership=Ownership.FATHER)
    assert by_cell(tallies.school_figures(schools[0].pk)) == {"USABLE": 3, "OWNERSHIP_MISSING": 2}
    tallies.fold()
    assert by_cell(tallies.school_figures(schools[0].pk)) == {"USABLE": 3, "OWNERSHIP_MISSING": 2}
    assert not TallyDelta.objects.exists()


@pytest.mark.parametrize("folded", [True, False])
def test_regions_are_the_sums_of_their_schools(schools, folded):
    for school in schools:
        RecordFactory.create_batch(2, school=school)
        RecordFactory.empty(school=school)
    if folded:
        tallies.fold()
    assert by_cell(tallies.region_figures()) == {"USABLE": 6, "EMPTY": 3}
    assert by_cell(tallies.region_figures("030000")) == {"USABLE": 4, "EMPTY": 2}
    assert by_cell(tallies.region_figures("032900")) == {"USABLE": 2, "EMPTY": 1}
    assert by_cell(tallies.region_figures("030000", [Jenjang.SMP])) == {"USABLE": 2, "EMPTY": 1}
    assert {code: f.total("USABLE") for code, f in tallies.figures_below("000000").items()} == {
        "030000": 4,
        "120000": 2,
    }
    assert set(tallies.figures_below("030000")) == {"032900", "032800"}
    assert {pk: f.total("EMPTY") for pk, f in tallies.figures_of_schools([s.pk for s in schools]).items()} == {
        school.pk: 1 for school in schools
    }


@pytest.mark.parametrize("folded", [True, False])
def test_parts_are_told_by_role_and_metric_alone_so_that_a_page_reads_hundreds_of_rows(schools, folded):
    RecordFactory.create_batch(2, school=schools[0])
    RecordFactory.create(school=schools[1], role="TEACHER", provider=a_provider("XL"))
    RecordFactory.create(school=schools[1], role="TEACHER")
    if folded:
        tallies.fold()
    java = tallies.figures_below("000000")["030000"]
    assert {(row.role, row.metric, row.n) for row in java.rows} == {("STUDENT", "USABLE", 2), ("TEACHER", "USABLE", 2)}
    assert (java.total("USABLE"), java.total("USABLE", role="TEACHER"), java.total("EMPTY")) == (4, 2, 0)
    assert tallies.figures_below("000000", [Jenjang.SMP])["030000"].total("USABLE") == 2


def test_a_move_to_another_school_moves_the_figures(schools):
    record = RecordFactory.create(school=schools[0])
    tallies.fold()
    record.school = schools[2]
    record.save(update_fields=["school"])
    assert tallies.school_figures(schools[0].pk).rows == []
    assert by_cell(tallies.region_figures("120000")) == {"USABLE": 1}


def test_who_is_left_out_counts_by_reason_and_not_in_a_cell(schools):
    student = StudentFactory.create(school=schools[0])
    assert by_cell(tallies.school_figures(schools[0].pk)) == {"USABLE": 1}
    PhoneRecord.objects.filter(students=student).update(eligibility=Eligibility.NISN_CONFLICT)
    type(student).objects.filter(pk=student.pk).update(eligibility=Eligibility.NISN_CONFLICT)
    assert by_cell(tallies.school_figures(schools[0].pk)) == {"OUT:NISN_CONFLICT": 1}
    type(student).objects.filter(pk=student.pk).update(eligibility=Eligibility.LEFT)
    assert by_cell(tallies.school_figures(schools[0].pk)) == {}


def test_providers_are_told_apart(schools):
    RecordFactory.create(school=schools[0])
    RecordFactory.create(school=schools[0], number="", state=State.EMPTY)
    assert tallies.school_figures(schools[0].pk).by("provider") == {"TELKOMSEL": 1, "": 1}


def test_rollups_follow_a_school_that_changed_its_region(schools):
    RecordFactory.create(school=schools[0])
    tallies.fold()
    School.objects.filter(pk=schools[0].pk).update(regency_code="120300", province_code="120000")
    tallies.rebuild_rollups()
    assert by_cell(tallies.region_figures("030000")) == {}
    assert by_cell(tallies.region_figures("120300")) == {"USABLE": 1}


def test_folding_twice_counts_once(schools):
    RecordFactory.create(school=schools[0])
    tallies.fold()
    before = list(Tally.objects.order_by("pk").values()), list(Rollup.objects.order_by("pk").values())
    assert tallies.fold() == 0
    assert (list(Tally.objects.order_by("pk").values()), list(Rollup.objects.order_by("pk").values())) == before
