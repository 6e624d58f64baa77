"""A cut-off is taken back as long as nothing of it was used, and then the register is as it was before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from providers.choices import Stage, State
from providers.models import Entitlement, Exchange, ExchangeLine, PhoneRecord, SharedNumber
from schools.cutoff.reverting import hand_in_revert, obstacles_of
from schools.models import CutoffRun, Office, Period
from students.models import Student
from tests.factories import PeriodFactory, operator_of, pusdatin
from vervalponsel.audit.models import Event
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch
from vervalponsel.kit.db import is_shut

from .nations import NOW, Nation, imported, nation, register, run, small_ranges
from .registers import Register
from .registers import imported as imported_from
from .test_cutoff_planned import CASES, bundles_of

__all__ = ["nation", "small_ranges"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_ranges")]


def whole() -> dict[str, Any]:
    """The register with what is kept about shared numbers; the row of a run is history and stays."""
    found = register()
    found["shared"] = list(
        SharedNumber.objects.order_by("number").values("number", "recipients", "schools", "regencies")
    )
    return found


def reverted(batch: Batch) -> Batch:
    return run(hand_in_revert(by=pusdatin(), run=batch.cutoff_run, now=NOW))


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What differs of a few rows of each table, to be read when a test fails."""
    return {name: _differing(rows, after[name])[:3] for name, rows in before.items() if rows != after[name]}


