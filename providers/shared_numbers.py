"""The numbers that most recipients share: the kept list, its judgement by the current period, the schools concerned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet

from schools.models import Period, Region, School
from schools.periods import ranges_of_schools
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.saving import save_recorded
from vervalponsel.batches.actions import hand_in
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import Run
from vervalponsel.kit.templatetags.ui import masked_phone

from .carrying import judge_sharing
from .choices import Eligibility, Sharing
from .models import PhoneRecord, SharedNumber

KIND = "judge-sharing"
MOST_COUNTED = 100_000
CONFIRM_ABOVE, MOST = 3, 10
"""The limits while no period is current; the same as in sql/functions/sharing.sql."""
HEAD = ("nomor (disamarkan)", "penerima", "sekolah", "kab/kota", "penilaian")
SCHOOLS_HEAD = ("npsn", "sekolah", "jenjang", "kab/kota", "penerima dengan nomor ini")


@dataclass(frozen=True, slots=True)
class Limits:
    """A period's two thresholds."""

    confirm_above: int
    most: int

    @classmethod
    def of(cls, period: Period | None) -> Limits:
        return cls(period.sharing_confirm_above, period.sharing_max) if period else cls(CONFIRM_ABOVE, MOST)

    def judge(self, recipients: int) -> Sharing:
        """How so many recipients of one number are judged, as long as no school has confirmed them."""
        if recipients > self.most:
            return Sharing.STOPPED
        return Sharing.TO_CONFIRM if recipients > self.confirm_above else Sharing.NONE

    def above(self, judged: str) -> int:
        """More recipients than this are judged so, or worse."""
        return self.most if judged == Sharing.STOPPED else self.confirm_above


@dataclass(frozen=True, slots=True)
class Crowd:
    """One number of the list, masked."""

    pk: int
    number: str
    recipients: int
    schools: int
    regencies: int
    judged: Sharing

    @property
    def cells(self) -> tuple[object, ...]:
        return self.number, self.recipients, self.schools, self.regencies, self.judged.label


def crowds(kept: Iterable[SharedNumber], limits: Limits) -> Iterator[Crowd]:
    """The kept rows as people may see them."""
    for row in kept:
        number = masked_phone(row.number)
        yield Crowd(row.pk, number, row.recipients, row.schools, row.regencies, limits.judge(row.recipients))


def counted(kept: QuerySet[SharedNumber]) -> tuple[int, bool]:
    """How many, and whether there are more than anybody wants to wait for."""
    n = kept.order_by()[: MOST_COUNTED + 1].count()
    return min(n, MOST_COUNTED), n > MOST_COUNTED


def schools_sharing(kept: SharedNumber, actor: Actor) -> QuerySet[PhoneRecord, dict[str, Any]]:
    """The schools of those who share a number, most first; never who they are."""
    mine = PhoneRecord.objects.visible_to(actor).filter(number=kept.number, eligibility=Eligibility.OK)
    counts = mine.order_by().values("school").annotate(n=Count("id"))
    return counts.values("n", "school__npsn", "school__name", "school__jenjang", "school__regency_code").order_by(
        "-n", "school__npsn"
    )


def regency_names(rows: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Names of the kab/kota in these rows."""
    codes = {str(row["school__regency_code"]) for row in rows}
    return dict(Region.objects.filter(code__in=codes).values_list("code", "name"))


@transaction.atomic
def change_limits(*, by: Actor, period: Period, confirm_above: int, most: int, now: datetime) -> Batch | None:
    """Change the thresholds of the current period; the batch that judges all shared numbers by them."""
    values = {"sharing_confirm_above": confirm_above, "sharing_max": most}
    if (period.sharing_confirm_above, period.sharing_max) == (confirm_above, most):
        return None
    save_recorded(by=by, target=period, values=values, action="period", now=now)
    title = f"Menilai nomor bersama: di atas {confirm_above} ditegaskan, paling banyak {most}"
    return hand_in(by=by, kind=KIND, title=title, now=now, params={"period": period.pk})[0]


def judge_again(run: Run) -> dict[str, object]:
    """Handler: all shared numbers by the current period's thresholds, school by school; repeated it changes nothing."""
    period = Period.objects.get(pk=run.batch.params["period"])
    changed, done, total = 0, 0, School.objects.count()
    for schools, size in ranges_of_schools():
        changed += run.commit(partial(judge_sharing, period, schools, run.now()))
        done += size
        run.progress("Sekolah demi sekolah", done, total)
    return {"schools": done, "shared": changed}
