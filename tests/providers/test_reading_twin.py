"""The bulk path reads exactly as the pure function does, on generated dirt and on the whole fixed table."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import phonenumbers
import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from providers.models import Prefix
from providers.prefixes import table_on
from providers.reading import DEFAULT_PREFIXES, DEFAULT_RANGES, PrefixTable, read_number
from providers.reference import load_reference
from vervalponsel.kit.sqlfiles import run_step, sql_text

from .test_reading import CERTAIN, REFUSED

DAY = date(2020, 9, 11)
Row = tuple[str | None, str | None, str | None]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _reference(db: None) -> None:
    """The six providers and their prefixes, whatever emptied the tables before."""
    load_reference(now=datetime(2020, 9, 1, tzinfo=UTC))


def in_sql(cells: Iterable[str]) -> list[Row]:
    """(number, provider, code) of each cell, by the function for small sets."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.number, r.provider_id, r.code FROM unnest(%s::text[]) WITH ORDINALITY AS cell (typed, i),"
            " LATERAL providers_read_number(cell.typed, %s) AS r ORDER BY cell.i",
            [list(cells), DAY],
        )
        return cursor.fetchall()


def in_bulk(cells: Iterable[str]) -> list[Row]:
    """The same by the step for big sets."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE number_side (row_id bigint, typed text) ON COMMIT DROP")
        cursor.execute(
            "INSERT INTO number_side SELECT i, typed FROM unnest(%s::text[]) WITH ORDINALITY AS cell (typed, i)",
            [list(cells)],
        )
        run_step(cursor, "providers", "read_numbers", {"day": DAY})
        cursor.execute("SELECT number, provider_id, code FROM number_read ORDER BY row_id")
        return cursor.fetchall()


def in_python(cells: Iterable[str], table: PrefixTable = DEFAULT_PREFIXES) -> list[Row]:
    return [(r.number, r.provider, r.code) for r in (read_number(c, table) for c in cells)]


CELLS = [cell for cell in (*CERTAIN, *REFUSED) if "\0" not in cell]  # the database has no such character


def test_the_fixed_table_is_read_alike() -> None:
    expected = in_python(CELLS)

    assert dict(zip(CELLS, in_sql(CELLS), strict=True)) == dict(zip(CELLS, expected, strict=True))
    assert in_bulk(CELLS) == expected


def test_no_cell_at_all_is_empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT providers_number(NULL)")
        assert cursor.fetchone() == ("EMPTY",)


def test_both_follow_the_prefixes_of_the_day() -> None:
    Prefix.objects.filter(provider_id="TRI").update(valid_to=DAY)
    Prefix.objects.create(provider_id="INDOSAT", first=895, last=896, valid_from=DAY)
    cells = ["089512345678", "089712345678", "081234567890"]
    expected = [("+6289512345678", "INDOSAT", None), (None, None, "NO_PROVIDER"), ("+6281234567890", "TELKOMSEL", None)]

    assert in_sql(cells) == in_bulk(cells) == in_python(cells, table_on(DAY)) == expected


def test_the_loaded_prefixes_are_those_built_in() -> None:
    assert table_on(DAY) == PrefixTable.on(DAY, DEFAULT_RANGES)


# --- Generated dirt -------------------------------------------------------------------------------------------------

digits = st.text("0123456789", min_size=0, max_size=13)
starts = st.sampled_from(
    "08|0812|0857|628|62812|+628|62 08|+62 (0)8|8|812|0062|0062812|021|+60|+81|00|0|+|6208|0628|0824|6|62".split("|")
)
SINGLE = " -./,;()'’\"_:|+&*#?=oOlIxXaEe012\n\t\u00a0\u200b\ufeff•…é😀中０٣８О＋"
WORDS = "  | - | / | dan | (|) |--|. |, |.0|,0|.00|E+11|e10|ibu|Ayah|WA|HP 1:|HP2|kelas 5|(ibu)|XL|lo|II|tidak ada|NULL"
noise = st.sampled_from([*SINGLE, *WORDS.split("|")])
numbers = st.builds(str.__add__, starts, digits)


@st.composite
def cells(draw: st.DrawFn) -> str:
    """One or two numbers, grouped or not, with noise put in anywhere."""
    text = draw(numbers)
    if draw(st.booleans()):
        size, glue = draw(st.integers(2, 5)), draw(st.sampled_from(" -.'\u00a0/"))
        text = glue.join(text[i : i + size] for i in range(0, len(text), size))
    if draw(st.integers(0, 3)) == 0:
        text += draw(noise) + draw(numbers)
    if draw(st.integers(0, 9)) == 0:
        text += draw(noise) * draw(st.integers(1, 250))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.one_of(st.just(len(text)), st.just(0), st.integers(0, len(text))))
        text = text[:at] + draw(noise) + text[at:]
    return text


anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=25)
LISTS = st.lists(st.one_of(cells(), cells(), cells(), anything), min_size=20, max_size=60)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(LISTS)
def test_both_read_generated_dirt_alike(dirt: list[str]) -> None:
    assert dict(zip(dirt, in_sql(dirt), strict=True)) == dict(zip(dirt, in_python(dirt), strict=True))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(LISTS)
def test_a_reading_is_whole_and_possible(dirt: list[str]) -> None:
    for typed in dirt:
        reading = read_number(typed, DEFAULT_PREFIXES)
        assert (reading.code is None) == (reading.number is not None) == (reading.provider is not None)
        for number in filter(None, (reading.number, *reading.proposals)):
            parsed = phonenumbers.parse(number)
            assert phonenumbers.is_possible_number_for_type(parsed, phonenumbers.PhoneNumberType.MOBILE), typed
            assert read_number(number, DEFAULT_PREFIXES).number == number


def test_what_is_installed_is_what_the_file_says() -> None:
    text = sql_text("providers", "functions/read_number").partition("-- reverse:")[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, prosrc FROM pg_proc WHERE proname ~ '^providers_(number|read_number|prefix_on)'"
        )
        installed = dict(cursor.fetchall())
    created = text.count("CREATE OR REPLACE FUNCTION")

    assert len(installed) == created
    assert [name for name, body in installed.items() if body not in text] == []


def test_the_file_can_be_undone_and_done_again() -> None:
    forward, _, backward = sql_text("providers", "functions/read_number").partition("-- reverse:")
    with connection.cursor() as cursor:
        cursor.execute(backward)
        cursor.execute("SELECT count(*) FROM pg_proc WHERE proname LIKE 'providers_number%'")
        assert cursor.fetchone() == (0,)
        cursor.execute(forward)
    assert in_sql(["0812-3456-7890"]) == [("+6281234567890", "TELKOMSEL", None)]
