from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from schools.forms import ServiceKeyForm
from schools.models import ServiceKey
from schools.service_keys import create_key, replace_key, revoke_key
from vervalponsel.accounts.actor import Actor
from vervalponsel.kit.templatetags.ui import wib

BY = Actor.system("perintah service_key")


class Command(BaseCommand):
    """Keys of the machines that hand in deltas; a secret is printed once, when its key is made."""

    help = "Membuat, mengganti, mencabut, atau menampilkan kunci layanan yang menyerahkan delta."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("verb", choices=["create", "replace", "revoke", "list"])
        parser.add_argument("name", nargs="?", default="", help="nama layanan (create) atau key_id (replace, revoke)")

    def handle(self, *, verb: str, name: str, **options: Any) -> None:
        if verb == "list":
            self._list()
        elif verb == "create":
            self._create(name)
        else:
            self._change(verb, self._key(name))

    def _list(self) -> None:
        for key in ServiceKey.objects.order_by("service", "-id"):
            state = "dicabut" if key.revoked_at else f"sampai {wib(key.expires_at)}" if key.expires_at else "berlaku"
            self.stdout.write(f"{key.key_id}  {key.service}  {state}")

    def _create(self, name: str) -> None:
        form = ServiceKeyForm({"service": name})
        if not form.is_valid():
            raise CommandError(" ".join(map(str, form.errors["service"])))
        self._show(*create_key(by=BY, service=form.cleaned_data["service"], now=timezone.now()))

    def _change(self, verb: str, key: ServiceKey) -> None:
        if verb == "replace":
            self._show(*replace_key(by=BY, key=key, now=timezone.now()))
        else:
            revoke_key(by=BY, key=key, now=timezone.now())
            self.stdout.write(f"{key.key_id} dicabut")

    def _key(self, key_id: str) -> ServiceKey:
        found = ServiceKey.objects.filter(key_id=key_id).first()
        if found is None:
            raise CommandError(f"Kunci {key_id} tidak ada.")
        return found

    def _show(self, key: ServiceKey, secret: str) -> None:
        self.stdout.write(f"key_id  {key.key_id}\nsecret  {secret}")
