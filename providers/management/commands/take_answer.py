from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from providers.actions import hand_in_answers
from providers.answer_rows import WrongFile, batch_named_in, check_head
from providers.catalogue import Topic, describe
from providers.choices import ExchangeStatus
from providers.intake import ENDS
from providers.models import Exchange
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch, RowError
from vervalponsel.batches.runner import run_batch

SHOWN = 10
ACTOR = Actor.system("perintah take_answer")


class Command(BaseCommand):
    """Take in a file of answers or reports from a provider that cannot call; the rules are the interface's."""

    help = (
        "Memasukkan berkas jawaban atau laporan (CSV, CSV gzip, atau JSON per baris) dari provider yang tidak dapat"
        " memanggil antarmuka. Berkas yang sama boleh dimasukkan lagi: tidak ada yang diolah dua kali."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="berkas dari provider")
        parser.add_argument("--exchange", type=int, help="nomor berkas yang dijawab, bila kolom batch tidak ada")
        parser.add_argument("--provider", help="tolak bila yang dijawab bukan berkas provider ini, misalnya TRI")

    def handle(self, *, file: Path, exchange: int | None, provider: str | None, **options: Any) -> None:
        batch, created = self._hand_in(file, exchange, (provider or "").upper())
        if not created:
            self.stdout.write("Isi berkas ini sudah pernah dimasukkan; ini hasilnya.")
        run_batch(batch.pk)
        batch.refresh_from_db()
        self._tell(batch)

    def _hand_in(self, file: Path, number: int | None, provider: str) -> tuple[Batch, bool]:
        try:
            with file.open("rb") as stream:
                check_head(stream)
                asked = exchange_of(number or batch_named_in(stream), provider)
                given = File(stream, name=file.name)
                return hand_in_answers(by=ACTOR, exchange=asked, file=given, now=timezone.now())
        except WrongFile as reason:
            raise CommandError(str(reason)) from reason
        except OSError as reason:
            raise CommandError(f"{file} tidak dapat dibaca: {reason.strerror or reason}") from reason

    def _tell(self, batch: Batch) -> None:
        self.stdout.write(f"Kiriman {batch.pk}: {batch.standing}. {batch.error}".rstrip())
        for name in ("rows", *ENDS):
            self.stdout.write(f"{name:>16} {batch.counts.get(name, 0)}")
        for error in RowError.objects.filter(batch=batch).in_order()[:SHOWN]:
            self.stdout.write(f"  baris {error.line}: {describe(error.code, topic=Topic.ROW, **error.facts)}")
        if batch.status != Status.DONE:
            raise CommandError(batch.error or "Berkas ini belum selesai diolah.")


def exchange_of(number: int | None, provider: str) -> Exchange:
    """The exchange that a file answers; CommandError when nobody can tell, or it is not this provider's."""
    if number is None:
        raise CommandError("Berkas ini tidak menyebut yang dijawabnya (kolom batch). Sebut nomornya dengan --exchange.")
    asked = Exchange.objects.select_related("provider").filter(pk=number).first()
    if asked is None or asked.status == ExchangeStatus.PREPARING:
        raise CommandError(f"Berkas {number} tidak ada.")
    if provider and asked.provider_id != provider:
        raise CommandError(f"Berkas {number} milik {asked.provider.name}, bukan {provider}.")
    return asked
