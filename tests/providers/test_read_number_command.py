"""`manage.py read_number` as a script would use it: values in, one line out for each."""

import io
import json

import pytest
from django.core.management import call_command
from django.utils import timezone

from providers.models import Prefix


def run(monkeypatch: pytest.MonkeyPatch, values: bytes, *options: str) -> list[str]:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(values)))
    out = io.StringIO()
    call_command("read_number", *options, stdout=out)
    return out.getvalue().splitlines()


def test_json_has_one_object_per_line(monkeypatch: pytest.MonkeyPatch) -> None:
    values = "0812-3456-7890\n\n081234567890o\r\n6,28E+11\n０８９５１２３４５６７".encode()
    lines = [json.loads(line) for line in run(monkeypatch, values, "--json")]

    assert [line["typed"] for line in lines] == [
        "0812-3456-7890", "", "081234567890o", "6,28E+11", "０８９５１２３４５６７"
    ]  # fmt: skip
    assert [line["number"] for line in lines] == ["+6281234567890", None, None, None, "+62895123456 7".replace(" ", "")]
    assert [line["provider"] for line in lines] == ["TELKOMSEL", None, None, None, "TRI"]
    assert [line["code"] for line in lines] == [None, "EMPTY", "AMBIGUOUS", "DIGITS_LOST", None]
    assert lines[2]["proposals"] == ["+62812345678900", "+6281234567890"]


def test_json_has_exactly_these_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for line in run(monkeypatch, b"081234567890\n08123\n", "--json"):
        assert list(json.loads(line)) == ["typed", "number", "provider", "code", "proposals"]


def test_without_json_it_writes_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [line.split("\t") for line in run(monkeypatch, b"08123\n081234567890\n0812345678oo")]

    assert lines == [
        ["08123", "null", "null", "TOO_SHORT", ""],
        ["081234567890", "+6281234567890", "TELKOMSEL", "null", ""],
        ["0812345678oo", "null", "null", "AMBIGUOUS", "+6281234567800,+62812345678"],
    ]


ODD = [
    b"\xff\xfe", b"", b"\x00", b"0812\x003456\x007890", b" ", b"0812\t3456\t7890", b"\x85",
    "0812\u20283456\u20297890".encode(),
    b"\x0b\x0c\x1c", b"081234567890\r", b"\r", b"\xed\xa0\x80", b"*" * 300_000 + b"1", b"1" * 300_000,
]  # fmt: skip


@pytest.mark.parametrize("options", [[], ["--json"]])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [b"", b"\n"])
def test_any_bytes_get_one_answer_per_line(
    monkeypatch: pytest.MonkeyPatch, options: list[str], end: bytes, last: bytes
) -> None:
    """However a reader splits lines: a value brings no line of its own."""
    values = end.join([*ODD, b"081234567890"]) + last

    lines = run(monkeypatch, values, *options)

    assert len(lines) == len(ODD) + 1
    if options:
        read = [json.loads(line) for line in lines]
        assert [r["number"] for r in read][-1] == "+6281234567890"
        assert [r["code"] for r in read][:4] == ["NO_DIGITS", "EMPTY", "EMPTY", None]
        assert all((r["number"] is None) != (r["code"] is None) for r in read)


def test_nothing_in_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, b"", "--json") == []


@pytest.mark.django_db
def test_the_prefixes_of_today_can_be_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    Prefix.objects.filter(provider_id="TRI").update(valid_to=timezone.localdate())

    built_in, today = (run(monkeypatch, b"089512345678\n", *options)[0] for options in ([], ["--today"]))

    assert built_in.split("\t")[2] == "TRI"
    assert today.split("\t")[3] == "NO_PROVIDER"
