"""The table of domain.md §8 as addresses: who may read and write what, of the own and of a foreign school."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vervalponsel.accounts.actor import Actor
from vervalponsel.accounts.permissions import Permission as May
from vervalponsel.accounts.permissions import Role

from .world import Side

Args = Callable[[Side], list[Any]]
Data = Callable[[Side], dict[str, Any]]


@dataclass(frozen=True)
class Rule:
    """Who gets through. ``scoped``: a foreign side's object does not exist for those who see a scope only."""

    permission: May | None
    args: Args = lambda side: []
    reads: bool = True
    writes: bool = False
    scoped: bool = True
    query: Data = lambda side: {}
    data: Data = lambda side: {}
    hidden_from: tuple[str, ...] = field(default=())

    def allows(self, actor: Actor) -> bool:
        """Whether the role may do it at all."""
        return self.permission is None or actor.may(self.permission)

    def status(self, role: str, *, own: bool, may: bool) -> int:
        """403 or 404; 200 stands for every answer that lets the person through."""
        if not may:
            return 403
        if role in self.hidden_from or (self.scoped and not own and role != Role.PUSDATIN):
            return 404
        return 200


@dataclass(frozen=True)
class Open:
    """An address for everybody, signed in or not."""

    args: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Machine:
    """A machine's interface: 401 without a key; another provider's or service's object does not exist.

    ``register``: it asks for a service's key instead of a provider's.
    """

    method: str = "get"
    args: Args = lambda side: []
    body: bytes = b""
    content_type: str = "text/csv"
    scoped: bool = True
    open: bool = False
    register: bool = False


def _of_school(side: Side) -> dict[str, Any]:
    return {"npsn": side.school.npsn}


def _recipients(namespace: str, key: Callable[[Side], int]) -> dict[str, Rule]:
    """Pupils and teachers have the same pages."""

    def pk(side: Side) -> list[Any]:
        return [key(side)]

    return {
        f"{namespace}:list": Rule(May.SEE_RECIPIENTS, query=_of_school),
        f"{namespace}:left_out": Rule(May.SEE_RECIPIENTS, query=_of_school),
        f"{namespace}:changes": Rule(May.SEE_RECIPIENTS, query=_of_school),
        f"{namespace}:left_out_table": Rule(May.SEE_RECIPIENTS, lambda side: ["xlsx"], query=_of_school),
        f"{namespace}:changes_table": Rule(May.SEE_RECIPIENTS, lambda side: ["csv"], query=_of_school),
        f"{namespace}:several": Rule(May.EDIT_NUMBERS, query=_of_school, writes=True),
        f"{namespace}:ownership": Rule(
            May.EDIT_NUMBERS,
            query=_of_school,
            reads=False,
            writes=True,
            data=lambda side: {"pick": key(side), "ownership": "FATHER"},
        ),
        f"{namespace}:row": Rule(May.SEE_RECIPIENTS, pk),
        f"{namespace}:edit": Rule(
            May.EDIT_NUMBERS,
            pk,
            writes=True,
            data=lambda side: {"typed": "081377770001", "ownership": "FATHER", "version": 1},
        ),
        f"{namespace}:recheck": Rule(May.EDIT_NUMBERS, pk, reads=False, writes=True),
        f"{namespace}:confirm": Rule(May.EDIT_NUMBERS, pk, reads=False, writes=True),
        f"{namespace}:confirm_sharing": Rule(May.EDIT_NUMBERS, pk, reads=False, writes=True),
    }


def _statement(side: Side) -> list[Any]:
    return [side.statement.pk]


def _batch(side: Side) -> list[Any]:
    return [side.batch.pk]


def _region(side: Side) -> list[Any]:
    return [side.region]


_REGION = Rule(May.SEE_RECAPS, _region, hidden_from=(Role.OPERATOR,))


def _managed(args: Args = lambda side: [], **more: Any) -> Rule:
    """Pusdatin's alone."""
    return Rule(May.MANAGE, args, scoped=False, **more)


def _ledger(args: Args = lambda side: [], **more: Any) -> Rule:
    """Whoever keeps the ledger of exchanged files sees all of it."""
    return Rule(May.SEE_LEDGER, args, scoped=False, **more)


def _exchange(side: Side) -> list[Any]:
    return [side.exchange.pk]


RECEIPT = json.dumps({"rows": 0, "sha256": "0" * 64, "control_sum": "0"}).encode()

