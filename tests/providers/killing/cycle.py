"""Ten pupils of one school on their way through both exchanges, and what can be told of them in the end.

Everything that is told goes by natural keys: people by their place, exchanges by provider and purpose; no ids and no
instants.
"""

from __future__ import annotations

import csv
import gzip
import io
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Max, Q, QuerySet
from django.utils import timezone

from providers import actions
from providers.client.interface import Interface, path_of, verify
from providers.models import (
    Credential,
    Entitlement,
    Exchange,
    ExchangeLine,
    LineAnswer,
    PhoneRecord,
    Provider,
)
from providers.reference import load_reference
from schools.models import Period, School, Window
from schools.tallies import figures_of_schools
from sptjm.actions.drafting import make_statement
from sptjm.actions.releasing import hand_in_release
from sptjm.actions.reviewing import approve
from sptjm.actions.uploading import upload_scan
from sptjm.models import Statement
from tests.factories import (
    PeriodFactory,
    RecordFactory,
    SchoolFactory,
    StudentFactory,
    WindowFactory,
    an_actor,
    operator_of,
    pusdatin,
)
from tests.journey.deeds import scan
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Role
from vervalponsel.audit.models import Event
from vervalponsel.batches.actions import run_again
from vervalponsel.batches.choices import FINAL, Status
from vervalponsel.batches.models import Batch, RowError

from .stack import Stack

BEGUN = "begun"
ROBOT = Actor.system("uji")
PREFIXES = {"TELKOMSEL": "+62812", "INDOSAT": "+62857"}
COLUMNS = ("line", "no_ponsel", "status", "code", "answered_at")
MATCHES = ["ACTIVE", "ACTIVE", "POSTPAID", "INACTIVE", "GRACE", "NOT_OURS", "ACTIVE", "KATA_ASING"]
REPORTS = ["SUCCEEDED", "SUCCEEDED", "FAILED", "SUCCEEDED", "REVERSED", "SUCCEEDED", "KATA_ASING"]
IS_ASKED_AGAIN = ExpressionWrapper(Q(recheck_wanted_at__isnull=False), output_field=BooleanField())
IS_ANSWERED = ExpressionWrapper(Q(answered_at__isnull=False), output_field=BooleanField())


@dataclass
class World:
    """What all cycles share: a period with its window, the providers' credentials, people who act."""

    stack: Stack
    period: Period
    window: Window
    clients: dict[str, Interface]
    office: Actor
    nation: list[Actor]
    cycles: int = 0
    begun: datetime = field(default_factory=timezone.now)
    prepared: dict[str, Cycle] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def made(cls, stack: Stack) -> Iterator[World]:
        now = timezone.now()
        load_reference(now=now)
        period = PeriodFactory.create(sharing_confirm_above=20, sharing_max=30)
        clients = {code: _client(stack, code, now) for code in PREFIXES}
        window = WindowFactory.create(period=period)
        office, nation = an_actor(Role.DINAS, "0329"), [pusdatin(), pusdatin()]
        stack.files.mkdir(exist_ok=True)
        stack.keep(BEGUN)
        with clients["TELKOMSEL"], clients["INDOSAT"]:
            yield cls(stack, period, window, clients, office, nation)

    def at(self, phase: str) -> Cycle:
        """The same people in the same state whenever it is asked for, whatever was done before."""
        if phase not in self.prepared:
            self.stack.restore(BEGUN)
            cycle = BEFORE[phase](self)
            self.stack.keep(phase)
            self.prepared[phase] = cycle
        self.stack.restore(phase)
        return replace(self.prepared[phase], people=list(self.prepared[phase].people))


def _client(stack: Stack, code: str, now: datetime) -> Interface:
    provider = Provider.objects.get(code=code)
    credential, secret = actions.create_credential(by=ROBOT, provider=provider, now=now)
    # The moment of its use is written once a minute: now, so that no call of a test has one moment more than another.
    Credential.objects.filter(pk=credential.pk).update(last_used_at=now + timedelta(days=1))
    return Interface(f"http://127.0.0.1:{stack.port}", credential.key_id, secret, tries=1)


