"""What an HTTP interface's own document promises, tried against what it answers."""

from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


def operations_of(document: Any) -> list[Any]:
    """The operations of a served document."""
    return [found.ok() for found in document.get_all_operations()]


def keeps_its_promises(operation: Any) -> None:
    """Send an operation whatever its document allows and what it does not; every answer is a documented one."""
    FEW(given(case=operation.as_strategy())(promised))()


def promised(case: schemathesis.Case) -> None:
    case.call_and_validate(checks=CHECKS)
