"""One line of a list: where a number stands in words, who acts next, and what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from providers.choices import REPAIR_CELLS, Cell, Ownership, Sharing, Source, Stage, State
from providers.models import Entitlement, Exchange, PhoneRecord, Provider
from vervalponsel.kit.templatetags.ui import masked_phone, phone

from .actions import RECHECKABLE
from .models import Recipient
from .people import People
from .sentences import PROVIDER, SCHOOL, Said, question_of, said_of
from .sharers import SHARED_CELLS, where_shared

StatementFacts = Callable[[Sequence[int]], dict[int, dict[str, str]]]
_statement_facts: list[StatementFacts] = []


def register_statement_facts(source: StatementFacts) -> None:
    """Let a part above tell, for ids of claims, on which statement each stands: ``statement``, ``reason``, ``url``."""
    _statement_facts.append(source)


@dataclass(frozen=True, slots=True)
class Button:
    """Something a person can do to a row: ``name`` is the end of its URL name."""

    name: str
    label: str
    url: str


@dataclass(slots=True)
class Row:
    """What a template prints; nothing in it is computed again."""

    pk: int | str
    name: str
    who: str
    number: str
    whose: str
    tone: str
    word: str
    sentence: str
    acts: str = ""
    question: str = ""
    locked: bool = False
    says_locked: bool = False
    can_edit: bool = False
    edit_url: str = ""
    edit_label: str = ""
    story_url: str = ""
    buttons: list[Button] = field(default_factory=list)


def rows_of(
    people: People,
    recipients: Iterable[Recipient],
    *,
    editable: bool,
    masked: bool,
    providers: Mapping[str, Provider] | None = None,
) -> list[Row]:
    """Rows for a page of recipients (with ``record`` at hand), in their order."""
    listed = list(recipients)
    complete([person.record for person in listed if person.record], providers or Provider.objects.in_bulk())
    claims = claims_of([r.record_id for r in listed if r.record_id])
    reversed_ones = taken_back([r.record for r in listed if r.record])
    where = where_shared([r.record for r in listed if r.record and r.record.cell in SHARED_CELLS])
    rows = []
    for person in listed:
        if record := person.record:
            claim = claims.get(record.pk)
            said = said_of(record, claim, taken_back=record.pk in reversed_ones, where=where.get(record.pk, ""))
            rows.append(_row(people, person, record, said, editable, claim is not None, masked))
    return rows


def complete(records: list[PhoneRecord], providers: Mapping[str, Provider]) -> None:
    """Hand the records their provider and the file that asks about them: six and a few objects, not a join for each."""
    asked = Exchange.objects.in_bulk({r.asked_in_id for r in records if r.asked_in_id})
    for record in records:
        record.provider = providers.get(record.provider_id or "")
        if record.asked_in_id in asked:
            record.asked_in = asked[record.asked_in_id]


def taken_back(records: Iterable[PhoneRecord]) -> frozenset[int]:
    """Those whose last injection came in and was reversed by the provider; asks only when one has failed."""
    failed = [record.pk for record in records if record.cell == Cell.FAILED]
    if not failed:
        return frozenset()
    ends = Entitlement.objects.filter(record__in=failed, stage__in=(Stage.FAILED, Stage.REVERSED))
    last = dict(ends.order_by("stage_at", "id").values_list("record_id", "stage"))
    return frozenset(pk for pk, stage in last.items() if stage == Stage.REVERSED)


def _acts(said: Said, editable: bool) -> str:
    """Who acts next, where neither the sentence nor the buttons of the row say it already."""
    known = said.acts == PROVIDER or said.acts.lower() in said.sentence.lower()
    return "" if known or (editable and said.acts == SCHOOL) else said.acts


def claims_of(record_ids: Sequence[int]) -> dict[int, Entitlement]:
    """The live claim of each record, the current period's before another's, with its statement's facts."""
    found = (
        Entitlement.objects.live()
        .filter(record__in=record_ids)
        .select_related("package", "provider")
        .order_by("period__is_current", "id")
    )
    claims = {claim.record_id: claim for claim in found}
    facts = statement_facts([claim.pk for claim in claims.values()])
    for claim in claims.values():
        claim.facts = facts.get(claim.pk, {})
    return claims


def statement_facts(claim_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    merged: dict[int, dict[str, str]] = {}
    for source in _statement_facts if claim_ids else ():
        merged.update(source(claim_ids))
    return merged


def _row(
    people: People, person: Recipient, record: PhoneRecord, said: Said, editable: bool, locked: bool, masked: bool
) -> Row:
    can_edit = editable and not locked
    # A badge that says it all is not said twice.
    sentence = "" if said.sentence == f"{said.word}." else said.sentence
    return Row(
        pk=person.pk,
        name=person.name,
        who=people.who(person),
        number=shown_number(record, masked=masked) or "–",
        whose=_whose(record),
        tone=said.tone,
        word=said.word,
        sentence=sentence,
        acts=_acts(said, editable),
        question=question_of(record),
        locked=locked,
        says_locked="Terkunci" in sentence,
        can_edit=can_edit,
        edit_url=people.row_url("edit", person.pk) if can_edit else "",
        edit_label=_edit_label(record),
        story_url=people.story_url(person.pk),
        buttons=buttons_of(people, person, record) if can_edit else [],
    )


def _whose(record: PhoneRecord) -> str:
    """The provider's name, and whose number it is."""
    owner = _OWNERS.get(record.ownership, "")
    provider = record.provider.name if record.provider else ""
    return ", ".join(part for part in (provider, owner) if part)


_OWNERS = {value: f"milik {label.removeprefix('Milik ')}" for value, label in Ownership.choices}


def shown_number(record: PhoneRecord, *, masked: bool) -> str:
    """The number as people read it; an unreadable one as it was typed, which only the school sees."""
    if record.number:
        return masked_phone(record.number) if masked else phone(record.number)
    return "" if masked else record.typed


def _edit_label(record: PhoneRecord) -> str:
    if record.state == State.EMPTY:
        return "Isi nomor"
    return "Perbaiki" if record.cell in REPAIR_CELLS else "Ubah"


def may_confirm(record: PhoneRecord) -> bool:
    """Whether the operator is offered to vouch for the number: it is in question, or nobody here has looked at it."""
    unseen = record.cell == Cell.USABLE and record.source == Source.CUTOFF and not record.confirmed_at
    return unseen or record.is_in_question


def buttons_of(people: People, person: Recipient, record: PhoneRecord) -> list[Button]:
    """What heals this row besides another number."""
    offered = []
    if record.state in RECHECKABLE and not record.recheck_wanted_at:
        offered.append(("recheck", "Minta cek ulang"))
    if record.sharing == Sharing.TO_CONFIRM and record.number:
        offered.append(("confirm_sharing", "Mereka satu keluarga"))
    if may_confirm(record):
        offered.append(("confirm", "Nomor benar"))
    return [Button(name, label, people.row_url(name, person.pk)) for name, label in offered]
