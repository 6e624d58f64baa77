"""A prefix that changes its owner: the numbers that begin with it are read again, as a batch."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from providers import rereading
from providers.choices import Ownership, Sharing, Stage, State
from providers.matching import due_providers
from providers.models import Entitlement, PhoneRecord, Prefix
from providers.reference_actions import save_prefix
from providers.rereading import follow_prefixes
from providers.sharing import recount_requested
from tests.factories import (
    PeriodFactory,
    RecordFactory,
    SchoolFactory,
    StudentFactory,
    a_provider,
    operator_of,
    pusdatin,
)
from tests.students.factories import a_student
from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.models import Event
from vervalponsel.batches.choices import Status
from vervalponsel.batches.models import Batch, RowError
from vervalponsel.batches.runner import Run, Stopped, run_batch

from .exchanging import Machine, dump, lines, moment
from .test_claims import claim

pytestmark = pytest.mark.django_db
ROBOT = Actor.system("uji")
TRI = {"number": "+6289512345678", "typed": "0895-1234-5678"}


@pytest.fixture(autouse=True)
def _nobody_else_reads(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom a re-reading waits for is tried by the one test that has somebody."""
    if "transactional_db" not in request.fixturenames and not request.node.get_closest_marker("django_db").kwargs:
        monkeypatch.setattr(rereading, "_older_than", lambda transaction_id: False)


@pytest.fixture
def today() -> date:
    return timezone.localdate()


@pytest.fixture
def tri() -> Prefix:
    return Prefix.objects.get(provider="TRI")


def a_record(**fields: object) -> PhoneRecord:
    return RecordFactory.create(**({**TRI, "provider": a_provider("TRI")} | fields))


def unowned(**fields: object) -> PhoneRecord:
    """Read when its prefix was nobody's."""
    return RecordFactory.create(
        **({"number": "", "typed": "0854 1234 5678", "state": State.MALFORMED, "code": "NO_PROVIDER"} | fields)
    )


def change(prefix: Prefix, now: datetime, **values: object) -> Batch | None:
    """Save it as Pusdatin does and let a worker run what comes of it."""
    batch = save_prefix(by=ROBOT, prefix=prefix, values=values, now=now)
    if batch:
        run_batch(batch.pk)
        batch.refresh_from_db()
        assert batch.status == Status.DONE, batch.error
    return batch


def fresh(record: PhoneRecord) -> PhoneRecord:
    return PhoneRecord.objects.get(pk=record.pk)


def test_a_number_with_another_provider_has_to_be_asked_again(tri: Prefix, now: datetime) -> None:
    record = a_record(confirmed_at=now, sharing_confirmed_at=now)
    other = RecordFactory.create()

    batch = change(tri, now, provider=a_provider("INDOSAT"))

    moved = fresh(record)
    assert (moved.provider_id, moved.state, moved.code, moved.answered_at) == ("INDOSAT", State.READY, "", None)
    assert (moved.number, moved.typed, moved.ownership) == (record.number, record.typed, Ownership.MOTHER)
    assert (moved.confirmed_at, moved.sharing_confirmed_at) == (now, now), "the number is the same"
    assert moved.version == record.version + 1
    assert fresh(other) == other
    assert fresh(other).state == State.ACTIVE
    assert batch
    assert batch.counts == {"changed_provider": 1, "without_provider": 0, "readable": 0, "locked": 0}
    told = Event.objects.of(record).get(action="number.reread")
    assert (told.before["provider"], told.after["provider"], told.batch_id) == ("TRI", "INDOSAT", batch.pk)


def test_a_prefix_that_is_nobodys_any_more_and_back(tri: Prefix, now: datetime, today: date) -> None:
    one, two = a_record(), a_record(sharing=Sharing.TO_CONFIRM, share_count=2)
    recount_requested(now=now)

    gone = change(tri, now, valid_to=today)

    for record in map(fresh, (one, two)):
        assert (record.number, record.provider_id, record.state, record.code) == ("", None, "MALFORMED", "NO_PROVIDER")
        assert (record.typed, record.share_count, record.sharing) == (TRI["typed"], 0, Sharing.NONE)
    assert gone
    assert gone.counts["without_provider"] == 2

    back = change(tri, now, valid_to=None)

    recount_requested(now=now)
    for record in map(fresh, (one, two)):
        assert (record.number, record.provider_id, record.state, record.code) == (TRI["number"], "TRI", "READY", "")
        assert record.share_count == 2
    assert back
    assert back.counts["readable"] == 2


