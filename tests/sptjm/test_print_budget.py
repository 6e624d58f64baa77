"""The print's budget, against WeasyPrint on the same rows in the same run; memory does not grow with the list."""

import time
import tracemalloc
from collections.abc import Callable
from html import escape

import pytest
from weasyprint import HTML

from sptjm.models import StatementLine
from sptjm.printing.annex import draw_annex
from sptjm.printing.frame import Paper
from sptjm.printing.run import draw_statement
from tests.factories import PeriodFactory, an_actor, operator_of, pusdatin
from tests.sptjm.conftest import Case
from tests.sptjm.factories import a_school
from vervalponsel.accounts.permissions import Role

pytestmark = pytest.mark.proof


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def a_line(position: int) -> StatementLine:
    return StatementLine(
        position=position,
        role="STUDENT",
        name=f"Murid Bernama Panjang Ke {position}",
        identity=f"{position:010d}",
        class_name="Kelas 5A",
        number=f"+62812{position:08d}",
        provider_name="Telkomsel",
        ownership="MOTHER",
    )


def a_plain_table(lines: list[StatementLine]) -> str:
    rows = (
        (x.position, x.name, x.identity, x.class_name, x.number, x.provider_name, x.get_ownership_display())
        for x in lines
    )
    cells = ("".join(f"<td>{escape(str(value))}</td>" for value in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


@pytest.mark.django_db
def test_statement_of_a_thousand_takes_at_most_15_hundredths_of_weasyprint() -> None:
    school = a_school(students=990, teachers=10)
    case = Case(PeriodFactory.create(), school, operator_of(school), an_actor(Role.DINAS, "0329"), pusdatin())
    statement = case.make()
    lines = list(statement.lines.order_by("position"))
    draw_statement(statement)
    yardstick = seconds(lambda: HTML(string=a_plain_table(lines)).write_pdf())
    ours = min(seconds(lambda: draw_statement(statement)) for _ in range(3))
    print(f"print of 1,000: {ours:.2f} s, yardstick {yardstick:.2f} s, ratio {ours / yardstick:.3f}")
    assert ours <= 0.15 * yardstick


def peak_of_annex(rows: int) -> int:
    paper = Paper("001/20326541/2020-09", rows, "3fa9c1d2" * 8, 1 + rows // 40)
    tracemalloc.start()
    try:
        draw_annex(map(a_line, range(1, rows + 1)), paper=paper, school_name="SD", period_name="Uji", first_page=2)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_stays_flat() -> None:
    peak_of_annex(100)
    small, large = peak_of_annex(1_000), peak_of_annex(4_000)
    print(f"peak of the annex: {small / 1e6:.1f} MB for 1,000 rows, {large / 1e6:.1f} MB for 4,000")
    assert large < 20_000_000
