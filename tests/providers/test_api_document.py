"""The interface keeps what its own document promises, whatever it is sent."""

from typing import Any

import pytest
import schemathesis
from django.test import Client

from tests.documents import keeps_its_promises, operations_of
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


def test_no_answer_is_undocumented(document: Any) -> None:
    operations = operations_of(document)
    assert len(operations) == 9
    for operation in operations:
        keeps_its_promises(operation)


def test_the_document_itself_is_valid(client: Client) -> None:
    document = client.get(f"{BASE}/openapi.json").json()
    schemathesis.openapi.from_dict(document).validate()
