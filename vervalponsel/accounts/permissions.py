"""Who may do what: the table of domain.md §8 as code."""

from enum import StrEnum

from django.db.models import TextChoices


class Role(TextChoices):
    """The roles a person can be assigned; providers are machines and hold credentials instead."""

    OPERATOR = "OPERATOR", "Operator sekolah"
    DINAS = "DINAS", "Admin dinas"
    PUSDATIN = "PUSDATIN", "Pusdatin"
    LPMP = "LPMP", "LPMP"


class Permission(StrEnum):
    """One line of the table each; scope is judged apart, by ``visible_to(actor)``."""

    SEE_RECIPIENTS = "see_recipients"
    EDIT_NUMBERS = "edit_numbers"
    MAKE_STATEMENTS = "make_statements"
    REVIEW_SCANS = "review_scans"
    RELEASE = "release"
    MANAGE = "manage"
    MANAGE_OPERATORS = "manage_operators"
    SEE_RECAPS = "see_recaps"
    SEE_LEDGER = "see_ledger"
    SEE_BATCHES = "see_batches"


_OPERATOR = {
    Permission.SEE_RECIPIENTS,
    Permission.EDIT_NUMBERS,
    Permission.MAKE_STATEMENTS,
    Permission.SEE_RECAPS,
    Permission.SEE_BATCHES,
}
_DINAS = {
    Permission.SEE_RECIPIENTS,
    Permission.REVIEW_SCANS,
    Permission.MANAGE_OPERATORS,
    Permission.SEE_RECAPS,
}
_PUSDATIN = {
    Permission.SEE_RECIPIENTS,
    Permission.REVIEW_SCANS,
    Permission.RELEASE,
    Permission.MANAGE,
    Permission.MANAGE_OPERATORS,
    Permission.SEE_RECAPS,
    Permission.SEE_LEDGER,
    Permission.SEE_BATCHES,
}

ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.OPERATOR: frozenset(_OPERATOR),
    Role.DINAS: frozenset(_DINAS),
    Role.PUSDATIN: frozenset(_PUSDATIN),
    Role.LPMP: frozenset({Permission.SEE_RECAPS}),
}
