"""The interface keeps what its own document promises, whatever it is sent."""

from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.factories import PeriodFactory

from .exchanging import BASE, Machine, dump, lines, moment, ready

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def document(live_server: Any, settings: Any) -> Any:
    """The served document, with something in the database behind it."""
    settings.PROVIDER_CALLS_PER_MINUTE = 10**9
    PeriodFactory.create()
    machine = Machine.of("TELKOMSEL")
    ready(3)
    [exchange] = dump()
    rows = machine.pull(exchange.pk)
    machine.answer(exchange.pk, lines([(1, rows[0]["no_ponsel"], "ACTIVE", moment(1))]))
    served = schemathesis.openapi.from_url(f"{live_server.url}{BASE}/openapi.json")
    served.config.update(headers={"Authorization": machine.auth})
    return served


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def test_no_answer_is_undocumented(document: Any) -> None:
    operations = [found.ok() for found in document.get_all_operations()]
    assert len(operations) == 9
    for operation in operations:
        FEW(given(case=operation.as_strategy())(promised))()


def promised(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS)


def test_the_document_itself_is_valid(client: Client) -> None:
    document = client.get(f"{BASE}/openapi.json").json()
    schemathesis.openapi.from_dict(document).validate()