ROUTES: dict[str, Rule | Open | Machine] = {
    "healthz": Open(),
    "readyz": Open(),
    "desk:home": Rule(None, scoped=False),
    "desk:help": Rule(None, scoped=False),
    "desk:story": Rule(May.SEE_RECIPIENTS, lambda side: ["siswa", side.student.pk]),
    "desk:chase": Rule(May.REVIEW_SCANS, scoped=False),
    "desk:packages": _managed(lambda side: [side.world.draft.pk], writes=True),
    "desk:prefixes": _managed(writes=True),
    "desk:prefix": _managed(lambda side: [side.world.prefix.pk], writes=True),
    "desk:shared": _managed(),
    "desk:shared_csv": _managed(),
    "desk:shared_xlsx": _managed(),
    "desk:sharing_limits": _managed(writes=True),
    "desk:shared_number": _managed(lambda side: [side.world.shared.pk]),
    "desk:shared_number_csv": _managed(lambda side: [side.world.shared.pk]),
    "desk:shared_number_xlsx": _managed(lambda side: [side.world.shared.pk]),
    "accounts:switch": Rule(None, scoped=False),
    "batches:list": Rule(May.SEE_BATCHES, scoped=False),
    "batches:detail": Rule(May.SEE_BATCHES, _batch),
    "batches:progress": Rule(May.SEE_BATCHES, _batch),
    "batches:row_errors": Rule(May.SEE_BATCHES, _batch),
    "batches:row_errors_csv": Rule(May.SEE_BATCHES, _batch),
    "batches:row_errors_xlsx": Rule(May.SEE_BATCHES, _batch),
    "batches:stop": Rule(May.SEE_BATCHES, _batch, reads=False, writes=True),
    "batches:again": Rule(May.SEE_BATCHES, _batch, reads=False, writes=True),
    "schools:recap": Rule(May.SEE_RECAPS, scoped=False),
    "schools:school": Rule(May.SEE_RECAPS, lambda side: [side.school.npsn]),
    "schools:region": _REGION,
    "schools:breakdown": _REGION,
    "schools:region_csv": _REGION,
    "schools:manage": _managed(),
    "schools:new_period": _managed(writes=True),
    "schools:period": _managed(lambda side: [side.world.draft.pk], writes=True),
    "schools:open_period": _managed(lambda side: [side.world.draft.pk], reads=False, writes=True),
    "schools:close_period": _managed(lambda side: [side.world.period.pk], reads=False, writes=True),
    "schools:add_window": _managed(lambda side: [side.world.draft.pk], reads=False, writes=True),
    "schools:window": _managed(lambda side: [side.world.window.pk], writes=True, data=lambda side: {"remove": "1"}),
    "schools:offices": _managed(),
    "schools:office": _managed(lambda side: [side.office.pk], writes=True),
    "schools:coverage": _managed(writes=True, data=lambda side: {"npsn": side.school.npsn, "no_coverage": "1"}),
    "schools:accounts": Rule(May.MANAGE_OPERATORS, scoped=False),
    "schools:new_account": Rule(May.MANAGE_OPERATORS, scoped=False, writes=True),
    "schools:end_assignment": Rule(May.MANAGE_OPERATORS, lambda side: [side.worker.pk], reads=False, writes=True),
    "schools:reset_password": Rule(May.MANAGE_OPERATORS, lambda side: [side.worker.pk], reads=False, writes=True),
    **_recipients("students", lambda side: side.student.pk),
    **_recipients("teachers", lambda side: side.teacher.pk),
    "schools:cutoff_new": _managed(writes=True),
    "schools:cutoff_limits": _managed(writes=True),
    "schools:cutoff_decide": _managed(
        lambda side: [side.world.parked.batch_id], writes=True, data=lambda side: {"decision": "approve"}
    ),
    "schools:cutoff_revert": _managed(lambda side: [side.world.trial.batch_id], writes=True),
    "schools:cutoff_apply": _managed(lambda side: [side.world.trial.batch_id], reads=False, writes=True),
    "schools:cutoff_receipt": _managed(lambda side: [side.world.trial.batch_id, "000000"]),
    "schools:cutoff_table": _managed(lambda side: [side.world.trial.batch_id, "000000", "xlsx"]),
    "schools:service_keys": _managed(),
    "schools:new_service_key": _managed(reads=False, writes=True),
    "schools:replace_service_key": _managed(lambda side: [side.world.service_key.pk], reads=False, writes=True),
    "schools:revoke_service_key": _managed(lambda side: [side.world.service_key.pk], reads=False, writes=True),
    "providers:ledger": _ledger(),
    "providers:scores": _ledger(),
    "providers:chase": _ledger(),
    "providers:review": _ledger(),
    "providers:decide": _ledger(lambda side: [side.contradicted.pk], reads=False, writes=True),
    "providers:contact": _managed(lambda side: [side.provider_code.lower()], writes=True),
    "providers:prepare": _ledger(reads=False, writes=True),
    "providers:exchange": _ledger(_exchange),
    "providers:contradictions": _ledger(_exchange),
    "providers:offer_again": _ledger(_exchange, reads=False, writes=True),
    "providers:close": _ledger(_exchange, reads=False, writes=True),
    "providers:meaning": _ledger(_exchange, reads=False, writes=True),
    "providers:read_again": _ledger(lambda side: [side.exchange.pk, side.answers.pk], reads=False, writes=True),
    "providers:credentials": _managed(),
    "providers:create_credential": _managed(reads=False, writes=True),
    "providers:revoke_credential": _managed(lambda side: [side.world.keys[side][0].pk], reads=False, writes=True),
    "sptjm:list": Rule(May.SEE_RECIPIENTS, scoped=False),
    "sptjm:make": Rule(May.MAKE_STATEMENTS, scoped=False, writes=True),
    "sptjm:detail": Rule(May.SEE_RECIPIENTS, _statement),
    "sptjm:paper": Rule(May.MAKE_STATEMENTS, _statement),
    "sptjm:printing": Rule(May.MAKE_STATEMENTS, _statement, writes=True),
    "sptjm:upload": Rule(May.MAKE_STATEMENTS, _statement, writes=True),
    "sptjm:void": Rule(May.MAKE_STATEMENTS, _statement, writes=True, data=lambda side: {"reason": "salah cetak"}),
    "sptjm:give_back": Rule(May.RELEASE, _statement, writes=True, scoped=False),
    "sptjm:scan": Rule(May.SEE_RECIPIENTS, lambda side: [side.scan.pk]),
    "sptjm:picture": Rule(May.SEE_RECIPIENTS, lambda side: [side.scan.pk, 1]),
    "sptjm:queue": Rule(May.REVIEW_SCANS, scoped=False),
    "sptjm:review": Rule(
        May.REVIEW_SCANS,
        _statement,
        writes=True,
        data=lambda side: {"scan": side.scan.pk, "decision": "approve"},
        # Both schools have a staffed office: there Pusdatin judges nothing.
        hidden_from=(Role.PUSDATIN,),
    ),
    "sptjm:release": Rule(May.RELEASE, scoped=False, writes=True),
    "sptjm:release_progress": Rule(May.RELEASE, lambda side: [side.release.pk], scoped=False),
    "account_login": Open(),
    "account_logout": Open(),
    "account_inactive": Open(),
    "account_signup": Open(),
    "account_reauthenticate": Rule(None, scoped=False),
    "account_email": Rule(None, scoped=False),
    "account_email_verification_sent": Open(),
    "account_confirm_email": Open(["MQ:abc:def"]),
    "account_change_password": Rule(None, scoped=False),
    "account_set_password": Rule(None, scoped=False),
    "account_reset_password": Open(),
    "account_reset_password_done": Open(),
    "account_reset_password_from_key": Open(["1", "abc-def"]),
    "account_reset_password_from_key_done": Open(),
    "account_confirm_login_code": Open(),
    "register_api:openapi-json": Machine(open=True),
    "register_api:api-root": Machine(open=True),
    "register_api:post_delta": Machine("post", body=b"x", content_type="application/zip", scoped=False, register=True),
    "register_api:delta": Machine(args=lambda side: [side.delta.pk], register=True),
    "register_api:refused": Machine(args=lambda side: [side.delta.pk], register=True),
    "register_api:nothing_here": Machine(args=lambda side: ["x"], open=True),
    "provider_api:openapi-json": Machine(open=True),
    "provider_api:api-root": Machine(open=True),
    "provider_api:guide": Machine(open=True),
    "provider_api:list_keys": Machine(open=True),
    "provider_api:list_exchanges": Machine(scoped=False),
    "provider_api:get_manifest": Machine(args=lambda side: [side.exchange.pk]),
    "provider_api:get_part": Machine(args=lambda side: [side.exchange.pk, 1]),
    "provider_api:post_receipt": Machine("post", lambda side: [side.exchange.pk], RECEIPT, "application/json"),
    "provider_api:post_answers": Machine("post", lambda side: [side.exchange.pk], b"line,outcome\n"),
    "provider_api:post_reports": Machine("post", lambda side: [side.exchange.pk], b"line,outcome\n"),
    "provider_api:batch": Machine(args=lambda side: [side.answers.pk]),
    "provider_api:refused": Machine(args=lambda side: [side.answers.pk]),
    "provider_api:nothing_here": Machine(args=lambda side: ["x"], open=True),
}
