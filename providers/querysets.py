from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Count, F, Q, Value
from django.db.models.functions import Coalesce

from schools.models import School
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Permission

from .choices import REPAIR_CELLS, Cell, ExchangeStatus, Purpose, Stage


class PrefixQuerySet(models.QuerySet):
    def valid_on(self, day: date) -> Self:
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class PhoneRecordQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Records of the schools the actor sees, for roles that may see recipients at all."""
        if not actor.may(Permission.SEE_RECIPIENTS):
            return self.none()
        if actor.sees_nation:
            return self
        return self.filter(school__in=School.objects.visible_to(actor))

    def needing_repair(self) -> Self:
        """The school acts next: the number is missing, unreadable, unusable or over-shared."""
        return self.filter(cell__in=REPAIR_CELLS)

    def in_question(self) -> Self:
        """The number looks made up and nobody has said that it is right."""
        return self.filter(looks_made_up=True, confirmed_at__isnull=True)

    def ready_to_ask(self) -> Self:
        return self.filter(cell=Cell.READY)

    def usable(self) -> Self:
        return self.filter(cell=Cell.USABLE)


class EntitlementQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        if not actor.may(Permission.SEE_RECIPIENTS):
            return self.none()
        if actor.sees_nation:
            return self
        return self.filter(school__in=School.objects.visible_to(actor))

    def live(self) -> Self:
        return self.filter(live=True)

    def approved(self) -> Self:
        return self.live().filter(stage=Stage.APPROVED)


class ExchangeQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """The ledger is Pusdatin's; a provider's machine is served by ``of_provider``."""
        return self if actor.may(Permission.SEE_LEDGER) else self.none()

    def of_provider(self, provider_code: str) -> Self:
        """What a provider may know: its own, once frozen."""
        return self.filter(provider_id=provider_code).exclude(status=ExchangeStatus.PREPARING)

    def unanswered(self) -> Self:
        return self.filter(status__in=(ExchangeStatus.OFFERED, ExchangeStatus.RECEIPTED, ExchangeStatus.PREPARED))


class ExchangePartQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.may(Permission.SEE_LEDGER) else self.none()

    def in_order(self) -> Self:
        return self.order_by("first_line")


LINES_AT_MOST = 10**9
"""A line's key is exchange × this + line number."""


def keys_of(exchange: int, first: int = 1, last: int = LINES_AT_MOST - 1) -> tuple[int, int]:
    """The keys of the lines ``first`` to ``last`` of an exchange."""
    return exchange * LINES_AT_MOST + first, exchange * LINES_AT_MOST + last


class ExchangeLineQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        return self if actor.may(Permission.SEE_LEDGER) else self.none()

    def of(self, exchange: int) -> Self:
        """The lines of an exchange, by their keys."""
        return self.filter(pk__range=keys_of(exchange))

    def about(self, record: int) -> Self:
        """The lines in which a record was asked or filled, each kind by the index that it has."""
        over, asked, ordered = Q(live=False), Q(live=True, purpose=Purpose.MATCH), Q(live=True, purpose=Purpose.INJECT)
        return self.filter(over | asked | ordered, record=record)

    def unanswered(self) -> Self:
        return self.filter(outcome="")

    def to_review(self) -> Self:
        """Contradicted, and something was said since a person last decided about it."""
        facts = {
            "said": Count("answers"),
            "seen": Coalesce(F("review__answers"), -1),
            "seen_outcome": Coalesce(F("review__outcome"), Value("")),
        }
        undecided = self.filter(is_contradicted=True).annotate(**facts)
        return undecided.exclude(said=F("seen"), seen_outcome=F("outcome"))


class SharedNumberQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """The nation's list is Pusdatin's; a school is told of its own numbers only."""
        return self if actor.may(Permission.MANAGE) else self.none()

    def worst_first(self) -> Self:
        return self.order_by("-recipients", "id")
