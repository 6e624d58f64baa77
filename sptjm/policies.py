"""What may be done with a statement when, and whose move it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from providers.catalogue import Topic, describe
from providers.choices import Stage
from schools.choices import PeriodStatus, WindowKind
from schools.models import Period, School, Window
from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Permission
from vervalponsel.kit.duties import Duty
from vervalponsel.kit.templatetags.ui import wib

from .choices import StatementStatus
from .models import Statement


class NotAllowed(Exception):
    """It may not be done now; the message is the sentence for the person."""


class Overtaken(NotAllowed):
    """Somebody else was quicker; the message says what happened."""


DUTIES: dict[str, Duty] = {
    StatementStatus.STATED: Duty(
        who="Operator sekolah",
        clock="sampai periode ditutup",
        heals="Penerima yang nomornya tidak lagi dapat dipakai dikeluarkan oleh sistem.",
        button="Unggah pindaian",
    ),
    StatementStatus.UPLOADED: Duty(
        who="Dinas pendidikan",
        clock="sampai periode ditutup",
        heals="Bila kantor dinas tidak bertugas, Pusdatin yang memeriksa.",
        button="Setujui atau kembalikan",
    ),
    StatementStatus.RETURNED: Duty(
        who="Operator sekolah",
        clock="sampai periode ditutup",
        heals="Tidak ada: lembarnya harus diperbaiki.",
        button="Unggah pindaian baru",
    ),
    StatementStatus.APPROVED: Duty(
        who="Pusdatin",
        clock="tahap pengiriman berikutnya",
        heals="Nomor yang jawabannya terlalu lama dicek ulang, lalu ikut tahap berikutnya.",
        button="Kirim ke provider",
    ),
    StatementStatus.RELEASED: Duty(
        who="Provider",
        clock="laporan pengisian kuota",
        heals="Laporan provider mengubah keadaan tiap penerima.",
        button="Lihat pertukaran",
    ),
}
"""Every status that is not final. VOIDED is final."""

UPLOADABLE = (StatementStatus.STATED, StatementStatus.RETURNED, StatementStatus.UPLOADED)
VOIDABLE = (StatementStatus.STATED, StatementStatus.UPLOADED, StatementStatus.RETURNED)


def draft_obstacle(*, school: School, period: Period | None, now: datetime) -> str:
    """The sentence why the school can make no statement at all now; empty when it can."""
    if period is None or period.status != PeriodStatus.OPEN:
        return "SPTJM belum dapat dibuat: belum ada periode yang berjalan."
    if school.jenjang not in period.jenjang:
        return f"SPTJM tidak dibuat: periode ini tidak melayani {school.get_jenjang_display()}."
    if now > period.deadline_at:
        return f"Tenggat SPTJM periode ini sudah lewat: {wib(period.deadline_at, school.regency_code)}."
    return _window_obstacle(school, period, now)


def _window_obstacle(school: School, period: Period, now: datetime) -> str:
    """Where the period has preparing windows for the school's region, one of them must be open."""
    windows = [
        w
        for w in Window.objects.filter(period=period, kind=WindowKind.PREPARE).order_by("opens_at", "id")
        if school.region_id.startswith(w.region_prefix)
    ]
    if not windows or any(w.opens_at <= now < w.closes_at for w in windows):
        return ""
    coming = next((w for w in windows if w.opens_at > now), None)
    if coming:
        return f"SPTJM wilayah Anda dapat dibuat mulai {wib(coming.opens_at, school.regency_code)}."
    return f"Waktu pembuatan SPTJM wilayah Anda berakhir {wib(windows[-1].closes_at, school.regency_code)}."


def is_running(statement: Statement) -> bool:
    """Closing a period ends all that its statements could still become at the school."""
    return statement.period.status == PeriodStatus.OPEN


def may_upload(actor: Actor, statement: Statement) -> bool:
    return actor.may(Permission.MAKE_STATEMENTS) and is_running(statement) and statement.status in UPLOADABLE


def may_void(actor: Actor, statement: Statement) -> bool:
    return actor.may(Permission.MAKE_STATEMENTS) and is_running(statement) and statement.status in VOIDABLE


def may_return_approved(actor: Actor, statement: Statement) -> bool:
    return actor.may(Permission.RELEASE) and is_running(statement) and statement.status == StatementStatus.APPROVED


def open_release_windows(now: datetime) -> list[Window]:
    """The stages in which approved claims may be sent now, of every open period."""
    windows = Window.objects.filter(
        kind=WindowKind.RELEASE, period__status=PeriodStatus.OPEN, opens_at__lte=now, closes_at__gt=now
    )
    return list(windows.select_related("period").order_by("period_id", "stage", "region_prefix"))


def coming_release_windows(now: datetime) -> list[Window]:
    windows = Window.objects.filter(kind=WindowKind.RELEASE, period__status=PeriodStatus.OPEN, opens_at__gt=now)
    return list(windows.select_related("period").order_by("opens_at", "id"))


def sentence(statement: Statement) -> str:
    """Where the statement stands, in words for the school: state, reason, who acts next."""
    if not is_running(statement) and statement.status in DUTIES and statement.status != StatementStatus.RELEASED:
        return f"Periode {statement.period.name} sudah ditutup; SPTJM ini tidak dilanjutkan."
    return _SENTENCES[StatementStatus(statement.status)](statement)


def duty_of(statement: Statement, counts: Mapping[str, int]) -> Duty | None:
    """Whose turn it is; nobody's when its period is closed or the last report has come. ``counts`` by stage."""
    if not is_running(statement):
        return None
    if statement.status == StatementStatus.RELEASED and not counts.get(Stage.RELEASED):
        return None
    return DUTIES.get(statement.status)


def return_sentence(statement: Statement) -> str:
    """Why it came back: the reason and the reviewer's own words."""
    reason = f"{describe(statement.return_code, Topic.RETURN)}."
    return f"{reason} {statement.return_note}" if statement.return_note else reason


def _zone(statement: Statement) -> str:
    return statement.school.regency_code


_SENTENCES: dict[StatementStatus, Callable[[Statement], str]] = {
    StatementStatus.STATED: lambda s: (
        "Nomor di SPTJM ini terkunci. Cetak, tanda tangani di atas meterai, beri cap, lalu unggah pindaiannya."
    ),
    StatementStatus.UPLOADED: lambda s: (
        f"Diunggah {wib(s.uploaded_at, _zone(s))}. Menunggu diperiksa dinas pendidikan."
    ),
    StatementStatus.RETURNED: lambda s: f"Dikembalikan: {return_sentence(s)} Perbaiki lembarnya, lalu unggah lagi.",
    StatementStatus.APPROVED: lambda s: f"Disetujui {wib(s.approved_at, _zone(s))}. Menunggu dikirim ke provider.",
    StatementStatus.RELEASED: lambda s: (
        f"Dikirim ke provider {wib(s.released_at, _zone(s))}. Hasil pengisian ada pada tiap nama."
    ),
    StatementStatus.VOIDED: lambda s: f"Dibatalkan {wib(s.voided_at, _zone(s))}: {s.void_reason}",
}