def test_no_digit_is_lost_whatever_was_typed(tri: Prefix, now: datetime, today: date) -> None:
    """A text that would not read as the number that stands there gives way to the number."""
    record = a_record(typed="lihat berkas")
    change(tri, now, valid_to=today)
    assert fresh(record).typed == "089512345678"


def test_a_new_prefix_makes_numbers_readable(now: datetime, today: date) -> None:
    mine, other, broken = unowned(), unowned(typed="087112345678"), unowned(typed="12", code="TOO_SHORT")
    fields = {"provider": a_provider("SMARTFREN"), "first": 854, "last": 854, "valid_from": today, "valid_to": None}
    change(Prefix(), now, **fields)
    assert (fresh(mine).number, fresh(mine).provider_id, fresh(mine).state) == ("+6285412345678", "SMARTFREN", "READY")
    assert fresh(other).code == "NO_PROVIDER"
    assert fresh(broken).code == "TOO_SHORT"


def test_the_old_owners_late_answer_is_stale_and_the_new_one_is_asked(tri: Prefix, now: datetime) -> None:
    PeriodFactory.create()
    record = a_record(state=State.READY, answered_at=None)
    (asked,) = dump()
    machine = Machine.of("TRI")
    (row,) = machine.pull(asked.pk)
    change(tri, now, provider=a_provider("INDOSAT"))

    assert due_providers() == ["INDOSAT"]
    (again,) = dump()
    assert again.provider_id == "INDOSAT"
    late = lines([(row["line"], row["no_ponsel"], "ACTIVE", moment())])
    assert machine.answer(asked.pk, late).counts["stale"] == 1
    assert fresh(record).state == State.READY

    other = Machine.of("INDOSAT")
    (row,) = other.pull(again.pk)
    other.answer(again.pk, lines([(row["line"], row["no_ponsel"], "INACTIVE", moment())]))
    assert fresh(record).state == State.INACTIVE


def test_a_late_answer_before_the_next_dump_is_stale_too(tri: Prefix, now: datetime) -> None:
    PeriodFactory.create()
    record = a_record(state=State.READY, answered_at=None)
    (asked,) = dump()
    machine = Machine.of("TRI")
    (row,) = machine.pull(asked.pk)
    change(tri, now, provider=a_provider("INDOSAT"))
    machine.answer(asked.pk, lines([(row["line"], row["no_ponsel"], "ACTIVE", moment())]))
    assert (fresh(record).state, fresh(record).asked_in_id) == (State.READY, None)
    assert due_providers() == ["INDOSAT"]


def test_a_locked_number_is_left_and_listed_and_read_when_the_lock_ends(tri: Prefix, now: datetime) -> None:
    record = a_record()
    held = claim(record, PeriodFactory.create())

    batch = change(tri, now, provider=a_provider("INDOSAT"))

    assert (fresh(record).provider_id, fresh(record).state) == ("TRI", State.ACTIVE)
    assert batch
    assert batch.counts["locked"] == 1
    listed = RowError.objects.get(batch=batch)
    assert (listed.code, listed.line, listed.facts) == ("PREFIX_LOCKED", record.pk, {"npsn": record.school.npsn})
    assert follow_prefixes(by=ROBOT, now=now) == [], "still locked"

    Entitlement.objects.filter(pk=held.pk).update(stage=Stage.VOIDED)
    (later,) = follow_prefixes(by=ROBOT, now=now)
    run_batch(later.pk)

    assert (fresh(record).provider_id, fresh(record).state) == ("INDOSAT", State.READY)
    assert follow_prefixes(by=ROBOT, now=now) == [], "once is enough"


def test_a_date_of_the_table_takes_effect_on_its_day(tri: Prefix, now: datetime, today: date) -> None:
    record = a_record()
    soon, sold = today + timedelta(days=9), a_provider("INDOSAT")
    assert change(tri, now, valid_to=soon) is None, "nothing happens today"
    later = {"provider": sold, "first": 895, "last": 899, "valid_from": soon, "valid_to": None}
    assert change(Prefix(), now, **later) is None
    assert follow_prefixes(by=ROBOT, now=now + timedelta(days=8)) == []
    assert fresh(record).provider_id == "TRI"

    (batch,) = follow_prefixes(by=ROBOT, now=now + timedelta(days=9))
    assert batch.params["prefixes"] == [895, 896, 897, 898, 899]
    assert follow_prefixes(by=ROBOT, now=now + timedelta(days=9)) == [], "handed in once"
    assert follow_prefixes(by=ROBOT, now=now + timedelta(days=30)) == []