@dataclass
class Cycle:
    """One school's people, and where the tables stood before them."""

    world: World
    school: School
    operator: Actor
    cycle: int
    first_batch: int
    first_event: int
    people: list[PhoneRecord] = field(default_factory=list)

    @classmethod
    def begin(cls, world: World) -> Cycle:
        world.cycles += 1
        school = SchoolFactory.create()
        last_batch, last_event = (model.objects.aggregate(last=Max("id"))["last"] or 0 for model in (Batch, Event))
        return cls(world, school, operator_of(school), world.cycles, last_batch, last_event)

    def enter(self, count: int, provider: str = "TELKOMSEL", **facts: Any) -> None:
        """So many pupils with numbers that nobody else has."""
        for _ in range(count):
            number = f"{PREFIXES[provider]}{self.cycle:05d}{len(self.people):03d}"
            person, owner = uuid.uuid4(), Provider.objects.get(code=provider)
            values = {"number": number, "provider": owner, "school": self.school, "state": "READY", "answered_at": None}
            record = RecordFactory.create(person_id=person, **(values | facts))
            StudentFactory.create(peserta_didik_id=person, school=self.school, record=record)
            self.people.append(record)

    # Deeds. Each gives the batch that a worker has to run.

    def dump(self) -> Batch:
        return actions.prepare_dump(by=ROBOT, now=timezone.now())[0]

    def send(self, purpose: str) -> Batch:
        """The provider's file over HTTP, sent again when the connection or the server is lost."""
        exchange = self.exchanges(purpose).latest("id")
        what = {"MATCH": "answers", "INJECT": "reports"}[purpose]
        body, client = file_for(exchange, self.world.begun), self.world.clients[exchange.provider_id]
        said = self.world.stack.insist(lambda: client.send(exchange.pk, what, body))
        return self.world.stack.insist(lambda: Batch.objects.get(pk=said["batch"]))

    def release(self) -> Batch:
        """Every usable number is stated, the scan approved, the stage released, each by somebody else."""
        self.state()
        self.approve()
        # This answer has got too old meanwhile: it is asked again before anything is ordered.
        PhoneRecord.objects.filter(pk=self.people[0].pk).update(answered_at=timezone.now() - timedelta(days=60))
        return self.hand_in_release()

    def hand_in_release(self) -> Batch:
        return hand_in_release(by=self.world.nation[1], window=self.world.window, now=timezone.now())[0]

    def state(self) -> Statement:
        period, now = self.world.period, timezone.now()
        made = make_statement(by=self.operator, school=self.school, period=period, now=now).statement
        # Printing is another test's matter.
        Batch.objects.filter(kind="print-statement", pk__gt=self.first_batch).update(status=Status.STOPPED)
        return made

    def approve(self) -> None:
        statement, now = Statement.objects.get(school=self.school), timezone.now()
        upload_scan(by=self.operator, statement=statement, content=scan(self.cycle), name="a.pdf", now=now)
        statement.refresh_from_db()
        approve(by=self.world.office, statement=statement, scan=statement.scans.latest("id"), now=now)

    def pull(self, purpose: str) -> dict[int, list[dict[str, str]]]:
        """The rows of every file that waits, whole and as the manifest says, with the receipt sent."""
        found = {}
        for exchange in self.exchanges(purpose).filter(receipted_at=None, status__in=("PREPARED", "OFFERED")):
            client, insist = self.world.clients[exchange.provider_id], self.world.stack.insist
            folder = self.world.stack.pulled
            manifest = insist(lambda: client.manifest(exchange.pk))  # noqa: B023 - called at once
            insist(lambda: client.pull(exchange.pk, folder))  # noqa: B023
            said = verify(folder, manifest, insist(client.keys))
            insist(lambda: client.receipt(exchange.pk, said))  # noqa: B023
            found[exchange.pk] = [
                row for part in manifest["parts"] for row in read(path_of(folder, exchange.pk, part["no"]))
            ]
        return found

    def done(self, batch: Batch) -> Batch:
        """Wait until a worker is done with the batch, by itself or with one press of the button."""
        insist, what, presses = self.world.stack.insist, f"the end of {batch.kind}", 0
        while insist(partial(_fresh, batch), lambda found: found.status in FINAL, what).status != Status.DONE:
            assert (batch.status, presses) == (Status.FAILED, 0), f"{what}: {batch.status}: {batch.error}, {presses}"
            run_again(by=self.world.nation[0], batch=batch, now=batch.created_at)
            presses += 1
        return batch

    # What is told in the end

    def exchanges(self, purpose: str = "") -> QuerySet[Exchange]:
        own = Exchange.objects.filter(pk__in=ExchangeLine.objects.filter(record__in=self.people).values("exchange"))
        return (own.filter(purpose=purpose) if purpose else own).order_by("id")

    def told(self) -> dict[str, Any]:
        """Everything that the exchange writes of these people."""
        who = {record.pk: place for place, record in enumerate(self.people)}
        records = PhoneRecord.objects.filter(pk__in=who)
        lines = ExchangeLine.objects.filter(record__in=who)
        return {
            "records": [
                (who[pk], *rest)
                for pk, *rest in records.order_by("id").values_list(
                    *("pk", "state", "code", "stage", "cell", "version", "sharing", "asked_in__provider"),
                    *(IS_ASKED_AGAIN, IS_ANSWERED),
                )
            ],
            "claims": sorted(
                (who[record], *rest)
                for record, *rest in Entitlement.objects.filter(record__in=who).values_list(
                    *("record", "stage", "code", "closed", "slot", "package__general_gb")
                )
            ),
            "lines": sorted(
                (purpose, provider, place, who[record], *rest)
                for purpose, provider, place, record, *rest in lines.values_list(
                    *("purpose", "exchange__provider", "line_no", "record", "gigabytes", "outcome", "code"),
                    *("is_stale", "is_contradicted", "live"),
                )
            ),
            "kept answers": sorted(
                (who[record], *rest)
                for record, *rest in LineAnswer.objects.filter(line__record__in=who).values_list(
                    "line__record", "line__purpose", "outcome", "code"
                )
            ),
            "exchanges": [
                (provider, purpose, status, rows, sorted(counts.items()), int(said or 0) == self.sum_of(pk))
                for pk, provider, purpose, status, rows, counts, said in self.exchanges().values_list(
                    *("pk", "provider", "purpose", "status", "rows", "counts", "control_sum"),
                )
            ],
            "statements": list(Statement.objects.filter(school=self.school).values_list("status", "students")),
            "figures": sorted(_figures(self.school).items()),
            **self.told_of_work(),
        }

    def told_of_people(self) -> dict[str, Any]:
        """The part that does not depend on which file a number went in."""
        told = self.told()
        lines = sorted((purpose, who, *rest) for purpose, _, _, who, *rest in told["lines"])
        return {name: told[name] for name in ("records", "claims", "kept answers", "statements", "figures")} | {
            "lines": lines
        }

    def sum_of(self, exchange: int) -> int:
        return sum(int(n) for n in ExchangeLine.objects.filter(exchange=exchange).values_list("number", flat=True))

    def told_of_work(self) -> dict[str, Any]:
        batches = Batch.objects.filter(pk__gt=self.first_batch).exclude(kind="print-statement").order_by("id")
        events = Event.objects.filter(pk__gt=self.first_event)
        return {
            "batches": [
                (kind, status, sorted(counts.items()))
                for kind, status, counts in batches.values_list("kind", "status", "counts")
            ],
            "refused": sorted(RowError.objects.filter(batch__in=batches).values_list("line", "column", "code")),
            "events": sorted(Counter(events.values_list("action", flat=True)).items()),
        }


