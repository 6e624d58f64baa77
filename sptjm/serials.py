"""What stands on the paper as its number."""

from datetime import date


def statement_number(*, serial: int, npsn: str, month: date) -> str:
    """``001/20326541/2020-09``: the school's running number in the period's month, its NPSN, and that month.

    The month is that of the period's first day. Where two periods begin in one month the school's serials run on, so
    that a number is never given twice.
    """
    return f"{serial:03d}/{npsn}/{month:%Y-%m}"


def file_stem(number: str) -> str:
    """The number as part of a file's name: ``SPTJM-001-20326541-2020-09``."""
    return f"SPTJM-{number.replace('/', '-')}"
