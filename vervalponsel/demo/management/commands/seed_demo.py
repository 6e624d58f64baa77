"""Periods, accounts and credentials for a demonstration."""

import json
import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from vervalponsel.demo.seed import seed


class Command(BaseCommand):
    help = "Create the demonstration's periods, accounts and credentials, and write them to demo.json (owner only)."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.LOOPBACK_HTTP:
            raise CommandError("known accounts are for demonstrations only: set LOOPBACK_HTTP=1")
        facts = seed(now=timezone.now())
        path = settings.VAR_DIR / "demo.json"
        fresh = path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(facts, file, indent=1)
        fresh.replace(path)
        self.stdout.write(f"{len(facts['accounts'])} accounts ready")  # type: ignore[arg-type]
