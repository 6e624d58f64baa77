"""The list of recipients and their editor, one set of views for pupils and teachers."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from providers.models import PhoneRecord
from providers.prefixes import table_on
from schools.models import School
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission, Role
from vervalponsel.kit.exports import CSV, XLSX, table_response
from vervalponsel.kit.keys import key_of

from . import actions, bulk, editor
from .changes import change_head, change_rows, changes_context
from .choosing import choosing_context, note_seen
from .forms import NumberForm, OwnershipForm
from .leaving import leaving_context, left_out_head, left_out_rows
from .listing import PER_PAGE, chosen_recipients, list_context, recipients_of, row_of, rows_context, school_of
from .models import Recipient
from .people import People
from .several import entries_of, posted, save_entries


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def listed(request: Request, people: People) -> HttpResponse:
    """A school's recipients, fifty at a time."""
    school = school_of(request)
    if school is None:
        return render(request, "recipients/choose_school.html", choosing_context(request, people))
    note_seen(by=request.actor, school=school, people=people, now=timezone.now())
    template = "recipients/_list.html" if request.htmx else "recipients/list.html"
    return render(request, template, rows_context(request, list_context(request, people, school)))


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def left_out(request: Request, people: People) -> HttpResponse:
    """Who is no recipient, why, and whose move it is."""
    school = school_of(request)
    if school is None:
        return render(request, "recipients/choose_school.html", choosing_context(request, people))
    note_seen(by=request.actor, school=school, people=people, now=timezone.now())
    return render(request, "recipients/left_out.html", leaving_context(request, people, school))


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def changes(request: Request, people: People) -> HttpResponse:
    """What cut-offs did to the school's people; a number they offered can be taken over with one press."""
    school, now = school_of(request), timezone.now()
    if school is None:
        return render(request, "recipients/choose_school.html", choosing_context(request, people))
    note_seen(by=request.actor, school=school, people=people, now=now)
    return render(request, "recipients/changes.html", changes_context(request, people, school, now))


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def left_out_table(request: Request, people: People, kind: str) -> HttpResponseBase:
    """The same people as CSV or XLSX."""
    school = _school_for_table(request, people, kind)
    name = f"{people.word}-tidak-masuk-{school.npsn}"
    return table_response(name, kind, left_out_head(people), left_out_rows(request, people, school))


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def changes_table(request: Request, people: People, kind: str) -> HttpResponseBase:
    """The same changes as CSV or XLSX."""
    school, now = _school_for_table(request, people, kind), timezone.now()
    own = request.actor.role == Role.OPERATOR
    rows = change_rows(people, school, request.GET.get("jenis", ""), table_on(now.date()), own=own)
    return table_response(f"{people.word}-perubahan-{school.npsn}", kind, change_head(people), rows)


def _school_for_table(request: Request, people: People, kind: str) -> School:
    school = school_of(request)
    if school is None or kind not in (CSV, XLSX):
        raise Http404
    note_seen(by=request.actor, school=school, people=people, now=timezone.now())
    return school


@require_safe
@requires(Permission.SEE_RECIPIENTS)
def row(request: Request, people: People, pk: int) -> HttpResponseBase:
    """One row in read mode, as leaving the editor shows it again; as a page of its own it is the story."""
    person, _ = _person(request, people, pk)
    if not request.htmx:
        return redirect(people.story_url(pk))
    return render(request, "recipients/_row.html", editor.row_context(request, people, person))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_NUMBERS)
def edit(request: Request, people: People, pk: int) -> HttpResponseBase:
    """One number and whose it is; an unreadable text comes back with the readings it may have."""
    person, record = _person(request, people, pk)
    form = NumberForm(request.POST or None, record=record, key=pk, back=editor.came_from(request, people))
    if request.method != "POST" or not form.is_valid():
        return editor.show(request, people, person, record, form)
    wanted = {name: form.cleaned_data[name] for name in ("typed", "ownership", "version")}
    try:
        saved = actions.save_number(by=request.actor, record=record, now=timezone.now(), **wanted)
    except actions.EditRefused as refusal:
        return editor.show_refusal(request, people, person, form, refusal)
    return editor.answer(request, people, pk, editor.words_of(saved), form.cleaned_data["back"])


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.EDIT_NUMBERS)
def several(request: Request, people: People) -> HttpResponseBase:
    """All rows of a page as fields of one form."""
    school = school_of(request)
    if school is None:
        raise Http404
    if request.method == "POST":
        keys = [key_of(key) for key in request.POST.getlist("row")[:PER_PAGE]]
        chosen = recipients_of(request.actor, people, school).filter(pk__in=keys)
        outcome = save_entries(
            by=request.actor, entries=posted(entries_of(people, chosen), request.POST), now=timezone.now()
        )
        return editor.answer_several(request, people, school, outcome)
    context = list_context(request, people, school)
    entries = entries_of(people, context["page"].object_list)
    return render(request, "recipients/several.html", {**context, "entries": entries})


@require_POST
@requires(Permission.EDIT_NUMBERS)
def ownership(request: Request, people: People) -> HttpResponseBase:
    """State whose the numbers of the chosen rows are, or of all rows that the filters leave."""
    form = OwnershipForm(request.POST)
    back = editor.safe_back(request, request.POST.get("back", ""), people)
    if not form.is_valid():
        messages.error(request, "Pilih dulu milik siapa nomor-nomor itu.")
        return redirect(back)
    chosen = list(chosen_recipients(request, people).values_list("record_id", flat=True))
    if not chosen:
        messages.error(request, "Centang dulu baris yang dimaksud.")
        return redirect(back)
    batch = bulk.state_ownership(
        by=request.actor,
        record_ids=chosen,
        ownership=form.cleaned_data["ownership"],
        now=timezone.now(),
    )
    messages.success(request, editor.words_of_many(batch.counts))
    return redirect(back)


def _one_step(action: Callable[..., object], words: str) -> Callable[..., HttpResponseBase]:
    """A view for a button of a row: find, act, show the row again."""

    @require_POST
    @requires(Permission.EDIT_NUMBERS)
    def step(request: Request, people: People, pk: int) -> HttpResponseBase:
        _, record = _person(request, people, pk)
        back = request.POST.get("back", "")
        try:
            action(by=request.actor, record=record, now=timezone.now())
        except actions.EditRefused as refusal:
            return editor.answer(request, people, pk, refusal.sentence, back, messages.WARNING)
        return editor.answer(request, people, pk, words, back)

    return step


recheck = _one_step(actions.ask_recheck, "Cek ulang diminta. Nomor ikut dikirim ke provider pada giliran berikutnya.")
confirm = _one_step(actions.confirm_number, "Nomor ditegaskan benar.")
confirm_sharing = _one_step(actions.confirm_sharing, "Ditegaskan: nomor ini dipakai satu keluarga.")


def _person(request: Request, people: People, pk: int) -> tuple[Recipient, PhoneRecord]:
    """An eligible recipient that the actor sees, with the number's record; anybody else's is 404."""
    person = get_object_or_404(row_of(request.actor, people), pk=pk)
    if person.record is None:
        raise Http404
    return person, person.record
