import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from providers.catalogue import Topic, describe
from providers.reading import DEFAULT_PREFIXES, Reading, read_number


class Command(BaseCommand):
    """Needs no database: it knows the prefixes of the programme's start, not what Pusdatin has changed since."""

    help = "Membaca nomor ponsel dari masukan baku, satu per baris, dengan awalan provider bawaan."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="satu objek JSON per baris")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer every line with one line; only the line feed ends a value, so that a carriage return is read too."""
        written = _as_json if options["json"] else _in_words
        for line in sys.stdin.buffer:
            typed = line.removesuffix(b"\n").decode("utf-8", "replace")
            self.stdout.write(written(read_number(typed, DEFAULT_PREFIXES)))


def _as_json(reading: Reading) -> str:
    return json.dumps(asdict(reading), ensure_ascii=False)


def _in_words(reading: Reading) -> str:
    if reading.code is None:
        return f"{reading.typed}\t{reading.number}\t{reading.provider}"
    offered = "\t".join(reading.proposals)
    return f"{reading.typed}\t{describe(reading.code, topic=Topic.NUMBER)}\t{offered}".rstrip("\t")
