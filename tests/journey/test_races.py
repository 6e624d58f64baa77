"""Two people, or a person and the system, at the same moment: one wins, the other is told, the books balance."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from providers import actions as exchanges
from providers import matching
from providers.choices import Purpose
from providers.models import Entitlement, Exchange, ExchangeLine, PhoneRecord
from providers.recipients import actions as numbers
from providers.sharing import recount_requested
from schools import tallies
from schools.models import School, TallyDelta
from sptjm.actions.drafting import make_statement
from sptjm.actions.releasing import hand_in_release
from sptjm.actions.reviewing import approve, return_scan
from sptjm.actions.uploading import upload_scan
from sptjm.actions.voiding import void
from sptjm.choices import ReturnCode
from sptjm.models import Statement
from sptjm.policies import Overtaken
from tests.factories import operator_of
from tests.journey import deeds
from tests.journey.balance import wrong
from tests.journey.nation import ROBOT, Nation, a_small_nation
from tests.journey.register_deeds import CHANGES
from vervalponsel.batches.actions import hand_in
from vervalponsel.batches.runner import run_batch

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6


@pytest.fixture
def nation(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nation]:
    with a_small_nation(settings, tmp_path, monkeypatch) as begun:
        yield begun


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run each in a thread and on a connection of its own; gives what each returned, or the refusal it raised.

    Anything else that is raised, a deadlock above all, is raised here.
    """
    ready, outcomes = threading.Barrier(len(deeds)), list[Any]([None] * len(deeds))

    def run(place: int, deed: Callable[[], Any]) -> None:
        try:
            ready.wait(timeout=20)
            outcomes[place] = deed()
        except Exception as problem:  # noqa: BLE001 - judged below
            outcomes[place] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
        assert not thread.is_alive(), "somebody waits for ever"
    for outcome in outcomes:
        if isinstance(outcome, Exception) and not isinstance(outcome, deeds_refused()):
            raise outcome
    return outcomes


def deeds_refused() -> tuple[type[Exception], ...]:
    return deeds.REFUSALS


def balanced() -> None:
    found = wrong()
    assert not found, "\n".join(found)


def sd(nation: Nation) -> School:
    return nation.schools()[0]


def usable(nation: Nation) -> School:
    """The SD with every number answered and owned."""
    deeds.all_the_way(nation, 1, "USABLE")
    return sd(nation)


def refused(outcomes: list[Any]) -> list[str]:
    return sorted(type(outcome).__name__ for outcome in outcomes if isinstance(outcome, Exception))


def test_two_operators_save_one_row(nation: Nation) -> None:
    school = sd(nation)
    people = [operator_of(school), operator_of(school)]
    for round_ in range(ROUNDS):
        record = PhoneRecord.objects.filter(school=school).earliest("id")
        typed = [f"08122611{round_:02d}{place:02d}" for place in range(2)]

        forms = [partial(deeds.save, nation, record, typed[place], "OWN", people[place]) for place in range(2)]
        outcomes = at_once(*forms)
        assert refused(outcomes) == ["ChangedMeanwhile"]
        winner = next(place for place in range(2) if not isinstance(outcomes[place], Exception))
        record.refresh_from_db()
        assert (record.typed, record.version) == (typed[winner], outcomes[winner].record.version)
    recount_requested(now=nation.now())
    balanced()


def test_two_operators_make_a_statement_of_one_school(nation: Nation) -> None:
    school = usable(nation)

    def make(token: str) -> Any:
        return make_statement(
            by=nation.people.operator(school), school=school, period=nation.current(), now=nation.now(), token=token
        )

    for round_ in range(ROUNDS):
        before = Statement.objects.count()
        outcomes = at_once(partial(make, f"a{round_}"), partial(make, f"b{round_}"), partial(make, ""))
        assert refused(outcomes) == ["NotAllowed", "NotAllowed"]
        [drafted] = [outcome for outcome in outcomes if not isinstance(outcome, Exception)]
        assert drafted.created
        assert Statement.objects.count() == before + 1
        balanced()
        void(by=ROBOT, statement=drafted.statement, reason="lagi", now=nation.now())


def test_one_form_sent_twice_makes_one_statement(nation: Nation) -> None:
    school = usable(nation)
    for round_ in range(ROUNDS):

        def make(token: str = f"form-{round_}") -> Any:
            by = nation.people.operator(school)
            return make_statement(by=by, school=school, period=nation.current(), now=nation.now(), token=token)

        outcomes = at_once(make, make)
        assert sorted(drafted.created for drafted in outcomes) == [False, True]
        assert len({drafted.statement.pk for drafted in outcomes}) == 1
        void(by=ROBOT, statement=outcomes[0].statement, reason="lagi", now=nation.now())
    balanced()


