"""What a demonstration needs beside a cut-off: two periods, one account per role, and the providers' credentials."""

from __future__ import annotations

import json
import secrets
from calendar import monthrange
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from providers.actions import create_credential
from providers.models import Package, Provider
from providers.reference import load_reference
from schools.choices import Jenjang, PeriodStatus, PersonRole, WindowKind
from schools.models import Period, Window
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.models import Assignment, User
from vervalponsel.accounts.permissions import Role

MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
WORDS = "padi kopi teh pala lada jati sagu kelor salak duku manggis jambu sirsak melati kenanga cempaka".split()
GENERAL_GB = 5
LEARNING_GB = {PersonRole.STUDENT: 30, PersonRole.TEACHER: 37}
LEARNING_GB_PAUD = 15
"""Gigabytes a month of 2020 (domain.md §2)."""


@dataclass(frozen=True, slots=True)
class Account:
    """A ready account; the password is the same for all and made anew for every data folder."""

    username: str
    name: str
    assignments: tuple[tuple[str, str, str], ...]
    """(role, scope_code, label) each."""


ACCOUNTS = (
    Account("operator.sd", "Wahyu Utomo", ((Role.OPERATOR, "20326541", "SD Negeri 1 Brebes · NPSN 20326541"),)),
    Account("operator.sma", "Retno Palupi", ((Role.OPERATOR, "20326601", "SMA Negeri 1 Brebes · NPSN 20326601"),)),
    Account(
        "operator.dua",
        "Joko Susilo",
        (
            (Role.OPERATOR, "20326542", "SD Negeri 2 Brebes · NPSN 20326542"),
            (Role.OPERATOR, "20351777", "TK Pertiwi Brebes · NPSN 20351777"),
        ),
    ),
    Account("dinas.brebes", "Endang Lestari", ((Role.DINAS, "0329", "Dinas Pendidikan Kab. Brebes"),)),
    Account("dinas.jateng", "Bambang Irawan", ((Role.DINAS, "03", "Dinas Pendidikan Prov. Jawa Tengah"),)),
    Account("lpmp.jateng", "Sari Dewanti", ((Role.LPMP, "03", "LPMP Jawa Tengah"),)),
    Account("pusdatin", "Agus Hartono", ((Role.PUSDATIN, "", "Pusdatin"),)),
)


CONTACTS = {
    "TELKOMSEL": "Dewi Anggraini",
    "INDOSAT": "Rizky Maulana",
    "XL": "Hendra Gunawan",
    "AXIS": "Hendra Gunawan",
    "TRI": "Maria Tampubolon",
    "SMARTFREN": "Yusuf Kurnia",
}
"""Whom Pusdatin would call; nobody of these exists."""


@transaction.atomic
def seed(*, now: datetime) -> dict[str, object]:
    """Create what is missing and return what the runner prints; a second call changes nothing."""
    load_reference(now=now)
    _contacts()
    this_month = timezone.localdate(now).replace(day=1)
    _period(this_month, now, current=not Period.objects.current().exists())
    _period(_next_month(this_month), now, current=False)
    return {"password": _accounts(), "accounts": [asdict(a) for a in ACCOUNTS], "credentials": _credentials(now)}


def _contacts() -> None:
    """Fill in what nobody has written yet."""
    for place, provider in enumerate(Provider.objects.filter(code__in=CONTACTS, contact_name="").order_by("code"), 1):
        provider.contact_name = CONTACTS[provider.code]
        provider.contact_phone = f"021 5550 010{place}"
        provider.contact_email = f"mitra@{provider.code.lower()}.example"
        provider.save(update_fields=["contact_name", "contact_phone", "contact_email"])


def _next_month(day: date) -> date:
    return day + timedelta(days=monthrange(day.year, day.month)[1])


def semester_of(day: date) -> str:
    """The semester_id a day lies in: the odd one from July, the even one of that school year from January."""
    return f"{day.year}1" if day.month >= 7 else f"{day.year - 1}2"


def _period(month: date, now: datetime, *, current: bool) -> Period:
    """A month's period, open from its first day or now, with a deadline that still lies ahead."""
    end = max(now, datetime(month.year, month.month, 1, tzinfo=timezone.get_default_timezone())) + timedelta(days=20)
    deadline = timezone.localtime(end).replace(hour=23, minute=59, second=0, microsecond=0)
    period, created = Period.objects.get_or_create(
        name=f"{MONTHS[month.month - 1]} {month.year}",
        defaults={
            "semester_id": semester_of(month),
            "status": PeriodStatus.OPEN if current else PeriodStatus.DRAFT,
            "is_current": current,
            "starts_date": month,
            "deadline_at": deadline,
        },
    )
    if created:
        _windows(period, now - timedelta(days=2), deadline)
        _packages(period)
    return period


def _windows(period: Period, opens_at: datetime, closes_at: datetime) -> None:
    named = (
        (WindowKind.PREPARE, 1, "Perbaikan nomor dan SPTJM"),
        (WindowKind.RELEASE, 1, "Tahap 1"),
        (WindowKind.RELEASE, 2, "Tahap 2"),
    )
    Window.objects.bulk_create(
        Window(period=period, kind=kind, stage=stage, name=name, opens_at=opens_at, closes_at=closes_at)
        for kind, stage, name in named
    )


def _packages(period: Period) -> None:
    Package.objects.bulk_create(
        Package(
            period=period,
            role=role,
            jenjang=jenjang,
            general_gb=GENERAL_GB,
            learning_gb=LEARNING_GB_PAUD
            if (role, jenjang) == (PersonRole.STUDENT, Jenjang.PAUD)
            else LEARNING_GB[PersonRole(role)],
        )
        for role in PersonRole.values
        for jenjang in Jenjang.values
    )


def _accounts() -> str:
    """Create the accounts and return their password, which is kept beside the demonstration's data."""
    known = _kept(settings.VAR_DIR / "demo.json").get("password")
    password = str(known or "-".join([*secrets.SystemRandom().sample(WORDS, 3), f"{secrets.randbelow(10_000):04d}"]))
    for account in ACCOUNTS:
        user, created = User.objects.get_or_create(username=account.username, defaults={"name": account.name})
        if created or not known:
            user.set_password(password)
            user.save(update_fields=["password"])
        for role, scope_code, label in account.assignments:
            Assignment.objects.get_or_create(user=user, role=role, scope_code=scope_code, defaults={"label": label})
    return password


def _credentials(now: datetime) -> dict[str, dict[str, str]]:
    """One credential per provider; a secret is shown once, so the ones of before are kept beside the data."""
    kept = _kept(settings.VAR_DIR / "demo.json").get("credentials", {})
    made = {code: dict(value) for code, value in kept.items()} if isinstance(kept, dict) else {}
    for provider in Provider.objects.order_by("code"):
        held = made.get(provider.code, {}).get("key_id")
        if not provider.credentials.filter(key_id=held, revoked_at=None).exists():
            credential, secret = create_credential(by=Actor.system("demo"), provider=provider, now=now)
            made[provider.code] = {"key_id": credential.key_id, "secret": secret}
    return made


def _kept(file: Path) -> dict[str, object]:
    return json.loads(file.read_text()) if file.exists() else {}
