"""What a change of the paper does to the claims on it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from providers.choices import Stage
from providers.models import Entitlement
from schools.choices import PeriodStatus
from sptjm.models import Statement
from sptjm.policies import NotAllowed

APPROVED = "approved claims"
"""The lock on what is approved in a period: whoever sends some of it shares it; nobody takes any back meanwhile."""


def locked(statement: Statement) -> Statement:
    """The statement as it is now, held to the end of the transaction; refuses one of a closed period."""
    held = Statement.objects.select_for_update(of=("self",)).select_related("school", "period").get(pk=statement.pk)
    if held.period.status != PeriodStatus.OPEN:
        raise NotAllowed(f"Periode {held.period.name} sudah ditutup.")
    return held


def move_claims(statement: Statement, *, sources: Iterable[Stage], to: Stage, now: datetime, code: str = "") -> int:
    """Take the live claims of a statement that stand at ``sources`` to ``to``; gives how many. Others stay."""
    claims = Entitlement.objects.live().filter(statement_line__statement=statement, stage__in=list(sources))
    return move(claims, to=to, now=now, code=code)


def move(claims: QuerySet[Entitlement], *, to: Stage, now: datetime, code: str) -> int:
    """Take these claims to ``to``; gives how many.

    They are held first, by their ids: one that the system moved while it was waited for is left alone, which the
    subquery of a plain update over joined tables would not see.
    """
    held = claims.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True)
    return Entitlement.objects.filter(pk__in=list(held)).update(stage=to, code=code, stage_at=now)


def npsn_of(statement: Statement) -> str:
    """Whose events a statement's are: the school reads them, whoever acted."""
    return statement.school.npsn
