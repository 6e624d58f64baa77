"""The signed scan: what is taken, what is refused beside the field, and that nothing is lost by either."""

import struct
import zlib
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.urls import reverse

from providers.models import Entitlement
from sptjm import reading
from sptjm.choices import ScanRefusal
from sptjm.models import Scan
from tests.factories import operator_of
from tests.sptjm.conftest import Case, browser_of
from tests.sptjm.factories import a_pdf, a_picture, a_school, body_of, bytes_of
from vervalponsel.audit.models import Event

pytestmark = pytest.mark.django_db


def stages_of(case: Case) -> set[str]:
    return set(Entitlement.objects.filter(school=case.school).values_list("stage", flat=True))


def a_png_bomb(side: int = 40_000) -> bytes:
    """A few hundred bytes that say they are a picture of 1.6 billion pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1 + side // 8) * 50)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def a_pdf_bomb() -> bytes:
    """A few kilobytes whose page content unpacks to two gigabytes."""
    packer = zlib.compressobj(9)
    content = b"".join(packer.compress(b"0 0 m 1 1 l S " * 70_000) for _ in range(2_200)) + packer.flush()
    content = zlib.compress(content, 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>stream\n" % len(content) + content + b"\nendstream",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, thing in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + thing + b"\nendobj\n"
    table = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + table + b"trailer<</Root 1 0 R/Size 5>>\nstartxref\n%d\n%%%%EOF" % len(body)


@pytest.mark.parametrize(
    ("data", "content_type", "pages"),
    [
        (a_pdf(3), "application/pdf", 3),
        (a_picture("JPEG"), "image/jpeg", 1),
        (a_picture("PNG"), "image/png", 1),
        (b"\x00\x00 scanner 2.1\n" + a_pdf(1), "application/pdf", 1),
    ],
    ids=["pdf", "jpeg", "png", "pdf after a scanner's header"],
)
def test_scan_is_taken_by_its_content(case: Case, data: bytes, content_type: str, pages: int) -> None:
    statement = case.make()
    answer = case.upload(statement, data, name="foto dari ponsel.heic")
    assert answer.status_code == 302
    scan = statement.scans.get()
    assert (scan.content_type, scan.pages, scan.size) == (content_type, pages, len(data))
    assert bytes_of(scan.file) == data
    statement.refresh_from_db()
    assert (statement.status, statement.uploaded_by) == ("UPLOADED", case.operator.user)
    assert stages_of(case) == {"UPLOADED"}
    assert Event.objects.of(statement).filter(action="statement.uploaded").count() == 1


REFUSED = {
    "empty": (b"", "kosong"),
    "type": (b"<html>bukan pindaian</html>", "bukan PDF, JPEG, atau PNG"),
    "docx": (b"PK\x03\x04" + bytes(50), "bukan PDF, JPEG, atau PNG"),
    "size": (b"%PDF-1.4" + bytes(10_000_001), "lebih besar dari 10 MB"),
    "encrypted": (a_pdf(password="rahasia"), "dikunci kata sandi"),
    "encrypted without a password to open": (a_pdf(password=""), "dikunci kata sandi"),
    "pages": (a_pdf(201), "lebih dari 200 halaman"),
    "png bomb": (a_png_bomb(), "terlalu besar"),
    "cut off": (a_picture("JPEG")[:700], "rusak"),
    "broken pdf": (b"%PDF-1.7\nbukan apa-apa", "rusak"),
}


@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_wrong_file_is_refused_beside_the_field_and_nothing_changes(case: Case, data: tuple[bytes, str]) -> None:
    statement = case.make()
    answer = case.upload(statement, data[0])
    assert answer.status_code == 422
    assert data[1] in str(answer.context["form"].errors["scan"])
    assert data[1] in answer.content.decode()
    assert not Scan.objects.exists()
    assert stages_of(case) == {"STATED"}


def test_file_that_unpacks_without_end_is_refused_within_bounds(case: Case) -> None:
    statement = case.make()
    answer = case.upload(statement, a_pdf_bomb())
    assert answer.status_code == 422
    assert not Scan.objects.exists()


def test_no_file_says_so(case: Case) -> None:
    statement = case.make()
    answer = case.at_school.post(reverse("sptjm:upload", args=[statement.pk]))
    assert answer.status_code == 422
    assert "Pilih dulu berkas pindaiannya." in answer.content.decode()


def test_same_file_twice_is_the_same_scan(case: Case) -> None:
    statement = case.make()
    data = a_pdf()
    case.upload(statement, data)
    case.upload(statement, data)
    assert statement.scans.count() == 1
    assert Event.objects.of(statement).filter(action="statement.uploaded").count() == 1


def test_better_scan_replaces_one_that_waits_and_both_are_kept(case: Case) -> None:
    statement = case.make()
    case.upload(statement, a_pdf(1))
    case.upload(statement, a_pdf(2))
    assert list(statement.scans.order_by("id").values_list("pages", flat=True)) == [1, 2]


def test_returned_scan_itself_is_not_taken_again(case: Case) -> None:
    statement = case.make()
    data = a_pdf()
    case.upload(statement, data)
    case.judge(statement, "return", code="BLURRED")
    answer = case.upload(statement, data)
    assert answer.status_code == 422
    assert "sama dengan pindaian yang dikembalikan" in answer.content.decode()
    assert stages_of(case) == {"RETURNED"}
    assert case.upload(statement, a_pdf(5)).status_code == 302
    assert stages_of(case) == {"UPLOADED"}


def test_scan_of_another_statement_is_not_taken(case: Case) -> None:
    first, data = case.make(whom="STUDENT"), a_pdf()
    second = case.make(whom="TEACHER")
    case.upload(first, data)
    assert "sudah diunggah untuk SPTJM lain" in case.upload(second, data).content.decode()


def test_approved_statement_takes_no_scan(case: Case) -> None:
    statement = case.approved()
    case.upload(statement, a_pdf(7))
    assert statement.scans.count() == 1
    assert stages_of(case) == {"APPROVED"}


def test_closed_period_takes_no_scan(case: Case) -> None:
    statement = case.make()
    case.period.is_current, case.period.status = False, "CLOSED"
    case.period.save()
    answer = case.upload(statement)
    assert "sudah ditutup" in answer.content.decode()
    assert not Scan.objects.exists()


def test_dropped_people_stay_dropped(case: Case) -> None:
    statement = case.make()
    gone = Entitlement.objects.filter(school=case.school).earliest("id")
    Entitlement.objects.filter(pk=gone.pk).update(stage="DROPPED", code="NOT_USABLE")
    case.upload(statement)
    gone.refresh_from_db()
    assert gone.stage == "DROPPED"
    assert "nomor tidak dapat dipakai" in case.at_school.get(f"/sptjm/{statement.pk}/").content.decode()


@pytest.mark.parametrize("data", [a_pdf(2), a_picture("PNG"), a_picture("JPEG")], ids=["pdf", "png", "jpeg"])
def test_pages_are_drawn_anew_and_the_original_is_only_a_download(case: Case, data: bytes) -> None:
    statement = case.make()
    case.upload(statement, data)
    scan = statement.scans.get()
    page = case.at_office.get(reverse("sptjm:picture", args=[scan.pk, 1]))
    assert page["Content-Type"] == "image/jpeg"
    assert page.content.startswith(b"\xff\xd8\xff")
    assert page.content != data
    assert case.at_office.get(reverse("sptjm:picture", args=[scan.pk, 1])).content == page.content
    assert case.at_office.get(reverse("sptjm:picture", args=[scan.pk, scan.pages + 1])).status_code == 404
    original = case.at_office.get(reverse("sptjm:scan", args=[scan.pk]))
    assert original["Content-Disposition"].startswith("attachment;")
    assert original["Content-Type"] == "application/octet-stream"
    assert body_of(original) == data


def test_many_scans_at_once_wait_for_a_place_and_are_told(
    case: Case, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(reading, "_lock_file", lambda number: tmp_path / f"{number}.lock")
    statement = case.make()
    case.upload(statement)
    picture = reverse("sptjm:picture", args=[statement.scans.get().pk, 1])
    with ExitStack() as others, monkeypatch.context() as impatient:
        for _ in range(reading.CHILDREN_AT_ONCE):
            others.enter_context(reading._slot())
        impatient.setattr(reading, "_WAIT_SECONDS", 0)
        busy = case.at_office.get(picture)
        refused = case.upload(statement, a_picture())
    assert (busy.status_code, busy["Retry-After"]) == (503, "5")
    assert (refused.status_code, ScanRefusal.BUSY.label in refused.content.decode()) == (422, True)
    drawn = case.at_office.get(picture)
    assert (drawn.status_code, drawn["Cache-Control"]) == (200, "private, no-store")


def test_foreign_schools_papers_do_not_exist(case: Case) -> None:
    statement = case.make()
    case.upload(statement)
    case.print(statement)
    scan = statement.scans.get()
    stranger = browser_of(operator_of(a_school()))
    for name in ("detail", "paper", "printing", "upload", "void"):
        assert stranger.get(reverse(f"sptjm:{name}", args=[statement.pk])).status_code == 404, name
    for name in ("upload", "void", "printing"):
        assert stranger.post(reverse(f"sptjm:{name}", args=[statement.pk])).status_code == 404, name
    assert stranger.get(reverse("sptjm:scan", args=[scan.pk])).status_code == 404
    assert stranger.get(reverse("sptjm:picture", args=[scan.pk, 1])).status_code == 404
