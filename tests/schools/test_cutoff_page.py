"""Handing in a cut-off on the page and on the command line, and its receipt."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from schools.cutoff.keeping import forget_old
from students.models import Student
from tests.factories import an_actor
from vervalponsel.accounts.permissions import Role
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch
from vervalponsel.batches.runner import run_batch

from . import bundles
from .registers import Register, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def pusdatin(client: Client) -> Client:
    user = an_actor(Role.PUSDATIN).user
    assert user is not None
    client.force_login(user)
    return client


def handed_in(client: Client, path: Path) -> Batch:
    file = SimpleUploadedFile("tarikan.zip", path.read_bytes(), content_type="application/zip")
    answer = client.post(reverse("schools:cutoff_new"), {"bundle": file})
    batch = Batch.objects.get(kind="cutoff")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("batches:detail", args=[batch.pk])
    return batch


def test_a_zip_is_handed_in_run_and_its_receipt_shown(pusdatin: Client, tmp_path: Path) -> None:
    batch = handed_in(pusdatin, bundles.zipped(tmp_path / "b.zip"))
    assert batch.title == "Tarikan nasional 11 Sep 2020"
    assert run_batch(batch.pk) == Status.DONE
    page = pusdatin.get(reverse("batches:detail", args=[batch.pk])).content.decode()
    # The district of the only school is not in this bundle's regions.
    assert "<strong>2 perubahan.</strong>" in page
    assert "Wilayah di baris ini tidak dikenal." in page
    assert "sekolah.csv baris 2" in page


def test_what_is_no_bundle_is_said_at_the_field(pusdatin: Client) -> None:
    file = SimpleUploadedFile("tarikan.zip", b"bukan zip")
    answer = pusdatin.post(reverse("schools:cutoff_new"), {"bundle": file})
    assert answer.status_code == 422
    assert "bukan berkas zip yang utuh" in answer.content.decode()
    assert not Batch.objects.exists()


def test_applied_cutoffs_are_listed(pusdatin: Client, tmp_path: Path) -> None:
    register = Register()
    register.pupil(register.school("20300001"))
    imported(register, tmp_path)
    page = pusdatin.get(reverse("schools:cutoff_new")).content.decode()
    assert "Tarikan nasional 11 Sep 2020" in page


def test_only_pusdatin_hands_in(client: Client) -> None:
    for role, scope in ((Role.OPERATOR, "20300001"), (Role.DINAS, "0329"), (Role.LPMP, "03")):
        user = an_actor(role, scope).user
        assert user is not None
        client.force_login(user)
        assert client.get(reverse("schools:cutoff_new")).status_code == 403


def run_command(path: Path, *options: str) -> list[str]:
    out = StringIO()
    call_command("import_cutoff", str(path), *options, stdout=out, stderr=StringIO())
    return out.getvalue().splitlines()


def test_the_command_ends_with_one_object(tmp_path: Path) -> None:
    register = Register()
    school = register.school("20300001")
    register.pupil(school)
    register.pupil(school, nisn="")
    register.teacher(school)
    path = bundles.folder(tmp_path / "b", register.files())
    answer = json.loads(run_command(path, "--json")[-1])
    assert answer["schools"] == {"read": 1, "recipients": 1, "set_aside": {}}
    assert answer["students"] == {"read": 2, "recipients": 1, "set_aside": {"NISN_MISSING": 1}}
    assert answer["teachers"] == {"read": 1, "recipients": 1, "set_aside": {}}
    assert answer["changes"] == len(register.wilayah) + 4
    assert json.loads(run_command(path, "--json")[-1])["changes"] == 0


def test_the_command_names_what_is_wrong(tmp_path: Path) -> None:
    content = Register().files()
    path = bundles.folder(tmp_path / "b", {**content, "ptk.csv": content["ptk.csv"].replace(b"no_hp", b"hp")})
    with pytest.raises(CommandError, match=r"ptk\.csv, baris 1, kolom no_hp"):
        run_command(path)
    with pytest.raises(CommandError, match="tidak ada"):
        run_command(tmp_path / "nirwana")
    assert not Student.objects.exists()


def test_the_file_goes_when_its_time_is_over_and_the_receipt_stays(tmp_path: Path) -> None:
    register = Register()
    register.pupil(register.school("20300001"))
    batch = imported(register, tmp_path)
    path = Path(batch.file.path)
    assert batch.finished_at is not None
    assert forget_old(now=batch.finished_at + timedelta(days=29)) == 0
    assert path.exists()
    assert forget_old(now=batch.finished_at + timedelta(days=31)) == 1
    assert not path.exists()
    batch.refresh_from_db()
    assert batch.counts["students"]["read"] == 1
