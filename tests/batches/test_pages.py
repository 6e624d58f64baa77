"""Batches in the browser: progress, counts in words, rows set aside, stopping and running again."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import SchoolFactory, operator_of, pusdatin
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch, Chunk
from vervalponsel.batches.runner import Run
from vervalponsel.kit.db import Held

pytestmark = pytest.mark.django_db


@pytest.fixture
def nation(client):
    client.force_login(pusdatin().user)
    return client


def a_batch(**fields) -> Batch:
    now = timezone.now()
    ordinary = {"kind": "open-period", "title": "Membuka September", "actor_name": "uji", "created_at": now}
    return Batch.objects.create(**ordinary | fields)


def test_a_live_batch_asks_again_and_works_without_javascript(nation):
    batch = a_batch(
        status=Status.RUNNING,
        step="Sekolah demi sekolah",
        done=25,
        total=100,
        started_at=timezone.now() - timedelta(minutes=5),
    )
    page = nation.get(f"/pekerjaan/{batch.pk}/").content.decode()
    assert f'hx-get="/pekerjaan/{batch.pk}/kemajuan/"' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert "25 dari 100" in page
    assert "sekitar 15 menit" in page


def test_pace_and_time_left_are_those_of_the_step_and_the_parts_of_the_way_are_shown(nation):
    long_ago, just_now = timezone.now() - timedelta(hours=5), timezone.now() - timedelta(minutes=5)
    batch = a_batch(
        kind="cutoff",
        status=Status.RUNNING,
        step="Memuat peserta_didik.csv",
        started_at=long_ago,
        step_at=just_now,
        done=300_000,
        total=900_000,
    )
    page = nation.get(f"/pekerjaan/{batch.pk}/").content.decode()
    assert "sekitar 10 menit" in page
    assert re.search(r"(1\.000|9\d\d) per detik", page)
    assert re.search(r'aria-current="step">\s*<span class="step-name">Muat<', page)
    assert page.count('class="step done"') == 1
    run = Run(batch, Held())
    run.progress("Memuat peserta_didik.csv", 400_000, 900_000)
    batch.refresh_from_db()
    assert batch.step_at == just_now
    run.progress("Memuat ptk.csv", 0, 10)
    batch.refresh_from_db()
    assert batch.step_at > just_now


def test_what_waits_for_a_word_did_not_fail(nation):
    batch = a_batch(kind="cutoff", status=Status.PARKED, error="Melebihi batas.")
    page = nation.get(f"/pekerjaan/{batch.pk}/").content.decode()
    assert "Menunggu persetujuan" in page
    assert "Gagal" not in page


def test_the_polled_region_is_the_region_of_the_page(nation):
    batch = a_batch(status=Status.RUNNING, done=3, total=10)
    answer = nation.get(f"/pekerjaan/{batch.pk}/kemajuan/")
    fragment = " ".join(answer.content.decode().split())
    assert fragment in " ".join(nation.get(f"/pekerjaan/{batch.pk}/").content.decode().split())
    assert "HX-Refresh" not in answer
    Batch.objects.update(status=Status.DONE)
    assert nation.get(f"/pekerjaan/{batch.pk}/kemajuan/")["HX-Refresh"] == "true"


def test_an_empty_list_says_whether_a_filter_empties_it(nation):
    assert "Belum ada pekerjaan" in nation.get("/pekerjaan/").content.decode()
    a_batch(status=Status.DONE)
    page = nation.get("/pekerjaan/", {"status": "FAILED"}).content.decode()
    assert ("Tidak ada pekerjaan dengan saringan ini." in page, "Belum ada pekerjaan" in page) == (True, False)


def test_only_what_needs_a_second_person_waits_for_approval(nation):
    """A file with words that nobody knows, or with pieces that failed, waits for anybody to act."""
    told = {}
    for kind in ("cutoff", "answers"):
        params = {"exchange": 57} if kind == "answers" else {}
        batch = a_batch(kind=kind, title=kind, status=Status.PARKED, error="Beri artinya.", params=params)
        told[kind] = nation.get(f"/pekerjaan/{batch.pk}/").content.decode()
    assert "Menunggu persetujuan" in told["cutoff"]
    assert ("Menunggu persetujuan" in told["answers"], "Menunggu petugas" in told["answers"]) == (False, True)


def test_counts_are_told_in_the_same_order_whatever_the_database_makes_of_them(nation):
    """The whole before what it ends in; reasons the most frequent first."""
    aside = {"NISN_MISSING": 2, "INACTIVE": 30}
    counts = {"bad": 1, "held": 2, "rows": 9, "stale": 0, "applied": 6, "students": {"set_aside": aside, "read": 40}}
    batch = a_batch(status=Status.DONE, counts=counts)
    page = nation.get(f"/pekerjaan/{batch.pk}/").content.decode()
    told = re.findall(r'<th scope="row">(?:<span class="soft">– </span>)?([^<]+)</th>', page)
    assert told == [
        "Siswa",
        "Dibaca",
        "Disisihkan",
        "Tercatat tidak aktif di Dapodik.",
        "NISN belum ada.",
        "Baris",
        "Diterapkan",
        "Usang, nomor sudah berubah",
        "Ditahan",
        "Baris rusak",
    ]


def test_counts_are_told_in_words(nation):
    batch = a_batch(status=Status.DONE, counts={"schools": 60, "carried": 1234})
    page = nation.get(f"/pekerjaan/{batch.pk}/").content.decode()
    assert "Sekolah" in page
    assert "Diteruskan dari periode lalu" in page
    assert "1.234" in page


def test_marks_that_a_running_import_keeps_are_no_counts(nation):
    """Without a page nobody could stop the longest job of all."""
    marked = {"first_load": True, "changes": 1234}
    told, of_its_own = a_batch(counts=marked), a_batch(kind="cutoff", status=Status.RUNNING, counts=marked)
    page = nation.get(f"/pekerjaan/{told.pk}/").content.decode()
    assert "1.234" in page
    assert "irst load" not in page
    assert "Hentikan" in nation.get(f"/pekerjaan/{of_its_own.pk}/").content.decode()


def test_a_failed_batch_runs_again_and_a_live_one_stops(nation):
    failed, live = a_batch(status=Status.FAILED), a_batch(status=Status.RUNNING)
    nation.post(f"/pekerjaan/{failed.pk}/ulangi/")
    nation.post(f"/pekerjaan/{live.pk}/hentikan/")
    failed.refresh_from_db()
    live.refresh_from_db()
    assert failed.status == Status.QUEUED
    assert live.stop_wanted


def test_an_operator_sees_the_schools_batches_only(client):
    school = SchoolFactory.create()
    mine, other = a_batch(scope_code=school.npsn, title="Milik kami"), a_batch(title="Nasional")
    client.force_login(operator_of(school).user)
    page = client.get("/pekerjaan/").content.decode()
    assert "Milik kami" in page
    assert "Nasional" not in page
    assert client.get(f"/pekerjaan/{mine.pk}/").status_code == 200
    assert client.get(f"/pekerjaan/{other.pk}/").status_code == 404


def test_the_list_is_filtered_and_not_counted(nation, django_assert_num_queries):
    a_batch(status=Status.DONE, title="Sudah")
    a_batch(status=Status.FAILED, title="Belum")
    page = nation.get("/pekerjaan/?status=FAILED&jenis=open-period").content.decode()
    assert "Belum" in page
    assert "Sudah" not in page
    with django_assert_num_queries(7):
        nation.get("/pekerjaan/")


def test_failed_chunks_are_listed_with_their_reason_and_a_button(nation):
    batch = a_batch(status=Status.PARKED, error="1 dari 3 potongan gagal.")
    Chunk.objects.create(batch=batch, name="pieces", number=1, status="DONE")
    Chunk.objects.create(
        batch=batch,
        name="pieces",
        number=2,
        status="QUARANTINED",
        error="Kena racun.",
        attempts=3,
        begun_at=timezone.now(),
    )
    page = nation.get(f"/pekerjaan/{batch.pk}/").content.decode()
    assert "Coba lagi potongan yang gagal" in page
    assert "Kena racun." in page
    assert '<th scope="row">Nomor 2<' in page
    assert '<th scope="row">Nomor 1<' not in page
    nation.post(f"/pekerjaan/{batch.pk}/ulangi/")
    assert list(Chunk.objects.order_by("number").values_list("status", flat=True)) == ["DONE", "WAITING"]
