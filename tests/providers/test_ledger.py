"""Pusdatin's pages of the exchange."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from providers.choices import ExchangeStatus
from providers.models import Credential, Exchange, PhoneRecord
from providers.policies import DUTIES
from tests.factories import PeriodFactory, SchoolFactory, operator_of, pusdatin
from vervalponsel.batches.models import Batch

from .exchanging import Machine, at, dump, lines, moment, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client) -> Client:
    PeriodFactory.create()
    client.force_login(pusdatin().user)  # type: ignore[arg-type]
    return client


@pytest.fixture
def telkomsel(desk: Client) -> Machine:
    return Machine.of("TELKOMSEL")


def test_every_status_that_is_not_final_says_whose_turn_it_is() -> None:
    assert set(DUTIES) == set(ExchangeStatus.values) - {ExchangeStatus.CLOSED}
    for duty in DUTIES.values():
        assert all((duty.who, duty.clock, duty.heals, duty.button))


def test_a_dump_is_prepared_by_a_button_once(desk: Client) -> None:
    ready()
    for _ in range(2):
        answer = desk.post(reverse("providers:prepare"))
        assert answer.status_code == 302
    assert Batch.objects.filter(kind="dump").count() == 1


def test_the_ledger_shows_what_is_answered_and_missing(desk: Client, telkomsel: Machine) -> None:
    ready(3)
    [exchange] = dump()
    rows = telkomsel.pull(exchange.pk)
    telkomsel.answer(exchange.pk, lines([(1, rows[0]["no_ponsel"], "ACTIVE", moment(1))]))

    page = desk.get(reverse("providers:ledger")).content.decode()
    assert "1 berkas menunggu provider" in page
    assert '<td data-label="Terjawab" class="num">1</td>' in page
    assert '<td data-label="Belum" class="num">2</td>' in page
    fragment = desk.get(reverse("providers:ledger"), {"purpose": "INJECT"}, headers={"HX-Request": "true"})
    assert "Belum ada berkas" in fragment.content.decode()
    detail = desk.get(reverse("providers:exchange", args=[exchange.pk])).content.decode()
    assert "1 dari 3 baris terjawab" in detail
    assert rows[0]["no_ponsel"][2:] not in detail


def test_an_operator_has_no_ledger(client: Client) -> None:
    client.force_login(operator_of(SchoolFactory.create()).user)  # type: ignore[arg-type]
    for name in ("ledger", "scores", "credentials"):
        assert client.get(reverse(f"providers:{name}")).status_code == 403
    assert client.post(reverse("providers:prepare")).status_code == 403


def test_buttons_offer_again_and_close(desk: Client, telkomsel: Machine) -> None:
    [record] = ready()
    [exchange] = dump()
    telkomsel.pull(exchange.pk)
    desk.post(reverse("providers:offer_again", args=[exchange.pk]))
    assert telkomsel.waiting() == [exchange.pk]

    answer = desk.post(reverse("providers:close", args=[exchange.pk]), follow=True)
    assert "Berkas ditutup" in answer.content.decode()
    answer = desk.post(reverse("providers:close", args=[exchange.pk]), follow=True)
    assert "sudah ditutup" in answer.content.decode()
    record.refresh_from_db()
    assert record.cell == "READY"


def test_contradictions_are_listed_with_every_answer(desk: Client, telkomsel: Machine) -> None:
    ready(2, number="+6281226004001")
    ready(1)
    [exchange] = dump()
    numbers = [row["no_ponsel"] for row in telkomsel.pull(exchange.pk)]
    now = timezone.now()
    said = [(1, numbers[0], "ACTIVE", at(1, now)), (2, numbers[1], "GRACE", at(1, now))]
    telkomsel.answer(exchange.pk, lines([*said, (3, numbers[2], "ACTIVE", at(1, now))]))
    telkomsel.answer(exchange.pk, lines([(3, numbers[2], "INACTIVE", at(9, now))]))

    page = desk.get(reverse("providers:contradictions", args=[exchange.pk])).content.decode()
    assert page.count('<th scope="row">Baris') == 3
    assert "Beda dengan baris lain bernomor sama" in page
    assert "Tidak aktif," in page


def test_a_held_word_is_given_a_meaning_and_the_file_read_again(desk: Client, telkomsel: Machine) -> None:
    from vervalponsel.batches.runner import run_batch

    [record] = ready()
    [exchange] = dump()
    number = telkomsel.pull(exchange.pk)[0]["no_ponsel"]
    batch = telkomsel.answer(exchange.pk, lines([(1, number, "hidup", moment(1))]))
    assert "HIDUP" in desk.get(reverse("providers:exchange", args=[exchange.pk])).content.decode()

    meaning = {"word": "HIDUP", "outcome": "ACTIVE"}
    desk.post(reverse("providers:meaning", args=[exchange.pk]), meaning)
    desk.post(reverse("providers:read_again", args=[exchange.pk, batch.pk]))

    again = Batch.objects.filter(kind="answers").latest("id")
    run_batch(again.pk)
    again.refresh_from_db()
    assert (again.pk != batch.pk, again.counts["applied"]) == (True, 1)
    assert PhoneRecord.objects.get(pk=record.pk).state == "ACTIVE"


def test_scores_say_how_providers_answer(desk: Client, telkomsel: Machine) -> None:
    ready(2)
    [exchange] = dump()
    rows = telkomsel.pull(exchange.pk)
    words = ["ACTIVE", "INACTIVE"]
    said = [(row["line"], row["no_ponsel"], word, moment(1)) for row, word in zip(rows, words, strict=True)]
    telkomsel.answer(exchange.pk, lines(said))

    page = desk.get(reverse("providers:scores")).content.decode()
    assert "50 %" in page
    assert "Semua berkas terjawab" in page


def test_a_key_s_secret_is_shown_once(desk: Client) -> None:
    answer = desk.post(reverse("providers:create_credential"), {"provider": "TRI"})
    page = answer.content.decode()
    key = Credential.objects.get()
    assert key.key_id in page
    secret = page.split('id="kunci-rahasia">')[1].split("<")[0]
    assert Machine(Client(), f"Bearer {key.key_id}.{secret}").get("exchanges").status_code == 200
    later = desk.get(reverse("providers:credentials")).content.decode()
    assert (key.key_id in later, secret in later) == (True, False)

    desk.post(reverse("providers:revoke_credential", args=[key.pk]))
    assert Machine(Client(), f"Bearer {key.key_id}.{secret}").get("exchanges").status_code == 401


def test_another_exchange_is_not_found(desk: Client) -> None:
    assert not Exchange.objects.exists()
    for name in ("exchange", "contradictions"):
        assert desk.get(reverse(f"providers:{name}", args=[77])).status_code == 404
    for name in ("offer_again", "close", "meaning"):
        assert desk.post(reverse(f"providers:{name}", args=[77])).status_code == 404
