"""The guide for the provider's engineer says what the code does."""

import gzip
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from django.test import Client

from providers.api.errors import CATALOGUE
from providers.api.examples import DUMP, ORDERS, PULLED, REPORTS, SAID, SAID_JSON
from providers.catalogue.exchange import EXCHANGE
from providers.choices import Purpose
from providers.client.__main__ import parser
from providers.files import COLUMNS
from providers.words import FAILURES, PUBLISHED
from tests.factories import PeriodFactory

from .exchanging import BASE, Machine, dump, ready

GUIDE = f"{BASE}/panduan/"


@pytest.fixture
def guide(client: Client) -> str:
    return unescape(client.get(GUIDE).content.decode())


@pytest.mark.django_db
def test_it_is_public_and_linked_from_the_document(client: Client, guide: str) -> None:
    document = client.get(f"{BASE}/openapi.json").json()
    assert f"]({GUIDE})" in document["info"]["description"]
    assert f'href="{BASE}/openapi.json"' in guide


@pytest.mark.django_db
def test_it_names_every_word_error_and_reason(guide: str) -> None:
    words = [word for meanings in PUBLISHED.values() for word in meanings]
    codes = [*CATALOGUE, *(entry.code for entry in EXCHANGE), *FAILURES, *words]
    assert [code for code in codes if f"<code>{code}</code>" not in guide] == []


@pytest.mark.django_db
def test_every_address_in_it_is_in_the_document(client: Client, guide: str) -> None:
    paths = client.get(f"{BASE}/openapi.json").json()["paths"]
    known = [re.compile(re.sub(r"\{\w+\}", r"\\d+", path.removeprefix(BASE)) + "$") for path in paths]
    named = set(re.findall(r'"\$API(/[\w/]+)', guide))
    assert len(named) >= 5
    assert [path for path in named if not any(each.match(path) for each in known)] == []


@pytest.mark.django_db
def test_the_client_s_steps_in_it_exist(guide: str) -> None:
    commands = re.findall(r"python -m providers\.client ([^#\n<]+)", guide)
    assert len(commands) >= 5
    for command in commands:
        if command.strip() != "--help":
            parser().parse_args(command.split())


@pytest.mark.parametrize(("text", "purpose"), [(DUMP, Purpose.MATCH), (ORDERS, Purpose.INJECT)])
def test_examples_have_the_columns_that_are_sent(text: str, purpose: Purpose) -> None:
    assert text.splitlines()[0].split(",") == list(COLUMNS[purpose])
    assert all(len(line.split(",")) == len(COLUMNS[purpose]) for line in text.splitlines())


def test_the_example_of_a_receipt_counts_the_example_of_a_dump() -> None:
    rows = [line.split(",") for line in DUMP.splitlines()[1:]]
    assert {"rows": len(rows), "control_sum": str(sum(int(row[-1]) for row in rows))} == PULLED


@pytest.mark.django_db
def test_the_receipt_made_by_hand_is_accepted(guide: str, tmp_path: Path) -> None:
    PeriodFactory.create()
    ready(3)
    machine, [exchange] = Machine.of("TELKOMSEL"), dump()
    (tmp_path / f"{exchange.pk}.json").write_bytes(machine.get(f"exchanges/{exchange.pk}").content)
    for part in exchange.parts.all():
        packed = machine.get(f"exchanges/{exchange.pk}/parts/{part.no}").getvalue()
        (tmp_path / f"{exchange.pk}-{part.no}.csv.gz").write_bytes(packed)
    [program] = re.findall(r"<<'AKHIR'\n(.*?)AKHIR", guide, re.DOTALL)

    said = subprocess.run(
        [sys.executable, "-c", program, str(exchange.pk)], cwd=tmp_path, capture_output=True, check=True
    )

    answer = machine.post(f"exchanges/{exchange.pk}/receipt", said.stdout, "application/json")
    assert (answer.status_code, answer.json()["status"]) == (200, "RECEIPTED")


@pytest.mark.django_db
@pytest.mark.parametrize("body", [SAID.encode(), SAID_JSON.encode(), gzip.compress(SAID.encode())])
def test_the_example_of_answers_is_taken_in_whole(body: bytes) -> None:
    PeriodFactory.create()
    for line in DUMP.splitlines()[1:]:
        ready(number=f"+{line.split(',')[-1]}")
    machine = Machine.of("TELKOMSEL")
    [exchange] = dump()
    machine.pull(exchange.pk)
    batch = machine.answer(exchange.pk, body)
    assert (batch.counts["applied"], batch.counts["rows"]) == (2, 2)


def test_the_example_of_reports_uses_published_words() -> None:
    rows = [line.split(",") for line in REPORTS.splitlines()[1:]]
    assert {row[2] for row in rows} <= set(PUBLISHED[Purpose.INJECT])
    assert {row[3] for row in rows} - {""} <= set(FAILURES)
