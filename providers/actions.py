"""What Pusdatin and the providers' machines do to exchanges and credentials: one transaction and one event each."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from django.core.files.base import File
from django.db import transaction

from vervalponsel.accounts.actor import Actor
from vervalponsel.audit.actions import record
from vervalponsel.audit.saving import save_recorded
from vervalponsel.batches.actions import hand_in, sha256_of
from vervalponsel.batches.models import Batch
from vervalponsel.kit.db import transaction_lock
from vervalponsel.kit.machine_keys import new_secret

from .choices import Decision, ExchangeStatus, Outcome, Purpose
from .intake import KINDS, settle
from .matching import KIND as DUMP
from .models import CodeWord, Credential, Exchange, ExchangeLine, LineReview, PhoneRecord, Provider
from .reviewing import lines_of
from .words import folded

OPEN = (ExchangeStatus.PREPARED, ExchangeStatus.OFFERED, ExchangeStatus.RECEIPTED)


class Refused(Exception):
    """The step is not possible now; ``code`` names why, the message is a sentence."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def provider_actor(provider_code: str) -> Actor:
    """The Actor of a provider's machine."""
    return Actor.system(f"provider:{provider_code}")


# Credentials


@transaction.atomic
def create_credential(
    *, by: Actor, provider: Provider, now: datetime, expires_at: datetime | None = None
) -> tuple[Credential, str]:
    """A new key for a provider's machine, and its secret, which is not kept and cannot be shown again.

    Older keys go on working until they are revoked, so that a change of keys needs no pause.
    """
    secret, secret_sha256 = new_secret()
    credential = Credential.objects.create(
        provider=provider,
        key_id=f"{provider.code.lower()[:9]}-{secrets.token_hex(5)}",
        secret_sha256=secret_sha256,
        created_at=now,
        expires_at=expires_at,
    )
    facts = {"provider": provider.code, "key_id": credential.key_id}
    record(by=by, action="credential.created", target=credential, now=now, after=facts)
    return credential, secret


@transaction.atomic
def revoke_credential(*, by: Actor, credential: Credential, now: datetime) -> Credential:
    """End a key at once; repeated it changes nothing."""
    if Credential.objects.filter(pk=credential.pk, revoked_at=None).update(revoked_at=now):
        record(by=by, action="credential.revoked", target=credential, now=now)
    credential.refresh_from_db()
    return credential


@transaction.atomic
def save_contact(*, by: Actor, provider: Provider, values: dict[str, Any], now: datetime) -> Provider:
    """Note whom to call at a provider."""
    save_recorded(by=by, target=provider, values=values, action="contact", now=now)
    return provider


# The life of an exchange


@transaction.atomic
def prepare_dump(*, by: Actor, now: datetime) -> tuple[Batch, bool]:
    """Hand in a dump, unless one is waiting or running already; returns (batch, created)."""
    transaction_lock("prepare dump")
    running = Batch.objects.live().filter(kind=DUMP).order_by("id").first()
    if running:
        return running, False
    return hand_in(by=by, kind=DUMP, title="Dump pemadanan untuk semua provider", now=now)


@transaction.atomic
def mark_offered(*, by: Actor, exchange: Exchange, now: datetime) -> Exchange:
    """The provider has looked at the exchange for the first time."""
    changed = Exchange.objects.filter(pk=exchange.pk, status=ExchangeStatus.PREPARED).update(
        status=ExchangeStatus.OFFERED, offered_at=now
    )
    if changed:
        record(by=by, action="exchange.offered", target=exchange, now=now)
        exchange.refresh_from_db()
    return exchange


@transaction.atomic
def receipt(*, by: Actor, exchange: Exchange, rows: int, sha256: str, control_sum: str, now: datetime) -> Exchange:
    """The provider has pulled the file whole: its control totals agree with the manifest's, else Refused."""
    held = Exchange.objects.select_for_update().get(pk=exchange.pk)
    wrong = [
        name
        for name, said, ours in (
            ("rows", rows, held.rows),
            ("sha256", sha256.lower(), held.sha256),
            ("control_sum", control_sum or held.control_sum, held.control_sum),
        )
        if said != ours
    ]
    if wrong:
        raise Refused("TOTALS_DIFFER", f"Tidak sama dengan manifes: {', '.join(wrong)}. Ambil ulang berkasnya.")
    if held.receipted_at is None:
        # Of a file that is settled already the receipt is noted too: its late answers are kept and counted.
        if held.status in (ExchangeStatus.PREPARED, ExchangeStatus.OFFERED):
            held.status = ExchangeStatus.RECEIPTED
        held.receipted_at, held.offered_at = now, held.offered_at or now
        held.save(update_fields=["status", "receipted_at", "offered_at"])
        record(by=by, action="exchange.receipted", target=held, now=now)
    return held


def hand_in_answers(*, by: Actor, exchange: Exchange, file: File, now: datetime) -> tuple[Batch, bool]:
    """Store a file of answers or reports as a batch; the same bytes again give the batch that is there."""
    titles = {Purpose.MATCH: "Jawaban", Purpose.INJECT: "Laporan"}
    purpose = Purpose(exchange.purpose)
    return hand_in(
        by=by,
        kind=KINDS[purpose],
        title=f"{titles[purpose]} {exchange.provider.name} untuk berkas {exchange.pk}",
        now=now,
        file=file,
        params={"exchange": exchange.pk, "provider": exchange.provider_id},
        dedupe_key=f"{KINDS[purpose]}:{exchange.pk}:{sha256_of(file)}",
    )


