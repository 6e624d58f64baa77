"""`manage.py read_number` as a script would use it: values in, one line out for each."""

import io
import json

import pytest
from django.core.management import call_command


def run(monkeypatch: pytest.MonkeyPatch, values: bytes, *options: str) -> list[str]:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(values)))
    out = io.StringIO()
    call_command("read_number", *options, stdout=out)
    return out.getvalue().splitlines()


def test_json_has_one_object_per_line(monkeypatch: pytest.MonkeyPatch) -> None:
    values = "0812-3456-7890\n\n081234567890o\r\n6,28E+11\n０８９５１２３４５６７".encode()
    lines = [json.loads(line) for line in run(monkeypatch, values, "--json")]

    assert [line["typed"] for line in lines] == [
        "0812-3456-7890", "", "081234567890o\r", "6,28E+11", "０８９５１２３４５６７"
    ]  # fmt: skip
    assert [line["number"] for line in lines] == ["+6281234567890", None, None, None, "+62895123456 7".replace(" ", "")]
    assert [line["provider"] for line in lines] == ["TELKOMSEL", None, None, None, "TRI"]
    assert [line["code"] for line in lines] == [None, "EMPTY", "AMBIGUOUS", "DIGITS_LOST", None]
    assert lines[2]["proposals"] == ["+62812345678900", "+6281234567890"]


def test_without_json_it_speaks(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = run(monkeypatch, b"08123\n081234567890\n")

    assert first == "08123\tNomor belum dapat dibaca: angkanya kurang dari sepuluh."
    assert second == "081234567890\t+6281234567890\tTELKOMSEL"


def test_bytes_that_are_no_text_are_refused_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = run(monkeypatch, b"\xff\xfe\n", "--json")

    assert json.loads(line)["code"] == "NO_DIGITS"
