"""Who of the pupils is a recipient, as far as the period decides it; all else is judged by the cut-off."""

from __future__ import annotations

from datetime import datetime

from providers.cutoff import judge_for_period, period_rules
from schools.choices import PersonRole
from schools.models import Period
from schools.periods import SchoolRange, Step, on_opening


def register() -> None:
    """Opening a period judges before anything else is done with its recipients."""
    on_opening(Step(10, "students", "Kelayakan siswa", judge))


def judge(period: Period, schools: SchoolRange, now: datetime) -> int:
    """Judge a range of schools by the current period's rules; returns how many rows changed."""
    rules = period_rules(PersonRole.STUDENT)
    return judge_for_period("students", PersonRole.STUDENT, schools, now, rules=rules)
