"""What must hold in the small nation at every moment. Everything is read as plain rows and judged here again, by the
rules as they are written down, without the code that is tested. Each check yields sentences about what is wrong.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Model

from providers.models import Entitlement, Exchange, ExchangeLine, PhoneRecord, ShareRequest
from schools import tallies
from schools.models import Period, Rollup, School, Tally, TallyDelta
from sptjm.models import Statement, StatementLine
from students.models import Student
from teachers.cutoff import TEACHER_TYPES
from teachers.models import Teacher

Values = dict[str, Any]
Key = Counter[tuple[str, ...]]
"""(jenjang, role, metric, provider) to how many."""
PARTS = {"000000": {"030000", "120000"}, "030000": {"032800", "032900"}, "120000": {"120300"}}
REGIONS = ("000000", "030000", "032800", "032900", "120000", "120300")
NOT_RELEASED = ("STATED", "UPLOADED", "RETURNED", "APPROVED")
ON_THE_WAY = (*NOT_RELEASED, "RELEASED", "INJECTED")
USABLE = ("ACTIVE", "POSTPAID")


def values(model: type[Model]) -> list[Values]:
    """Every row of a table, in the order of ids."""
    return [dict(row) for row in model._default_manager.order_by("pk").values()]


@dataclass
class Picture:
    """All rows at one moment, each as a dictionary. ``opening``: a period was opened and its batch has not run yet."""

    opening: bool = False

    @cached_property
    def schools(self) -> dict[int, Values]:
        return {row["id"]: row for row in values(School)}

    @cached_property
    def records(self) -> dict[int, Values]:
        return {row["id"]: row for row in values(PhoneRecord)}

    @cached_property
    def claims(self) -> dict[int, Values]:
        return {row["id"]: row for row in values(Entitlement)}

    @cached_property
    def periods(self) -> dict[int, Values]:
        return {row["id"]: row for row in values(Period)}

    @cached_property
    def lines(self) -> list[Values]:
        return values(ExchangeLine)

    @cached_property
    def exchanges(self) -> dict[int, Values]:
        return {row["id"]: row for row in values(Exchange)}

    @cached_property
    def statements(self) -> dict[int, Values]:
        return {row["id"]: row for row in values(Statement)}

    @cached_property
    def printed(self) -> dict[int, int]:
        """Claim to statement."""
        return dict(StatementLine.objects.values_list("entitlement_id", "statement_id"))

    @cached_property
    def rows(self) -> dict[str, list[Values]]:
        """The register's rows by role, each with its person's id as ``person``."""
        return {
            "STUDENT": [row | {"person": row["peserta_didik_id"]} for row in values(Student)],
            "TEACHER": [row | {"person": row["ptk_id"]} for row in values(Teacher)],
        }

    @cached_property
    def eligible(self) -> list[Values]:
        return [row for row in self.records.values() if row["eligibility"] == "OK"]

    @cached_property
    def current(self) -> Values:
        return next(row for row in self.periods.values() if row["is_current"])

    @cached_property
    def counted(self) -> dict[int, Key]:
        """The figures of each school, counted from the rows."""
        return counted_figures(self)

    @cached_property
    def live(self) -> list[Values]:
        """Claims that lock a number, judged here."""
        dead = ("VOIDED", "DROPPED", "FAILED", "REVERSED")
        return [row for row in self.claims.values() if row["stage"] not in dead and not row["closed"]]

    @cached_property
    def stage_now(self) -> dict[int, str]:
        """Record to the stage of its live claim in the current period."""
        return {c["record_id"]: c["stage"] for c in self.live if c["period_id"] == self.current["id"]}


Check = Callable[[Picture], Iterator[str]]


def cell_of(record: Values, stage: str) -> str:
    """The one cell of an eligible record, by the precedence that the design states."""
    if stage in ON_THE_WAY:
        return stage
    has_number = record["state"] not in ("EMPTY", "MALFORMED")
    if has_number and record["sharing"] != "NONE":
        return f"SHARED_{record['sharing']}"
    if record["state"] in USABLE:
        return "USABLE"
    if record["state"] == "READY" and record["asked_in_id"]:
        return "SENT"
    return str(record["state"])


def figures_match(p: Picture) -> Iterator[str]:
    """In every school and region every figure is a count of the rows, and the cells add up to the eligible."""
    read = tallies.figures_of_schools(list(p.schools))
    for school, expected in p.counted.items():
        told = _of(read.get(school, tallies.Figures([])))
        yield from _differ(f"school {p.schools[school]['npsn']}", told, expected)
        cells = sum(n for key, n in told.items() if key[2] != "OWNERSHIP_MISSING" and ":" not in key[2])
        if cells != sum(row["school_id"] == school for row in p.eligible):
            yield f"school {p.schools[school]['npsn']}: {cells} in cells"
    for region in REGIONS:
        yield from _differ(f"region {region}", _of(tallies.region_figures(region)), region_count(p, region))


def other_readings_match(p: Picture) -> Iterator[str]:
    """The same figures, read in the other ways in which pages read them."""
    for school, expected in p.counted.items():
        yield from _differ(f"school {school}", _of(tallies.school_figures(school)), expected)
    for region in REGIONS:
        chosen = Counter({key: n for key, n in region_count(p, region).items() if key[0] in ("SD", "SMA")})
        yield from _differ(f"region {region}, SD and SMA", _of(tallies.region_figures(region, ["SD", "SMA"])), chosen)
    for above, parts in PARTS.items():
        read = tallies.figures_below(above)
        for part in parts | set(read):
            told = _of(read.get(part, tallies.Figures([])))
            yield from _differ(f"{part} below {above}", told, _by_role_and_metric(region_count(p, part)))


def _by_role_and_metric(figures: Key) -> Key:
    summed: Key = Counter()
    for (_, role, metric, _), n in figures.items():
        summed["", role, metric, ""] += n
    return summed


def counted_figures(p: Picture) -> dict[int, Key]:
    """(jenjang, role, metric, provider) of each school, counted from the rows."""
    counted: dict[int, Key] = {school: Counter() for school in p.schools}
    for record in p.eligible:
        school, provider = record["school_id"], record["provider_id"] or ""
        # While an opening is under way some records still show the stage of the period before.
        cell = record["cell"] if p.opening else cell_of(record, p.stage_now.get(record["id"], ""))
        key = (p.schools[school]["jenjang"], record["role"])
        counted[school][(*key, cell, provider)] += 1
        if cell == "USABLE" and not record["ownership"]:
            counted[school][(*key, "OWNERSHIP_MISSING", provider)] += 1
    for role, rows in p.rows.items():
        for row in rows:
            if row["eligibility"] not in ("OK", "LEFT"):
                jenjang = p.schools[row["school_id"]]["jenjang"]
                counted[row["school_id"]][(jenjang, role, f"OUT:{row['eligibility']}", "")] += 1
    return counted


def region_count(p: Picture, region: str) -> Key:
    total: Key = Counter()
    for school, figures in p.counted.items():
        if region in ("000000", p.schools[school]["regency_code"], p.schools[school]["province_code"]):
            total += figures
    return total


def _of(figures: tallies.Figures) -> Key:
    found: Key = Counter()
    for row in figures.rows:
        found[(row.jenjang, row.role, row.metric, row.provider)] += row.n
    return found


def _differ(where: str, told: Key, counted: Key) -> Iterator[str]:
    for key in sorted(set(told) | set(counted)):
        if told[key] != counted[key]:
            yield f"{where} {' '.join(key)}: told {told[key]}, counted {counted[key]}"


def sums_are_kept(p: Picture) -> Iterator[str]:
    """Folded sums are never below nothing once nothing is pending, and the rollups are the sums of the schools."""
    if TallyDelta.objects.exists():
        return
    by_region: Key = Counter()
    for row in values(Tally):
        if row["n"] < 0:
            yield f"tally {row}"
        school = p.schools[row["school_id"]]
        for region in (school["regency_code"], school["province_code"], "000000"):
            by_region[(region, school["jenjang"], row["role"], row["metric"], row["provider_id"])] += row["n"]
    for row in values(Rollup):
        key = (row["region_code"], row["jenjang"], row["role"], row["metric"], row["provider_id"])
        if by_region[key] != row["n"]:
            yield f"rollup {key}: {row['n']}, schools {by_region[key]}"


def cells_are_kept(p: Picture) -> Iterator[str]:
    """The stored cell is the one that the rules give, and the stage on the record is that of its live claim."""
    if p.opening:
        return
    for record in p.records.values():
        stage = p.stage_now.get(record["id"], "")
        if record["stage"] != stage:
            yield f"record {record['id']} shows stage {record['stage']!r}, its claim has {stage!r}"
        expected = cell_of(record, stage) if record["eligibility"] == "OK" else "OUT"
        if record["cell"] != expected:
            yield f"record {record['id']} in cell {record['cell']}, belongs into {expected}"


def people_match(p: Picture) -> Iterator[str]:
    """Each recipient has one record, at their school; each eligible record is one recipient's."""
    by_person = {(record["role"], record["person_id"]): record for record in p.records.values()}
    for role, rows in p.rows.items():
        eligible = Counter(row["person"] for row in rows if row["eligibility"] == "OK")
        yield from (f"{role} {person} is a recipient {n} times" for person, n in eligible.items() if n > 1)
        for row in rows:
            record = by_person.get((role, row["person"]))
            if record and row["record_id"] != record["id"]:
                yield f"{role} {row['name']} points to record {row['record_id']}, theirs is {record['id']}"
            if row["eligibility"] == "OK" and (
                record is None or (record["eligibility"], record["school_id"]) != ("OK", row["school_id"])
            ):
                yield f"{role} {row['name']} at {row['school_id']} is a recipient, record: {record}"
        for record in p.eligible:
            if record["role"] == role and not eligible[record["person_id"]]:
                yield f"record {record['id']} of {role} {record['person_id']} is eligible, nobody is"


