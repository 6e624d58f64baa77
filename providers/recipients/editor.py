"""What the browser gets back after an edit: the row for HTMX, otherwise the way back to the list."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import trigger_client_event

from providers.catalogue import describe
from providers.choices import Ownership, State
from providers.models import Entitlement, PhoneRecord
from providers.prefixes import table_on
from providers.reading import read_number
from schools.models import School
from vervalponsel.accounts.http import Request

from . import actions
from .forms import NumberForm
from .listing import cell_counts, in_question, page_rows_of, questions_url, row_of, to_repair
from .models import Recipient
from .people import People
from .rows import taken_back
from .sentences import Said, question_of, said_of
from .several import Outcome
from .sharers import SHARED_CELLS, sharing_of, where_shared


def row_context(request: Request, people: People, person: Recipient) -> dict[str, object]:
    """A row in read mode that just replaced its editor, so that it takes the focus."""
    row = page_rows_of(request.actor, people, [person])[0]
    return {"people": people, "row": row, "editable": row.can_edit or row.locked, "focus": True}


def show(
    request: Request,
    people: People,
    person: Recipient,
    record: PhoneRecord,
    form: NumberForm,
    proposals: tuple[str, ...] = (),
) -> HttpResponse:
    """The editor: in the row for HTMX, else as a page. A form that came back wrong is 422."""
    if not form.is_bound and record.state == State.MALFORMED:
        proposals = read_number(record.typed, table_on(timezone.localdate())).proposals
    context = {
        "people": people,
        "person": person,
        "identity": people.identity_of(person),
        "record": record,
        "state": state_of(record),
        "sharing": sharing_of(record),
        "question": question_of(record),
        "confirm_url": people.row_url("confirm", person.pk),
        "form": form,
        "proposals": proposals,
        "edit_url": people.row_url("edit", person.pk),
        "row_url": people.row_url("row", person.pk),
        "back": safe_back(request, str(form["back"].value() or ""), people),
    }
    template = "recipients/_editor.html" if request.htmx else "recipients/edit.html"
    return render(request, template, context, status=422 if form.is_bound and form.errors else 200)


def state_of(record: PhoneRecord, claim: Entitlement | None = None) -> Said:
    """Where one record stands, with all that its sentence may need."""
    where = where_shared([record]).get(record.pk, "") if record.cell in SHARED_CELLS else ""
    return said_of(record, claim, taken_back=bool(taken_back([record])), where=where)


def show_refusal(
    request: Request, people: People, person: Recipient, form: NumberForm, refusal: actions.EditRefused
) -> HttpResponse:
    """The editor again, with the reason beside the field and what now stands in the database."""
    proposals: tuple[str, ...] = ()
    if isinstance(refusal, actions.Unreadable):
        proposals = refusal.reading.proposals
    form.add_error("typed", refusal.sentence)
    # Sending the form once more means: I saw what changed meanwhile, and mine shall stand.
    form.data = {**form.data, **request.POST.dict(), "version": str(refusal.record.version)}
    return show(request, people, person, refusal.record, form, proposals)


def answer(
    request: Request, people: People, pk: int, words: str, back: str = "", level: int = messages.SUCCESS
) -> HttpResponseBase:
    """After a change: the fresh row, or the list with the row in sight."""
    if not request.htmx:
        messages.add_message(request, level, words)
        return redirect(f"{safe_back(request, back or came_from(request, people), people)}#r{pk}")
    person = row_of(request.actor, people).get(pk=pk)
    context = row_context(request, people, person)
    context["repair"] = to_repair(cell_counts(people, person.school))
    context["questions"] = in_question(people, person.school)
    context["questions_url"] = questions_url(people, person.school, own=True)
    response = render(request, "recipients/_changed_row.html", context)
    return trigger_client_event(response, "announce", {"value": f"{person.name}: {words}"})


def answer_several(request: Request, people: People, school: School, outcome: Outcome) -> HttpResponseBase:
    """Back to the list when all went well; otherwise the wrong rows alone, the others being saved."""
    words = f"{outcome.changed} baris disimpan, {outcome.unchanged} tidak berubah."
    back = safe_back(request, request.POST.get("back", ""), people)
    if not outcome.wrong:
        messages.success(request, words)
        return redirect(back)
    context = {
        "people": people,
        "school": school,
        "ownerships": Ownership.choices,
        "entries": outcome.wrong,
        "wrong": len(outcome.wrong),
        "words": words,
        "back": back,
    }
    return render(request, "recipients/several.html", context, status=422)


def words_of(saved: actions.Saved) -> str:
    """What happened, for the message and the screen reader."""
    if not saved.changed:
        return describe("UNCHANGED")
    if not saved.number_changed:
        return "Kepemilikan tersimpan."
    return f"Tersimpan. {said_of(saved.record).sentence}" if saved.record.number else "Nomor dikosongkan."


def words_of_many(counts: dict[str, int]) -> str:
    """What came of a bulk change."""
    rest = f" {counts['locked']} nomor dilewati karena terkunci di SPTJM." if counts["locked"] else ""
    return f"Kepemilikan {counts['changed']} nomor diisi.{rest}"


def came_from(request: Request, people: People) -> str:
    """The list page that the person came from, with its filters; the plain list when that is unknown."""
    parts = urlsplit(request.headers.get("Referer", ""))
    known = parts.netloc == request.get_host() and parts.path == people.url("list")
    return f"{parts.path}?{parts.query}" if known and parts.query else people.url("list")


def safe_back(request: Request, back: str, people: People) -> str:
    """An address that came with a form, if it leads back to this list."""
    ours = back.startswith(people.list_url) and url_has_allowed_host_and_scheme(back, None)
    return back if ours else people.url("list")
