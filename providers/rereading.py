"""When a prefix changes its owner the numbers that begin with it are read again, as a batch.

A number with another provider has to be asked again; one whose prefix is nobody's any more is MALFORMED, and readable
again as soon as somebody owns it. Numbers in a live statement stay as they are and are listed; ``follow_prefixes``
reads them when their lock has ended, and hands in what a date of the table brings about.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from vervalponsel.accounts.actor import Actor
from vervalponsel.batches.actions import hand_in
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import NotYet, Run
from vervalponsel.kit.sqlfiles import run_step

from .models import PhoneRecord, Prefix
from .prefixes import owners_since
from .reading import LONG_AGO, Code

KIND = "reread"
RECORDS_AT_ONCE = 5_000
MOST_LEFT = 10_000
PATIENCE_SECONDS = 60.0

Stretch = tuple[str, object, object]
"""The step file that holds a stretch of records, and the stretch's ends."""


def hand_in_prefixes(*, by: Actor, prefixes: Sequence[int], now: datetime, key: str | None = None) -> Batch:
    """Have the numbers of these prefixes (811 is 0811) read again."""
    named = ", ".join(f"0{prefix}" for prefix in prefixes[:3]) + (" …" if len(prefixes) > 3 else "")
    params = {"prefixes": sorted(prefixes)}
    return hand_in(by=by, kind=KIND, title=f"Membaca ulang nomor {named}", now=now, params=params, dedupe_key=key)[0]


def reread(run: Run) -> dict[str, object]:
    """Handler: stretch by stretch, one commit each. Cut off anywhere, it goes on after the last commit."""
    _wait_for_readers(run)
    counts: dict[str, int] = {"changed_provider": 0, "without_provider": 0, "readable": 0, "locked": 0}
    counts |= {name: n for name, n in run.batch.counts.items() if name in counts}
    params = run.batch.params
    if params.get("records"):
        _take(run, counts, "left", {"records": params["records"]}, {})
    for step, start, end in _stretches(params):
        run.progress(
            f"Membaca ulang 0{str(start)[3:6]}" if step == "numbered" else "Membaca ulang nomor tanpa provider"
        )
        _take(run, counts, step, {"start": start, "end": end}, {"after": [step, end]})
    return dict(counts)


def _take(run: Run, counts: dict[str, int], step: str, ends: dict[str, object], note: dict[str, object]) -> None:
    """Change one stretch; how far it got and what came of it are kept in the same commit."""

    def work() -> dict[str, int]:
        fresh = _reread_some(run, step, ends)
        kept = {name: counts[name] + fresh[name] for name in counts}
        Batch.objects.filter(pk=run.batch.pk).update(counts=kept, params={**run.batch.params, **note})
        return kept

    counts.update(run.commit(work))
    run.batch.counts, run.batch.params = dict(counts), {**run.batch.params, **note}


def _reread_some(run: Run, step: str, ends: dict[str, object]) -> dict[str, int]:
    now, batch = run.now(), run.batch
    day = timezone.localdate(now)
    told = {"batch": batch.pk, "actor": batch.actor_name, "user": batch.created_by_id, "now": now}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.reread")
        run_step(cursor, "providers", f"rereading/{step}", {"day": day, **ends})
        locked = run_step(cursor, "providers", "rereading/set_locked_aside", {"batch": batch.pk})
        cursor.execute("SELECT count(*), count(owner) FROM reread")
        every, owned = cursor.fetchone()
        run_step(cursor, "providers", "rereading/tell", told)
        run_step(cursor, "providers", "rereading/change", {"now": now})
    found = {"locked": locked, "without_provider": every - owned, "changed_provider": 0, "readable": 0}
    return found | {"readable" if step == "unowned" else "changed_provider": owned}


def _stretches(params: dict[str, Any]) -> Iterator[Stretch]:
    """What is still to be done: the numbers of each prefix, then the records whose number is nobody's."""
    prefixes: list[int] = params.get("prefixes") or []
    done, after = params.get("after") or ("", "")
    for prefix in prefixes if done != "unowned" else ():
        start, end = f"+62{prefix}", f"+62{prefix + 1}"
        if done == "numbered":
            start = max(start, str(after))
        yield from _pieces(start, end)
    if prefixes:
        yield from _unowned(int(str(after)) if done == "unowned" else 0)


def _pieces(start: str, end: str) -> Iterator[Stretch]:
    """Pieces of about RECORDS_AT_ONCE records; those that share a number stay together."""
    numbers = PhoneRecord.objects.filter(number__lt=end).order_by("number").values_list("number", flat=True)
    while start < end:
        rest = numbers.filter(number__gte=start)
        if not rest.exists():
            return
        upto = next(iter(rest[RECORDS_AT_ONCE : RECORDS_AT_ONCE + 1]), end)
        if upto == rest[0]:
            upto = numbers.filter(number__gt=upto).first() or end
        yield "numbered", start, upto
        start = upto


def _unowned(after: int) -> Iterator[Stretch]:
    ids = (
        PhoneRecord.objects.filter(state="MALFORMED", code=Code.NO_PROVIDER).order_by("id").values_list("id", flat=True)
    )
    while some := list(ids.filter(id__gt=after)[:RECORDS_AT_ONCE]):
        yield "unowned", some[0], some[-1]
        after = some[-1]


def _wait_for_readers(run: Run) -> None:
    """Whoever was reading a number with the table as it was has to be done: what they write is read again then."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        mine = cursor.fetchone()[0]
    patience = time.monotonic() + PATIENCE_SECONDS
    while _older_than(mine):
        if time.monotonic() > patience:
            raise NotYet("Menunggu pekerjaan lain yang sedang membaca nomor.")
        run.progress("Menunggu perubahan yang sedang disimpan")
        time.sleep(0.2)


def _older_than(transaction_id: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend' AND age(backend_xid) > age(%s::xid8::xid))",
            [transaction_id],
        )
        return bool(cursor.fetchone()[0])


def follow_prefixes(*, by: Actor, now: datetime) -> list[Batch]:
    """Hand in what dates of the table have brought about since, and what was left because it was locked."""
    today = timezone.localdate(now)
    batches = [_of_day(by, day, now) for day in _days_until(today)]
    if records := left_and_unlocked(today):
        title = "Membaca ulang nomor yang terkunci"
        batches.append(hand_in(by=by, kind=KIND, title=title, now=now, params={"records": records})[0])
    return [batch for batch in batches if batch]


def _of_day(by: Actor, day: date, now: datetime) -> Batch | None:
    """The batch of the day on which owners changed; the same day again is the same batch."""
    key = f"{KIND}:{day.isoformat()}"
    if Batch.objects.filter(dedupe_key=key).exists():
        return None
    prefixes = owners_since(day)
    return hand_in_prefixes(by=by, prefixes=prefixes, now=now, key=key) if prefixes else None


def _days_until(today: date) -> list[date]:
    """Days on which some prefix began or ceased to belong to somebody."""
    begun = Prefix.objects.filter(valid_from__gt=LONG_AGO, valid_from__lte=today).values_list("valid_from", flat=True)
    ended = Prefix.objects.filter(valid_to__lte=today).values_list("valid_to", flat=True)
    return sorted({day for day in (*begun, *ended) if day})


def left_and_unlocked(day: date) -> list[int]:
    """Records that a batch left because they were locked, and that are no longer."""
    with connection.cursor() as cursor:
        run_step(cursor, "providers", "rereading/unlocked", {"day": day, "most": MOST_LEFT, "kind": KIND})
        return [row[0] for row in cursor.fetchall()]
