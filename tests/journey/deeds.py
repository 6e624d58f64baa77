"""What people, providers and the system do in the small nation. Each deed picks its target by a number, so that a
test can draw it, and tells in a few words what came of it; a deed that the rules refuse is told as such.
"""

from __future__ import annotations

import csv
import functools
import gzip
import hashlib
import io
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db.models import QuerySet

from providers import actions as exchanges
from providers.choices import ExchangeStatus, Ownership, Purpose
from providers.matching import want_old_again
from providers.models import Exchange, ExchangeLine, PhoneRecord
from providers.recipients import actions as numbers
from providers.recipients import bulk
from providers.sharing import recount_requested
from schools import periods, tallies
from schools.choices import PeriodStatus
from schools.models import Period, School, Window
from sptjm.actions.drafting import make_statement
from sptjm.actions.releasing import hand_in_release
from sptjm.actions.reviewing import approve, return_approved, return_scan
from sptjm.actions.uploading import upload_scan
from sptjm.actions.voiding import void
from sptjm.candidates import Choice
from sptjm.choices import ReturnCode
from sptjm.models import Statement
from sptjm.policies import NotAllowed
from sptjm.reading import ScanContent
from tests.sptjm.factories import a_pdf
from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.runner import Refused

from .nation import NUMBERS, Nation, new_period, unstaff

REFUSALS = (numbers.EditRefused, NotAllowed, exchanges.Refused, Refused)
"""The only exceptions with which a rule may turn a deed down."""

MALFORMED = ["12345", "0854 1234 5678", "081226000001 / 085726000001", "6,28123E+11", "021-5551234"]
MATCHES = ["ACTIVE", "ACTIVE", "ACTIVE", "POSTPAID", "INACTIVE", "GRACE", "NOT_OURS"]
REPORTS = ["SUCCEEDED", "SUCCEEDED", "SUCCEEDED", "FAILED", "REVERSED"]

NOTHING = "nothing"
"""What a deed tells that found nobody to be done to."""

Deed = Callable[..., str]


def told(deed: Deed) -> Deed:
    """A refusal by the rules is an outcome like any other."""

    @functools.wraps(deed)
    def careful(*args: Any, **kwargs: Any) -> str:
        try:
            return deed(*args, **kwargs)
        except REFUSALS as refusal:
            return f"refused: {type(refusal).__name__} {refusal}"

    return careful


def pick(rows: QuerySet | Sequence[Any], n: int) -> Any:
    """The nth of the rows, round and round; None when there are none."""
    found = list(rows)
    return found[n % len(found)] if found else None


# The operator's numbers


def record_at(n: int, *states: str) -> PhoneRecord:
    """The nth record, of those in the given states if there are any."""
    records = PhoneRecord.objects.select_related("school").order_by("role", "person_id")
    return pick(records.filter(state__in=states), n) or pick(records, n)


def typed_number(n: int) -> str:
    """One of the numbers in one of the ways of typing it, nothing, or something unreadable."""
    number, way = NUMBERS[n % len(NUMBERS)], n // len(NUMBERS) % 7
    ways = [number, f"+62 {number[1:4]}-{number[4:]}", f"62{number[1:]}", number, number]
    return [*ways, "", MALFORMED[n % len(MALFORMED)]][way]


def save(nation: Nation, record: PhoneRecord, typed: str, ownership: str, by: Actor | None = None) -> numbers.Saved:
    """What the editor does with a form that was opened when the record was read."""
    by = by or nation.people.operator(record.school)
    return numbers.save_number(
        by=by, record=record, typed=typed, ownership=ownership, version=record.version, now=nation.now()
    )


@told
def edit(nation: Nation, who: int, number: int, owner: int) -> str:
    record, typed = record_at(who), typed_number(number)
    ownership = ["", *Ownership.values][owner % 7] or record.ownership
    saved = save(nation, record, typed, ownership)
    return f"{record} := {typed!r} {ownership}, changed: {saved.changed}"


@told
def edit_with_an_old_form(nation: Nation, who: int, number: int) -> str:
    record, typed = record_at(who), typed_number(number)
    record.version -= 1
    save(nation, record, typed, record.ownership)
    return f"{record} := {typed!r}, unchanged"