def test_the_day_of_the_batch_decides(tri: Prefix, now: datetime, today: date, monkeypatch: pytest.MonkeyPatch) -> None:
    record, soon = a_record(), today + timedelta(days=9)
    change(tri, now, valid_to=soon)
    (batch,) = follow_prefixes(by=ROBOT, now=now + timedelta(days=9))
    monkeypatch.setattr(Run, "now", lambda self: now + timedelta(days=9))
    run_batch(batch.pk)
    assert fresh(record).code == "NO_PROVIDER"


def test_stopped_it_goes_on_where_it_was(
    tri: Prefix, now: datetime, today: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five numbers, two at once; one number is used by three, which stay together."""
    monkeypatch.setattr(rereading, "RECORDS_AT_ONCE", 2)
    numbers = [f"+62896100000{i:02}" for i in (1, 2, 3, 3, 3, 4, 5)]
    records = [a_record(number=number, typed=number) for number in numbers]
    lost = [unowned() for _ in range(5)]
    Prefix.objects.create(provider=a_provider("TRI"), first=854, last=854, valid_from=today)
    batch = save_prefix(by=ROBOT, prefix=tri, values={"provider": a_provider("INDOSAT")}, now=now)
    assert batch
    Batch.objects.filter(pk=batch.pk).update(params={"prefixes": [854, 895, 896, 897, 898, 899]})
    progress, calls = Run.progress, [0]

    def stop_at(self: Run, *args: object) -> None:
        calls[0] += 1
        if calls[0] % 3 == 0:
            raise Stopped
        progress(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(Run, "progress", stop_at)
    for _ in range(10):
        if run_batch(batch.pk) == Status.DONE:
            break
        Batch.objects.filter(pk=batch.pk, status=Status.STOPPED).update(status=Status.QUEUED)
    batch.refresh_from_db()

    assert batch.status == Status.DONE
    assert calls[0] > 6
    assert {fresh(r).provider_id for r in records} == {"INDOSAT"}
    assert {fresh(r).provider_id for r in lost} == {"TRI"}
    assert batch.counts == {"changed_provider": 7, "without_provider": 0, "readable": 5, "locked": 0}
    assert Event.objects.filter(action="number.reread").count() == 12


def test_again_it_changes_nothing(tri: Prefix, now: datetime) -> None:
    record = a_record()
    change(tri, now, provider=a_provider("INDOSAT"))
    before = PhoneRecord.objects.filter(pk=record.pk).values().get()
    batch = rereading.hand_in_prefixes(by=ROBOT, prefixes=range(895, 900), now=now)
    run_batch(batch.pk)
    assert PhoneRecord.objects.filter(pk=record.pk).values().get() == before


def test_figures_follow(tri: Prefix, now: datetime) -> None:
    from schools.tallies import school_figures

    record = a_record()
    change(tri, now, provider=a_provider("INDOSAT"))
    figures = school_figures(record.school_id)
    assert figures.total("READY") == 1
    assert figures.total("USABLE") == 0


# --- The page -------------------------------------------------------------------------------------------------------


@pytest.fixture
def nation(client: Client) -> Client:
    client.force_login(pusdatin().user)  # type: ignore[arg-type]
    return client


def form_of(prefix: Prefix, **changes: object) -> dict[str, object]:
    fields = {
        "provider": prefix.provider_id,
        "first": prefix.first,
        "last": prefix.last,
        "valid_from": prefix.valid_from.isoformat(),
        "valid_to": prefix.valid_to or "",
    }
    return fields | changes


def test_the_page_first_tells_how_many_numbers_are_concerned(nation: Client, tri: Prefix, today: date) -> None:
    a_record()
    held = a_record(number="+6289612345678")
    claim(held, PeriodFactory.create())
    url = f"/kelola/awalan/{tri.pk}/"

    page = nation.post(url, form_of(tri, provider="INDOSAT")).content.decode()

    assert "Hari ini" in page
    assert 'class="num">2</td>' in page
    assert 'class="num">1</td>' in page
    assert Prefix.objects.get(pk=tri.pk).provider_id == "TRI", "nothing is saved yet"
    assert not Batch.objects.exists()

    answer = nation.post(url, form_of(tri, provider="INDOSAT", sure="1"))
    batch = Batch.objects.get()
    assert answer.headers["Location"].endswith(f"/{batch.pk}/")
    assert batch.params == {"prefixes": [895, 896, 897, 898, 899]}
    run_batch(batch.pk)
    page = nation.get(answer.headers["Location"]).content.decode()
    assert "Pindah provider, dicek ulang" in page
    assert "terkunci di SPTJM" in page


def test_the_page_tells_of_a_later_day(nation: Client, tri: Prefix, today: date) -> None:
    a_record()
    unowned()
    soon = (today + timedelta(days=9)).isoformat()
    page = nation.post(f"/kelola/awalan/{tri.pk}/", form_of(tri, valid_to=soon)).content.decode()
    assert "Hari ini" not in page
    assert 'class="num">1</td>' in page

    fresh_one = {"provider": "TRI", "first": 854, "last": 854, "valid_from": soon, "valid_to": ""}
    page = nation.post("/kelola/awalan/", fresh_one).content.decode()
    assert "Hari ini" not in page
    assert 'class="num">1</td>' in page
    answer = nation.post("/kelola/awalan/", {**fresh_one, "sure": "1"})
    assert answer.headers["Location"].endswith("/kelola/awalan/")
    assert not Batch.objects.exists()
    assert "Belum berlaku" in nation.get("/kelola/awalan/").content.decode()


def test_a_change_of_no_owner_reads_nothing_again(nation: Client, tri: Prefix) -> None:
    page = nation.post(f"/kelola/awalan/{tri.pk}/", form_of(tri)).content.decode()
    assert "tidak ada nomor yang dibaca ulang" in page
    nation.post(f"/kelola/awalan/{tri.pk}/", form_of(tri, sure="1"))
    assert not Batch.objects.exists()


def test_a_recipients_story_tells_of_it(client: Client, tri: Prefix, now: datetime) -> None:
    school = SchoolFactory.create()
    student = a_student(school, **TRI, provider=a_provider("TRI"))
    change(tri, now, provider=a_provider("INDOSAT"))
    client.force_login(operator_of(school).user)  # type: ignore[arg-type]
    page = client.get(f"/siswa/{student.pk}/riwayat/").content.decode()
    assert "Awalan nomor ini sekarang milik Indosat" in page


@pytest.mark.django_db(transaction=True)
def test_it_waits_for_whoever_reads_with_the_table_as_it_was(tri: Prefix, now: datetime) -> None:
    """An edit that read the old table and is not committed yet would otherwise be missed."""
    import threading

    from django.db import connection, transaction

    record, read, may_commit = RecordFactory.create(), threading.Event(), threading.Event()
    a_provider("TRI")

    def edit() -> None:
        with transaction.atomic():
            PhoneRecord.objects.filter(pk=record.pk).update(**TRI, provider="TRI")
            read.set()
            may_commit.wait(30)
        connection.close()

    editor = threading.Thread(target=edit)
    editor.start()
    assert read.wait(30)
    batch = save_prefix(by=ROBOT, prefix=tri, values={"provider": a_provider("INDOSAT")}, now=now)
    assert batch

    def work() -> None:
        run_batch(batch.pk)
        connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    worker.join(1)
    assert worker.is_alive(), "it waits"
    may_commit.set()
    editor.join(30)
    worker.join(60)

    assert (fresh(record).number, fresh(record).provider_id) == (TRI["number"], "INDOSAT")


def test_whose_locked_number_it_is_can_be_read(tri: Prefix, client: Client, now: datetime) -> None:
    """By name, identity and school, on the page and in what is downloaded; the record's key helps nobody."""
    student = StudentFactory.create(name="Siti Aminah", record=(record := a_record()), school=record.school)
    claim(record, PeriodFactory.create())
    batch = change(tri, now, provider=a_provider("INDOSAT"))
    assert batch
    client.force_login(pusdatin().user)  # type: ignore[arg-type]
    url = reverse("batches:row_errors", args=[batch.pk])
    said = client.get(url).content.decode()
    for each in ("Siti Aminah", f"NISN {student.nisn}", f"{record.school.name} (NPSN {record.school.npsn})"):
        assert each in said
    assert f"baris {record.pk}" not in said
    assert "Siti Aminah" in client.get(reverse("batches:detail", args=[batch.pk])).content.decode()
    [_, line] = client.get(f"{url}csv/").getvalue().decode("utf-8-sig").splitlines()
    assert line.startswith(("Siti Aminah, ", '"Siti Aminah, '))
