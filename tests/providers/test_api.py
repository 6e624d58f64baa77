"""The providers' interface: who may call, what is served, what is refused and how."""

import base64
import gzip
import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from providers.actions import create_credential, revoke_credential
from providers.client.interface import check_signature
from providers.models import Credential, Exchange
from tests.factories import PeriodFactory, a_provider, pusdatin
from vervalponsel.audit.models import Event
from vervalponsel.batches.models import Batch

from .exchanging import BASE, ROBOT, Machine, dump, lines, moment, ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def telkomsel() -> Machine:
    PeriodFactory.create()
    return Machine.of("TELKOMSEL")


@pytest.fixture
def exchange(telkomsel: Machine) -> Exchange:
    ready(3)
    return dump()[0]


def file_of(machine: Machine, exchange: Exchange, **headers: str) -> Any:
    return machine.get(f"exchanges/{exchange.pk}/parts/1", **headers)


def bytes_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


PATHS = ("exchanges", "exchanges/1", "exchanges/1/parts/1", "batches/1", "batches/1/refused")


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("auth", ["", "Bearer x.y", "Basic !!", "Basic eDp5", "Digest a", "Bearer \x00.a"])
def test_without_a_key_of_one_s_own_there_is_nothing(client: Client, path: str, auth: str) -> None:
    answer = client.get(f"{BASE}/{path}", headers={"Authorization": auth} if auth else {})
    assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")
    assert "Basic" in answer["WWW-Authenticate"]


def test_a_person_s_session_is_no_key(client: Client) -> None:
    client.force_login(pusdatin().user)  # type: ignore[arg-type]
    assert client.get(f"{BASE}/exchanges").status_code == 401


def test_basic_and_bearer_open_the_same_door(telkomsel: Machine) -> None:
    key_id, _, secret = telkomsel.auth.removeprefix("Bearer ").partition(".")
    basic = base64.b64encode(f"{key_id}:{secret}".encode()).decode()
    assert Client().get(f"{BASE}/exchanges", headers={"Authorization": f"Basic {basic}"}).status_code == 200
    assert telkomsel.get("exchanges").status_code == 200
    assert Credential.objects.get(key_id=key_id).last_used_at


def test_revoked_and_expired_keys_and_parted_providers_are_refused(telkomsel: Machine) -> None:
    now, provider = timezone.now(), a_provider("TRI")
    expired, secret = create_credential(by=ROBOT, provider=provider, now=now, expires_at=now - timedelta(days=1))
    assert Machine(Client(), f"Bearer {expired.key_id}.{secret}").get("exchanges").status_code == 401
    tri = Machine.of("TRI")
    provider.is_active = False
    provider.save()
    assert tri.get("exchanges").status_code == 401
    revoke_credential(by=ROBOT, credential=Credential.objects.get(provider="TELKOMSEL"), now=now)
    assert telkomsel.get("exchanges").status_code == 401


def test_only_a_digest_of_the_secret_is_kept(telkomsel: Machine) -> None:
    secret = telkomsel.auth.partition(".")[2]
    kept = Credential.objects.values().get()
    assert secret not in str(kept)
    assert secret not in str(list(Event.objects.values()))


def test_an_address_that_is_none_is_told_in_the_same_shape(telkomsel: Machine) -> None:
    for answer in (telkomsel.get("exchanges/-1"), telkomsel.post("nowhere", b""), Client().get(f"{BASE}/x/y")):
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")


