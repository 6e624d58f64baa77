"""Run the whole application on this machine."""

import json
import os
import signal
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from vervalponsel.demo.processes import Processes
from vervalponsel.demo.stand import DemoError, Stand
from vervalponsel.demo.steps import Progress, prepare
from vervalponsel.embedded import Places, hold, release
from vervalponsel.embedded.servers import end_on_signals


class Command(BaseCommand):
    """Everything that production runs, with invented data, for one machine alone."""

    help = "Jalankan seluruh aplikasi di komputer ini dengan data rekaan."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The two things that a person may choose."""
        parser.add_argument("--fresh", action="store_true", help="buang data lama dan mulai dari awal")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, wait for Ctrl-C or SIGTERM, stop everything."""
        end_on_signals(signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        stand = Stand(Places.current(), options["port"])
        try:
            with stand.alone():
                self._run(stand, fresh=options["fresh"])
        except DemoError as error:
            raise CommandError(str(error)) from None

    def _run(self, stand: Stand, *, fresh: bool) -> None:
        stand.check_port()
        if fresh:
            stand.empty()
        progress = Progress(self._say)
        self._say(f"Verval Ponsel: peragaan di {stand.places.root}")
        try:
            with progress.step("Menjalankan PostgreSQL dan Redis"):
                self._start_servers(stand)
            prepare(stand, progress, today=timezone.localdate())
            with Processes(stand) as processes:
                with progress.step("Menjalankan server web, pekerja, jadwal, dan enam penyedia simulasi"):
                    stand.check_port()  # somebody may have come in between
                    processes.start(["web", "worker", "worker-bulk", "beat"])
                    processes.wait_until_ready()
                    processes.start(["providers"])
                self._invite(stand, progress)
                self._watch(processes)
        except SystemExit:
            self._say("\nMenghentikan semua proses …")
        finally:
            release(stand.places)
        self._say("Selesai. Data tersimpan; jalankan lagi kapan saja.")

    def _start_servers(self, stand: Stand) -> None:
        with_postgres, with_redis = not os.environ.get("DATABASE_URL"), not os.environ.get("REDIS_URL")
        if with_postgres or with_redis:
            hold(stand.places, with_postgres=with_postgres, with_redis=with_redis)

    def _watch(self, processes: Processes) -> None:
        while True:
            time.sleep(0.5)
            processes.check()

    def _invite(self, stand: Stand, progress: Progress) -> None:
        self._say(f"\nSiap dalam {progress.total()}.\n\n  Buka  {stand.address}\n")
        facts = json.loads(stand.facts.read_text())
        held = [(each["username"], label) for each in facts["accounts"] for _, _, label in each["assignments"]]
        width = max(len(username) for username, _ in held)
        for username, label in held:
            self._say(f"  {username.ljust(width)}   {label}")
        self._say(f"\n  Kata sandi semua akun: {facts['password']}")
        self._say(f"\nCatatan proses ada di {stand.places.logs}. Hentikan dengan Ctrl-C.")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
