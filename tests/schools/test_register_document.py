"""The register's interface keeps what its own document promises, whatever it is sent."""

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import strategies as st

from tests.documents import keeps_its_promises, operations_of
from tests.factories import PeriodFactory

from .registers import Register, imported, zipped_delta
from .test_deltas_posted import BASE, Machine

# Zips that are none, and one that is.
schemathesis.openapi.media_type(
    "application/zip", st.one_of(st.binary(), st.just(zipped_delta(Register().delta())), st.just(b"PK\x03\x04"))
)
pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def document(live_server: Any, tmp_path: Path, settings: Any) -> Any:
    """The served document, with a delta behind it."""
    settings.DELTA_CALLS_PER_MINUTE = 10**9
    PeriodFactory.create()
    register = Register()
    pupil = register.pupil(register.school("20300001"))
    imported(register, tmp_path)
    machine = Machine()
    assert machine.post(zipped_delta(register.delta(peserta_didik=[pupil]))).status_code == 202
    served = schemathesis.openapi.from_url(f"{live_server.url}{BASE}/openapi.json")
    served.config.update(headers=machine.headers)
    return served


def test_no_answer_is_undocumented(document: Any) -> None:
    operations = operations_of(document)
    assert {operation.definition.raw["operationId"] for operation in operations} >= {
        "postDelta", "getDelta", "getRefusedRows",
    }  # fmt: skip
    for operation in operations:
        keeps_its_promises(operation)


def test_the_document_itself_is_valid(client: Client) -> None:
    document = client.get(f"{BASE}/openapi.json").json()
    schemathesis.openapi.from_dict(document).validate()