def verdicts_match(p: Picture) -> Iterator[str]:
    """Every row of the register bears the verdict that the rows as they stand give."""
    if p.opening:
        return
    for role, verdict_of in (("STUDENT", _student_verdict), ("TEACHER", _teacher_verdict)):
        competing = [row for row in p.rows[role] if _competes(p, row, role)]
        for row in p.rows[role]:
            verdict = verdict_of(p, row, competing)
            if row["eligibility"] != verdict:
                yield f"{role} {row['name']} at school {row['school_id']} is {row['eligibility']}, should be {verdict}"


def _competes(p: Picture, row: Values, role: str) -> bool:
    there = row["is_active"] and not row["has_left"] and not p.schools[row["school_id"]]["has_left"]
    return there and (role == "STUDENT" or row["is_home"])


def _student_verdict(p: Picture, row: Values, competing: list[Values]) -> str:
    school, nisn = p.schools[row["school_id"]], row["nisn"]
    others = [other for other in competing if other["id"] != row["id"]]
    twice = any(other["person"] == row["person"] for other in others)
    same = [other for other in others if other["nisn"] == nisn and other["person"] != row["person"]]
    facts = [(other["name_key"], other["birth_date"]) == (row["name_key"], row["birth_date"]) for other in same]
    return _first(
        ("LEFT", row["has_left"] or school["has_left"]),
        ("INACTIVE", not row["is_active"]),
        ("NOT_SYNCED", not school["is_synchronised"]),
        ("NISN_MISSING", nisn == ""),
        ("NISN_INVALID", len(nisn) != 10 or not nisn.isdigit()),
        ("DUPLICATE_SCHOOL", twice or any(facts)),
        ("NISN_CONFLICT", bool(facts)),
        ("RECEIVES_PIP", row["receives_pip"] and p.current["excludes_pip"]),
        ("NOT_SERVED", school["jenjang"] not in p.current["jenjang"]),
    )


