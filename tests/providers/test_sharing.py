"""How many recipients share a number: counted, judged by two thresholds, and the crowded ones kept in a list."""

from collections import Counter
from datetime import datetime

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from providers.choices import Eligibility, Sharing, Stage
from providers.models import Entitlement, PhoneRecord, SharedNumber
from providers.shared_numbers import Limits, change_limits
from providers.sharing import recount_requested
from schools.models import Period
from tests.factories import PeriodFactory, RecordFactory, SchoolFactory, pusdatin
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.models import Event
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

from .test_claims import claim

pytestmark = pytest.mark.django_db
NUMBERS = [f"+62813791405{i:02}" for i in range(3)]
ROBOT = Actor.system("uji")

people = st.lists(
    st.tuples(st.sampled_from(NUMBERS), st.integers(0, 2), st.booleans(), st.booleans()), min_size=1, max_size=22
)


def wanted(record: PhoneRecord, sharers: Counter[str], period: Period) -> tuple[int, str]:
    """The plain rule for one record."""
    n = sharers[record.number]
    judged = Limits.of(period).judge(n)
    confirmed = judged == Sharing.TO_CONFIRM and record.sharing_confirmed_at is not None
    return n, Sharing.NONE if confirmed else judged


def is_right(period: Period) -> None:
    """Every record, and the kept list, as counting afresh would have it."""
    every = list(PhoneRecord.objects.exclude(number="").select_related("school"))
    eligible = [record for record in every if record.eligibility == Eligibility.OK]
    sharers = Counter(record.number for record in eligible)
    for record in every:
        assert (record.share_count, record.sharing) == wanted(record, sharers, period)
    kept = {row.number: (row.recipients, row.schools, row.regencies) for row in SharedNumber.objects.all()}
    assert kept == {
        number: (
            n,
            len({r.school_id for r in eligible if r.number == number}),
            len({r.school.regency_code for r in eligible if r.number == number}),
        )
        for number, n in sharers.items()
        if n >= SharedNumber.KEPT_FROM
    }


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(people, people, st.tuples(st.integers(1, 5), st.integers(0, 5)))
def test_counts_and_judgements_are_those_of_counting_afresh(
    now: datetime, first: list, second: list, limits: tuple[int, int]
) -> None:
    """After entering, after changes of every kind, and after the thresholds have changed."""
    Batch.objects.all().delete()
    for model in (SharedNumber, PhoneRecord, Period):
        model.objects.all().delete()
    period = PeriodFactory.create(sharing_confirm_above=2, sharing_max=4)
    schools = [SchoolFactory.create(district=code) for code in ("032901", "032901", "120301")]
    records = [
        RecordFactory.create(
            number=number,
            school=schools[place],
            eligibility=Eligibility.OK if is_recipient else Eligibility.LEFT,
            sharing_confirmed_at=now if confirmed else None,
        )
        for number, place, is_recipient, confirmed in first
    ]
    recount_requested(now=now)
    is_right(period)

    for record, (number, place, is_recipient, confirmed) in zip(records, second, strict=False):
        record.number, record.school = number, schools[place]
        record.eligibility = Eligibility.OK if is_recipient else Eligibility.LEFT
        record.sharing_confirmed_at = now if confirmed else None
        record.save(update_fields=["number", "school", "eligibility", "sharing_confirmed_at"])
    recount_requested(now=now)
    is_right(period)

    batch = change_limits(by=ROBOT, period=period, confirm_above=limits[0], most=sum(limits), now=now)
    if batch:
        run_batch(batch.pk)
    is_right(Period.objects.get(pk=period.pk))


