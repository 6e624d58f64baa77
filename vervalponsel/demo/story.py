"""A number that its school changes while the provider still looks at it: the answer that comes is stale."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from providers.actions import prepare_dump
from providers.choices import Ownership
from providers.models import PhoneRecord
from providers.recipients.actions import save_number
from schools.generator.known import STALE_NUMBER
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.models import Assignment
from vervalponsel.batches.runner import run_batch

NEW_NUMBER = "085640010013"


def tell(*, now: datetime) -> None:
    """Freeze the first files for the providers, then let the operator of the SD correct the number."""
    batch, _ = prepare_dump(by=Actor.system("demo"), now=now)
    run_batch(batch.pk)
    record = PhoneRecord.objects.filter(number=f"+62{STALE_NUMBER[1:]}").first()
    assignment = Assignment.objects.get(user__username="operator.sd")
    if record:
        operator = Actor(user=assignment.user, assignment=assignment)
        save_number(
            by=operator,
            record=record,
            typed=NEW_NUMBER,
            ownership=Ownership.FATHER,
            version=record.version,
            now=timezone.now(),
        )
