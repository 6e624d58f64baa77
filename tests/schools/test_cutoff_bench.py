"""The budget of the import, at a size that `make proof` can bear."""

import pytest
from django.core.management import call_command

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]


def test_bench_import(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints each measure; the budget itself is judged on a quiet machine at two million rows."""
    call_command("benchmark", "import", rows=20_000, json=True, skip_checks=True)
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition('"rows"')[0] for line in lines] == ['{"name": "import", ', '{"name": "import again", ']