def test_smaller_limits_are_judged_by_a_batch_and_drop_claims(now: datetime) -> None:
    period = PeriodFactory.create(sharing_confirm_above=3, sharing_max=10)
    records = [RecordFactory.create(number=NUMBERS[0]) for _ in range(3)]
    recount_requested(now=now)
    held = claim(records[0], period)

    batch = change_limits(by=ROBOT, period=period, confirm_above=1, most=2, now=now)
    assert batch
    run_batch(batch.pk)

    assert set(PhoneRecord.objects.values_list("sharing", flat=True)) == {Sharing.STOPPED}
    dropped = Entitlement.objects.get(pk=held.pk)
    assert (dropped.stage, dropped.code) == (Stage.DROPPED, "SHARED_STOPPED")
    assert Event.objects.of(period).get(action="period.changed").after == {
        "sharing_confirm_above": 1,
        "sharing_max": 2,
    }
    assert change_limits(by=ROBOT, period=period, confirm_above=1, most=2, now=now) is None


# --- Pusdatin's page ------------------------------------------------------------------------------------------------


@pytest.fixture
def nation(client: Client) -> Client:
    client.force_login(pusdatin().user)  # type: ignore[arg-type]
    return client


@pytest.fixture
def crowd(now: datetime) -> SharedNumber:
    """Eleven use one number, four another, three a third."""
    PeriodFactory.create()
    one, two = SchoolFactory.create(name="SD Satu"), SchoolFactory.create(name="SD Dua", district="120301")
    for number, school, n in ((0, one, 8), (0, two, 3), (1, one, 4), (2, one, 3)):
        RecordFactory.create_batch(n, number=NUMBERS[number], school=school)
    recount_requested(now=now)
    return SharedNumber.objects.get(number=NUMBERS[0])


def test_the_worst_come_first_and_masked(nation: Client, crowd: SharedNumber) -> None:
    page = nation.get("/kelola/nomor-bersama/").content.decode()
    assert "<strong>1 nomor dipakai terlalu banyak penerima.</strong>" in page
    assert page.count('<th scope="row"') == 2
    assert page.index("11") < page.index("Perlu ditegaskan")
    assert "0813-••••-0500" in page
    assert "79140500" not in page

    only = nation.get("/kelola/nomor-bersama/?penilaian=STOPPED").content.decode()
    assert only.count('<th scope="row"') == 1


def test_a_number_leads_to_the_schools_concerned(nation: Client, crowd: SharedNumber) -> None:
    page = nation.get(f"/kelola/nomor-bersama/{crowd.pk}/").content.decode()
    assert "Dipakai 11 penerima di 2 sekolah, 2 kab/kota." in page
    assert page.index("SD Satu") < page.index("SD Dua")
    assert "Wilayah 120300" in page
    assert "79140500" not in page


def test_both_lists_can_be_taken_away(nation: Client, crowd: SharedNumber, tmp_path) -> None:
    for where, rows in (("", 3), (f"{crowd.pk}/", 3)):
        text = nation.get(f"/kelola/nomor-bersama/{where}csv/").getvalue().decode()
        assert len(text.splitlines()) == rows
        book = tmp_path / "daftar.xlsx"
        book.write_bytes(nation.get(f"/kelola/nomor-bersama/{where}xlsx/").getvalue())
        cells = list(load_workbook(book).worksheets[0].iter_rows(values_only=True))
        assert len(cells) == rows
        assert "79140500" not in f"{text}{cells}"
    assert isinstance(cells[1][0], str), "an NPSN is no number"


def test_limits_are_changed_on_a_page(nation: Client, crowd: SharedNumber) -> None:
    wrong = nation.post("/kelola/nomor-bersama/batas/", {"sharing_confirm_above": 5, "sharing_max": 4})
    assert wrong.status_code == 422
    answer = nation.post("/kelola/nomor-bersama/batas/", {"sharing_confirm_above": 4, "sharing_max": 12})
    batch = Batch.objects.get(kind="judge-sharing")
    assert answer.headers["Location"].endswith(f"/{batch.pk}/")
    run_batch(batch.pk)
    page = nation.get("/kelola/nomor-bersama/").content.decode()
    assert "Tidak ada nomor yang dipakai terlalu banyak penerima" in page
    assert page.count('<th scope="row"') == 1
    assert PhoneRecord.objects.filter(number=NUMBERS[1], sharing=Sharing.NONE).count() == 4
