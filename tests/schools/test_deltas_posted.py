"""Deltas that a machine posts with its own key, and the keys themselves."""

import base64
import hashlib
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from schools.cutoff.deciding import approve
from schools.models import CutoffLimits, ServiceKey
from schools.service_keys import OVERLAP, create_key, replace_key, revoke_key
from students.models import Student
from tests.factories import pusdatin
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.models import Event
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

from . import bundles
from .registers import Register, imported, zipped_delta

pytestmark = pytest.mark.django_db
BASE = "/api/register/v1"
BY = Actor.system("uji")


class Machine:
    """A client that calls with one key."""

    def __init__(self, service: str = "dapodik-pusat") -> None:
        self.key, self.secret = create_key(by=BY, service=service, now=timezone.now())
        self.headers = {"Authorization": f"Bearer {self.key.key_id}.{self.secret}"}

    def post(self, content: bytes, **headers: str):
        headers = self.headers | headers
        return Client().post(f"{BASE}/deltas", content, content_type="application/zip", headers=headers)

    def get(self, path: str):
        return Client().get(path if path.startswith("/") else f"{BASE}/{path}", headers=self.headers)


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def register(tmp_path: Path) -> Register:
    """A register of one school; its second pupil has no NISN."""
    register = Register()
    school = register.school("20300001")
    register.pupil(school)
    register.pupil(school, nisn="")
    imported(register, tmp_path)
    return register


def repaired(register: Register, **changes: str) -> bytes:
    pupil = register.peserta_didik[1] | {"nisn": "0099999999"} | changes
    return zipped_delta(register.delta(peserta_didik=[pupil]))


def test_a_posted_delta_is_taken_and_told_about(machine: Machine, register: Register) -> None:
    answer = machine.post(repaired(register))
    assert answer.status_code == 202
    told = answer.json()
    assert told["status"] == Status.QUEUED
    assert machine.get(told["url"]).json()["status"] == Status.QUEUED
    assert run_batch(told["batch"]) == Status.DONE
    assert Student.objects.filter(eligibility="OK").count() == 2
    state = machine.get(told["url"]).json()
    assert (state["status"], state["counts"]["students"]["recipients"], state["error"]) == (Status.DONE, 1, "")
    assert machine.get(state["refused_url"]).json() == {"items": [], "next_after": None}
    batch = Batch.objects.get(pk=told["batch"])
    assert (batch.kind, batch.actor_name) == ("delta", "layanan:dapodik-pusat")
    assert Event.objects.filter(action="batch.handed_in", target_id=str(batch.pk)).exists()


def test_the_same_bytes_again_are_the_same_batch(machine: Machine, register: Register) -> None:
    first, again = machine.post(repaired(register)), machine.post(repaired(register))
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["batch"] == again.json()["batch"]
    assert Batch.objects.filter(kind="delta").count() == 1


def test_one_that_failed_gets_another_try(machine: Machine, register: Register) -> None:
    batch = Batch.objects.get(pk=machine.post(repaired(register)).json()["batch"])
    Batch.objects.filter(pk=batch.pk).update(status=Status.FAILED)
    assert machine.post(repaired(register)).json() == {
        "batch": batch.pk, "status": Status.QUEUED, "url": f"{BASE}/deltas/{batch.pk}",
    }  # fmt: skip