def _fresh(batch: Batch) -> Batch:
    batch.refresh_from_db()
    return batch


def file_for(exchange: Exchange, begun: datetime) -> bytes:
    """What the provider says: of each number the next word, by its last digits. Some are said twice, differently, or of
    lines that were never sent; all in the future of every question, so that their order is the file's alone.
    """
    words = MATCHES if exchange.purpose == "MATCH" else REPORTS
    rows: list[tuple[Any, ...]] = []
    for line in ExchangeLine.objects.filter(exchange=exchange).order_by("line_no"):
        place = int(line.number[-3:])
        word, at = words[place % len(words)], begun + timedelta(hours=6, seconds=place)
        rows.append((line.line_no, line.number[1:], word, "NUMBER_INACTIVE" if word == "FAILED" else "", at))
        if place % 4 == 1:
            rows.append(rows[-1])
        if place % 5 == 3:
            rows.append((line.line_no, line.number[1:], words[0], "", at + timedelta(minutes=1)))
    at = begun + timedelta(hours=6)
    rows += [(777, "628121111111", words[0], "", at), (1, "628121111111", words[0], "", at), ("x", "y", "z", "", "?")]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([COLUMNS, *rows])
    return text.getvalue().encode()


def _figures(school: School) -> dict[str, int]:
    found: Counter[str] = Counter()
    for row in figures_of_schools([school.pk])[school.pk].rows:
        found[f"{row.metric} {row.provider}"] += row.n
    return {name: n for name, n in found.items() if n}


