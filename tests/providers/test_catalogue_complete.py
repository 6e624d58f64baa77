"""The catalogue against the code base: what Python, SQL or an interface gives out as a code has its entry."""

import ast
import importlib
import re
from collections.abc import Iterator
from enum import Enum, StrEnum
from pathlib import Path

import pytest
from django.db.models import TextChoices

from providers.api.errors import CATALOGUE as PROVIDERS_INTERFACE
from providers.catalogue import ENTRIES, Topic, find
from schools.api.errors import CATALOGUE as REGISTER_INTERFACE

from .test_catalogue import TOPICS

ROOT = Path(__file__).parents[2]
PARTS = ("vervalponsel", "schools", "providers", "students", "teachers", "sptjm")
LOOKS_LIKE_A_CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")

NO_CODES = {
    # What an object is or has come to: its label is its word, and no reason.
    "Sharing", "Ownership", "Source", "Purpose", "ExchangeStatus", "StatementStatus", "Decision", "Jenjang",
    "PeriodStatus", "WindowKind", "PersonRole", "ChangeKind", "RowKind", "Role", "Permission", "Status", "ChunkStatus",
    "Measure",
    # Why an upload was not taken: said on the spot by its label, about a scan and not about a number.
    "ScanRefusal",
}  # fmt: skip
"""Enumerations whose members are no codes; any other has to be catalogued."""

INTERNAL = {
    "SLOT_OUT_OF_RANGE", "STAGE_NOT_FIRST", "NOT_CARRIED",  # only a mistake of ours could break these rules
    "OK", "NEW", "DUPLICATE",  # verdicts on a row on its way through one step
    "INSERT", "DELETE",  # a trigger's operation
    "NEVER",  # of a benchmark
    "VP001",  # an SQLSTATE: the register is shut for a while, which pages say in their own words
}  # fmt: skip


def sources(ending: str) -> Iterator[Path]:
    for part in PARTS:
        for path in sorted((ROOT / part).rglob(f"*{ending}")):
            if "migrations" not in path.parts and "catalogue" not in path.parts:
                yield path


def enumerations() -> dict[str, type[Enum]]:
    """Every enumeration of texts that the project defines, found by reading its source."""
    found: dict[str, type[Enum]] = {}
    for path in sources(".py"):
        for name in re.findall(r"^class (\w+)\((?:\w+\.)?(?:TextChoices|StrEnum)\)", path.read_text(), re.MULTILINE):
            module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            found[name] = getattr(module, name)
    return found


CATALOGUED = {kind.__name__ for _, kind in TOPICS if isinstance(kind, type)} | {"Cell", "Outcome"}


def test_every_enumeration_is_catalogued_or_known_to_hold_no_codes() -> None:
    names = set(enumerations())
    assert names - CATALOGUED == NO_CODES, "say whether its members are codes"
    assert not CATALOGUED & NO_CODES
    assert names >= CATALOGUED, "a list of codes that no longer exists"


def words_without_a_sentence() -> set[str]:
    kinds = [kind for name, kind in enumerations().items() if name in NO_CODES]
    assert all(issubclass(kind, TextChoices | StrEnum) for kind in kinds)
    return {str(member.value) for kind in kinds for member in kind} | INTERNAL


def literals_of(sql: Path) -> set[str]:
    text = re.sub(r"--[^\n]*", "", sql.read_text())
    return {word for word in re.findall(r"'([A-Z][A-Z0-9_]+)'", text) if LOOKS_LIKE_A_CODE.fullmatch(word)}


def test_every_code_in_sql_has_an_entry() -> None:
    from providers.reference import NAMES

    known = {entry.code for entry in ENTRIES} | words_without_a_sentence() | set(NAMES)
    missing = {f"{path.name}: {word}" for path in sources(".sql") for word in literals_of(path) - known}
    assert missing == set()


CALLS = {"set_aside", "describe", "find", "wrong", "Wrong", "RowFault", "RowError"}


def codes_in(path: Path) -> set[str]:
    """Constants that Python gives out as a code: ``code="X"``, ``code = "X"``, ``{"code": "X"}``, set_aside("X") …"""
    values = [value for node in ast.walk(ast.parse(path.read_text())) for value in _given(node)]
    constants = [str(v.value) for value in values for v in ast.walk(value) if isinstance(v, ast.Constant)]
    return {word for word in constants if LOOKS_LIKE_A_CODE.fullmatch(word) and len(word) > 1}


def _given(node: ast.AST) -> list[ast.expr]:
    """What a piece of source hands on as a code."""
    match node:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=args, keywords=named):
            return [*(args[:2] if name in CALLS else []), *(word.value for word in named if word.arg == "code")]
        case (
            ast.Assign(targets=[ast.Name(id="code")], value=value)
            | ast.AnnAssign(target=ast.Name(id="code"), value=ast.expr() as value)
        ):
            return [value]
        case ast.Dict(keys=keys, values=values):
            return [v for k, v in zip(keys, values, strict=True) if isinstance(k, ast.Constant) and k.value == "code"]
    return []


def test_every_code_that_python_gives_out_has_an_entry() -> None:
    given = {(path.name, code) for path in sources(".py") for code in codes_in(path)}
    wordless = words_without_a_sentence()
    assert {(name, code) for name, code in given if find(code) is None and code not in wordless} == set()
    assert {"LOCKED", "UNKNOWN_WORD", "WRONG_PURPOSE", "NO_STATEMENT_YET"} <= {code for _, code in given}, "it looks"


@pytest.mark.parametrize("interface", [PROVIDERS_INTERFACE, REGISTER_INTERFACE], ids=["providers", "register"])
def test_every_failure_of_an_interface_has_an_entry(interface: dict[str, tuple[int, str]]) -> None:
    assert [code for code in interface if find(code, Topic.INTERFACE) is None] == []


def test_interfaces_speak_from_the_catalogue() -> None:
    for code, (_, sentence) in PROVIDERS_INTERFACE.items():
        entry = find(code, Topic.INTERFACE)
        assert entry
        assert entry.sentence == sentence
    answered = PROVIDERS_INTERFACE.keys() | REGISTER_INTERFACE.keys()
    assert {entry.code for entry in ENTRIES if entry.topic is Topic.INTERFACE} == answered