def test_one_beyond_the_limits_waits_and_its_sender_is_told(machine: Machine, register: Register) -> None:
    CutoffLimits.objects.create(judged_from=1, set_aside_percent=100)
    gone = zipped_delta(register.delta(peserta_didik=[register.peserta_didik[0] | {"soft_delete": "1"}]))
    told = machine.post(gone).json()
    assert run_batch(told["batch"]) == Status.PARKED
    state = machine.get(told["url"]).json()
    assert (state["status"], state["counts"]) == (Status.PARKED, {})
    assert state["error"] == (
        "Melebihi batas, menunggu persetujuan orang kedua. Nasional: 1 penerima keluar (100 %, batas 5 %); "
        "Jawa Tengah: 1 penerima keluar (100 %, batas 5 %). "
        "Petugas Pusdatin memutuskannya; delta ini tidak perlu dikirim ulang."
    )
    assert Student.objects.filter(eligibility="OK").count() == 1
    # Sent again it is the same one, and still nobody's word has been given.
    again = machine.post(gone)
    assert (again.status_code, again.json()["batch"], again.json()["status"]) == (200, told["batch"], Status.PARKED)
    approve(by=pusdatin(), batch=Batch.objects.get(pk=told["batch"]), now=timezone.now())
    assert run_batch(told["batch"]) == Status.DONE
    assert not Student.objects.filter(eligibility="OK").exists()
    state = machine.get(told["url"]).json()
    assert (state["error"], state["counts"]["changes"]) == ("", 1)


def test_refused_rows_are_told_with_reason_and_whose_move_it_is(machine: Machine, register: Register) -> None:
    told = machine.post(repaired(register, peserta_didik_id="bukan-uuid")).json()
    run_batch(told["batch"])
    [row] = machine.get(machine.get(told["url"]).json()["refused_url"]).json()["items"]
    assert row == {
        "file": "peserta_didik.csv", "row": 2, "column": "peserta_didik_id", "code": "ID_INVALID",
        "message": "Kode pengenal di baris ini bukan UUID.", "acts": "Pusdatin",
    }  # fmt: skip


def problem_of(answer) -> tuple[int, str, str]:
    told = answer.json()
    return answer.status_code, told["code"], told["message"]


def test_what_is_wrong_is_said_at_once_and_nothing_is_kept(
    machine: Machine, register: Register, tmp_path: Path, settings
) -> None:
    whole = bundles.zipped(tmp_path / "b.zip").read_bytes()
    assert problem_of(machine.post(whole)) == (
        403, "NOT_A_DELTA",
        "Hanya delta yang diterima di sini. Tarikan lengkap dimasukkan Pusdatin lewat halaman Kelola.",
    )  # fmt: skip
    assert problem_of(machine.post(b"bukan zip")) == (
        422, "BUNDLE_WRONG", "delta.zip: Ini bukan berkas zip yang utuh. Kirim ulang berkasnya.",
    )  # fmt: skip
    assert problem_of(machine.post(b"")) == (422, "EMPTY_FILE", "Berkas kosong.")
    wrong = zipped_delta(register.delta(peserta_didik=register.peserta_didik[:1]), sha256="0" * 64)
    assert problem_of(machine.post(wrong)) == (
        422, "BUNDLE_WRONG",
        "peserta_didik.csv: Isi berkas ini berbeda dari sha256 di manifest.json. Kirim ulang berkasnya.",
    )  # fmt: skip
    old = zipped_delta(register.delta(peserta_didik=register.peserta_didik[:1]), cutoff_date="2020-09-01")
    assert problem_of(machine.post(old))[2] == (
        "manifest.json, kolom cutoff_date: Tarikan ini bertanggal 1 Sep 2020, lebih tua daripada tarikan 11 Sep 2020"
        " yang sudah diterapkan untuk cakupan ini."
    )
    settings.DELTA_MAX_BYTES = 10
    assert problem_of(machine.post(repaired(register)))[:2] == (413, "TOO_LARGE")
    assert not Batch.objects.filter(kind="delta").exists()


def test_a_digest_that_was_sent_is_checked(machine: Machine, register: Register) -> None:
    content = repaired(register)
    digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert problem_of(machine.post(content + b"x", **{"Content-Digest": f"sha-256=:{digest}:"}))[1] == "DIGEST_DIFFERS"
    assert machine.post(content, **{"Content-Digest": f"sha-256=:{digest}:"}).status_code == 202