def test_schools_that_share_numbers_state_them_at_the_same_time(nation: Nation) -> None:
    usable(nation)
    schools, period = nation.schools()[:4], nation.current()
    PhoneRecord.objects.update(sharing_confirmed_at=nation.now())
    recount_requested(now=nation.now())

    def make(school: School) -> Any:
        return make_statement(by=nation.people.operator(school), school=school, period=period, now=nation.now())

    for _ in range(ROUNDS):
        outcomes = at_once(*[partial(make, school) for school in schools])
        assert refused(outcomes) == []
        balanced()
        for drafted in outcomes:
            void(by=ROBOT, statement=drafted.statement, reason="lagi", now=nation.now())


def test_a_number_is_edited_while_it_is_stated(nation: Nation) -> None:
    school = usable(nation)
    by, period = nation.people.operator(school), nation.current()
    seen = set()
    for round_ in range(2 * ROUNDS):
        record = PhoneRecord.objects.filter(school=school, cell="USABLE").earliest("id")

        edited, drafted = at_once(
            partial(deeds.save, nation, record, f"0812260100{round_:02d}", "OWN"),
            partial(make_statement, by=by, school=school, period=period, now=nation.now()),
        )
        assert not isinstance(drafted, Exception)
        stated = Entitlement.objects.live().filter(record=record).exists()
        assert stated == isinstance(edited, numbers.Locked)
        seen.add(stated)
        recount_requested(now=nation.now())
        balanced()
        void(by=ROBOT, statement=drafted.statement, reason="lagi", now=nation.now())
        deeds.all_the_way(nation, round_, "USABLE")


def uploaded(nation: Nation) -> Statement:
    """A statement of the SD whose scan waits for the office."""
    school, by = usable(nation), nation.people.operator(sd(nation))
    made = make_statement(by=by, school=school, period=nation.current(), now=nation.now()).statement
    put_forward(nation, made)
    return made


def put_forward(nation: Nation, statement: Statement) -> Any:
    nation.scans += 1
    content = deeds.scan(nation.scans)
    return upload_scan(by=ROBOT, statement=statement, content=content, name="pindaian.pdf", now=nation.now())


def test_two_reviewers_judge_one_scan(nation: Nation) -> None:
    statement, now = uploaded(nation), nation.now()
    office, other = nation.people.offices["0329"], nation.people.nation[0]
    for _ in range(ROUNDS):
        newest = statement.scans.latest("id")
        seen: dict[str, Any] = {"statement": statement, "scan": newest, "now": now}
        outcomes = at_once(
            partial(approve, by=office, **seen),
            partial(return_scan, by=other, code=ReturnCode.BLURRED, note="", **seen),
        )
        assert refused(outcomes) == ["Overtaken"]
        statement.refresh_from_db()
        assert statement.reviews.filter(scan=newest).count() == 1
        balanced()
        if statement.status == "APPROVED":
            deeds.give_back(nation, 0, 0)
        put_forward(nation, statement)


def test_a_statement_is_voided_while_its_scan_arrives_and_is_approved(nation: Nation) -> None:
    for round_ in range(ROUNDS):
        statement = uploaded(nation)
        outcomes = judge_void_and_upload(nation, statement)
        assert all(isinstance(each, Overtaken) for each in outcomes if isinstance(each, Exception)), outcomes
        statement.refresh_from_db()
        assert statement.status in ("VOIDED", "APPROVED")
        balanced()
        if statement.status == "APPROVED":
            deeds.give_back(nation, 0, round_)
            deeds.give_up(nation, Statement.objects.filter(pk__lt=statement.pk).count())


def judge_void_and_upload(nation: Nation, statement: Statement) -> list[Any]:
    newest, office = statement.scans.latest("id"), nation.people.offices["0329"]
    return at_once(
        lambda: void(by=ROBOT, statement=statement, reason="salah", now=nation.now()),
        lambda: put_forward(nation, statement),
        lambda: approve(by=office, statement=statement, scan=newest, now=nation.now()),
    )


def test_two_stages_are_released_at_once(nation: Nation) -> None:
    deeds.all_the_way(nation, 3, "APPROVED")
    period, people = nation.current(), nation.people.nation
    windows = [*period.windows.order_by("stage"), period.windows.earliest("stage")]
    released = zip([*people, people[0]], windows, strict=True)
    batches = [hand_in_release(by=by, window=window, now=nation.now())[0] for by, window in released]
    assert at_once(*[partial(run_batch, batch.pk) for batch in batches]) == ["DONE"] * 3
    claims = Entitlement.objects.filter(stage="RELEASED").count()
    assert claims > 5
    assert ExchangeLine.objects.filter(purpose=Purpose.INJECT).count() == claims
    assert not Exchange.objects.filter(status="PREPARING").exists()
    balanced()


def test_two_dumps_are_prepared_at_once(nation: Nation) -> None:
    batches = [hand_in(by=ROBOT, kind=matching.KIND, title=f"Dump {n}", now=nation.now())[0] for n in range(3)]
    assert at_once(*[partial(run_batch, batch.pk) for batch in batches]) == ["DONE"] * 3
    ready = PhoneRecord.objects.filter(state="READY", eligibility="OK").exclude(sharing="STOPPED").count()
    assert ready > 5
    assert ExchangeLine.objects.filter(live=True).count() == ready
    balanced()


