"""The budget of the import, at sizes that `make proof` can bear."""

import json
from typing import Any

import pytest
from django.core.management import call_command

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]

MOST_MIB = 500


def measured(capsys: pytest.CaptureFixture[str], rows: int) -> dict[str, Any]:
    call_command("benchmark", "import", rows=rows, json=True, skip_checks=True)
    with capsys.disabled():
        line = capsys.readouterr().out
        print(f"\n{line}", end="")
    return dict(json.loads(line))


def test_bench_import(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints the measures; the budget is judged on a quiet machine, what no noise explains on any."""
    small, large = measured(capsys, 20_000), measured(capsys, 200_000)
    assert list(small)[:6] == ["name", "rows", "seconds", "yardstick_seconds", "ratio", "budget"]
    assert large["rows"] > 9 * small["rows"]
    assert large["peak_mib"] < MOST_MIB
    assert large["ratio"] < 2 * large["budget"]
    # Ten times the rows, in the same process: what grew is what a block and its faults hold, not the file.
    assert large["peak_mib"] - small["peak_mib"] < 64
