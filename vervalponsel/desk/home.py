"""The first page of a school: where things stand in one sentence, what to do first, and the six steps of the way."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Max

from providers.catalogue import describe
from providers.choices import OWNERSHIP_MISSING, REPAIR_CELLS, RESIDUE_CELLS, STAGE_CELLS, WAITING_CELLS, Cell
from providers.models import PhoneRecord
from providers.recipients.filters import IN_QUESTION
from schools.choices import PersonRole
from schools.freshness import freshness_of
from schools.models import Period, School, Window
from schools.tallies import Figures, school_figures
from sptjm.choices import StatementStatus
from sptjm.models import Statement
from vervalponsel.kit.figures import Bar, balance
from vervalponsel.kit.templatetags.ui import thousands, wib

from .links import url_of
from .people import BY_ROLE

WAY = tuple(STAGE_CELLS)
"""Cells of people whose claim is under way or done."""


@dataclass(frozen=True, slots=True)
class Move:
    """What the person should know first, and the button for it."""

    sentence: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One of the six steps as the steps component draws it."""

    name: str
    state: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Pupils or teachers: the balance of all of them and the figures that stand beside it."""

    word: str
    total: int
    rows: list[Bar]
    owners_missing: int
    owners_url: str
    left_out: int
    left_out_url: str
    list_url: str


class SchoolState:
    """The figures of one school in one moment, read once."""

    def __init__(self, school: School, period: Period | None) -> None:
        self.school, self.period = school, period
        self.figures: Figures = school_figures(school.pk)
        asked = PhoneRecord.objects.filter(school=school).in_question().order_by()
        self.questions: dict[str, int] = dict(asked.values_list("role").annotate(Count("id")))
        self.statements: dict[str, int] = {}
        if period:
            mine = Statement.objects.filter(school=school, period=period).order_by()
            self.statements = dict(mine.values_list("status").annotate(Count("id")))

    def n(self, *cells: str, role: str = "") -> int:
        return self.figures.total(*cells, role=role)

    @property
    def people(self) -> int:
        return self.n(*Cell.values)

    @property
    def statable(self) -> int:
        """Usable numbers whose owner is stated: they can go into an SPTJM now."""
        return self.n(Cell.USABLE) - self.n(OWNERSHIP_MISSING)

    def list_with(self, query: str, *cells: str) -> str:
        """The list that has such people: the pupils', unless only teachers have them."""
        role = PersonRole.STUDENT if self.n(*cells, role=PersonRole.STUDENT) else PersonRole.TEACHER
        return f"{BY_ROLE[role].list_url}?{query}"


def moves_of(state: SchoolState) -> list[Move]:
    """What to do, most urgent first; there is always at least one sentence."""
    moves = [
        move
        for move in (_returned(state), _repair(state), _owners(state), _questions(state), _upload(state), _make(state))
        if move
    ]
    return moves or [_waiting(state)]


def _returned(state: SchoolState) -> Move | None:
    n = state.statements.get(StatementStatus.RETURNED, 0)
    return Move(f"{n} SPTJM dikembalikan.", "Lihat alasannya", url_of("sptjm:list")) if n else None


def _repair(state: SchoolState) -> Move | None:
    n = state.n(*REPAIR_CELLS)
    url = state.list_with("keadaan=perbaiki", *REPAIR_CELLS)
    return Move(f"{thousands(n)} nomor perlu diperbaiki.", f"Perbaiki {thousands(n)} nomor", url) if n else None


def _owners(state: SchoolState) -> Move | None:
    n = state.n(OWNERSHIP_MISSING)
    url = state.list_with("keadaan=siap&milik=kosong", OWNERSHIP_MISSING)
    return Move(f"{thousands(n)} nomor aktif belum diisi kepemilikannya.", "Isi kepemilikan", url) if n else None


def _questions(state: SchoolState) -> Move | None:
    n = sum(state.questions.values())
    role = PersonRole.STUDENT if state.questions.get(PersonRole.STUDENT) else PersonRole.TEACHER
    url = f"{BY_ROLE[role].list_url}?tanya={IN_QUESTION}"
    return Move(f"{thousands(n)} nomor perlu Anda pastikan benar.", "Periksa nomornya", url) if n else None


def _upload(state: SchoolState) -> Move | None:
    n = state.statements.get(StatementStatus.STATED, 0)
    return Move(f"{n} SPTJM menunggu diunggah.", "Unggah SPTJM", url_of("sptjm:list")) if n else None


def _make(state: SchoolState) -> Move | None:
    n = state.statable
    if n <= 0:
        return None
    return Move(
        f"{thousands(n)} nomor siap masuk SPTJM.", f"Buat SPTJM untuk {thousands(n)} nomor", url_of("sptjm:make")
    )


def _waiting(state: SchoolState) -> Move:
    waiting, away = state.n(*WAITING_CELLS), state.n(*WAY) - state.n(Cell.INJECTED)
    if not state.people:
        return Move("Belum ada penerima dari Dapodik.", "Lihat yang tidak masuk", url_of("students:left_out"))
    if waiting:
        return Move(f"{thousands(waiting)} nomor menunggu jawaban provider. Tidak ada yang perlu dikerjakan sekarang.")
    if away:
        return Move(f"{thousands(away)} penerima menunggu SPTJM disetujui atau kuota dikirim.")
    return Move("Semua penerima sudah mendapat kuota.")