def test_another_provider_s_files_and_batches_do_not_exist(telkomsel: Machine, exchange: Exchange) -> None:
    rows = telkomsel.pull(exchange.pk)
    batch = telkomsel.answer(exchange.pk, lines([(1, rows[0]["no_ponsel"], "ACTIVE", moment(1))]))
    stranger = Machine.of("INDOSAT")

    assert stranger.get("exchanges").json()["items"] == []
    said = json.dumps({"rows": 3, "sha256": exchange.sha256}).encode()
    answers = [
        stranger.get(f"exchanges/{exchange.pk}"),
        stranger.get(f"exchanges/{exchange.pk}/parts/1"),
        stranger.get(f"batches/{batch.pk}"),
        stranger.get(f"batches/{batch.pk}/refused"),
        stranger.post(f"exchanges/{exchange.pk}/receipt", said, "application/json"),
        stranger.post(f"exchanges/{exchange.pk}/answers", lines([(1, "62", "ACTIVE", moment())])),
        stranger.post(f"exchanges/{exchange.pk}/reports", lines([(1, "62", "SUCCEEDED", moment())])),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert Batch.objects.filter(kind="answers").count() == 1


def test_a_provider_sees_no_batch_that_is_not_its_own_file(telkomsel: Machine, exchange: Exchange) -> None:
    assert telkomsel.get(f"batches/{exchange.batch_id}").status_code == 404


def test_the_document_is_public_and_names_every_operation(client: Client) -> None:
    document = client.get(f"{BASE}/openapi.json").json()
    named = {operation["operationId"] for path in document["paths"].values() for operation in path.values()}
    assert document["openapi"].startswith("3.1")
    assert named == {
        "listExchanges",
        "getManifest",
        "getPart",
        "postReceipt",
        "postAnswers",
        "postReports",
        "getBatch",
        "getRefusedRows",
        "listKeys",
    }
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["operationId"] == "listKeys" or {"401", "429", "503"} <= set(
                map(str, operation["responses"])
            )


def test_the_manifest_is_signed_by_the_published_key(telkomsel: Machine, exchange: Exchange) -> None:
    manifest = telkomsel.get(f"exchanges/{exchange.pk}").json()
    keys = {key["key_id"]: key["public_key"] for key in telkomsel.get("keys").json()}
    check_signature(manifest, keys)
    with pytest.raises(ValueError, match="tidak ditandatangani"):
        check_signature(manifest | {"rows": 99}, keys)


def test_looking_at_it_marks_a_file_as_offered_once(telkomsel: Machine, exchange: Exchange) -> None:
    telkomsel.get(f"exchanges/{exchange.pk}")
    telkomsel.get(f"exchanges/{exchange.pk}")
    exchange.refresh_from_db()
    assert (exchange.status, bool(exchange.offered_at)) == ("OFFERED", True)
    assert Event.objects.filter(action="exchange.offered").count() == 1


def test_a_pull_can_be_resumed_and_is_not_packed_twice(telkomsel: Machine, exchange: Exchange) -> None:
    whole = file_of(telkomsel, exchange, **{"Accept-Encoding": "gzip"})
    body = bytes_of(whole)
    assert hashlib.sha256(body).hexdigest() == exchange.parts.get().sha256
    assert (whole["ETag"], whole["Content-Length"]) == (f'"{exchange.parts.get().sha256}"', str(len(body)))
    assert whole["Repr-Digest"] == f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"

    rest = file_of(telkomsel, exchange, Range="bytes=10-", **{"If-Range": whole["ETag"]})
    assert (rest.status_code, bytes_of(rest)) == (206, body[10:])
    assert rest["Content-Range"] == f"bytes 10-{len(body) - 1}/{len(body)}"
    assert bytes_of(file_of(telkomsel, exchange, Range="bytes=0-4")) == body[:5]
    assert bytes_of(file_of(telkomsel, exchange, Range="bytes=-7")) == body[-7:]
    assert bytes_of(file_of(telkomsel, exchange, Range="bytes=10-", **{"If-Range": '"other"'})) == body
    assert file_of(telkomsel, exchange, Range=f"bytes={len(body)}-").status_code == 416
    assert file_of(telkomsel, exchange, **{"If-None-Match": whole["ETag"]}).status_code == 304
    assert gzip.decompress(body).startswith(b"batch,line,pd_id,tingkat_pendidikan,npsn,no_ponsel\n")


def test_a_receipt_must_agree_with_the_manifest(telkomsel: Machine, exchange: Exchange) -> None:
    wrong = json.dumps({"rows": 2, "sha256": exchange.sha256}).encode()
    answer = telkomsel.post(f"exchanges/{exchange.pk}/receipt", wrong, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "TOTALS_DIFFER")
    exchange.refresh_from_db()
    assert exchange.status == "PREPARED"

    right = json.dumps({"rows": 3, "sha256": exchange.sha256.upper(), "control_sum": exchange.control_sum}).encode()
    for _ in range(2):
        answer = telkomsel.post(f"exchanges/{exchange.pk}/receipt", right, "application/json")
        assert (answer.status_code, answer.json()["status"]) == (200, "RECEIPTED")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 422, "INVALID"),
        (b"[" * 100_000, 422, "INVALID"),
        (b'{"rows": ' + b"9" * 5_000 + b"}", 422, "INVALID"),
        (b'{"rows": NaN, "sha256": "\\ud800", "control_sum": "1"}', 422, "INVALID"),
        (b"\xff\xfe", 422, "INVALID"),
        (b"rows=1", 422, "INVALID"),
        (b" " * 6_000_000, 413, "TOO_LARGE"),
    ],
)
def test_a_receipt_that_is_none_is_told_so(
    telkomsel: Machine, exchange: Exchange, body: bytes, status: int, code: str
) -> None:
    answer = telkomsel.post(f"exchanges/{exchange.pk}/receipt", body, "application/json")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "Cannot" not in answer.json()["message"]