def test_a_dump_is_asked_for_twice(nation: Nation) -> None:
    def ask() -> Any:
        return exchanges.prepare_dump(by=ROBOT, now=nation.now())

    outcomes = at_once(ask, ask, ask)
    assert len({batch.pk for batch, _ in outcomes}) == 1
    assert sum(created for _, created in outcomes) == 1


def test_sharers_are_counted_while_numbers_change(nation: Nation) -> None:
    for round_ in range(ROUNDS):
        at_once(
            *[partial(deeds.edit, nation, who * 7, round_ + who, 1) for who in range(4)],
            lambda: recount_requested(now=nation.now()),
            lambda: recount_requested(now=nation.now()),
            tallies.fold,
        )
        balanced()
    recount_requested(now=nation.now())
    balanced()


def test_figures_are_folded_by_two_while_others_write(nation: Nation) -> None:
    for round_ in range(ROUNDS):
        at_once(
            tallies.fold,
            tallies.fold,
            tallies.rebuild_rollups,
            *[partial(deeds.state_owners, nation, at, round_ + 1) for at in range(4)],
        )
        balanced()
    tallies.fold()
    assert not TallyDelta.objects.exists()
    balanced()


def test_answers_and_reports_of_the_same_people_arrive_together(nation: Nation) -> None:
    deeds.all_the_way(nation, 5, "RELEASED")
    PhoneRecord.objects.update(recheck_wanted_at=nation.now())
    deeds.dump(nation)
    open_files = list(Exchange.objects.filter(lines__live=True).distinct())
    assert {each.purpose for each in open_files} == {"MATCH", "INJECT"}
    words = {"MATCH": deeds.MATCHES, "INJECT": deeds.REPORTS}
    for seed in range(ROUNDS):
        at_once(
            *[partial(deeds.send, nation, each, seed, words[each.purpose], 1) for each in open_files],
            lambda: recount_requested(now=nation.now()),
        )
        balanced()


class Crowd:
    """Threads that do their work over and over until the time is up."""

    def __init__(self, seconds: float) -> None:
        self.end, self.done, self.problems = time.monotonic() + seconds, 0, list[BaseException]()
        self.threads: list[threading.Thread] = []

    def join_in(self, work: Callable[[int], object]) -> None:
        self.threads.append(threading.Thread(target=self._run, args=[work]))

    def _run(self, work: Callable[[int], object]) -> None:
        turn = 0
        try:
            while time.monotonic() < self.end and not self.problems:
                work(turn)
                turn += 1
        except BaseException as problem:  # noqa: BLE001 - raised by the test's own thread
            self.problems.append(problem)
        finally:
            self.done += turn
            connection.close()

    def work(self) -> None:
        for thread in self.threads:
            thread.start()
        for thread in self.threads:
            thread.join(timeout=self.end - time.monotonic() + 60)
        assert not any(thread.is_alive() for thread in self.threads), "somebody waits for ever"
        if self.problems:
            raise self.problems[0]


def crowd_of(nation: Nation, seconds: float) -> Crowd:
    """Everybody at work: schools, offices, Pusdatin, providers, the register, and the periodic tasks."""
    crowd = Crowd(seconds)
    for at in range(4):
        crowd.join_in(partial(deeds.make, nation, at))
        crowd.join_in(partial(edits_on, nation, at))
    crowd.join_in(lambda n: [deeds.state_owners(nation, n, 2), deeds.confirm_sharing(nation, n)])
    crowd.join_in(lambda n: [deeds.upload(nation, n), deeds.give_up(nation, n * 3) if n % 4 == 0 else None])
    crowd.join_in(lambda n: deeds.judge(nation, n, good=n % 3 > 0))
    crowd.join_in(lambda n: deeds.give_back(nation, n, 0))
    crowd.join_in(lambda n: deeds.release(nation, n, n))
    crowd.join_in(lambda n: [deeds.ask_again(nation, n), deeds.dump(nation), deeds.answer_all(nation, n)])
    crowd.join_in(lambda n: deeds.report_all(nation, n))
    crowd.join_in(lambda n: [deeds.recount(nation), deeds.fold(nation, n % 3 == 0)])
    crowd.join_in(lambda n: register_moves_on(nation, n))
    return crowd


def edits_on(nation: Nation, at: int, n: int) -> None:
    deeds.edit(nation, n * 5 + at, n * 7 + at, n)


def register_moves_on(nation: Nation, n: int) -> None:
    CHANGES[n % len(CHANGES)](nation, n * 7, n * 11)
    nation.bring("delta" if n % 3 else "nation")


@pytest.mark.parametrize("seconds", [8, pytest.param(60, marks=pytest.mark.proof)])
def test_everybody_works_at_the_same_time(nation: Nation, seconds: int) -> None:
    deeds.all_the_way(nation, 2, "APPROVED")
    crowd = crowd_of(nation, seconds)
    crowd.work()
    assert crowd.done > 5 * seconds
    deeds.recount(nation)
    balanced()