def steps_of(state: SchoolState) -> list[Step]:
    """The way of the numbers, each step with how many are in it now."""
    counts = [
        ("Periksa nomor", state.n(*REPAIR_CELLS), state.list_with("keadaan=perbaiki", *REPAIR_CELLS)),
        ("Dicek provider", state.n(*WAITING_CELLS), state.list_with("keadaan=menunggu", *WAITING_CELLS)),
        ("SPTJM", state.n(Cell.USABLE), url_of("sptjm:make")),
        ("Unggah", state.n(Cell.STATED, Cell.RETURNED), url_of("sptjm:list")),
        ("Disetujui", state.n(Cell.UPLOADED, Cell.APPROVED), url_of("sptjm:list")),
        ("Kuota", state.n(Cell.RELEASED), state.list_with("keadaan=RELEASED", Cell.RELEASED)),
    ]
    injected = state.n(Cell.INJECTED)
    notes = [f"{thousands(n)} nomor" if n else "" for _, n, _ in counts]
    notes[-1] = f"{thousands(injected)} masuk" if injected else notes[-1]
    return [
        Step(name, _step_state(counts, i, bool(injected)), notes[i], url if n else "")
        for i, (name, n, url) in enumerate(counts)
    ]


def _step_state(counts: list[tuple[str, int, str]], at: int, anybody_done: bool) -> str:
    """Somebody here: now. Nobody here but somebody further on: done. Nobody came so far: to do."""
    if counts[at][1]:
        return "now"
    further = anybody_done or any(n for _, n, _ in counts[at + 1 :])
    return "done" if further else "todo"


_BALANCE: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("Kuota masuk", (Cell.INJECTED,), "ok", "masuk"),
    ("Di SPTJM", tuple(c for c in WAY if c != Cell.INJECTED), "wait", "berjalan"),
    ("Aktif, belum di SPTJM", (Cell.USABLE,), "ok", "siap"),
    ("Menunggu provider", tuple(WAITING_CELLS), "wait", "menunggu"),
    ("Perlu diperbaiki", tuple(REPAIR_CELLS), "fix", "perbaiki"),
)


def groups_of(state: SchoolState) -> list[Group]:
    """Pupils, then teachers."""
    return [_group(state, role) for role in (PersonRole.STUDENT, PersonRole.TEACHER)]


def _group(state: SchoolState, role: PersonRole) -> Group:
    people = BY_ROLE[role]
    parts = [
        (label, state.n(*cells, role=role), f"{people.list_url}?keadaan={query}", tone)
        for label, cells, tone, query in _BALANCE
    ]
    left_out = [metric for metric in state.figures.by("metric", role=role) if metric.startswith("OUT:")]
    return Group(
        word=people.word,
        total=state.n(*Cell.values, role=role),
        rows=balance([part for part in parts if part[1]]),
        owners_missing=state.n(OWNERSHIP_MISSING, role=role),
        owners_url=f"{people.list_url}?keadaan=siap&milik=kosong",
        left_out=state.n(*left_out, role=role) if left_out else 0,
        left_out_url=people.left_out_url,
        list_url=people.list_url,
    )


def windows_of(period: Period | None, school: School) -> list[Window]:
    """The period's windows that hold for the school's region, in order of time."""
    if period is None:
        return []
    every = period.windows.order_by("opens_at", "id")
    return [window for window in every if school.regency_code.startswith(window.region_prefix)]


def last_data(school: School) -> list[tuple[str, object]]:
    """How old the register's data are: last full cut-off, last delta, the school's own synchronisation."""
    fresh = freshness_of(school)
    return [
        ("Tarikan penuh terakhir", fresh.cutoff_date),
        ("Perubahan terakhir masuk", fresh.delta_at),
        ("Sinkronisasi sekolah", fresh.synced_at),
    ]


def operator_home(school: School, period: Period | None) -> dict[str, object]:
    """Everything on the operator's first page."""
    state = SchoolState(school, period)
    moves = moves_of(state)
    return {
        "school": school,
        "state": state,
        "first": moves[0],
        "others": moves[1:],
        "steps": steps_of(state),
        "groups": groups_of(state),
        "windows": windows_of(period, school),
        "data": last_data(school),
        "residue": state.n(*RESIDUE_CELLS),
        "not_ready": _why_not_ready(state),
    }


def _why_not_ready(state: SchoolState) -> str:
    """Why no SPTJM can be made while there are numbers: nobody answered yet."""
    answered = state.n(Cell.USABLE, *WAY, Cell.INACTIVE, Cell.GRACE, Cell.NOT_OURS, Cell.FAILED)
    waiting = state.n(*WAITING_CELLS)
    if answered or not waiting:
        return ""
    asked = PhoneRecord.objects.filter(school=state.school, asked_in__isnull=False)
    last = asked.aggregate(at=Max("asked_in__created_at"))["at"]
    return describe("NO_STATEMENT_YET", date=wib(last) if last else "")