def read(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt") as text:
        return list(csv.DictReader(text))


Deed = Callable[[Cycle], Batch]


def before_dump(world: World) -> Cycle:
    """Numbers of two providers wait; one is asked again, one was corrected while its old number was being asked."""
    cycle = Cycle.begin(world)
    cycle.enter(1)
    cycle.done(cycle.dump())
    corrected = {"number": f"+62813{cycle.cycle:05d}000", "state": "READY", "asked_in": None}
    PhoneRecord.objects.filter(pk=cycle.people[0].pk).update(**corrected)
    cycle.enter(5)
    cycle.enter(4, "INDOSAT")
    cycle.enter(1, state="ACTIVE", answered_at=timezone.now(), recheck_wanted_at=timezone.now())
    return cycle


def before_pull(world: World) -> Cycle:
    """Two files wait to be pulled."""
    cycle = Cycle.begin(world)
    cycle.enter(6)
    cycle.enter(5, "INDOSAT")
    cycle.done(cycle.dump())
    return cycle


def before_answers(world: World) -> Cycle:
    """A dump was pulled; two of its numbers are stated meanwhile, of which one will turn out to be unusable."""
    cycle = Cycle.begin(world)
    cycle.enter(7)
    cycle.enter(5, state="ACTIVE", answered_at=timezone.now(), recheck_wanted_at=timezone.now())
    cycle.state()
    cycle.done(cycle.dump())
    cycle.pull("MATCH")
    return cycle


def before_release(world: World) -> Cycle:
    """Active numbers of two providers."""
    cycle = Cycle.begin(world)
    for provider in PREFIXES:
        cycle.enter(4, provider, state="ACTIVE", answered_at=timezone.now())
    return cycle


def before_reports(world: World) -> Cycle:
    cycle = Cycle.begin(world)
    cycle.enter(8, state="ACTIVE", answered_at=timezone.now())
    cycle.done(cycle.release())
    cycle.pull("INJECT")
    return cycle


BEFORE: dict[str, Callable[[World], Cycle]] = {
    "dump": before_dump,
    "pull": before_pull,
    "answers": before_answers,
    "release": before_release,
    "reports": before_reports,
}
"""What has happened before a phase begins."""

DEEDS: dict[str, Deed] = {
    "dump": Cycle.dump,
    "answers": lambda cycle: cycle.send("MATCH"),
    "release": Cycle.release,
    "reports": lambda cycle: cycle.send("INJECT"),
}
"""The deed after which a worker has to do something."""