def read_again(*, by: Actor, batch: Batch, now: datetime) -> tuple[Batch, bool]:
    """Read a kept file once more, after unknown words have got a meaning: what was applied is only repeated."""
    exchange = Exchange.objects.select_related("provider").get(pk=batch.params["exchange"])
    words = CodeWord.objects.filter(purpose=exchange.purpose).count()
    with batch.file.open("rb") as stream:
        return hand_in(
            by=by,
            kind=batch.kind,
            title=f"Baca ulang: {batch.title}"[:160],
            now=now,
            file=File(stream, name=batch.file_name),
            params=batch.params | {"held_seen": True, "again_of": batch.pk},
            dedupe_key=f"{batch.kind}:{exchange.pk}:again:{batch.pk}:{words}",
        )


@transaction.atomic
def offer_again(*, by: Actor, exchange: Exchange, now: datetime) -> Exchange:
    """Show a file that was pulled but not answered as new; its content stays the same."""
    again = (ExchangeStatus.OFFERED, ExchangeStatus.RECEIPTED)
    held = Exchange.objects.select_for_update().get(pk=exchange.pk)
    if held.status not in again:
        raise Refused("NOT_OPEN", "Berkas ini tidak sedang menunggu jawaban.")
    before = held.status
    held.status, held.offered_at, held.receipted_at = ExchangeStatus.PREPARED, None, None
    held.save(update_fields=["status", "offered_at", "receipted_at"])
    record(by=by, action="exchange.offered_again", target=held, now=now, before={"status": before})
    return held


@transaction.atomic
def close(*, by: Actor, exchange: Exchange, now: datetime) -> Exchange:
    """End the waiting: what has no answer stays without one, and a dump's numbers may be asked again.

    Of an order the claims stay RELEASED: no report is never a success and never a failure. A late answer still counts.
    """
    transaction_lock("intake", exchange.pk)
    held = Exchange.objects.select_for_update().get(pk=exchange.pk)
    if held.status not in (*OPEN, ExchangeStatus.ANSWERED):
        raise Refused("NOT_OPEN", "Berkas ini sudah ditutup.")
    # By way of the lines: who is asked in which exchange has no index on the records.
    of_lines = ExchangeLine.objects.of(held.pk).filter(live=True).values("record_id")
    PhoneRecord.objects.filter(pk__in=of_lines, asked_in=held).update(asked_in=None)
    left = ExchangeLine.objects.of(held.pk).filter(live=True).update(live=False)
    before = held.status
    held.status, held.closed_at = ExchangeStatus.CLOSED, now
    held.save(update_fields=["status", "closed_at"])
    settle(held, now=now)
    record(by=by, action="exchange.closed", target=held, now=now, before={"status": before}, after={"unanswered": left})
    held.refresh_from_db()
    return held


@transaction.atomic
def give_meaning(
    *, by: Actor, provider: Provider, purpose: Purpose, word: str, outcome: Outcome, now: datetime
) -> CodeWord:
    """Say what a word in a provider's files means from now on; kept files can be read again with it.

    A meaning is never changed but followed by another one: with which a file was read stays written in its batch.
    """
    transaction_lock("meanings")
    known = CodeWord.objects.filter(provider=provider, purpose=purpose, word=folded(word)).order_by("id").last()
    if known and known.outcome == outcome:
        return known
    values = {"provider": provider, "purpose": purpose, "word": folded(word), "outcome": outcome}
    meaning = CodeWord.objects.create(**values, created_at=now)
    before = {"outcome": known.outcome} if known else {}
    facts = {"provider": provider.code, "word": meaning.word, "outcome": outcome}
    record(by=by, action="word.meant", target=meaning, now=now, before=before, after=facts)
    return meaning


@transaction.atomic
def decide(*, by: Actor, line: ExchangeLine, decision: Decision, now: datetime) -> int:
    """Decide about the contradicted number of a line: all its lines leave the review list; returns how many.

    To ask again is a wish on the records that bear the number now; the next dump carries it out, and its answer counts
    like any other. A line that hears something new comes back to the list.
    """
    provider = line.exchange.provider_id
    lines = lines_of([line.number])[provider, line.purpose, line.number]
    if decision == Decision.ASK:
        bearers = PhoneRecord.objects.filter(number=line.number, provider=provider).order_by("id").select_for_update()
        PhoneRecord.objects.filter(pk__in=[record.pk for record in bearers]).update(recheck_wanted_at=now)
    seen = {"decision": decision, "reviewed_at": now}
    LineReview.objects.bulk_create(
        [LineReview(line=each, answers=len(each.answers.all()), outcome=each.outcome, **seen) for each in lines],
        update_conflicts=True,
        unique_fields=["line"],
        update_fields=["decision", "answers", "outcome", "reviewed_at"],
    )
    facts = {"decision": decision, "lines": len(lines), "provider": provider}
    record(by=by, action="contradiction.decided", target=line, now=now, after=facts)
    return len(lines)
