"""The client's and the desk's commands: sentences and exit codes, never a traceback."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from providers.actions import create_credential
from providers.client import __main__ as program
from providers.client.interface import Interface, path_of
from providers.models import Exchange, ExchangeLine
from tests.factories import PeriodFactory, a_provider
from vervalponsel.batches.runner import run_batch

from .exchanging import ROBOT, Machine, dump, lines, moment, ready

pytestmark = pytest.mark.django_db

Run = Callable[..., int]


class Wire:
    """The way to the server, which breaks as told."""

    def __init__(self) -> None:
        self.breaks_after: int | None = None
        self.answers: httpx.Response | None = None
        self.raises: BaseException | None = None

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.raises:
            raise self.raises
        if self.answers:
            return self.answers
        path, told = request.url.raw_path.decode(), dict(request.headers)
        answer = Client().generic(request.method, path, request.read(), headers=told)
        body = answer.getvalue()
        if "/parts/" in path and self.breaks_after is not None:
            return httpx.Response(
                answer.status_code, headers=dict(answer.items()), stream=Torn(body[: self.breaks_after])
            )
        return httpx.Response(answer.status_code, headers=dict(answer.items()), stream=httpx.ByteStream(body))


class Torn(httpx.SyncByteStream):
    """A body that breaks off."""

    def __init__(self, beginning: bytes) -> None:
        self.beginning = beginning

    def __iter__(self) -> Iterator[bytes]:
        yield self.beginning
        raise httpx.ReadError("broken")


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def run(wire: Wire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs the program against the application with Telkomsel's key; its exit code."""
    PeriodFactory.create()
    credential, secret = create_credential(by=ROBOT, provider=a_provider(), now=timezone.now())
    monkeypatch.setenv("PROVIDER_KEY", f"{credential.key_id}:{secret}")
    monkeypatch.setenv("PROVIDER_API_URL", "http://testserver")

    def connected(url: str, key_id: str, secret: str, *, timeout: float) -> Interface:
        return Interface(url, key_id, secret, timeout=timeout, tries=1, transport=httpx.MockTransport(wire))

    monkeypatch.setattr(program, "Interface", connected)

    def ran(*arguments: object) -> int:
        return program.main(["--folder", str(tmp_path), *map(str, arguments)])

    return ran