def test_answers_wait_for_the_receipt_and_reports_for_an_order(telkomsel: Machine, exchange: Exchange) -> None:
    body = lines([(1, "628", "ACTIVE", moment())])
    answer = telkomsel.post(f"exchanges/{exchange.pk}/answers", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "NOT_RECEIPTED")
    answer = telkomsel.post(f"exchanges/{exchange.pk}/reports", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "WRONG_PURPOSE")


def test_the_call_only_keeps_the_bytes_and_the_same_bytes_are_one_batch(telkomsel: Machine, exchange: Exchange) -> None:
    rows = telkomsel.pull(exchange.pk)
    body = gzip.compress(lines([(1, rows[0]["no_ponsel"], "ACTIVE", moment(1))]))

    first = telkomsel.post(f"exchanges/{exchange.pk}/answers", body, "application/gzip")
    second = telkomsel.post(f"exchanges/{exchange.pk}/answers", body, "application/gzip")

    assert (first.status_code, second.status_code) == (202, 200)
    assert first["Location"] == f"{BASE}/batches/{first.json()['batch']}"
    assert first.json()["batch"] == second.json()["batch"]
    assert telkomsel.get(f"batches/{first.json()['batch']}").json()["status"] == "QUEUED"
    exchange.refresh_from_db()
    assert exchange.counts == {}


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"", {}, 422, "EMPTY_FILE"),
        (b"\n\n", {}, 422, "EMPTY_FILE"),
        (b"line,no_ponsel\n1,2\n", {}, 422, "COLUMNS_MISSING"),
        (b"\x1f\x8b garbage", {}, 422, "COLUMNS_MISSING"),
        (b"\xff\xfe\x00", {}, 422, "COLUMNS_MISSING"),
        (gzip.compress(b"") * 2_000, {}, 422, "COLUMNS_MISSING"),
        (b"A" * 70_000, {}, 422, "COLUMNS_MISSING"),
        (b"line,no_ponsel,status,answered_at,code\r1,0812,ACTIVE,2026,\r", {}, 422, "COLUMNS_MISSING"),
        (b"line,no_ponsel,status,hasil,answered_at\n1,0812,ACTIVE,INACTIVE,2026\n", {}, 422, "COLUMNS_MISSING"),
        (b"line,line,no_ponsel,status,answered_at\n1,2,0812,ACTIVE,2026\n", {}, 422, "COLUMNS_MISSING"),
        (lines([]), {"Content-Digest": "sha-256=:AAAA:"}, 422, "DIGEST_DIFFERS"),
        (lines([]), {"Transfer-Encoding": "chunked"}, 411, "LENGTH_REQUIRED"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    telkomsel: Machine, exchange: Exchange, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    telkomsel.pull(exchange.pk)
    answer = telkomsel.post(f"exchanges/{exchange.pk}/answers", body, **headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"].endswith(".")
    assert not Batch.objects.filter(kind="answers").exists()


def test_of_a_file_that_unpacks_without_end_the_call_looks_at_the_beginning_alone(
    telkomsel: Machine, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits for the answer waits for no more than the first line, and no thread is lost to a bomb."""
    from providers import answer_pieces

    telkomsel.pull(exchange.pk)
    monkeypatch.setattr(answer_pieces, "BLOCK", 10_000)
    monkeypatch.setattr(answer_pieces, "UNPACKED_MOST", 1_000_000)
    answer = telkomsel.post(f"exchanges/{exchange.pk}/answers", gzip.compress(b"a" * 2_000_000), "application/gzip")
    assert (answer.status_code, answer.json()["code"]) == (422, "COLUMNS_MISSING")
    body = gzip.compress(lines([]) + b"a" * 2_000_000)
    assert telkomsel.post(f"exchanges/{exchange.pk}/answers", body, "application/gzip").status_code == 202


def test_a_file_over_the_limit_is_refused(telkomsel: Machine, exchange: Exchange, settings: Any) -> None:
    telkomsel.pull(exchange.pk)
    settings.PROVIDER_UPLOAD_MAX_BYTES = 10
    assert telkomsel.post(f"exchanges/{exchange.pk}/answers", lines([])).status_code == 413


def test_json_lines_say_the_same_as_csv(telkomsel: Machine, exchange: Exchange) -> None:
    number = telkomsel.pull(exchange.pk)[0]["no_ponsel"]
    row = {"line": 1, "no_ponsel": f"0{number[2:]}", "status": "tidak aktif", "answered_at": "2020-09-13"}
    body = f"{json.dumps(row)}\nnot json\n[1]\n".encode()
    batch = telkomsel.answer(exchange.pk, body)
    assert (batch.counts["applied"], batch.counts["bad"]) == (1, 2)


def test_refused_rows_are_told_with_place_and_sentence(telkomsel: Machine, exchange: Exchange) -> None:
    number = telkomsel.pull(exchange.pk)[0]["no_ponsel"]
    body = lines([(1, number, "SNOOZING", moment(1)), (7, number, "ACTIVE", moment(1))])
    batch = telkomsel.answer(exchange.pk, body)

    told = telkomsel.get(f"batches/{batch.pk}").json()
    page = telkomsel.get(f"batches/{batch.pk}/refused?limit=1").json()
    rest = telkomsel.get(f"batches/{batch.pk}/refused?after={page['next_after']}").json()

    assert (told["status"], told["counts"]["held"], told["counts"]["unknown_line"]) == ("DONE", 1, 1)
    [held], [unknown] = page["items"], rest["items"]
    assert (held["row"], held["code"], "SNOOZING" in held["message"]) == (2, "UNKNOWN_WORD", True)
    assert (unknown["row"], unknown["code"], rest["next_after"]) == (3, "UNKNOWN_LINE", None)


def test_a_file_whose_words_are_strange_is_held_whole_until_they_mean_something(telkomsel: Machine) -> None:
    from providers.actions import give_meaning
    from providers.choices import Outcome, Purpose
    from vervalponsel.batches.actions import run_again
    from vervalponsel.batches.runner import run_batch

    ready(60)
    [exchange] = dump()
    rows = telkomsel.pull(exchange.pk)
    body = lines([(row["line"], row["no_ponsel"], "hidup", moment(1)) for row in rows])
    batch = telkomsel.answer(exchange.pk, body)
    assert (batch.status, "HIDUP" in batch.error, batch.counts) == ("PARKED", True, {})

    now, provider = timezone.now(), a_provider("TELKOMSEL")
    give_meaning(by=ROBOT, provider=provider, purpose=Purpose.MATCH, word="hidup", outcome=Outcome.ACTIVE, now=now)
    run_again(by=ROBOT, batch=batch, now=now)
    run_batch(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.counts["applied"]) == ("DONE", 60)


def test_lists_are_paged_and_filtered(telkomsel: Machine) -> None:
    for _ in range(3):
        ready()
        dump()
    first = telkomsel.get("exchanges?limit=2").json()
    rest = telkomsel.get(f"exchanges?limit=2&after={first['next_after']}").json()
    assert (len(first["items"]), len(rest["items"]), rest["next_after"]) == (2, 1, None)
    assert telkomsel.get("exchanges?purpose=INJECT").json()["items"] == []
    for query in ("purpose=X", "status=GONE", "limit=0", "after=-1"):
        answer = telkomsel.get(f"exchanges?{query}")
        assert (answer.status_code, answer.json()["code"]) == (422, "INVALID")
    assert telkomsel.get(f"exchanges/{10**30}").status_code == 404


def test_calls_are_limited_by_key(telkomsel: Machine, settings: Any) -> None:
    settings.PROVIDER_CALLS_PER_MINUTE = 2
    statuses = [telkomsel.get("exchanges").status_code for _ in range(6)]
    answer = telkomsel.get("exchanges")
    assert 429 in statuses
    assert answer.status_code == 200 or int(answer["Retry-After"]) > 0


@pytest.mark.parametrize("path", PATHS)
def test_while_the_database_is_away_a_machine_is_told_when_to_come_again(telkomsel: Machine, path: str) -> None:
    def gone(*args: Any) -> None:
        raise OperationalError("the connection is closed")

    with connection.execute_wrapper(gone):
        answer = telkomsel.get(path)
    assert (answer.status_code, answer["Retry-After"], answer.json()["code"]) == (503, "30", "UNAVAILABLE")
