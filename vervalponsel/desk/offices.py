"""The first pages of offices, Pusdatin and LPMP, and the schools that have to be reminded."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from providers.choices import REPAIR_CELLS, WAITING_CELLS, Cell
from providers.models import Exchange
from schools.models import CutoffRun, Office, Period, School
from schools.policies import jenjang_for, own_region_code
from schools.recaps import groups_bar, whole
from schools.tallies import Figures, figures_of_schools, region_figures
from sptjm.choices import StatementStatus
from sptjm.models import Statement
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Permission
from vervalponsel.batches.models import Batch

SENT_IN = (StatementStatus.UPLOADED, StatementStatus.APPROVED, StatementStatus.RELEASED)


def silent_schools(actor: Actor, period: Period | None) -> QuerySet[School]:
    """Schools in the actor's reach that have not uploaded a single statement for the period, by name."""
    sent = Statement.objects.filter(school=OuterRef("pk"), period=period, status__in=SENT_IN)
    return School.objects.visible_to(actor).active().filter(~Exists(sent)).order_by("name", "id")


def chase_rows(schools: list[School], period: Period | None) -> list[dict[str, object]]:
    """Why each is silent, as far as its figures tell, and what could go into a statement at once."""
    figures = figures_of_schools([school.pk for school in schools])
    printed = set(
        Statement.objects.filter(school__in=schools, period=period, status=StatementStatus.STATED).values_list(
            "school_id", flat=True
        )
    )
    return [_chase_row(school, figures.get(school.pk, Figures([])), printed=school.pk in printed) for school in schools]


def _chase_row(school: School, figures: Figures, *, printed: bool) -> dict[str, object]:
    return {
        "school": school,
        "total": figures.total(*Cell.values),
        "repair": figures.total(*REPAIR_CELLS),
        "waiting": figures.total(*WAITING_CELLS),
        "usable": figures.total(Cell.USABLE),
        "why": _why(school, figures, printed=printed),
    }


def _why(school: School, figures: Figures, *, printed: bool) -> str:
    if not school.is_synchronised:
        return "Belum sinkronisasi semester ini"
    if printed:
        return "SPTJM dicetak, belum diunggah"
    if figures.total(Cell.RETURNED):
        return "SPTJM dikembalikan, belum diunggah lagi"
    if figures.total(Cell.USABLE):
        return "Nomor siap, SPTJM belum dibuat"
    return "Belum ada nomor yang siap" if figures.total(*Cell.values) else "Tidak ada penerima"


def office_home(actor: Actor, period: Period | None, now: datetime) -> dict[str, object]:
    """What an office, Pusdatin or LPMP sees first; each part only where the role works with it."""
    code = own_region_code(actor)
    figures = region_figures(code, jenjang_for(actor))
    context: dict[str, object] = {
        "code": code,
        "whole": whole(figures, _no_link).total.value,
        "bar": groups_bar(figures, _no_link),
        "served": figures.total(Cell.INJECTED),
    }
    if actor.may(Permission.REVIEW_SCANS):
        queue = Statement.objects.visible_to(actor).to_review(actor)
        context |= {"queue": queue.count(), "oldest": queue.first()}
    if actor.may(Permission.MANAGE):
        context |= _pusdatin(actor, now)
    elif actor.may(Permission.SEE_RECIPIENTS):
        context["silent"] = silent_schools(actor, period).count()
    return context


def _pusdatin(actor: Actor, now: datetime) -> dict[str, object]:
    return {
        "live": list(Batch.objects.visible_to(actor).live().newest_first()[:10]),
        "releasable": Statement.objects.visible_to(actor).releasable_by(actor).count(),
        "unanswered": Exchange.objects.visible_to(actor).unanswered().count(),
        "unstaffed": Office.objects.unstaffed().count(),
        "last_cutoff": CutoffRun.objects.applied().order_by("-applied_at", "-id").first(),
    }


def _no_link(role: str, choice: str) -> str:
    return ""