def asked(count: int = 3) -> Exchange:
    ready(count)
    [exchange] = dump()
    return exchange


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_whole_exchange_by_hand(run: Run, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    exchange = asked()
    assert run("list") == 0
    assert [item["id"] for item in said(capsys)] == [exchange.pk]
    assert run("pull", exchange.pk) == 0
    capsys.readouterr()
    assert run("verify", exchange.pk) == 0
    assert said(capsys)["status"] == "RECEIPTED"
    answers = tmp_path / "jawaban.csv"
    rows = gzip.decompress(path_of(tmp_path, exchange.pk, 1).read_bytes()).decode().splitlines()[1:]
    answers.write_bytes(lines([(row.split(",")[1], row.split(",")[-1], "ACTIVE", moment(1)) for row in rows]))
    assert run("answer", exchange.pk, answers) == 0
    told = said(capsys)
    assert run("report", exchange.pk, answers) == 1, "a dump is answered, not reported"
    assert "WRONG_PURPOSE" in capsys.readouterr().err
    run_batch(told["batch"])
    assert run("status", told["batch"]) == 0
    assert said(capsys)["counts"]["applied"] == 3
    assert run("list") == 0
    assert said(capsys) == []


def test_what_broke_off_is_resumed(run: Run, wire: Wire, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    exchange = asked(50)
    wire.breaks_after = 100
    assert run("pull", exchange.pk) == 3
    part = path_of(tmp_path, exchange.pk, 1)
    assert part.stat().st_size == 100
    assert run("verify", exchange.pk) == 4
    assert "bagian 1" in capsys.readouterr().err

    wire.breaks_after = None
    assert run("resume") == 0
    assert [found["status"] for found in said(capsys)] == ["RECEIPTED"]
    assert part.stat().st_size == exchange.parts.get().size


def test_one_bad_file_does_not_hold_up_the_others(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    gone, _ = asked(), asked()
    gone.parts.update(file="")
    assert run("resume") == 1
    told = capsys.readouterr()
    assert [found["status"] for found in json.loads(told.out)] == ["RECEIPTED"]
    assert f"berkas {gone.pk}" in told.err
    assert "GONE" in told.err


@pytest.mark.parametrize(
    ("arguments", "changed", "code", "sentence"),
    [
        (["list"], {"PROVIDER_KEY": ""}, 2, "Kunci belum ada"),
        (["list"], {"PROVIDER_KEY": "kunci-tanpa-rahasia"}, 2, "Kunci belum ada"),
        (["list"], {"PROVIDER_KEY": "kunci:rahasía"}, 2, "Kunci belum ada"),
        (["list"], {"PROVIDER_KEY": "salah:sekali"}, 1, "UNAUTHENTICATED"),
        (["--key-file", "/tidak/ada", "list"], {}, 2, "/tidak/ada tidak dapat dibuka"),
        (["answer", "1", "/tidak/ada.csv"], {}, 2, "/tidak/ada.csv tidak dapat dibuka"),
        (["pull", "999"], {}, 1, "NOT_FOUND"),
        (["status", "999"], {}, 1, "NOT_FOUND"),
        (["--url", "http://server:salah", "list"], {}, 2, "Alamat server salah"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    changed: dict[str, str],
    code: int,
    sentence: str,
) -> None:
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    assert run(*arguments) == code
    told = capsys.readouterr()
    assert (sentence in told.err, told.out) == (True, "")


@pytest.mark.parametrize(
    ("name", "value", "code", "sentence"),
    [
        ("raises", httpx.ConnectError("refused"), 3, "tidak dapat dihubungi"),
        ("raises", httpx.ReadTimeout("late"), 3, "tidak dapat dihubungi"),
        ("raises", KeyboardInterrupt(), 130, "resume"),
        ("answers", httpx.Response(503, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), 3, "503"),
        ("answers", httpx.Response(200, text="<html>Masuk dulu</html>"), 1, "bukan JSON"),
    ],
)
def test_a_server_that_fails(
    run: Run, wire: Wire, capsys: pytest.CaptureFixture[str], name: str, value: Any, code: int, sentence: str
) -> None:
    setattr(wire, name, value)
    assert run("list") == code
    assert sentence in capsys.readouterr().err


def test_set_aside_rows_are_an_ending_of_their_own(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    exchange, telkomsel = asked(), Machine.of("TELKOMSEL")
    number = telkomsel.pull(exchange.pk)[0]["no_ponsel"]
    batch = telkomsel.answer(exchange.pk, lines([(9, number, "ACTIVE", moment(1))]))
    assert run("status", batch.pk) == 5
    told = capsys.readouterr()
    assert json.loads(told.out)["refused"][0]["code"] == "UNKNOWN_LINE"
    assert "1 baris" in told.err


def test_every_exit_code_is_told_by_the_help() -> None:
    codes = [program.REFUSED, program.WRONG_USE, program.UNREACHABLE, program.DIFFERS, program.SET_ASIDE]
    told = " ".join(program.parser().format_help().split())
    assert [code for code in [*codes, program.INTERRUPTED] if f"· {code} " not in told] == []


# For a provider that cannot call


@pytest.fixture
def answered(tmp_path: Path) -> tuple[Exchange, Path]:
    """An exchange, and a file that answers all of it and says so."""
    PeriodFactory.create()
    exchange = asked()
    rows = [
        (exchange.pk, line.line_no, line.number[1:], "ACTIVE", moment(1))
        for line in ExchangeLine.objects.of(exchange.pk)
    ]
    file = tmp_path / "jawaban.csv"
    file.write_bytes(lines(rows, header="batch,line,no_ponsel,status,answered_at"))
    return exchange, file


def taken(capsys: pytest.CaptureFixture[str], file: Path, **options: Any) -> str:
    call_command("take_answer", str(file), **options)
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_tells_itself_what_it_answers(
    answered: tuple[Exchange, Path], capsys: pytest.CaptureFixture[str], packed: bool
) -> None:
    exchange, file = answered
    if packed:
        file.write_bytes(gzip.compress(file.read_bytes()))
    assert "rows 3 applied 3" in taken(capsys, file, provider="telkomsel")
    exchange.refresh_from_db()
    assert exchange.status == "ANSWERED"
    again = taken(capsys, file)
    assert ("sudah pernah dimasukkan" in again, "applied 3" in again) == (True, True)


def test_json_lines_tell_it_too(answered: tuple[Exchange, Path], capsys: pytest.CaptureFixture[str]) -> None:
    exchange, file = answered
    line = ExchangeLine.objects.of(exchange.pk).order_by("line_no")[0]
    row = {"batch": exchange.pk, "line": 1, "no_ponsel": line.number[1:], "status": "ACTIVE", "answered_at": moment(1)}
    file.write_text(json.dumps(row) + "\n")
    assert "applied 1" in taken(capsys, file)


def test_refused_rows_are_shown_with_their_reason(
    answered: tuple[Exchange, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    exchange, file = answered
    file.write_bytes(lines([(77, "6281226004001", "ACTIVE", moment(1))]))
    told = taken(capsys, file, exchange=exchange.pk)
    assert "baris 2: Baris ini tidak ada dalam berkas yang dikirim." in told


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (None, {}, "tidak dapat dibaca"),
        (b"", {}, "kosong"),
        (b"a,b\n1,2\n", {}, "Kolom tidak ada"),
        (b"\x1f\x8b\x00rusak", {}, "rusak sejak awal"),
        (lines([(1, "6281226004001", "ACTIVE", "2020-09-13")]), {}, "--exchange"),
        (lines([(1, "6281226004001", "ACTIVE", "2020-09-13")]), {"exchange": 999_999}, "tidak ada"),
        (b"whole", {"provider": "TRI"}, "bukan TRI"),
    ],
)
def test_what_cannot_be_taken_is_said_in_a_sentence(
    answered: tuple[Exchange, Path], content: bytes | None, options: dict[str, Any], sentence: str
) -> None:
    _, file = answered
    if content is None:
        file.unlink()
    elif content != b"whole":
        file.write_bytes(content)
    with pytest.raises(CommandError, match=sentence):
        call_command("take_answer", str(file), **options)
    assert not ExchangeLine.objects.exclude(outcome="").exists()