def test_without_a_working_key_nothing_is_said(machine: Machine, register: Register) -> None:
    content = repaired(register)
    wrong = [f"Bearer {machine.key.key_id}.salah", "Bearer x.y", "Basic x", f"Bearer {machine.key.key_id}\x00.x"]
    for header in wrong:
        answer = machine.post(content, Authorization=header)
        assert problem_of(answer)[:2] == (401, "UNAUTHENTICATED"), header
        assert answer["WWW-Authenticate"].startswith('Basic realm="register"')
    revoke_key(by=BY, key=machine.key, now=timezone.now())
    assert machine.post(content).status_code == 401
    assert not Batch.objects.filter(kind="delta").exists()


def test_anothers_delta_does_not_exist(machine: Machine, register: Register) -> None:
    told = machine.post(repaired(register)).json()
    assert problem_of(Machine("lain").get(told["url"]))[:2] == (404, "NOT_FOUND")
    assert problem_of(machine.get("bukan-alamat"))[:2] == (404, "NOT_FOUND")
    follower, secret = replace_key(by=BY, key=machine.key, now=timezone.now())
    headers = {"Authorization": f"Bearer {follower.key_id}.{secret}"}
    assert Client().get(told["url"], headers=headers).status_code == 200


def test_a_replaced_key_works_for_another_week(machine: Machine) -> None:
    now = timezone.now()
    replace_key(by=BY, key=machine.key, now=now)
    assert machine.get("deltas/1").status_code == 404
    with time_machine.travel(now + OVERLAP + timedelta(seconds=1), tick=False):
        assert machine.get("deltas/1").status_code == 401
    assert list(Event.objects.order_by("id").values_list("action", flat=True)) == [
        "service_key.created", "service_key.created", "service_key.replaced",
    ]  # fmt: skip


def test_so_many_calls_a_minute(machine: Machine, settings) -> None:
    settings.DELTA_CALLS_PER_MINUTE = 2
    with time_machine.travel(timezone.now(), tick=False):
        answers = [machine.get("deltas/1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert answers[-1]["Retry-After"]


def test_pusdatin_makes_replaces_and_revokes_keys_on_a_page(client: Client) -> None:
    client.force_login(pusdatin().user)  # type: ignore[arg-type]
    page = client.post("/sekolah/kelola/kunci/baru/", {"service": "dapodik-pusat"})
    key = ServiceKey.objects.get()
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert key.secret_sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in client.get("/sekolah/kelola/kunci/").content.decode()
    assert client.post("/sekolah/kelola/kunci/baru/", {"service": "Dapodik Pusat"}).status_code == 422
    client.post(f"/sekolah/kelola/kunci/{key.pk}/ganti/")
    assert "Berlaku sampai" in client.get("/sekolah/kelola/kunci/").content.decode()
    client.post(f"/sekolah/kelola/kunci/{key.pk}/cabut/")
    key.refresh_from_db()
    assert key.revoked_at
    assert client.post(f"/sekolah/kelola/kunci/{key.pk}/ganti/").status_code == 404


def test_keys_by_command() -> None:
    def said(*arguments: str) -> list[str]:
        out = StringIO()
        call_command("service_key", *arguments, stdout=out)
        return out.getvalue().split()

    _, key_id, _, secret = said("create", "dapodik-pusat")
    assert ServiceKey.objects.get(key_id=key_id).secret_sha256 == hashlib.sha256(secret.encode()).hexdigest()
    said("replace", key_id)
    assert said("revoke", key_id) == [key_id, "dicabut"]
    assert said("list").count("dapodik-pusat") == 2
    with pytest.raises(CommandError, match="tidak ada"):
        said("revoke", "nirwana")
    with pytest.raises(CommandError, match="huruf kecil"):
        said("create", "X Y")


def test_the_document_names_every_failure() -> None:
    text = Client().get(f"{BASE}/openapi.json").json()["info"]["description"]
    assert "NOT_A_DELTA" in text
    assert "TOO_LARGE" in text
