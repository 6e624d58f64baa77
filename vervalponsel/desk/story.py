"""One recipient's whole story in order: what the register, people, providers and offices did."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone

from providers.catalogue import Topic, describe
from providers.choices import Outcome, Ownership, Purpose
from providers.models import Entitlement, ExchangeLine, PhoneRecord
from providers.recipients.models import Recipient
from providers.recipients.people import People
from providers.reference import NAMES
from schools.choices import ChangeKind
from schools.models import CutoffChange
from sptjm.models import Statement, StatementLine
from vervalponsel.audit.models import Event
from vervalponsel.kit.templatetags.ui import masked_phone, phone, tanggal


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened; ``tone`` is ok, wait or fix."""

    at: datetime
    text: str
    tone: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the story is told: whose names and which digits may be shown."""

    npsn: str
    masked: bool

    def number(self, e164: str) -> str:
        if not e164:
            return "kosong"
        return masked_phone(e164) if self.masked else phone(e164)

    def who(self, event: Event) -> str:
        return event.actor_name if event.scope_code in ("", self.npsn) else "sekolah lain"


def story_of(people: People, person: Recipient, reader: Reader) -> list[Moment]:
    """Every moment, oldest first."""
    moments = list(_register(people, person, reader))
    if record := person.record:
        moments += [*_events(record, reader), *_exchanges(record, reader), *_claims(record)]
    return sorted(moments, key=lambda moment: moment.at)


def _register(people: People, person: Recipient, reader: Reader) -> Iterator[Moment]:
    changes = CutoffChange.objects.filter(school=person.school, role=people.role, person_id=people.person_id_of(person))
    for change in changes.select_related("run").order_by("run_id", "id"):
        at = change.run.applied_at or timezone.make_aware(datetime.combine(change.run.cutoff_date, time()))
        yield Moment(at, _REGISTER[change.kind](change, reader), who="Dapodik")


def _offered(change: CutoffChange, reader: Reader) -> str:
    if reader.masked:
        return "nomor lain"
    return phone(change.offered) if change.offered.startswith("+62") else change.offered


_REGISTER: dict[str, Callable[[CutoffChange, Reader], str]] = {
    ChangeKind.ENTERED: lambda c, r: "Masuk ke data sekolah ini.",
    ChangeKind.LEFT: lambda c, r: "Tidak ada lagi di data sekolah ini.",
    ChangeKind.MOVED_IN: lambda c, r: f"Pindah masuk dari sekolah NPSN {c.other_npsn or '–'}.",
    ChangeKind.MOVED_OUT: lambda c, r: f"Pindah ke sekolah NPSN {c.other_npsn or '–'}.",
    ChangeKind.NUMBER_SUPPLIED: lambda c, r: "Nomor terisi dari Dapodik.",
    ChangeKind.NUMBER_DIFFERS: lambda c, r: (
        f"Dapodik menyebut {_offered(c, r)}; tidak diterapkan karena nomor sekarang hanya diubah di sini."
    ),
    ChangeKind.ELIGIBILITY: lambda c, r: describe(c.code, Topic.ELIGIBILITY, npsn=c.other_npsn),
}


def _events(record: PhoneRecord, reader: Reader) -> Iterator[Moment]:
    for event in Event.objects.of(record):
        yield Moment(event.at, _event_text(event, reader), who=reader.who(event))


def _event_text(event: Event, reader: Reader) -> str:
    if event.action == "number.saved":
        return " ".join(_saved(event, reader))
    if event.action == "number.reread":
        return _reread(event)
    return _EVENTS.get(event.action, event.action)


def _saved(event: Event, reader: Reader) -> Iterator[str]:
    before, after = event.before, event.after
    if "number" in after:
        yield f"Nomor diubah dari {reader.number(before.get('number', ''))} menjadi {reader.number(after['number'])}."
    if "ownership" in after:
        owner = dict(Ownership.choices).get(after["ownership"], "belum diisi")
        yield f"Kepemilikan: {owner}."


def _reread(event: Event) -> str:
    if owner := event.after.get("provider"):
        return f"Awalan nomor ini sekarang milik {NAMES.get(owner, owner)}; nomor dicek lagi."
    return "Awalan nomor ini tidak lagi milik provider yang bekerja sama."


_EVENTS = {
    "number.confirmed": "Nomor ditegaskan benar.",
    "sharing.confirmed": "Ditegaskan bahwa pemakai nomor ini satu keluarga.",
    "recheck.wanted": "Cek ulang ke provider diminta.",
}


def _exchanges(record: PhoneRecord, reader: Reader) -> Iterator[Moment]:
    lines = ExchangeLine.objects.about(record.pk).select_related("exchange__provider").order_by("id")
    for line in lines:
        sent, provider = line.exchange.offered_at or line.exchange.created_at, line.exchange.provider.name
        what = "untuk dicek" if line.purpose == Purpose.MATCH else "untuk diisi kuota"
        yield Moment(sent, f"Nomor {reader.number(line.number)} dikirim ke {provider} {what}.", "wait")
        if line.outcome and line.outcome_at:
            yield Moment(line.outcome_at, _outcome(line), _tone(line), provider)


def _outcome(line: ExchangeLine) -> str:
    text = f"Jawaban: {Outcome(line.outcome).label.lower()}"
    if line.purpose == Purpose.INJECT and line.outcome != Outcome.SUCCEEDED and line.code:
        text += f", {describe(line.code, Topic.INJECTION)}"
    if line.gigabytes and line.outcome == Outcome.SUCCEEDED:
        text += f", {line.gigabytes} GB"
    stale = " Tidak dipakai karena nomornya sudah berubah." if line.is_stale else ""
    return f"{text}.{stale}"


def _tone(line: ExchangeLine) -> str:
    if line.is_stale:
        return ""
    return "ok" if line.outcome in (Outcome.ACTIVE, Outcome.POSTPAID, Outcome.SUCCEEDED) else "fix"


def _claims(record: PhoneRecord) -> Iterator[Moment]:
    lines = StatementLine.objects.filter(entitlement__record=record).select_related("statement", "entitlement")
    for line in lines.order_by("statement_id"):
        yield from _statement(line.statement)
        if line.entitlement.stage == "DROPPED":
            yield _dropped(line)
    for claim in Entitlement.objects.filter(record=record, carried_from__isnull=False).select_related("period"):
        yield Moment(claim.stage_at, f"Diteruskan ke {claim.period.name} tanpa SPTJM baru.", "ok")
    again = StatementLine.objects.filter(entitlement__record=record, entitlement__follows__isnull=False)
    for line in again.select_related("statement", "entitlement__follows"):
        if before := line.entitlement.follows:
            yield _tried_again(line, before)


def _tried_again(line: StatementLine, before: Entitlement) -> Moment:
    """A new attempt, with what became of the one before."""
    reason = describe(before.code, Topic.INJECTION) if before.code else ""
    ended = "ditarik kembali" if before.stage == "REVERSED" else "gagal"
    told = f"kuota {ended} {tanggal(before.stage_at)}{f', {reason}' if reason else ''}"
    return Moment(line.statement.created_at, f"Percobaan baru setelah {told}.", "wait")


def _dropped(line: StatementLine) -> Moment:
    reason = describe(line.entitlement.code, Topic.DROP) if line.entitlement.code else ""
    text = describe("DROPPED", Topic.CLAIM, statement=line.statement.number, reason=reason)
    return Moment(line.entitlement.stage_at, text, "fix")


def _statement(statement: Statement) -> Iterator[Moment]:
    """The moments of a paper, as far as they lie in it; judgements are kept for good in its reviews."""
    steps = (
        (statement.created_at, "dicetak", "wait"),
        (statement.uploaded_at, "diunggah", "wait"),
        (statement.released_at, "dikirim ke provider", "wait"),
        (statement.voided_at, "dibatalkan", "fix"),
    )
    for at, word, tone in steps:
        if at:
            yield Moment(at, f"SPTJM {statement.number} {word}.", tone)
    for review in statement.reviews.order_by("id"):
        reason = f": {review.get_code_display()}" if review.code else ""
        tone = "fix" if review.code else "ok"
        yield Moment(review.at, f"SPTJM {statement.number} {review.get_decision_display().lower()}{reason}.", tone)
