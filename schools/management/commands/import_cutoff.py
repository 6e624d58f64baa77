"""Hand in a cut-off bundle and run it here, with progress."""

from __future__ import annotations

import json
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from schools.cutoff import limits
from schools.cutoff.deciding import approve
from schools.cutoff.errors import BundleError
from schools.cutoff.handing_in import hand_in_path
from schools.cutoff.pipeline import KINDS
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.models import Assignment
from vervalponsel.accounts.permissions import Role
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

_EVERY_SECONDS = 1.0
_LEFT = "Ditinggalkan. {batch} tetap tercatat; pekerja latar atau perintah ini berikutnya melanjutkannya."


class Command(BaseCommand):
    """Runs one bundle from folder or zip; exits with 1 and the reason when it is refused."""

    help = "Memuat tarikan Dapodik (folder atau zip) dan menampilkan tanda terimanya."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, help="folder atau berkas zip berisi manifest.json")
        parser.add_argument("--dry-run", action="store_true", help="menilai dan menghitung tanpa menulis")
        parser.add_argument(
            "--confirmed-by", metavar="NAMA", help="petugas Pusdatin yang menyetujui bila tarikan melebihi batas"
        )
        parser.add_argument("--json", action="store_true", help="baris terakhir: tanda terima sebagai satu objek JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        second = _second_person(options["confirmed_by"])
        by, path, trial = Actor.system("import_cutoff"), options["path"], options["dry_run"]
        try:
            batch = hand_in_path(by=by, path=path, now=timezone.now(), trial=trial)
        except BundleError as error:
            raise CommandError(str(error)) from error
        try:
            self._run_with_progress(batch, second)
        except KeyboardInterrupt as pressed:
            raise CommandError(_LEFT.format(batch=batch)) from pressed
        if batch.status != Status.DONE:
            raise CommandError(batch.error or f"Tarikan belum selesai: {batch.get_status_display()}.")
        self._show(batch, as_json=options["json"])

    def _run_with_progress(self, batch: Batch, second: Actor | None) -> None:
        with self._progress(batch):
            self._run(batch)
            if batch.status == Status.PARKED and second:
                self.stderr.write(batch.error)
                approve(by=second, batch=batch, now=timezone.now())
                self._run(batch)

    def _run(self, batch: Batch) -> None:
        """Run it here, unless a worker that heard the doorbell was faster.

        So is what it waits behind: where a command was killed, nobody else may be there to end that.
        """
        _run_in_turn(batch)
        while batch.is_live:
            time.sleep(_EVERY_SECONDS)
            _run_in_turn(batch)

    @contextmanager
    def _progress(self, batch: Batch) -> Iterator[None]:
        """Tell each step once, from a connection of its own: the run's is busy."""
        over = threading.Event()
        teller = threading.Thread(target=self._tell, args=(batch.pk, over), daemon=True)
        teller.start()
        try:
            yield
        finally:
            over.set()
            teller.join()

    def _tell(self, batch_id: int, over: threading.Event) -> None:
        told = ""
        while not over.wait(_EVERY_SECONDS):
            now = Batch.objects.filter(pk=batch_id).values_list("step", "done", "total").first()
            text = f"{now[0]} {now[1]:,}/{now[2]:,}".replace(",", ".") if now and now[2] else (now or [""])[0]
            if text and text != told:
                self.stderr.write(text)
                told = text
        connection.close()

    def _show(self, batch: Batch, *, as_json: bool) -> None:
        for word in ("regions", "schools", "students", "teachers"):
            self.stdout.write(f"{word}: {_in_words(batch.counts.get(word, {}))}")
        self.stdout.write(f"perubahan: {batch.counts.get('changes', 0)}")
        if batch.params.get("trial"):
            self.stdout.write("Uji coba: tidak ada yang ditulis.")
            for each in limits.from_json(batch.cutoff_run.excess):
                self.stdout.write(f"melebihi batas: {each.sentence}")
        if as_json:
            self.stdout.write(json.dumps({"batch": batch.pk, **batch.counts}))


def _run_in_turn(batch: Batch) -> None:
    """Run what the batch waits for, the oldest first, and then itself; bundles behind it are not its own affair."""
    behind = Q(kind__in=KINDS, pk__gt=batch.pk)
    for waiting in Batch.objects.live().in_turn_with(batch.kind).exclude(behind).order_by("id"):
        run_batch(waiting.pk)
    batch.refresh_from_db()


def _second_person(username: str | None) -> Actor | None:
    """The person of Pusdatin who allows what goes over the limits; CommandError for anybody else."""
    if username is None:
        return None
    found = Assignment.objects.filter(user__username=username, user__is_active=True, is_active=True, role=Role.PUSDATIN)
    assignment = found.select_related("user").first()
    if assignment is None:
        raise CommandError(f"{username} bukan petugas Pusdatin.")
    return Actor(user=assignment.user, assignment=assignment)


def _in_words(counts: dict[str, Any]) -> str:
    aside = ", ".join(f"{code} {n}" for code, n in counts.get("set_aside", {}).items()) or "tidak ada"
    return f"dibaca {counts.get('read', 0)}, diterima {counts.get('recipients', 0)}; dikesampingkan: {aside}"
