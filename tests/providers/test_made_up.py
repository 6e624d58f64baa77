"""Numbers that look made up: the plain rule, its set-based twin, and what keeps the flag right."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers import tasks
from providers.choices import Eligibility
from providers.made_up import has_odd_digits, made_up
from providers.models import PhoneRecord, QuestionRequest
from providers.questions import judge, judge_all, judge_requested
from schools.models import School
from tests.factories import RecordFactory, SchoolFactory

BASE = 6281300000000


@pytest.mark.parametrize(
    ("number", "odd"),
    [
        ("+6281211111111", True),
        ("+6281220000000", True),
        ("+6281212222222", True),
        ("+6281213333336", False),
        ("+6281312345678", True),
        ("+6281234567890", True),
        ("+6281398765432", True),
        ("+6281387654321", True),
        ("+6281312345670", False),
        ("+6281379140528", False),
    ],
)
def test_digits_that_nobody_hands_out(number: str, odd: bool) -> None:
    assert has_odd_digits(number) is odd


def test_five_neighbours_are_in_question_and_four_are_not() -> None:
    five = [f"+{BASE + 140_528 + i}" for i in range(5)]
    assert made_up(five) == set(five)
    assert made_up(five[:4]) == set()
    assert made_up([*five[:2], *five[3:]]) == set()
    assert made_up([*five[:4], *five[:4]]) == set(), "the same number twice is no neighbour"


def flagged(school: School) -> set[str]:
    return set(PhoneRecord.objects.filter(school=school, looks_made_up=True).values_list("number", flat=True))


# Close to each other, so that runs come about; some end oddly; some are used by several people.
numbers = st.one_of(
    st.integers(0, 30).map(lambda n: f"+{BASE + 379_140_510 + n}"),
    st.integers(0, 9).map(lambda n: f"+6281{n}" + f"{n}" * 8),
    st.integers(0, 9).map(lambda n: f"+62812{n}0{n}{n}{n}{n}{n}{n}"),
    st.sampled_from(["+6281312345678", "+628987654321", "+62812345678", "+62812345679", "+628123456789"]),
)


@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(st.tuples(numbers, st.booleans()), max_size=30), min_size=1, max_size=3))
def test_sql_asks_as_the_plain_rule_does(schools: list[list[tuple[str, bool]]]) -> None:
    PhoneRecord.objects.all().delete()
    places = SchoolFactory.create_batch(len(schools))
    for place, listed in zip(places, schools, strict=True):
        for i, (number, is_recipient) in enumerate(listed):
            RecordFactory.create(
                school=place,
                number=number,
                role="TEACHER" if i % 7 == 0 else "STUDENT",
                eligibility=Eligibility.OK if is_recipient else Eligibility.LEFT,
                looks_made_up=i % 3 == 0,
            )

    judge([place.pk for place in places])

    for place, listed in zip(places, schools, strict=True):
        assert flagged(place) == made_up(number for number, is_recipient in listed if is_recipient)
    assert not PhoneRecord.objects.filter(looks_made_up=True).exclude(eligibility=Eligibility.OK).exists()
    assert judge([place.pk for place in places]) == 0, "a second look changes nothing"


@pytest.fixture
def neighbours(db: None) -> list[PhoneRecord]:
    school = SchoolFactory.create()
    return [RecordFactory.create(school=school, number=f"+{BASE + 379_140_510 + i}") for i in range(5)]


def test_a_school_is_looked_through_after_a_number_changed(neighbours: list[PhoneRecord]) -> None:
    school = neighbours[0].school
    assert judge_requested() == 5
    assert len(flagged(school)) == 5

    neighbours[2].number = "+6281355500912"
    neighbours[2].save(update_fields=["number"])
    assert judge_requested() == 5
    assert flagged(school) == set()
    assert not QuestionRequest.objects.exists()


@pytest.mark.parametrize("change", ["moves away", "leaves", "is cleared"])
def test_whoever_goes_breaks_the_run(neighbours: list[PhoneRecord], change: str) -> None:
    judge_requested()
    gone = neighbours[0]
    if change == "moves away":
        gone.school = SchoolFactory.create()
    elif change == "leaves":
        gone.eligibility = Eligibility.LEFT
    else:
        gone.number, gone.provider, gone.state = "", None, "EMPTY"
    gone.save(update_fields=["school", "eligibility", "number", "provider", "state"])

    judge_requested()

    assert not PhoneRecord.objects.filter(looks_made_up=True).exists()


def test_what_changes_nothing_asks_for_nothing(neighbours: list[PhoneRecord]) -> None:
    judge_requested()
    PhoneRecord.objects.update(state="INACTIVE", ownership="FATHER")
    assert not QuestionRequest.objects.exists()


def test_the_periodic_task_does_it(neighbours: list[PhoneRecord]) -> None:
    assert "5 in question" in tasks.recount_sharing()


def test_all_schools_are_looked_through_range_by_range(neighbours: list[PhoneRecord]) -> None:
    QuestionRequest.objects.all().delete()
    told: list[int] = []
    judge_all(told.append)
    assert PhoneRecord.objects.filter(looks_made_up=True).count() == 5
    assert told == [School.objects.count()]