@told
def state_owners(nation: Nation, at: int, owner: int) -> str:
    school = pick(nation.schools(), at)
    by, ownership = nation.people.operator(school), Ownership.values[owner % len(Ownership.values)]
    ids = list(PhoneRecord.objects.filter(school=school).values_list("pk", flat=True))
    batch = bulk.state_ownership(by=by, record_ids=ids, ownership=Ownership(ownership), now=nation.now())
    return f"{school.npsn}: owners stated {batch.counts}"


@told
def confirm_number(nation: Nation, who: int) -> str:
    record = record_at(who, "ACTIVE", "POSTPAID")
    numbers.confirm_number(by=nation.people.operator(record.school), record=record, now=nation.now())
    return f"{record} confirmed"


@told
def confirm_sharing(nation: Nation, who: int) -> str:
    shared = PhoneRecord.objects.exclude(sharing="NONE").select_related("school").order_by("role", "person_id")
    record = pick(shared, who) or record_at(who)
    numbers.confirm_sharing(by=nation.people.operator(record.school), record=record, now=nation.now())
    return f"{record} shares knowingly"


@told
def ask_again(nation: Nation, who: int) -> str:
    record = record_at(who, *numbers.RECHECKABLE)
    numbers.ask_recheck(by=nation.people.operator(record.school), record=record, now=nation.now())
    return f"{record} to be asked again"


# Providers


@told
def dump(nation: Nation) -> str:
    batch, _ = exchanges.prepare_dump(by=nation.people.nation[0], now=nation.now())
    return f"dump: {nation.run(batch).counts}"


def exchange_at(n: int, purpose: Purpose, *, waiting: bool) -> Exchange | None:
    found = Exchange.objects.filter(purpose=purpose).exclude(status=ExchangeStatus.PREPARING).order_by("id")
    if waiting:
        found = found.filter(lines__live=True).distinct()
    return pick(found, n)


def answer_all(nation: Nation, seed: int, words: list[str] | None = None, share: float = 1.0) -> str:
    """Every file that waits is answered, in the given share of its lines."""
    return "; ".join(send(nation, each, seed, words or MATCHES, share) for each in offered(Purpose.MATCH)) or NOTHING


def report_all(nation: Nation, seed: int, words: list[str] | None = None, share: float = 1.0) -> str:
    return "; ".join(send(nation, each, seed, words or REPORTS, share) for each in offered(Purpose.INJECT)) or NOTHING


def offered(purpose: Purpose) -> QuerySet[Exchange]:
    """The files that wait for answers; one that is still being prepared is seen by nobody."""
    waiting = Exchange.objects.unanswered().filter(purpose=purpose, lines__live=True)
    return waiting.distinct().order_by("id")


@told
def answer(nation: Nation, which: int, seed: int, waiting: bool) -> str:
    exchange = exchange_at(which, Purpose.MATCH, waiting=waiting)
    return send(nation, exchange, seed, MATCHES, 0.7) if exchange else NOTHING


@told
def report(nation: Nation, which: int, seed: int, waiting: bool) -> str:
    exchange = exchange_at(which, Purpose.INJECT, waiting=waiting)
    return send(nation, exchange, seed, REPORTS, 0.7) if exchange else NOTHING


def send(nation: Nation, exchange: Exchange, seed: int, words: list[str], share: float) -> str:
    """A file of answers as a provider writes it: in its own order, some lines twice, differing, unknown or of another
    number, now and then dated back.
    """
    dice, lines = random.Random(seed), list(ExchangeLine.objects.filter(exchange=exchange).order_by("line_no"))
    rows = [row for line in lines if dice.random() < share for row in answers_to(line, dice, words, nation.now())]
    dice.shuffle(rows)
    if share < 1 and dice.random() < 0.3:
        rows += [(999, "6281226000001", words[0], "", nation.now().isoformat()), ("x", "1", "?", "", "kemarin")]
    if not rows:
        return f"{exchange}: silence"
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("line", "no_ponsel", "status", "code", "answered_at"), *rows])
    file = ContentFile(text.getvalue().encode(), name="jawaban.csv")
    by = exchanges.provider_actor(exchange.provider_id)
    batch, _ = exchanges.hand_in_answers(by=by, exchange=exchange, file=file, now=nation.now())
    counts = nation.run(batch).counts
    check_ends(counts, len(rows))
    return f"{exchange}: {[row[2] for row in rows]} {counts}"


