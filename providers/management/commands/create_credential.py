from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from providers.actions import create_credential
from providers.models import Provider
from vervalponsel.accounts.actor import Actor


class Command(BaseCommand):
    """Make a key for a provider's machine and print its secret, the only time it can be seen."""

    help = "Membuat kunci untuk mesin provider. Rahasianya hanya tampil sekali."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("provider", help="TELKOMSEL, INDOSAT, XL, AXIS, TRI, SMARTFREN")

    def handle(self, *, provider: str, **options: Any) -> None:
        found = Provider.objects.filter(code=provider.upper()).first()
        if found is None:
            raise CommandError(f"Provider {provider} tidak ada.")
        by = Actor.system("perintah create_credential")
        credential, secret = create_credential(by=by, provider=found, now=timezone.now())
        self.stdout.write(f"key_id  {credential.key_id}\nsecret  {secret}")