def _differing(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[Any]:
    known = {row.get("id"): row for row in after}
    gone = [
        {name: (value, known[row["id"]][name]) for name, value in row.items() if known[row["id"]][name] != value}
        if row.get("id") in known and row.get("id")
        else row
        for row in before
        if row not in after
    ]
    return gone + [
        ("more", row) for row in after if row not in before and row.get("id") not in {r.get("id") for r in before}
    ]


@pytest.mark.parametrize("case", CASES)
def test_the_register_is_as_it_was(nation: Nation, case: str) -> None:
    PeriodFactory.create(sharing_confirm_above=1)
    *earlier, last = [nation.first(), *bundles_of(nation, case)]
    for path in earlier:
        imported(path)
    before = whole()
    batch = imported(last)
    after = whole()
    assert differences(before, after)
    back = reverted(batch)
    assert back.status == Status.DONE, back.error
    assert differences(before, whole()) == {}
    # And the same bundle comes in again as it did the first time, but for ids.
    again = imported(last)
    assert again.counts == batch.counts
    assert {name: len(rows) for name, rows in whole().items()} == {name: len(rows) for name, rows in after.items()}
    assert Event.objects.filter(action="cutoff.reverted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_ends_where_each_step_is_a_commit_of_its_own(tmp_path: Path) -> None:
    """Nothing that lets it past the shut register may outlast the transaction for which it was meant."""
    PeriodFactory.create()
    batch = imported_from(siblings(), tmp_path)
    assert reverted(batch).status == Status.DONE
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('vervalponsel.reverting', true), '')")
        assert cursor.fetchone()[0] != "on"
    assert not PhoneRecord.objects.exists()


def siblings() -> Register:
    """Two pupils with one number: its sharers are counted when they go."""
    found = Register()
    school = found.school("20300001")
    for _ in range(2):
        found.pupil(school, nomor_telepon_seluler="081226004001")
    return found


def test_two_are_taken_back_the_newer_first(nation: Nation) -> None:
    PeriodFactory.create()
    first, states = imported(nation.first()), [whole()]
    second = imported(nation.later(delta=True))
    states.append(whole())
    third = imported(nation.later(seed=9))
    back = reverted(second)
    assert (back.status, "Batalkan itu lebih dahulu" in back.error) == (Status.REFUSED, True)
    assert reverted(third).status == Status.DONE
    assert differences(states[1], whole()) == {}
    assert run(hand_in_revert(by=pusdatin(), run=second.cutoff_run, now=NOW)).status == Status.DONE
    assert differences(states[0], whole()) == {}
    assert CutoffRun.objects.applied().get() == first.cutoff_run
    assert reverted(first).status == Status.DONE
    assert not Student.objects.exists()
    assert not Office.objects.exists()


def _edit(record: PhoneRecord, period: Period) -> None:
    PhoneRecord.objects.filter(pk=record.pk).update(edited_at=NOW + timedelta(days=900))


def _send(record: PhoneRecord, period: Period) -> None:
    now = CutoffRun.objects.latest("pk").applied_at
    assert now is not None
    assert record.provider is not None
    batch = Batch.objects.create(kind="dump", title="Dump", status=Status.DONE, actor_name="uji", created_at=now)
    sent = Exchange.objects.create(
        provider=record.provider, purpose="MATCH", period=period, batch=batch, created_at=now
    )
    line = {"person_id": record.person_id, "npsn": record.school.npsn, "number": record.number}
    ExchangeLine.objects.create(exchange=sent, purpose="MATCH", line_no=1, record=record, **line)


def _state(record: PhoneRecord, period: Period) -> None:
    a_claim(record, period)
    # What a provider answers is told beside it: here only the claim is looked at.
    PhoneRecord.objects.filter(pk=record.pk).update(state=State.READY, answered_at=None, ownership="")


def _open_a_period(record: PhoneRecord, period: Period) -> None:
    now = CutoffRun.objects.latest("pk").applied_at
    assert now is not None
    Batch.objects.create(
        kind="open-period", title="Membuka Oktober", status=Status.DONE, actor_name="uji", created_at=now
    )


def a_claim(record: PhoneRecord, period: Period) -> Entitlement:
    """The record's number on a statement of just now."""
    return claims([record], period)[0]


def claims(records: list[PhoneRecord], period: Period) -> list[Entitlement]:
    """Each record's number on a statement of just now, all at once."""
    now = CutoffRun.objects.latest("pk").applied_at
    assert now is not None
    ids = [record.pk for record in records]
    PhoneRecord.objects.filter(pk__in=ids).update(state=State.ACTIVE, answered_at=now, ownership="FATHER")
    return Entitlement.objects.bulk_create(
        Entitlement(
            period=period,
            record=record,
            school_id=record.school_id,
            role=record.role,
            number=record.number,
            provider=record.provider,
            ownership="FATHER",
            slot=1,
            stage_at=now,
        )
        for record in records
    )


@pytest.mark.parametrize(
    ("use", "told"),
    [
        (_edit, "1 nomor siswa sudah diubah atau ditegaskan sekolah."),
        (_send, "1 nomor siswa sudah ditanyakan ke provider"),
        (_state, "1 nomor siswa sudah dinyatakan di SPTJM."),
        (_open_a_period, "Periode dibuka sesudahnya (Membuka Oktober)."),
    ],
)
@pytest.mark.parametrize("case", ["first", "nation"])
def test_what_was_used_stays(
    nation: Nation, client: Client, case: str, use: Callable[[PhoneRecord, Period], None], told: str
) -> None:
    period = PeriodFactory.create()
    batches = [imported(path) for path in [nation.first(), *bundles_of(nation, case)]]
    entered = PhoneRecord.objects.filter(role="STUDENT", number__gt="", share_count=1)
    use(entered.latest("pk"), period)
    before = whole()
    assert [told in each.sentence for each in obstacles_of(batches[-1].cutoff_run)] == [True]
    client.force_login(pusdatin().user)  # type: ignore[arg-type]
    url = reverse("schools:cutoff_revert", args=[batches[-1].pk])
    assert told in client.get(url).content.decode()
    assert client.post(url).status_code == 422
    back = reverted(batches[-1])
    assert (back.status, told in back.error) == (Status.REFUSED, True)
    assert differences(before, whole()) == {}
    # The register is open again.
    assert not CutoffRun.objects.filter(reverting_at__isnull=False).exists()


def test_a_claim_that_fell_out_stands_in_its_statement_again(nation: Nation) -> None:
    period = PeriodFactory.create()
    imported(nation.first())
    claims(list(PhoneRecord.objects.filter(role="STUDENT", eligibility="OK", number__gt="", share_count=1)), period)
    before = whole()
    batch = imported(nation.later())
    dropped = Entitlement.objects.filter(stage=Stage.DROPPED).count()
    assert dropped > 0
    assert reverted(batch).status == Status.DONE
    assert differences(before, whole()) == {}
    assert not Entitlement.objects.filter(stage=Stage.DROPPED).exists()


def test_meanwhile_the_register_is_shut(nation: Nation, client: Client) -> None:
    PeriodFactory.create()
    batch = imported(nation.first())
    CutoffRun.objects.filter(batch=batch).update(reverting_at=NOW)
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        PhoneRecord.objects.filter(number__gt="").update(ownership="OWN")
    assert is_shut(refused.value)
    record = PhoneRecord.objects.filter(role="STUDENT", number__gt="").latest("pk")
    client.force_login(operator_of(record.school).user)  # type: ignore[arg-type]
    form = {"typed": "081226999999", "ownership": "FATHER", "version": record.version}
    answer = client.post(reverse("students:edit", args=[record.students.get().pk]), form)
    assert (answer.status_code, answer["Retry-After"]) == (503, "120")
    assert "isian Anda yang terakhir belum tersimpan" in answer.content.decode()
    # A script shows no page of an answer that failed: it says this sentence instead of one of its own.
    assert "Isian ini belum tersimpan" in answer["X-Reason"]
    # Without a script the page keeps what was typed, and saves it when the register is open again.
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', answer.content.decode()))
    assert kept.pop("csrfmiddlewaretoken")
    assert kept == {name: str(value) for name, value in form.items()}
    dump = run(Batch.objects.create(kind="dump", title="Dump", actor_name="uji", created_at=NOW))
    assert (dump.status, dump.attempts) == (Status.QUEUED, 0)
    # What the system counts goes on.
    assert PhoneRecord.objects.update(looks_made_up=False)
    CutoffRun.objects.filter(batch=batch).update(reverting_at=None)
    client.post(reverse("students:edit", args=[record.students.get().pk]), kept)
    record.refresh_from_db()
    assert record.number == "+6281226999999"


def test_the_page_says_what_comes_back(nation: Nation, client: Client) -> None:
    PeriodFactory.create()
    imported(nation.first())
    batch = imported(nation.later())
    client.force_login(pusdatin().user)  # type: ignore[arg-type]
    assert "Batalkan tarikan ini" in client.get(reverse("batches:detail", args=[batch.pk])).content.decode()
    url = reverse("schools:cutoff_revert", args=[batch.pk])
    assert "Data kembali persis seperti sebelum tarikan ini." in client.get(url).content.decode()
    for _ in range(2):
        client.post(url)
    back = Batch.objects.get(kind="revert-cutoff")
    assert "Hentikan" not in client.get(reverse("batches:detail", args=[back.pk])).content.decode()
    assert run_batch(back.pk) == Status.DONE
    page = client.get(reverse("batches:detail", args=[batch.pk])).content.decode()
    assert "Tarikan ini sudah dibatalkan" in page
    assert "Tarikan ini sudah dibatalkan." in client.get(url).content.decode()
