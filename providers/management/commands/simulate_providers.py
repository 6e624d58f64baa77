"""Six providers as six processes, for demonstrations and tests of the exchange."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from providers.simulator.faults import FAULTS
from providers.simulator.subscribers import ACTIVE_RATE
from schools.generator import known

KNOWN_NUMBERS = {
    known.FAMILY_NUMBER: "ACTIVE",
    known.OVERSHARED_NUMBER: "ACTIVE",
    known.GRACE_NUMBER: "GRACE",
    known.STALE_NUMBER: "ACTIVE",
    known.FAILED_NUMBER: "FAILED",
    known.REVERSED_NUMBER: "REVERSED",
    known.POSTPAID_NUMBER: "POSTPAID",
    known.INACTIVE_NUMBER: "INACTIVE",
}
"""The demo's cases, answered the same way every time; in files they are written 628…."""


class Command(BaseCommand):
    """Start one process per provider, restart one that ends, stop them all on SIGTERM or Ctrl-C."""

    help = (
        "Menjalankan enam provider tiruan yang memakai antarmuka HTTP. Dengan SIMULATE_WITHOUT=TRI,XL keduanya tidak"
        " dijalankan, supaya mesin sungguhan dapat menggantikannya."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=os.environ.get("PROVIDER_API_URL", "http://127.0.0.1:8000"))
        parser.add_argument("--credentials", type=Path, default=Path(settings.VAR_DIR) / "demo.json")
        parser.add_argument("--memory", type=Path, default=Path(settings.VAR_DIR) / "simulator", help="folder ingatan")
        parser.add_argument("--only", nargs="*", choices=sorted(ACTIVE_RATE), help="hanya provider ini")
        parser.add_argument("--faults", nargs="*", default=[], choices=[*FAULTS, "mild"], help="yang dibuat salah")
        parser.add_argument("--rates", nargs="*", default=[], type=rate, metavar="TRI=0.9", help="bagian nomor aktif")
        parser.add_argument("--latency", type=float, default=0.2, help="detik antara tanda terima dan jawaban")
        parser.add_argument("--interval", type=float, default=3, help="detik antara dua putaran")
        parser.add_argument("--once", action="store_true", help="sampai tidak ada yang menunggu, lalu selesai")

    def handle(self, **options: Any) -> None:
        keys = self.credentials(options["credentials"])
        left_out = os.environ.get("SIMULATE_WITHOUT", "").upper().split(",")
        chosen = [code for code in options["only"] or ACTIVE_RATE if code in keys and code not in left_out]
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: sys.exit(0))
        children: dict[str, subprocess.Popen[bytes]] = {}
        try:
            for code in chosen:
                children[code] = start(code, keys[code], options)
            self.watch(children, keys, options)
        finally:
            stop(list(children.values()))

    def credentials(self, path: Path) -> dict[str, Any]:
        """Provider → key_id and secret, from PROVIDER_CREDENTIALS or the demo's file."""
        try:
            text = os.environ.get("PROVIDER_CREDENTIALS") or path.read_text()
            found = json.loads(text)
        except (OSError, ValueError) as reason:
            raise CommandError(f"Kunci provider tidak terbaca: {reason}") from reason
        return dict(found.get("credentials", found))

    def watch(
        self, children: dict[str, subprocess.Popen[bytes]], keys: dict[str, Any], options: dict[str, Any]
    ) -> None:
        """Wait until everybody has nothing left to do, or for ever while restarting who ended."""
        if options["once"]:
            failed = sorted(code for code, child in children.items() if child.wait())
            if failed:
                raise CommandError(f"Gagal: {', '.join(failed)}")
            return
        while True:
            time.sleep(1)
            for code, child in children.items():
                if child.poll() is not None:
                    self.stderr.write(f"{code}: berakhir, dijalankan lagi")
                    children[code] = start(code, keys[code], options)


def rate(text: str) -> tuple[str, float]:
    """``TRI=0.9``: the provider and its share of active numbers."""
    code, _, share = text.partition("=")
    if code not in ACTIVE_RATE or not 0 <= float(share) <= 1:
        raise ValueError(text)
    return code, float(share)


def start(code: str, key: dict[str, str], options: dict[str, Any]) -> subprocess.Popen[bytes]:
    """One provider's process; its key goes by the environment, where no process list shows it."""
    memory = options["memory"] / f"{code.lower()}.json"
    numbers = {f"62{number[1:]}": case for number, case in KNOWN_NUMBERS.items()}
    command = [sys.executable, "-m", "providers.simulator", code, "--url", options["url"], "--memory", str(memory)]
    command += ["--faults", " ".join(options["faults"]), "--latency", str(options["latency"])]
    command += ["--interval", str(options["interval"]), *(["--once"] if options["once"] else [])]
    command += ["--rate", str(dict(options["rates"])[code])] if code in dict(options["rates"]) else []
    told = {"PROVIDER_CREDENTIAL": json.dumps(key), "SIMULATED_NUMBERS": json.dumps(numbers)}
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | told)


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """End all of them, the stubborn ones by force."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
