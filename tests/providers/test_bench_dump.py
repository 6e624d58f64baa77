"""The budget of dumps, at a size that `make proof` can bear."""

import json

import pytest
from django.core.management import call_command

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]


def test_bench_dump(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints each measure; the budget itself is judged on a quiet machine at two million rows."""
    call_command("benchmark", "dump", rows=200_000, workers=2, json=True, skip_checks=True)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert [measure["name"] for measure in told] == ["dump", "dump marked"]
