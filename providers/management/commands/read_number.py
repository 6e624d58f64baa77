import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from providers.prefixes import table_on
from providers.reading import DEFAULT_PREFIXES, Reading, read_number

LINES_PER_WRITE = 1000


class Command(BaseCommand):
    """One answer for each line of any bytes, as a stream.

    Needs no database: it knows the prefixes of the programme's start. ``--today`` asks the database for those that
    Pusdatin keeps.
    """

    help = "Membaca nomor ponsel dari masukan baku, satu per baris."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="satu objek JSON per baris")
        parser.add_argument("--today", action="store_true", help="awalan yang berlaku hari ini menurut basis data")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer every line with one line, a thousand at a time."""
        table = table_on(timezone.localdate()) if options["today"] else DEFAULT_PREFIXES
        written: Callable[[Reading], str] = _as_json if options["json"] else _as_columns
        answers = (written(read_number(_typed(line), table)) for line in sys.stdin.buffer)
        while some := list(islice(answers, LINES_PER_WRITE)):
            self.stdout.write("\n".join(some))


def _typed(line: bytes) -> str:
    """The value without its line's end; bytes that are no text become the sign for that."""
    return line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "replace")


def _as_json(reading: Reading) -> str:
    """ASCII only: no reader may take a character of the value for the end of a line."""
    return json.dumps(
        {
            "typed": reading.typed,
            "number": reading.number,
            "provider": reading.provider,
            "code": reading.code,
            "proposals": reading.proposals,
        }
    )


def _as_columns(reading: Reading) -> str:
    """As typed, number, provider, code, proposals; parted by tabs, which the value itself must not hold."""
    typed = " ".join(reading.typed.replace("\t", " ").splitlines())
    found = (value or "null" for value in (reading.number, reading.provider, reading.code))
    return "\t".join((typed, *found, ",".join(reading.proposals)))