def _teacher_verdict(p: Picture, row: Values, competing: list[Values]) -> str:
    school = p.schools[row["school_id"]]
    twice = any(other["person"] == row["person"] and other["id"] != row["id"] for other in competing)
    return _first(
        ("LEFT", row["has_left"] or school["has_left"]),
        ("INACTIVE", not row["is_active"]),
        ("NOT_SYNCED", not school["is_synchronised"]),
        ("NOT_HOME_SCHOOL", not row["is_home"]),
        ("NOT_TEACHER", row["ptk_type"] not in TEACHER_TYPES),
        ("DUPLICATE_SCHOOL", twice),
        ("NOT_SERVED", school["jenjang"] not in p.current["jenjang"]),
    )


def _first(*reasons: tuple[str, bool]) -> str:
    return next((code for code, holds in reasons if holds), "OK")


def claims_hold(p: Picture) -> Iterator[str]:
    """A number with a live claim stays; slots are few and single; what is not released is fit to be released."""
    slots = Counter((c["period_id"], c["number"], c["slot"]) for c in p.live)
    yield from (f"slot {slot} taken {n} times" for slot, n in slots.items() if n > 1)
    people = Counter((c["period_id"], c["record_id"]) for c in p.live)
    yield from (f"record {record} claimed {n} times" for record, n in people.items() if n > 1)
    for (period, number), n in Counter((c["period_id"], c["number"]) for c in p.live).items():
        if n > p.periods[period]["sharing_max"]:
            yield f"{number} is claimed {n} times in period {period}"
    for claim in p.live:
        record = p.records[claim["record_id"]]
        if (record["number"], record["provider_id"]) != (claim["number"], claim["provider_id"]):
            yield f"claim {claim['id']} of {claim['number']}, record {record['id']} bears {record['number']}"
        served = ("OK",) if p.periods[claim["period_id"]]["is_current"] else ("OK", "NOT_SERVED", "RECEIVES_PIP")
        fit = record["eligibility"] in served and record["state"] in USABLE
        if claim["stage"] in NOT_RELEASED and not fit:
            yield f"claim {claim['id']} is {claim['stage']}, record is {record['eligibility']} {record['state']}"
        if p.periods[claim["period_id"]]["status"] == "CLOSED":
            yield f"claim {claim['id']} is live in a closed period"


