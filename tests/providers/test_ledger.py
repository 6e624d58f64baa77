"""Pusdatin's pages of the exchange."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from providers import actions, intake
from providers.actions import read_again
from providers.choices import ExchangeStatus, Purpose
from providers.forms import MeaningForm
from providers.ledger import Word, answer_files, standing
from providers.models import CodeWord, Credential, Exchange, ExchangeLine, LineReview, PhoneRecord, Provider
from providers.policies import DUTIES, LIMITS
from providers.scores import Score, scores
from tests.factories import PeriodFactory, SchoolFactory, operator_of, pusdatin
from vervalponsel.audit.models import Event
from vervalponsel.batches.models import Batch

from .exchanging import ROBOT, Machine, at, dump, lines, moment, ready

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
    assert set(LIMITS) == set(DUTIES) - {ExchangeStatus.ANSWERED}


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
    assert '<td data-label="Belum ada jawaban" class="num">2</td>' in page
    fragment = desk.get(reverse("providers:ledger"), {"purpose": "INJECT"}, headers={"HX-Request": "true"})
    assert "Tidak ada berkas dengan saringan ini." in fragment.content.decode()
    detail = desk.get(reverse("providers:exchange", args=[exchange.pk])).content.decode()
    assert "1 dari 3 baris terjawab" in detail
    assert rows[0]["no_ponsel"][2:] not in detail


def test_an_operator_has_no_ledger(client: Client) -> None:
    client.force_login(operator_of(SchoolFactory.create()).user)  # type: ignore[arg-type]
    for name in ("ledger", "chase", "review", "scores", "credentials"):
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


def contradict(machine: Machine) -> tuple[Exchange, str]:
    """A line that is said to be active, then inactive."""
    ready(2)
    [exchange] = dump()
    numbers = [row["no_ponsel"] for row in machine.pull(exchange.pk)]
    now = timezone.now()
    machine.answer(exchange.pk, lines([(n, numbers[n - 1], "ACTIVE", at(1, now)) for n in (1, 2)]))
    machine.answer(exchange.pk, lines([(2, numbers[1], "INACTIVE", at(9, now))]))
    return exchange, numbers[1]


def test_contradictions_are_listed_with_every_answer(desk: Client, telkomsel: Machine) -> None:
    exchange, number = contradict(telkomsel)
    pages = [reverse("providers:contradictions", args=[exchange.pk]), reverse("providers:review")]
    for page in (desk.get(url).content.decode() for url in pages):
        assert page.count('value="ASK"') == 1
        assert "Tidak aktif," in page
        assert "Aktif," in page
        assert number[-4:] in page
        assert number[2:] not in page
        assert f"-{number[5:9]}-" not in page, "shown with its middle hidden"


@pytest.mark.parametrize(("decision", "asked_again"), [("ASK", True), ("KEEP", False)])
def test_a_contradicted_number_is_decided_about_once(
    desk: Client, telkomsel: Machine, decision: str, *, asked_again: bool
) -> None:
    exchange, number = contradict(telkomsel)
    line = ExchangeLine.objects.get(is_contradicted=True)
    desk.post(reverse("providers:decide", args=[line.pk]), {"decision": decision})

    assert "Semua jawaban sepakat" in desk.get(reverse("providers:review")).content.decode()
    record = PhoneRecord.objects.get(number=f"+{number}")
    assert bool(record.recheck_wanted_at) == asked_again
    assert Event.objects.filter(action="contradiction.decided").count() == 1
    # Still to be found at its file; and back on the list as soon as something else is said of it.
    assert "Tidak aktif," in desk.get(reverse("providers:contradictions", args=[exchange.pk])).content.decode()
    telkomsel.answer(exchange.pk, lines([(2, number, "GRACE", moment(20))]))
    assert "Masa tenggang," in desk.get(reverse("providers:review")).content.decode()


def test_a_decision_needs_a_contradiction(desk: Client, telkomsel: Machine) -> None:
    contradict(telkomsel)
    line = ExchangeLine.objects.get(is_contradicted=False)
    assert desk.post(reverse("providers:decide", args=[line.pk]), {"decision": "ASK"}).status_code == 404
    line = ExchangeLine.objects.get(is_contradicted=True)
    desk.post(reverse("providers:decide", args=[line.pk]), {"decision": "GUESS"})
    assert not LineReview.objects.exists()


def test_a_held_word_is_given_a_meaning_and_the_file_read_again(desk: Client, telkomsel: Machine) -> None:
    from vervalponsel.batches.runner import run_batch

    [record] = ready()
    [exchange] = dump()
    number = telkomsel.pull(exchange.pk)[0]["no_ponsel"]
    batch = telkomsel.answer(exchange.pk, lines([(1, number, "hidup", moment(1))]))
    assert "HIDUP" in desk.get(reverse("providers:exchange", args=[exchange.pk])).content.decode()

    assert "1 baris ditahan karena katanya belum dikenal" in desk.get(reverse("providers:ledger")).content.decode()

    meaning = {"word": "HIDUP", "outcome": "ACTIVE"}
    desk.post(reverse("providers:meaning", args=[exchange.pk]), meaning)
    page = desk.get(reverse("providers:exchange", args=[exchange.pk])).content.decode()
    assert ("Simpan arti" in page, "Baca ulang<" in page) == (False, True)
    desk.post(reverse("providers:read_again", args=[exchange.pk, batch.pk]))

    again = Batch.objects.filter(kind="answers").latest("id")
    run_batch(again.pk)
    here = reverse("providers:exchange", args=[exchange.pk])
    job = desk.get(reverse("batches:detail", args=[again.pk])).content.decode()
    assert f'<a href="{here}">Lihat berkas {exchange.pk}</a>' in job
    again.refresh_from_db()
    assert (again.pk != batch.pk, again.counts["applied"]) == (True, 1)
    assert PhoneRecord.objects.get(pk=record.pk).state == "ACTIVE"
    assert "Sudah dibaca ulang" in desk.get(reverse("providers:exchange", args=[exchange.pk])).content.decode()
    assert "Menunggu Pusdatin" not in desk.get(reverse("providers:ledger")).content.decode(), (
        "nobody waits for that word"
    )


def test_an_unknown_word_is_given_no_meaning_by_accident(desk: Client, telkomsel: Machine) -> None:
    """No meaning is chosen before a person chooses one, and nothing is read again before there is one."""
    ready(2)
    [exchange] = dump()
    numbers = [row["no_ponsel"] for row in telkomsel.pull(exchange.pk)]
    telkomsel.answer(exchange.pk, lines([(1, numbers[0], "hidup", moment(1)), (2, numbers[1], "ACTIVE", moment(1))]))
    here, give = (reverse(f"providers:{name}", args=[exchange.pk]) for name in ("exchange", "meaning"))

    page = desk.get(here).content.decode()
    assert ("Pilih artinya" in page, "Baca ulang<" in page) == (True, False)
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids)), "each label names its own field"
    desk.post(give, {"word": "HIDUP", "outcome": ""})
    assert not CodeWord.objects.exists()

    desk.post(give, {"word": "HIDUP", "outcome": "INACTIVE"})
    page = desk.get(here).content.decode()
    assert 'Ganti arti<span class="visually-hidden"> HIDUP' in page, "a slip can be corrected at once"
    assert ("Pilih artinya" in page, "tinggal dibaca ulang" in page) == (False, True)


def test_the_meaning_that_a_word_has_is_not_given_again(desk: Client, telkomsel: Machine) -> None:
    ready()
    [exchange] = dump()
    answer = desk.post(
        reverse("providers:meaning", args=[exchange.pk]), {"word": "ACTIVE", "outcome": "ACTIVE"}, follow=True
    )
    assert "memang sudah berarti" in answer.content.decode()
    assert not CodeWord.objects.exists()


def test_the_words_of_a_file_in_another_language_are_asked_for_before_it_runs(desk: Client, telkomsel: Machine) -> None:
    from vervalponsel.batches.runner import run_batch

    ready(intake.HELD_LEAST)
    [exchange] = dump()
    said = [(row["line"], row["no_ponsel"], "vivo", moment(1)) for row in telkomsel.pull(exchange.pk)]
    batch = telkomsel.answer(exchange.pk, lines(said))
    here = reverse("providers:exchange", args=[exchange.pk])
    asked = 'Simpan arti<span class="visually-hidden"> VIVO'
    assert (batch.status, asked in desk.get(here).content.decode()) == ("PARKED", True)

    desk.post(reverse("providers:meaning", args=[exchange.pk]), {"word": "VIVO", "outcome": "ACTIVE"})
    desk.post(reverse("batches:again", args=[batch.pk]))
    run_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.counts["applied"], batch.counts["held"]) == (len(said), 0)


def test_files_with_held_rows_are_a_filter_of_the_ledger(desk: Client, telkomsel: Machine) -> None:
    ready(1)
    [exchange] = dump()
    [row] = telkomsel.pull(exchange.pk)
    url = reverse("providers:ledger")
    assert "Tidak ada berkas dengan saringan ini." in desk.get(url, {"seen": "held"}).content.decode()

    telkomsel.answer(exchange.pk, lines([(1, row["no_ponsel"], "hidup", moment(1))]))
    page = desk.get(url, {"seen": "held"}).content.decode()
    assert f'id="p{exchange.pk}"' in page
    assert f"{url}?provider=TELKOMSEL&amp;seen=held" in page


def test_the_columns_of_a_file_add_up(telkomsel: Machine) -> None:
    ready(3)
    [exchange] = dump()
    numbers = [row["no_ponsel"] for row in telkomsel.pull(exchange.pk)]
    said = [(no, number, "ACTIVE", moment(1)) for no, number in enumerate(numbers, 1)]
    rest = [
        said[0],
        (9, numbers[0], "ACTIVE", moment(1)),
        (2, numbers[1], "ACTIVE", "kapan"),
        (3, numbers[2], "?", moment(1)),
    ]
    telkomsel.answer(exchange.pk, lines([*said[:2], *rest]))
    [file] = answer_files(exchange)
    counts = file.batch.counts
    assert counts["rows"] == counts["applied"] + file.unchanged + file.refused + counts["held"] == 6
    assert (counts["applied"], file.unchanged, file.refused, counts["held"]) == (2, 1, 2, 1)


def test_scores_say_how_providers_answer(desk: Client, telkomsel: Machine) -> None:
    ready(2)
    [exchange] = dump()
    rows = telkomsel.pull(exchange.pk)
    words = ["ACTIVE", "INACTIVE"]
    said = [(row["line"], row["no_ponsel"], word, moment(1)) for row, word in zip(rows, words, strict=True)]
    telkomsel.answer(exchange.pk, lines(said))

    page = desk.get(reverse("providers:scores")).content.decode()
    assert "50 %" in page
    assert "1&nbsp;dari&nbsp;2" in page


def test_the_score_card_s_parts_make_its_whole() -> None:
    """Orders that nobody has reported on are not answered, however well the questions were."""
    card = Score(provider=Provider(code="XL", name="XL"), asked=10, answered=10, ordered=5, injected=2, failed=1)
    assert (card.told, card.lines, card.unanswered) == (13, 15, 2)
    assert card.told + card.unanswered == card.lines


def test_the_score_card_counts_what_could_not_be_used(desk: Client, telkomsel: Machine) -> None:
    ready(2)
    [exchange] = dump()
    rows = telkomsel.pull(exchange.pk)
    said = [(1, rows[0]["no_ponsel"], "hidup", moment(1)), (9, rows[0]["no_ponsel"], "ACTIVE", moment(1))]
    batch = telkomsel.answer(exchange.pk, lines(said))

    def card() -> Score:
        return next(card for card in scores(Exchange.objects.all()) if card.provider.pk == "TELKOMSEL")

    assert (card().unknown_words, card().unknown_lines, card().unanswered) == (1, 1, 2)
    read_again(by=ROBOT, batch=batch, now=timezone.now())
    assert card().unknown_words == 1  # the same file is not counted twice


def test_what_was_closed_without_an_answer_is_the_provider_s_debt(desk: Client, telkomsel: Machine) -> None:
    ready(2)
    [exchange] = dump()
    telkomsel.pull(exchange.pk)
    desk.post(reverse("providers:close", args=[exchange.pk]))
    card = next(card for card in scores(Exchange.objects.all()) if card.provider.pk == "TELKOMSEL")
    assert (card.asked, card.answered, card.unanswered) == (2, 0, 2)


def test_no_answer_is_a_figure_of_its_own_and_late_after_its_limit(desk: Client, telkomsel: Machine) -> None:
    ready(3)
    [exchange] = dump()
    rows = telkomsel.pull(exchange.pk)
    telkomsel.answer(exchange.pk, lines([(1, rows[0]["no_ponsel"], "ACTIVE", moment(1))]))
    exchange.refresh_from_db()
    assert exchange.receipted_at

    soon = standing(exchange, exchange.receipted_at + timedelta(hours=23))
    late = standing(exchange, exchange.receipted_at + timedelta(hours=25))

    assert (soon.answered, soon.missing, soon.left) == (1, 2, 0)
    assert (soon.is_late, late.is_late) == (False, True)
    actions.close(by=ROBOT, exchange=exchange, now=timezone.now())
    exchange.refresh_from_db()
    closed = standing(exchange, timezone.now())
    assert (closed.answered, closed.missing, closed.left, closed.is_late) == (1, 0, 2, False)


def test_the_chase_list_says_whom_to_call(desk: Client, telkomsel: Machine) -> None:
    ready(2)
    [exchange] = dump()
    telkomsel.pull(exchange.pk)
    Exchange.objects.update(receipted_at=timezone.now() - timedelta(days=3))
    facts = {"contact_name": "Dewi", "contact_phone": "021 555 0101", "contact_email": "dewi@provider.example"}
    desk.post(reverse("providers:contact", args=["telkomsel"]), facts)

    page = desk.get(reverse("providers:chase")).content.decode()
    assert "1 berkas lewat batas waktu, 2 baris belum ada jawaban." in page
    assert "masih dalam batas waktu" not in page
    assert "Telkomsel: 2 baris, 1 berkas" in page
    assert all(fact in page for fact in facts.values())
    assert Event.objects.filter(action__startswith="contact").count() == 1
    assert "Tagih 1 berkas" in desk.get(reverse("providers:ledger")).content.decode()


def test_the_chase_list_tells_what_is_late_from_what_is_not(desk: Client, telkomsel: Machine) -> None:
    ready(2)
    [first] = dump()
    telkomsel.pull(first.pk)
    Exchange.objects.update(receipted_at=timezone.now() - timedelta(days=3))
    ready(3)
    dump()
    page = desk.get(reverse("providers:chase")).content.decode()
    assert "1 berkas lewat batas waktu, 2 baris belum ada jawaban." in page
    assert "3 baris lain masih dalam batas waktu." in page


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


def test_a_word_that_no_id_would_bear_can_get_a_meaning() -> None:
    form = MeaningForm.of(Word("50% OK %s", 3, None), Exchange(purpose=Purpose.MATCH))
    assert 'value="50% OK %s"' in str(form["word"])
    assert "Pilih artinya" in str(form["outcome"])
