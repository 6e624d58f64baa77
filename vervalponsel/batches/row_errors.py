"""Rows that a batch set aside: on screen with filters, and as a table to take away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from django import forms
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.decorators import requires
from vervalponsel.accounts.http import Request
from vervalponsel.accounts.permissions import Permission
from vervalponsel.kit.exports import CSV, XLSX, table_response
from vervalponsel.kit.paging import Slice

from . import words
from .models import Batch, RowError
from .querysets import RowErrorQuerySet

HEAD = ("berkas", "baris", "kolom", "kode", "alasan", "yang bertindak", "yang perlu dilakukan")
_SAMPLE = 1_000
"""Codes are looked for in the counts and among that many rows of each file: nobody counts a million rows for a list."""


class RowErrorFilter(forms.Form):
    """Which rows are shown; the choices are what the batch has."""

    berkas = forms.ChoiceField(label="Berkas", required=False)
    kode = forms.ChoiceField(label="Alasan", required=False)

    def __init__(self, data: object, *, batch: Batch) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        files = list(files_of(batch))
        codes = {code for file in files for code in _some_codes(batch, file)}
        refused = words.refused_codes(batch.counts)
        codes |= {code for code in refused if words.sentence_of(RowError(code=code)) != code}
        named = sorted((words.sentence_of(RowError(code=code)), code) for code in codes)
        self._choose("berkas", [(file, file) for file in files if file])
        self._choose("kode", [(code, sentence) for sentence, code in named])
        self.is_valid()

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Between two there is something to choose."""
        if len(choices) < 2:
            del self.fields[name]
        else:
            self.fields[name].choices = [("", "Semua"), *choices]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> dict[str, str]:
        """The filled filters by the name of their column."""
        wanted = {"file": self.cleaned_data.get("berkas"), "code": self.cleaned_data.get("kode")}
        return {name: value for name, value in wanted.items() if value}


def files_of(batch: Batch) -> Iterator[str]:
    """The files that have rows set aside, one look into the index each."""
    rows = RowError.objects.filter(batch=batch).order_by("file").values_list("file", flat=True)
    file = rows.first()
    while file is not None:
        yield file
        file = rows.filter(file__gt=file).first()


def _some_codes(batch: Batch, file: str) -> set[str]:
    some = RowError.objects.filter(batch=batch, file=file).order_by("line")
    return set(some.values_list("code", flat=True)[:_SAMPLE])


def some_after(batch: Batch, after: int, limit: int, say: Callable[[RowError], object]) -> dict[str, object]:
    """For an interface: at most ``limit`` rows behind the key ``after``, and the key that leads on, None at the end."""
    rows = list(RowError.objects.filter(batch=batch, pk__gt=after).order_by("pk")[: limit + 1])
    return {
        "items": [say(error) for error in rows[:limit]],
        "next_after": rows[limit - 1].pk if len(rows) > limit else None,
    }


@require_safe
@requires(Permission.SEE_BATCHES)
def listed(request: Request, pk: int) -> HttpResponse:
    """The rows, filtered, fifty at a time."""
    batch = _batch(request, pk)
    form = RowErrorFilter(request.GET, batch=batch)
    page = Slice(_rows(request, batch, form), request.GET.get("page"))
    context = {
        "batch": batch,
        "form": form,
        "page": page,
        "rows": words.told_with_places(list(page), request.actor),
        "query": request.GET.urlencode(),
        "chosen": form.chosen,
        "kept": words.kept_of(batch.counts),
    }
    return render(request, "batches/_row_errors.html" if request.htmx else "batches/row_errors.html", context)


@require_safe
@requires(Permission.SEE_BATCHES)
def as_csv(request: Request, pk: int) -> HttpResponseBase:
    """The same rows, all of them, as CSV."""
    return _table(request, pk, CSV)


@require_safe
@requires(Permission.SEE_BATCHES)
def as_xlsx(request: Request, pk: int) -> HttpResponseBase:
    """The same rows, all of them, as a workbook."""
    return _table(request, pk, XLSX)


def _table(request: Request, pk: int, kind: str) -> HttpResponseBase:
    batch = _batch(request, pk)
    errors = _rows(request, batch, RowErrorFilter(request.GET, batch=batch)).iterator(chunk_size=2000)
    return table_response(f"pekerjaan-{pk}-disisihkan", kind, HEAD, _lines(errors, request.actor))


def _lines(errors: Iterator[RowError], actor: Actor) -> Iterator[list[object]]:
    while some := list(islice(errors, _SAMPLE)):
        places = words.places_of(some, actor)
        for error in some:
            told = words.told_of(error)
            about = places.get(error.pk)
            place: list[object] = [", ".join(about), "", ""] if about else [error.file, error.line, error.column]
            yield [*place, error.code, told.sentence, told.acts, told.todo]


def _rows(request: Request, batch: Batch, form: RowErrorFilter) -> RowErrorQuerySet:
    return RowError.objects.visible_to(request.actor).filter(batch=batch, **form.chosen).in_order()


def _batch(request: Request, pk: int) -> Batch:
    return get_object_or_404(Batch.objects.visible_to(request.actor), pk=pk)