def answers_to(line: ExchangeLine, dice: random.Random, words: list[str], now: datetime) -> list[tuple[Any, ...]]:
    times = dice.choice([1, 1, 1, 1, 2]) if len(set(words)) > 1 else 1
    found = []
    for _ in range(times):
        word, back = dice.choice(words), timedelta(hours=dice.choice([0, 0, 0, 1, 30]))
        code = dice.choice(["NUMBER_INACTIVE", "?"]) if word in ("FAILED", "REVERSED") else ""
        found.append((line.line_no, line.number[1:], word, code, (now - back).isoformat()))
    if times == 2 and dice.random() < 0.3:
        found.append(found[0])
    return found


def check_ends(counts: dict[str, int], rows: int) -> None:
    """Every row of a file ends in exactly one stated outcome."""
    ends = ("applied", "stale", "duplicate", "superseded", "unknown_line", "number_not_sent", "held", "bad")
    assert counts["rows"] == rows == sum(counts[name] for name in ends), counts


@told
def close_exchange(nation: Nation, which: int, purpose: Purpose) -> str:
    exchange = exchange_at(which, purpose, waiting=True)
    if exchange is None:
        return NOTHING
    exchanges.close(by=nation.people.nation[0], exchange=exchange, now=nation.now())
    return f"{exchange} closed"


@told
def pull(nation: Nation, which: int, purpose: Purpose) -> str:
    """The file bears what is frozen, and the receipt agrees."""
    exchange = exchange_at(which, purpose, waiting=False)
    if exchange is None:
        return NOTHING
    by = exchanges.provider_actor(exchange.provider_id)
    exchanges.mark_offered(by=by, exchange=exchange, now=nation.now())
    rows: list[dict[str, str]] = []
    digests = ""
    for part in exchange.parts.in_order():
        with part.file.open("rb") as stream:
            packed = stream.read()
        rows += csv.DictReader(io.StringIO(gzip.decompress(packed).decode()))
        digests += hashlib.sha256(packed).hexdigest()
    total = str(sum(int(row["no_ponsel"]) for row in rows))
    sha256, now = hashlib.sha256(digests.encode()).hexdigest(), nation.now()
    exchanges.receipt(by=by, exchange=exchange, rows=len(rows), sha256=sha256, control_sum=total, now=now)
    return f"{exchange} pulled: {len(rows)}"


# Statements


@told
def make(nation: Nation, at: int, whom: int) -> str:
    school = pick(nation.schools(), at)
    choice = [Choice(), Choice(), Choice(roles=("STUDENT",)), Choice(roles=("TEACHER",))][whom % 4]
    drafted = make_statement(
        by=nation.people.operator(school), school=school, period=nation.current(), now=nation.now(), choice=choice
    )
    return f"{drafted.statement}: {drafted.statement.people} people, left out {dict(drafted.left_out)}"


def statement_at(n: int, *statuses: str) -> Statement | None:
    found = Statement.objects.select_related("school", "period").order_by("id")
    return pick(found.filter(status__in=statuses) if statuses else found, n)


@told
def upload(nation: Nation, which: int, *, again: bool = False) -> str:
    statement = statement_at(which) if again else statement_at(which, "STATED", "RETURNED")
    if statement is None:
        return NOTHING
    nation.scans += not again
    upload_scan(
        by=nation.people.operator(statement.school),
        statement=statement,
        content=scan(nation.scans),
        name="pindaian.pdf",
        now=nation.now(),
    )
    return f"{statement} uploaded"


@functools.cache
def scan(n: int) -> ScanContent:
    data = a_pdf(1, title=f"Pindaian {n}")
    return ScanContent(data, "application/pdf", 1, hashlib.sha256(data).hexdigest())