def injected_once(p: Picture) -> Iterator[str]:
    """Nobody gets the quota of a period twice, unless it was taken back in between."""
    got = Counter((c["period_id"], c["record_id"]) for c in p.claims.values() if c["stage"] == "INJECTED")
    yield from (
        f"record {record} got the quota of period {period} {n} times" for (period, record), n in got.items() if n > 1
    )


def sharing_is_counted(p: Picture) -> Iterator[str]:
    """Unless a count is asked for, a record tells how many recipients bear its number and what follows from it."""
    asked = set(ShareRequest.objects.values_list("number", flat=True))
    sharers = Counter(row["number"] for row in p.eligible)
    most, confirm = p.current["sharing_max"], p.current["sharing_confirm_above"]
    for record in p.records.values():
        if p.opening or not record["number"] or record["number"] in asked:
            continue
        n = sharers[record["number"]]
        told = n > confirm and record["sharing_confirmed_at"] is None
        sharing = "STOPPED" if n > most else "TO_CONFIRM" if told else "NONE"
        if (record["share_count"], record["sharing"]) != (n, sharing):
            yield f"record {record['id']} {record['share_count']} {record['sharing']}, should be {n} {sharing}"
    for claim in p.live:
        if claim["stage"] in NOT_RELEASED and p.records[claim["record_id"]]["sharing"] == "STOPPED":
            yield f"claim {claim['id']} is {claim['stage']} although its number is shared by too many"


