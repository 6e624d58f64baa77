"""Measure bulk work against its yardstick, in a database of its own that is removed afterwards."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.test import override_settings
from psycopg import sql

from vervalponsel.kit.benchmarks import benchmark_named, names


class Command(BaseCommand):
    """Prints one line, or one JSON object, per measure."""

    help = "Mengukur pekerjaan massal terhadap tolok ukurnya."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=names())
        parser.add_argument("--rows", type=int, default=100_000)
        parser.add_argument("--workers", type=int, default=1, help="pekerja yang mengerjakan bersama, di mana mungkin")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        with (
            _empty_database(),
            TemporaryDirectory(dir=settings.VAR_DIR) as folder,
            override_settings(MEDIA_ROOT=folder),
        ):
            call_command("migrate", verbosity=0, skip_checks=True)
            measures = benchmark_named(options["name"])(options["rows"], Path(folder), options["workers"])
            for name, measure in measures:
                found = measure.as_json(name)
                told = json.dumps(found) if options["json"] else "  ".join(f"{k} {v}" for k, v in found.items())
                self.stdout.write(told)


@contextmanager
def _empty_database() -> Iterator[None]:
    """Point the connection to a fresh database beside the real one."""
    real, scratch = connection.settings_dict["NAME"], f"benchmark_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(scratch)))
    try:
        _use(scratch)
        yield
    finally:
        _use(real)
        with connection.cursor() as cursor:
            # Without force: the server sends its own vacuum away, which this role may not end, and waits for the rest.
            cursor.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(scratch)))


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
