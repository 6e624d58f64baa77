"""Make a cut-off bundle of an invented nation."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from schools.cutoff.bundle import open_bundle
from schools.cutoff.errors import BundleError
from schools.cutoff.manifest import SEMESTER, Manifest
from schools.generator.later import Step, produce_later
from schools.generator.nation import FIRST_CUTOFF, FIRST_SEMESTER, MOST_SCHOOLS, Order
from schools.generator.parts import parts
from schools.generator.production import Job, produce
from schools.generator.regions import PROVINCES
from schools.generator.units import PART


def share(text: str) -> float:
    """A share between 0 and 1."""
    value = float(text)
    if not 0 <= value <= 1:
        raise ArgumentTypeError("must lie between 0 and 1")
    return value


def school_count(text: str) -> int:
    """A number of schools that can be made."""
    value = int(text)
    if not 1 <= value <= MOST_SCHOOLS:
        raise ArgumentTypeError(f"must lie between 1 and {MOST_SCHOOLS}")
    return value


def province_count(text: str) -> int:
    """A number of provinces."""
    value = int(text)
    if not 1 <= value <= len(PROVINCES):
        raise ArgumentTypeError(f"must lie between 1 and {len(PROVINCES)}")
    return value


def semester(text: str) -> str:
    """A semester_id such as 20201."""
    if not SEMESTER.fullmatch(text):
        raise ArgumentTypeError("must look like 20201")
    return text


class Command(BaseCommand):
    help = "Make a cut-off bundle of an invented nation; the same arguments give the same bytes."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("out", type=Path, help="folder to make, or file with --zip or when it ends in .zip")
        parser.add_argument("--schools", type=school_count, default=60)
        parser.add_argument("--seed", type=int, default=2020)
        parser.add_argument("--dirty", type=share, default=0.0, help="share of rows broken on purpose, such as 0.01")
        parser.add_argument(
            "--provinces", type=province_count, help="how many provinces; by default it follows --schools"
        )
        parser.add_argument("--scope", default="nation", help="nation, or province:PP for that province's part of it")
        parser.add_argument("--cutoff-date", type=date.fromisoformat, help="by default 2020-09-11, or a month later")
        parser.add_argument("--semester", type=semester)
        parser.add_argument(
            "--after", type=Path, metavar="BUNDLE", help="what became of that bundle by the next cut-off"
        )
        parser.add_argument("--delta", action="store_true", help="with --after: only the rows that changed")
        parser.add_argument("--gzip", action="store_true", help="write .csv.gz")
        parser.add_argument("--zip", action="store_true", help="write one zip instead of a folder")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)

    def handle(self, *args: Any, **options: Any) -> None:
        out = Path(options["out"])
        began = time.monotonic()
        try:
            manifest = _later(out, options) if options["after"] else _first(out, options)
        except FileExistsError:
            raise CommandError(f"{out} is there already") from None
        except (ValueError, BundleError) as error:
            raise CommandError(str(error)) from None
        rows = sum(entry.rows for entry in manifest.files)
        for entry in manifest.files:
            self.stdout.write(f"{entry.name:24} {entry.rows:>12,}")
        self.stdout.write(f"{rows:,} rows in {time.monotonic() - began:.1f} s: {out}")


def _as_zip(out: Path, options: dict[str, Any]) -> bool:
    return options["zip"] or out.suffix == ".zip"


def _first(out: Path, options: dict[str, Any]) -> Manifest:
    if options["delta"]:
        raise CommandError("--delta needs --after")
    scope, _, province = options["scope"].partition(":")
    if scope not in ("nation", "province") or bool(province) != (scope == "province"):
        raise CommandError("--scope is nation or province:PP")
    order = Order(
        schools=options["schools"],
        seed=options["seed"],
        dirty=options["dirty"],
        provinces=options["provinces"],
        cutoff_date=options["cutoff_date"] or FIRST_CUTOFF,
        semester_id=options["semester"] or FIRST_SEMESTER,
    )
    job = Job(order, (PART, *parts()), gzip=options["gzip"], province=province or None)
    return produce(job, out, workers=options["workers"], as_zip=_as_zip(out, options))


def _later(out: Path, options: dict[str, Any]) -> Manifest:
    with open_bundle(options["after"]) as earlier:
        step = Step(
            seed=options["seed"],
            cutoff_date=options["cutoff_date"] or earlier.manifest.cutoff_date + timedelta(days=30),
            semester_id=options["semester"] or earlier.manifest.semester_id,
            as_delta=options["delta"],
        )
        return produce_later(step, earlier, (PART, *parts()), out, as_zip=_as_zip(out, options))