def lines_hold(p: Picture) -> Iterator[str]:
    """No record waits for two answers of one purpose; what a record says of being asked is so."""
    live = [line for line in p.lines if line["live"]]
    twice = Counter((line["purpose"], line["record_id"]) for line in live)
    yield from (f"record {record} is in {n} live lines" for record, n in twice.items() if n > 1)
    asked = {(line["record_id"], line["exchange_id"], line["number"]) for line in live if line["purpose"] == "MATCH"}
    for record in p.records.values():
        if record["asked_in_id"] and (record["id"], record["asked_in_id"], record["number"]) not in asked:
            yield f"record {record['id']} says that it is asked in {record['asked_in_id']}"
    for line in live:
        if line["outcome"]:
            yield f"line {line['id']} is answered and waits"
    for number, exchange in p.exchanges.items():
        own = [line for line in p.lines if line["exchange_id"] == number]
        if exchange["rows"] != len(own):
            yield f"exchange {number} bears {exchange['rows']} rows, has {len(own)}"
        if (exchange["status"] == "ANSWERED") != (exchange["status"] != "CLOSED" and not any(n["live"] for n in own)):
            yield f"exchange {number} is {exchange['status']}"


def orders_hold(p: Picture) -> Iterator[str]:
    """Each order line's claim stands where the provider's reports put it; nothing reported is no success."""
    ordered: dict[int, list[Values]] = defaultdict(list)
    for line in p.lines:
        if line["purpose"] == "INJECT":
            ordered[line["entitlement_id"]].append(line)
    for number, claim in p.claims.items():
        lines = ordered.get(number, [])
        released = claim["stage"] in ("RELEASED", "INJECTED", "FAILED", "REVERSED")
        if len(lines) != released:
            yield f"claim {number} is {claim['stage']} and has {len(lines)} order lines"
        for line in lines if not claim["closed"] else []:
            expected = {"": "RELEASED", "SUCCEEDED": "INJECTED", "REVERSED": "REVERSED", "FAILED": "FAILED"}[
                line["outcome"]
            ]
            expected = "REVERSED" if line["outcome"] == "FAILED" and line["is_contradicted"] else expected
            if claim["stage"] != expected:
                yield f"claim {number} is {claim['stage']}, its report says {expected}"


AS_ON_PAPER = {
    "STATED": {"STATED"},
    "UPLOADED": {"UPLOADED"},
    "RETURNED": {"RETURNED"},
    "APPROVED": {"APPROVED"},
    "RELEASED": {"APPROVED", "RELEASED", "INJECTED", "FAILED", "REVERSED"},
    "VOIDED": {"VOIDED"},
}


def statements_hold(p: Picture) -> Iterator[str]:
    """A paper and the claims on it are at the same point, but for those who dropped out."""
    on_paper: dict[int, list[Values]] = defaultdict(list)
    for claim_id, statement_id in p.printed.items():
        on_paper[statement_id].append(p.claims[claim_id])
    for number, statement in p.statements.items():
        stages = {claim["stage"] for claim in on_paper[number]} - {"DROPPED"}
        if stages - AS_ON_PAPER[statement["status"]]:
            yield f"statement {statement['number']} is {statement['status']}, its claims {sorted(stages)}"
        if statement["status"] == "RELEASED" and not stages - {"APPROVED"}:
            yield f"statement {statement['number']} is RELEASED, none of its claims is"
        if statement["students"] + statement["teachers"] != len(on_paper[number]):
            yield f"statement {statement['number']} has {len(on_paper[number])} lines"
    for claim in p.claims.values():
        if (claim["id"] in p.printed) == (claim["carried_from_id"] is not None):
            yield f"claim {claim['id']} is {'both' if claim['id'] in p.printed else 'neither'} carried over and stated"


CHECKS: list[Check] = [
    figures_match,
    sums_are_kept,
    cells_are_kept,
    people_match,
    verdicts_match,
    claims_hold,
    injected_once,
    sharing_is_counted,
    lines_hold,
    orders_hold,
    statements_hold,
]


def wrong(picture: Picture | None = None, *, thorough: bool = True) -> list[str]:
    """Everything that does not hold now; without ``thorough`` figures are read in one way only."""
    picture = picture or Picture()
    checks = [*CHECKS, other_readings_match] if thorough else CHECKS
    return [f"{check.__name__}: {sentence}" for check in checks for sentence in check(picture)]
