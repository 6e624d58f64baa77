"""Releasing a stage: what goes, what is held and why, who may, and that nothing goes twice."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from providers.choices import State
from providers.models import Entitlement, Exchange, ExchangeLine, PhoneRecord
from schools.models import Office, School, Window
from sptjm.actions.releasing import ORDER, RELEASE
from sptjm.models import Statement
from sptjm.tasks import order_chunk
from tests.factories import PeriodFactory, WindowFactory, pusdatin
from tests.sptjm.conftest import Case, browser_of
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.models import Event
from vervalponsel.batches import registry
from vervalponsel.batches.actions import run_again
from vervalponsel.batches.chunks import ChunkWork
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import Refused, Run, run_batch

pytestmark = pytest.mark.django_db
PAGE = "/sptjm/kirim/"


@pytest.fixture
def window(case: Case) -> Window:
    return WindowFactory.create(period=case.period)


def send(case: Case, window: Window, **fields: object) -> Batch:
    answer = case.at_nation.post(PAGE, {"window": window.pk} | fields)
    assert answer.status_code == 302
    batch = Batch.objects.filter(kind="release").latest("id")
    run_batch(batch.pk)
    batch.refresh_from_db()
    return batch


def again(batch: Batch) -> None:
    """As the button for parts that were set aside does."""
    run_again(by=Actor.system("uji"), batch=batch, now=timezone.now())
    run_batch(batch.pk)
    batch.refresh_from_db()


def test_approved_statement_goes_to_the_providers(case: Case, window: Window) -> None:
    statement = case.approved()
    page = case.at_nation.get(PAGE).content.decode()
    assert "Kirim 4 penerima" in page
    assert "Telkomsel" in page
    batch = send(case, window)
    assert (batch.status, batch.counts["ordered"], batch.counts["statements"]) == ("DONE", 4, 1)
    statement.refresh_from_db()
    assert (statement.status, statement.released_by, statement.release_batch) == ("RELEASED", case.nation.user, batch)
    assert set(Entitlement.objects.values_list("stage", flat=True)) == {"RELEASED"}
    assert Exchange.objects.get().rows == 4
    page = case.at_nation.get(PAGE).content.decode()
    assert "4 penerima dari 1 SPTJM dikirim" in page
    page = case.at_school.get(reverse("sptjm:detail", args=[statement.pk])).content.decode()
    assert "Dikirim ke provider." in page
    assert "4 Dikirim ke provider" in page


def test_form_sent_twice_releases_once(case: Case, window: Window) -> None:
    case.approved()
    token = str(uuid.uuid4())
    assert send(case, window, token=token) == send(case, window, token=token)
    assert ExchangeLine.objects.count() == 4


def test_batch_that_was_cut_off_afterwards_orders_nothing_twice(case: Case, window: Window) -> None:
    case.approved()
    batch = send(case, window)
    Batch.objects.filter(pk=batch.pk).update(status="RUNNING")
    run_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.counts["ordered"] == 4
    assert ExchangeLine.objects.count() == 4


@pytest.fixture
def in_pieces(settings: Any) -> None:
    """Three claims are ordered at once, and lie in one part."""
    settings.EXCHANGE_LINES_PER_PART = 3


@pytest.mark.usefixtures("in_pieces")
def test_a_release_in_pieces_sends_everybody_once(case: Case, window: Window) -> None:
    statement = case.approved()
    batch = send(case, window)
    assert (batch.counts["ordered"], batch.counts["statements"], batch.counts["offered"]) == (4, 1, 1)
    assert [part.rows for part in Exchange.objects.get().parts.in_order()] == [3, 1]
    assert Event.objects.filter(action="release.ordered").count() == 1
    statement.refresh_from_db()
    assert statement.status == "RELEASED"


@pytest.fixture
def second_piece(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[ChunkWork], None]], None]:
    """Has something happen before the second piece of a release is ordered; None takes that back."""

    def happens(what: Callable[[ChunkWork], None] | None) -> None:
        def work_on(work: ChunkWork) -> dict[str, int]:
            if what and work.number == 2:
                what(work)
            return order_chunk(work)

        monkeypatch.setitem(registry._CHUNKS, (RELEASE, ORDER), work_on)

    return happens


def refuse(work: ChunkWork) -> None:
    raise Refused("Percobaan.")


@pytest.mark.usefixtures("in_pieces")
def test_a_piece_that_fails_is_set_aside_and_the_rest_goes(case: Case, window: Window, second_piece: Any) -> None:
    statement = case.approved()
    second_piece(refuse)
    batch = send(case, window)
    assert (batch.status, batch.error[:19]) == ("PARKED", "1 dari 2 potongan g")
    assert list(Exchange.objects.values_list("status", "rows")) == [("PREPARED", 3)]
    statement.refresh_from_db()
    assert statement.status == "RELEASED"
    assert sorted(Entitlement.objects.values_list("stage", flat=True)) == ["APPROVED"] + ["RELEASED"] * 3

    second_piece(None)
    again(batch)
    assert (batch.status, batch.counts["ordered"], batch.counts["next_release"]) == ("DONE", 3, 1)
    assert send(case, window).counts["ordered"] == 1
    assert ExchangeLine.objects.count() == Entitlement.objects.filter(stage="RELEASED").count() == 4


@pytest.mark.usefixtures("in_pieces")
def test_a_release_that_is_stopped_sends_what_it_ordered(case: Case, window: Window, settings: Any) -> None:
    settings.EXCHANGE_LINES_PER_PART = 1
    case.approved()
    progress = Run.progress

    def stop_after_two(run: Run, step: str, done: int = 0, total: int | None = None) -> None:
        if done == 2:
            Batch.objects.filter(pk=run.batch.pk).update(stop_wanted=True)
        progress(run, step, done, total)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Run, "progress", stop_after_two)
        batch = send(case, window)
    assert batch.status == "STOPPED"
    assert list(Exchange.objects.values_list("status", "rows")) == [("PREPARED", 2)]
    assert sorted(Entitlement.objects.values_list("stage", flat=True)) == ["APPROVED"] * 2 + ["RELEASED"] * 2
    assert send(case, window).counts["ordered"] == 2
    assert ExchangeLine.objects.count() == 4


def test_approver_cannot_release(case: Case, window: Window) -> None:
    Office.objects.update(is_staffed=False)
    statement = case.make()
    case.upload(statement)
    case.judge(statement, by=case.at_nation)
    assert "Anda sendiri yang menyetujui" in case.at_nation.get(PAGE).content.decode()
    batch = send(case, window)
    assert (batch.counts["ordered"], batch.counts["own_approved"]) == (0, 4)
    statement.refresh_from_db()
    assert statement.status == "APPROVED"
    colleague = browser_of(pusdatin())
    colleague.post(PAGE, {"window": window.pk})
    run_batch(Batch.objects.filter(kind="release").latest("id").pk)
    statement.refresh_from_db()
    assert statement.status == "RELEASED"


def test_old_answer_is_asked_again_and_the_rest_goes(case: Case, window: Window) -> None:
    statement = case.approved()
    record = PhoneRecord.objects.filter(school=case.school).earliest("id")
    PhoneRecord.objects.filter(pk=record.pk).update(answered_at=timezone.now() - timedelta(days=45))
    batch = send(case, window)
    assert (batch.counts["ordered"], batch.counts["asked_again"]) == (3, 1)
    statement.refresh_from_db()
    assert statement.status == "RELEASED"
    record.refresh_from_db()
    assert record.recheck_wanted_at is not None
    PhoneRecord.objects.filter(pk=record.pk).update(answered_at=timezone.now(), recheck_wanted_at=None)
    assert send(case, window).counts["ordered"] == 1


def test_school_without_coverage_is_held_where_the_period_says_so(case: Case, window: Window) -> None:
    case.approved()
    School.objects.update(no_coverage=True)
    case.period.holds_no_coverage = True
    case.period.save()
    assert send(case, window).counts["held_no_coverage"] == 4
    case.period.holds_no_coverage = False
    case.period.save()
    assert send(case, window).counts["ordered"] == 4


def test_number_that_became_unusable_is_dropped(case: Case, window: Window) -> None:
    case.approved()
    record = PhoneRecord.objects.filter(school=case.school).earliest("id")
    PhoneRecord.objects.filter(pk=record.pk).update(state=State.INACTIVE)
    batch = send(case, window)
    assert (batch.counts["ordered"], batch.counts["dropped"]) == (3, 1)
    assert Entitlement.objects.get(record=record).code == "NOT_USABLE"


def test_only_open_windows_release(case: Case) -> None:
    case.approved()
    later = timezone.now() + timedelta(days=3)
    coming = WindowFactory.create(period=case.period, opens_at=later, closes_at=later + timedelta(days=1))
    page = case.at_nation.get(PAGE).content.decode()
    assert "Tidak ada tahap pengiriman yang sedang dibuka." in page
    assert coming.name in page
    answer = case.at_nation.post(PAGE, {"window": coming.pk}, follow=True)
    assert "tidak sedang dibuka" in answer.content.decode()
    assert not Batch.objects.filter(kind="release").exists()


def test_window_of_a_region_sends_only_that_region(case: Case) -> None:
    case.approved()
    elsewhere = WindowFactory.create(period=case.period, region_prefix="12")
    assert send(case, elsewhere).counts["ordered"] == 0
    here = WindowFactory.create(period=case.period, region_prefix="0329", stage=2)
    assert send(case, here).counts["ordered"] == 4


def test_voided_and_uploaded_ones_do_not_go(case: Case, window: Window) -> None:
    statement = case.make()
    case.upload(statement)
    assert send(case, window).counts["ordered"] == 0
    assert Statement.objects.get().status == "UPLOADED"


def test_only_pusdatin_releases(case: Case, window: Window) -> None:
    assert case.at_school.get(PAGE).status_code == 403
    assert case.at_office.post(PAGE, {"window": window.pk}).status_code == 403
    batch = send(case, window)
    assert case.at_nation.get(reverse("sptjm:release_progress", args=[batch.pk])).status_code == 200
    assert case.at_office.get(reverse("sptjm:release_progress", args=[batch.pk])).status_code == 403


def test_after_the_last_report_it_is_nobodys_turn_and_the_figures_have_one_whole(case: Case, window: Window) -> None:
    statement = case.approved()
    send(case, window)
    page = reverse("sptjm:detail", args=[statement.pk])
    assert "Giliran: Provider" in case.at_school.get(page).content.decode()

    claims = Entitlement.objects.filter(statement_line__statement=statement)
    failed = claims.order_by("id").values_list("pk", flat=True)[:1]
    claims.filter(pk__in=list(failed)).update(stage="FAILED")
    claims.filter(stage="RELEASED").update(stage="INJECTED")
    shown = case.at_school.get(page).content.decode()
    assert ("Giliran:" in shown, "3 dari 4" in shown) == (False, True)


def test_claim_carried_over_goes_without_a_statement(case: Case) -> None:
    statement = case.make(whom="TEACHER")
    claim = Entitlement.objects.get(statement_line__statement=statement)
    for stage in ("UPLOADED", "APPROVED", "RELEASED", "INJECTED"):
        Entitlement.objects.filter(pk=claim.pk).update(stage=stage)
    case.period.is_current = False
    case.period.save()
    following = PeriodFactory.create()
    fields = ("record", "school", "role", "number", "provider", "ownership")
    carried = Entitlement.objects.create(
        **{name: getattr(claim, name) for name in fields},
        period=following,
        slot=1,
        stage="APPROVED",
        stage_at=timezone.now(),
        carried_from=claim,
    )
    window = WindowFactory.create(period=following)
    assert "Di antaranya diteruskan" in case.at_nation.get(PAGE).content.decode()
    counts = send(case, window).counts
    assert (counts["ordered"], counts["statements"]) == (1, 0)
    carried.refresh_from_db()
    assert carried.stage == "RELEASED"
