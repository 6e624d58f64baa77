"""The document shows an example of everything that is sent and answered, and each has the promised shape."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import jsonschema_rs
import pytest
from django.test import Client

from providers.api.errors import CATALOGUE
from providers.api.examples import DUMP, MANIFEST
from providers.client.interface import verify
from providers.files import packed
from tests.factories import PeriodFactory

from .exchanging import BASE, Machine, dump, lines, moment, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    return client.get(f"{BASE}/openapi.json").json()


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document["paths"].values():
        yield from path.values()


def contents(operation: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(where, media type, content) of the request and of every answer that has a body."""
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        yield "request", kind, content
    for status, answer in operation["responses"].items():
        for kind, content in answer.get("content", {}).items():
            yield status, kind, content


def examples_of(content: dict[str, Any]) -> list[Any]:
    return [
        *([content["example"]] if "example" in content else []),
        *(shown["value"] for shown in content.get("examples", {}).values()),
    ]


def test_every_request_and_answer_has_an_example(document: dict[str, Any]) -> None:
    bare = [
        (operation["operationId"], where, kind)
        for operation in operations(document)
        for where, kind, content in contents(operation)
        if not examples_of(content) and where != "206"
    ]
    assert bare == []


def parameters(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [said for operation in operations(document) for said in operation.get("parameters", [])]


def test_every_part_of_an_address_is_described_and_has_an_example(document: dict[str, Any], client: Client) -> None:
    of_register = client.get("/api/register/v1/openapi.json").json()
    said = parameters(document) + parameters(of_register)
    assert len(said) > 15
    assert [each["name"] for each in said if not each.get("description") or "example" not in each] == []
    for each in said:
        jsonschema_rs.validate(each["schema"], each["example"])


def test_the_example_of_a_query_is_a_query(client: Client, document: dict[str, Any]) -> None:
    PeriodFactory.create()
    ready()
    telkomsel, [exchange] = Machine.of("TELKOMSEL"), dump()
    asked = document["paths"][f"{BASE}/exchanges"]["get"]["parameters"]
    query = {each["name"]: each["example"] for each in asked if each["name"] != "after"}
    items = telkomsel.get(f"exchanges?{urlencode(query, doseq=True)}").json()["items"]
    assert [item["id"] for item in items] == [exchange.pk]


def test_every_example_has_the_promised_shape(document: dict[str, Any]) -> None:
    checked = 0
    for operation in operations(document):
        for _, kind, content in contents(operation):
            for example in examples_of(content) if kind == "application/json" else ():
                jsonschema_rs.validate(content["schema"] | {"components": document["components"]}, example)
                checked += 1
    assert checked > 30


def test_every_failure_is_shown_where_it_happens(document: dict[str, Any]) -> None:
    shown = {
        (int(where), code)
        for operation in operations(document)
        for where, _, content in contents(operation)
        for code in content.get("examples", {})
        if code in CATALOGUE
    }
    assert shown == {(status, code) for code, (status, _) in CATALOGUE.items()}


def test_the_example_of_a_manifest_describes_the_example_of_a_dump(tmp_path: Any) -> None:
    (tmp_path / "57-1.csv.gz").write_bytes(packed(DUMP))
    assert verify(tmp_path, MANIFEST)["rows"] == 2


# Refused rows as a table


@pytest.mark.parametrize(
    ("query", "headers"), [("?format=csv", {}), ("", {"Accept": "text/csv"}), ("?format=csv", {"Accept": "text/plain"})]
)
def test_refused_rows_come_as_a_table_too(query: str, headers: dict[str, str]) -> None:
    PeriodFactory.create()
    ready()
    telkomsel, [exchange] = Machine.of("TELKOMSEL"), dump()
    number = telkomsel.pull(exchange.pk)[0]["no_ponsel"]
    body = lines([(7, number, "ACTIVE", moment(1)), (1, number, "=HYPERLINK(1)", moment(1))])
    batch = telkomsel.answer(exchange.pk, body)

    answer = telkomsel.get(f"batches/{batch.pk}/refused{query}", **headers)

    assert (answer.status_code, answer["Content-Type"]) == (200, "text/csv; charset=utf-8")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [(row["row"], row["code"]) for row in rows] == [("2", "UNKNOWN_LINE"), ("3", "UNKNOWN_WORD")]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert Machine.of("TRI").get(f"batches/{batch.pk}/refused{query}", **headers).status_code == 404


def test_refused_rows_stay_json_where_json_is_asked() -> None:
    PeriodFactory.create()
    ready()
    telkomsel, [exchange] = Machine.of("TELKOMSEL"), dump()
    number = telkomsel.pull(exchange.pk)[0]["no_ponsel"]
    batch = telkomsel.answer(exchange.pk, lines([(7, number, "ACTIVE", moment(1))]))
    for query, headers in (("?format=json", {"Accept": "text/csv"}), ("", {"Accept": "*/*"})):
        answer = telkomsel.get(f"batches/{batch.pk}/refused{query}", **headers)
        assert answer.json()["items"][0]["code"] == "UNKNOWN_LINE"
    assert telkomsel.get(f"batches/{batch.pk}/refused?format=xml").status_code == 422
