"""Making a statement: claims, serial number, the annex as it will be printed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from providers.choices import Stage
from providers.models import Entitlement
from schools.choices import PersonRole
from schools.models import Period, School
from sptjm.candidates import EVERYBODY, Candidate, Choice, candidates_of, split, with_slots
from sptjm.models import Statement, StatementLine
from sptjm.policies import NotAllowed, draft_obstacle
from sptjm.serials import statement_number
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.batches.actions import hand_in
from vervalponsel.batches.models import Batch
from vervalponsel.kit.db import transaction_lock
from vervalponsel.kit.sqlfiles import run_step

PRINT = "print-statement"
_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Drafted:
    """A statement; ``created`` is False when this very form had made it before. ``left_out`` counts by reason."""

    statement: Statement
    created: bool
    left_out: Counter[str] = field(default_factory=Counter)


@transaction.atomic
def make_statement(
    *,
    by: Actor,
    school: School,
    period: Period,
    now: datetime,
    choice: Choice = EVERYBODY,
    head_name: str | None = None,
    head_nip: str | None = None,
    token: str = "",
) -> Drafted:
    """State all of the choice that may be stated now, lock their numbers and order the print.

    ``head_name`` and ``head_nip`` default to the register's. The same ``token`` again gives the statement it made.
    Raises NotAllowed with the sentence when nobody can be stated.
    """
    transaction_lock("statements", school.pk)
    dedupe_key = f"{PRINT}/{school.npsn}/{token}" if token else None
    if known := _made_before(dedupe_key):
        return Drafted(known, created=False)
    if obstacle := draft_obstacle(school=school, period=period, now=now):
        raise NotAllowed(obstacle)
    claimed, left_out = _claim(school=school, period=period, choice=choice, now=now)
    statement = _number_it(
        school=school,
        period=period,
        people=[person for person, _ in claimed],
        head=(school.head_name if head_name is None else head_name, school.head_nip if head_nip is None else head_nip),
        by=by,
        now=now,
    )
    StatementLine.objects.bulk_create(_lines(statement, claimed))
    _tell(statement, by=by, now=now, left_out=left_out)
    _order_print(statement, by=by, now=now, dedupe_key=dedupe_key)
    return Drafted(statement, created=True, left_out=left_out)


def _made_before(dedupe_key: str | None) -> Statement | None:
    batch = Batch.objects.filter(dedupe_key=dedupe_key).first() if dedupe_key else None
    return Statement.objects.filter(print_batch=batch).select_related("school", "period").first() if batch else None


def _claim(
    *, school: School, period: Period, choice: Choice, now: datetime
) -> tuple[list[tuple[Candidate, Entitlement]], Counter[str]]:
    """Insert the claims; where another school was quicker for a slot, read again and give the next one."""
    with connection.cursor() as cursor:
        run_step(cursor, "sptjm", "lock_candidates", {"school": school.pk})
    for _ in range(_ATTEMPTS):
        people = [p for p in candidates_of(school=school, period=period, now=now) if choice.takes(p)]
        fit, left_out = split(people)
        placed, without_slot = with_slots(fit, period=period)
        if not placed:
            raise NotAllowed("Tidak ada penerima yang dapat masuk SPTJM sekarang.")
        claims = _claims(placed, school=school, period=period, now=now)
        try:
            with transaction.atomic():
                # In the order of numbers, so that two schools sharing several never wait for each other in a ring.
                Entitlement.objects.bulk_create(sorted(claims, key=lambda claim: (claim.number, claim.slot)))
        except IntegrityError:
            continue
        return list(zip([person for person, _ in placed], claims, strict=True)), left_out + without_slot
    raise NotAllowed("Banyak nomor sedang berubah. Coba lagi sebentar.")


def _claims(
    placed: Sequence[tuple[Candidate, int]], *, school: School, period: Period, now: datetime
) -> list[Entitlement]:
    before = _failed_before([person.record_id for person, _ in placed], period)
    return [
        Entitlement(
            period=period,
            record_id=person.record_id,
            school=school,
            role=person.role,
            number=person.number,
            provider_id=person.provider_id,
            ownership=person.ownership,
            slot=slot,
            stage=Stage.STATED,
            stage_at=now,
            follows_id=before.get(person.record_id),
        )
        for person, slot in placed
    ]


def _failed_before(record_ids: list[int], period: Period) -> dict[int, int]:
    """The claim of this period that failed or was taken back, which the new one follows: record to claim."""
    failed = Entitlement.objects.filter(
        period=period, record_id__in=record_ids, stage__in=(Stage.FAILED, Stage.REVERSED)
    )
    newest = failed.order_by("record_id", "-id").distinct("record_id")
    return dict(newest.values_list("record_id", "pk"))


def _number_it(
    *, school: School, period: Period, people: Sequence[Candidate], head: tuple[str, str], by: Actor, now: datetime
) -> Statement:
    """The next serial, under the school's lock; voided ones keep theirs."""
    month = period.starts_date
    earlier = Statement.objects.filter(
        school=school, period__starts_date__year=month.year, period__starts_date__month=month.month
    )
    serial = (earlier.aggregate(top=Max("serial"))["top"] or 0) + 1
    students = sum(person.role == PersonRole.STUDENT for person in people)
    return Statement.objects.create(
        school=school,
        period=period,
        serial=serial,
        number=statement_number(serial=serial, npsn=school.npsn, month=month),
        students=students,
        teachers=len(people) - students,
        head_name=head[0],
        head_nip=head[1],
        content_sha256=content_digest(people),
        created_by=by.user,
        created_at=now,
    )


def content_digest(people: Sequence[Candidate]) -> str:
    """SHA-256 of the annex: one line a person, fields parted by tabs, in the printed order."""
    digest = hashlib.sha256()
    for position, p in enumerate(people, start=1):
        fields = (position, p.role, p.person_id, p.name, p.identity, p.class_name, p.number, p.provider_id, p.ownership)
        digest.update("\t".join(str(value) for value in fields).encode() + b"\n")
    return digest.hexdigest()


def _lines(statement: Statement, claimed: Sequence[tuple[Candidate, Entitlement]]) -> list[StatementLine]:
    return [
        StatementLine(
            statement=statement,
            entitlement=claim,
            position=position,
            role=person.role,
            name=person.name,
            identity=person.identity,
            class_name=person.class_name,
            number=person.number,
            provider_name=person.provider_name,
            ownership=person.ownership,
        )
        for position, (person, claim) in enumerate(claimed, start=1)
    ]


def _tell(statement: Statement, *, by: Actor, now: datetime, left_out: Counter[str]) -> None:
    record(
        by=by,
        action="statement.made",
        target=statement,
        now=now,
        after={
            "number": statement.number,
            "students": statement.students,
            "teachers": statement.teachers,
            "left_out": dict(left_out),
        },
        scope_code=statement.school.npsn,
    )


def _order_print(statement: Statement, *, by: Actor, now: datetime, dedupe_key: str | None) -> None:
    batch, _ = hand_in(
        by=by,
        kind=PRINT,
        title=f"Cetak SPTJM {statement.number}",
        now=now,
        scope_code=statement.school.npsn,
        params={"statement": statement.pk},
        dedupe_key=dedupe_key,
    )
    statement.print_batch = batch
    statement.save(update_fields=["print_batch"])
