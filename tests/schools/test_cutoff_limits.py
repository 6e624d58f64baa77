"""A cut-off that would change too much waits for a second person, on the page and on the command line."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from schools.cutoff import limits
from schools.cutoff.deciding import NotPossible, approve
from schools.models import CutoffLimits, CutoffRun, School
from tests.factories import AssignmentFactory, PeriodFactory, pusdatin
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.models import User
from vervalponsel.audit.models import Event
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

from . import bundles
from .nations import NOW, handed_in, imported, register, run, side_tables
from .registers import Register

pytestmark = pytest.mark.django_db


def test_the_usual_limits_hold_until_pusdatin_sets_others(client: Client) -> None:
    usual = limits.current_limits()
    assert (usual.removed_percent, usual.changed_percent, usual.set_aside_percent, usual.judged_from) == (
        5,
        20,
        20,
        1000,
    )
    client.force_login(_user(pusdatin()))
    values = {"removed_percent": 1, "changed_percent": 2, "set_aside_percent": 3, "judged_from": 4}
    assert client.post(reverse("schools:cutoff_limits"), values).status_code == 302
    assert limits.current_limits().set_aside_percent == 3
    assert client.post(reverse("schools:cutoff_limits"), {**values, "removed_percent": 101}).status_code == 422
    client.post(reverse("schools:cutoff_limits"), {**values, "removed_percent": 7})
    assert [event.after for event in Event.objects.filter(action="cutoff_limits.changed")] == [{"removed_percent": 7}]
    assert CutoffLimits.objects.count() == 1


@pytest.fixture
def two_provinces(tmp_path: Path) -> tuple[Path, Path]:
    """A bundle, and a later one that lists two of ten pupils of Lampung less. Half of Brebes changes its class."""
    PeriodFactory.create()
    CutoffLimits.objects.create(judged_from=10)
    register = Register()
    brebes = register.school("20300001")
    lampung = register.school("20300007", kode_wilayah="120301")
    here = [register.pupil(brebes) for _ in range(40)]
    there = [register.pupil(lampung) for _ in range(10)]
    first = bundles.folder(tmp_path / "first", register.files())
    for pupil in there[:2]:
        register.peserta_didik.remove(pupil)
    for pupil in here[:20]:
        pupil["nama_rombel"] = "5B"
    return first, bundles.folder(tmp_path / "later", register.files(), cutoff_date="2020-09-20")


def test_it_waits_and_says_what_and_where(two_provinces: tuple[Path, Path]) -> None:
    first, later = two_provinces
    assert imported(first).cutoff_run.excess == []
    before = register()
    batch = run(handed_in(later))
    assert batch.status == Status.PARKED
    assert batch.error == (
        "Melebihi batas, menunggu persetujuan orang kedua. Nasional: 20 penerima berubah (40 %, batas 20 %); "
        "Jawa Tengah: 20 penerima berubah (50 %, batas 20 %); Lampung: 2 penerima keluar (20 %, batas 5 %)."
    )
    assert register() == before
    assert run_batch(batch.pk) is None


def test_a_second_person_lets_it_go_on_and_it_ends_as_if_undisturbed(two_provinces: tuple[Path, Path]) -> None:
    first, later = two_provinces
    imported(first)
    batch = run(handed_in(later, by=pusdatin()))
    second = pusdatin()
    approve(by=second, batch=batch, now=NOW)
    assert run(batch).status == Status.DONE
    assert batch.counts["changes"] == 22 == batch.cutoff_run.planned_changes
    assert batch.cutoff_run.approved_by == second.user
    event = Event.objects.get(action="cutoff.approved")
    assert (event.user, event.batch_id, len(event.after["excess"])) == (second.user, batch.pk, 3)
    assert imported(later).counts["changes"] == 0


def test_more_than_was_allowed_waits_again(two_provinces: tuple[Path, Path]) -> None:
    first, later = two_provinces
    imported(first)
    batch = run(handed_in(later))
    approve(by=pusdatin(), batch=batch, now=NOW)
    # Meanwhile the register has come to differ more: a delta moved a class back and forth.
    from students.models import Student

    Student.objects.filter(school__npsn="20300001", class_name="4A").update(class_name="4C")
    assert run(batch).status == Status.PARKED
    approve(by=pusdatin(), batch=batch, now=NOW)
    assert run(batch).status == Status.DONE


def _user(actor: Actor) -> User:
    assert actor.user is not None
    return actor.user


def test_nobody_allows_what_they_handed_in(two_provinces: tuple[Path, Path], client: Client) -> None:
    first, later = two_provinces
    imported(first)
    one = pusdatin()
    batch = run(handed_in(later, by=one))
    with pytest.raises(NotPossible):
        approve(by=one, batch=batch, now=NOW)
    url = reverse("schools:cutoff_decide", args=[batch.pk])
    client.force_login(_user(one))
    assert "Setujui dan tulis" not in client.get(url).content.decode()
    for decision in ("approve", "refuse"):
        answer = client.post(url, {"decision": decision, "reason": "tidak"})
        assert answer.status_code == 422
        assert "Mintalah orang kedua" in answer.content.decode()
    client.post(reverse("batches:again", args=[batch.pk]))
    run_batch(batch.pk)
    batch.refresh_from_db()
    assert batch.status == Status.PARKED
    assert "Jalankan lagi" not in client.get(reverse("batches:detail", args=[batch.pk])).content.decode()


def test_another_person_decides_on_the_page(two_provinces: tuple[Path, Path], client: Client) -> None:
    first, later = two_provinces
    imported(first)
    one, second = pusdatin(), pusdatin()
    client.force_login(_user(second))
    refused, allowed = (run(handed_in(later, by=one)) for _ in range(2))
    url = reverse("schools:cutoff_decide", args=[refused.pk])
    page = client.get(url).content.decode()
    assert "Lampung" in page
    assert "20 %" in page
    assert client.post(url, {"decision": "refuse"}).status_code == 422
    assert client.post(url, {"decision": "refuse", "reason": "Bukan data yang benar."}).status_code == 302
    refused.refresh_from_db()
    assert (refused.status, refused.error) == (
        Status.REFUSED,
        f"Ditolak oleh {_user(second).name}: Bukan data yang benar.",
    )
    assert client.post(url, {"decision": "approve"}).status_code == 422
    url = reverse("schools:cutoff_decide", args=[allowed.pk])
    assert client.post(url, {"decision": "approve"}).status_code == 302
    assert run(allowed).status == Status.DONE
    assert (
        f"disetujui {_user(second).name}" in client.get(reverse("batches:detail", args=[allowed.pk])).content.decode()
    )


def test_a_trial_never_waits_and_is_applied_by_a_button(two_provinces: tuple[Path, Path], client: Client) -> None:
    first, later = two_provinces
    imported(first)
    client.force_login(_user(pusdatin()))
    trial = imported(later, trial=True)
    page = client.get(reverse("batches:detail", args=[trial.pk])).content.decode()
    assert "Ini uji coba" in page
    assert "akan menunggu persetujuan orang kedua" in page
    for _ in range(2):
        client.post(reverse("schools:cutoff_apply", args=[trial.pk]))
    real = Batch.objects.get(params__trial_batch=trial.pk)
    assert (real.title, real.sha256) == ("Tarikan nasional 20 Sep 2020", trial.sha256)
    assert run(real).status == Status.PARKED
    # What is no trial is not applied again by this address.
    client.post(reverse("schools:cutoff_apply", args=[real.pk]))
    assert Batch.objects.filter(params__trial_batch=real.pk).count() == 0


def command(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_cutoff", str(path), *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_waits_or_names_who_allows_it(two_provinces: tuple[Path, Path]) -> None:
    first, later = two_provinces
    command(first)
    assert "Uji coba: tidak ada yang ditulis." in command(later, "--dry-run")
    assert CutoffRun.objects.applied().count() == 1
    with pytest.raises(CommandError, match="menunggu persetujuan orang kedua"):
        command(later)
    for name in ("nirwana", AssignmentFactory.create().user.username):
        with pytest.raises(CommandError, match="bukan petugas Pusdatin"):
            command(later, "--confirmed-by", name)
    second = _user(pusdatin())
    command(later, "--confirmed-by", second.username)
    assert CutoffRun.objects.applied().count() == 2
    assert Event.objects.get(action="cutoff.approved").user == second


def test_most_rows_set_aside_make_even_a_first_one_wait(tmp_path: Path) -> None:
    CutoffLimits.objects.create(judged_from=10)
    register = Register()
    school = register.school("20300001")
    for n in range(20):
        register.pupil(school, nisn="" if n < 5 else f"00{n:08d}")
    for _ in range(20):
        register.teacher(school, jenis_ptk_id="11")  # never recipients, and nobody's mistake
    path = bundles.folder(tmp_path / "b", register.files())
    assert run(handed_in(path)).status == Status.DONE
    for pupil in register.peserta_didik:
        pupil["nisn"] = ""
    path = bundles.folder(tmp_path / "c", register.files())
    batch = run(handed_in(path))
    assert batch.status == Status.PARKED
    assert "Nasional: 20 baris disisihkan (50 %, batas 20 %)" in batch.error


def test_a_delta_of_one_bad_row_does_not_wait(two_provinces: tuple[Path, Path], tmp_path: Path) -> None:
    first, _ = two_provinces
    imported(first)
    pupil = Register().pupil({"sekolah_id": str(School.objects.earliest("pk").sekolah_id)}, nisn="")
    content = {k: v for k, v in Register().delta(peserta_didik=[pupil]).files().items() if k == "peserta_didik.csv"}
    path = bundles.folder(tmp_path / "d", content, scope="delta", cutoff_date="2020-09-12")
    assert imported(path).counts["students"]["set_aside"] == {"NISN_MISSING": 1}
    assert not list(side_tables())