@told
def judge(nation: Nation, which: int, *, good: bool, anyone: bool = False) -> str:
    statement = statement_at(which) if anyone else statement_at(which, "UPLOADED")
    newest = statement.scans.order_by("-id").first() if statement else None
    if statement is None or newest is None:
        return NOTHING
    by = nation.office_of(statement.school)
    if good:
        approve(by=by, statement=statement, scan=newest, now=nation.now())
        return f"{statement} approved by {by.label}"
    return_scan(by=by, statement=statement, scan=newest, code=ReturnCode.BLURRED, note="", now=nation.now())
    return f"{statement} returned by {by.label}"


@told
def give_back(nation: Nation, which: int, who: int) -> str:
    statement = statement_at(which, "APPROVED", "RELEASED")
    if statement is None:
        return NOTHING
    by = pick(nation.people.nation, who)
    return_approved(by=by, statement=statement, code=ReturnCode.LIST_WRONG, note="", now=nation.now())
    return f"{statement} returned by {by.label}"


@told
def give_up(nation: Nation, which: int) -> str:
    statement = statement_at(which)
    if statement is None:
        return NOTHING
    void(by=nation.people.operator(statement.school), statement=statement, reason="salah", now=nation.now())
    return f"{statement} voided"


@told
def release(nation: Nation, which: int, who: int) -> str:
    window = pick(Window.objects.filter(period__status=PeriodStatus.OPEN).order_by("-period", "stage"), which)
    batch, _ = hand_in_release(by=pick(nation.people.nation, who), window=window, now=nation.now())
    return f"release {window}: {nation.run(batch).counts}"


# The nation


@told
def open_next(nation: Nation, at_once: bool, changes: dict[str, object]) -> str:
    """Open the next period; its batch runs at once or when a worker comes to it."""
    finish_waiting(nation)
    period = new_period(nation, **changes)
    batch = periods.open_period(by=nation.people.nation[0], period=period, now=nation.now())
    if at_once:
        return f"{period} open: {nation.run(batch).counts}"
    nation.waiting.append(lambda: str(nation.run(batch)))
    return f"{period} open, its batch waits"


def finish_waiting(nation: Nation) -> str:
    if not nation.waiting:
        return NOTHING
    while nation.waiting:
        nation.waiting.pop(0)()
    return "workers have caught up"


@told
def close_old(nation: Nation, which: int) -> str:
    period = pick(Period.objects.filter(status=PeriodStatus.OPEN).order_by("id"), which)
    batch = periods.close_period(by=nation.people.nation[0], period=period, now=nation.now())
    return f"{period} closed: {nation.run(batch).counts}"


def recount(nation: Nation) -> str:
    return f"{recount_requested(now=nation.now())} counted again"


def fold(nation: Nation, rebuild: bool) -> str:
    folded = tallies.fold()
    if rebuild:
        tallies.rebuild_rollups()
    return f"{folded} folded"


def days_pass(nation: Nation, days: int) -> str:
    nation.pass_time(days=days)
    return f"{days} days later {want_old_again(now=nation.now())} answers are old"


def no_coverage(nation: Nation, at: int) -> str:
    school = pick(nation.schools(), at)
    School.objects.filter(pk=school.pk).update(no_coverage=not school.no_coverage)
    return f"{school.npsn} without coverage: {not school.no_coverage}"


def staff(code: str, staffed: bool) -> str:
    unstaff(code, staffed=staffed)
    return f"office {code} staffed: {staffed}"


# Several at once, so that much gets far


def all_the_way(nation: Nation, seed: int, until: str) -> str:
    """Everybody does what is theirs in turn, until a stage is reached."""
    trail = [recount(nation), dump(nation), answer_all(nation, seed, ["ACTIVE", "POSTPAID"])]
    for at in range(len(nation.schools())):
        trail += [state_owners(nation, at, 2)]
        if until != "USABLE":
            trail += [make(nation, at, 0)]
    if until not in ("USABLE", "STATED"):
        trail += [upload(nation, 0) for _ in Statement.objects.filter(status="STATED")]
    if until not in ("USABLE", "STATED", "UPLOADED"):
        trail += [judge(nation, 0, good=True) for _ in Statement.objects.filter(status="UPLOADED")]
    if until in ("RELEASED", "INJECTED"):
        trail += [release(nation, 0, 1)]
    if until == "INJECTED":
        trail += [report_all(nation, seed, ["SUCCEEDED"])]
    return "\n    ".join(trail)
