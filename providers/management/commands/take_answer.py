from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from providers.actions import hand_in_answers
from providers.answer_rows import WrongFile, check_head
from providers.choices import ExchangeStatus
from providers.models import Exchange
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.runner import run_batch


class Command(BaseCommand):
    """Take in a file of answers or reports from a provider that cannot call; the rules are the interface's."""

    help = "Memasukkan berkas jawaban atau laporan dari provider yang tidak dapat memanggil antarmuka."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("exchange", type=int, help="nomor berkas yang dijawab (kolom batch)")
        parser.add_argument("file", type=Path)

    def handle(self, *, exchange: int, file: Path, **options: Any) -> None:
        asked = Exchange.objects.select_related("provider").filter(pk=exchange).first()
        if asked is None or asked.status == ExchangeStatus.PREPARING:
            raise CommandError(f"Berkas {exchange} tidak ada.")
        try:
            with file.open("rb") as stream:
                check_head(stream)
                given = File(stream, name=file.name)
                by, now = Actor.system("perintah take_answer"), timezone.now()
                batch, _ = hand_in_answers(by=by, exchange=asked, file=given, now=now)
        except (WrongFile, OSError) as reason:
            raise CommandError(str(reason)) from reason
        run_batch(batch.pk)
        batch.refresh_from_db()
        self.stdout.write(f"batch {batch.pk}: {batch.status} {batch.error}")
        for name, count in batch.counts.items():
            self.stdout.write(f"{name:>16} {count}")
