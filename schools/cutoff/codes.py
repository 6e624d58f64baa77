"""Why a row of a cut-off could not be kept. The sentences are in the catalogue of codes."""

from enum import StrEnum


class RowCode(StrEnum):
    """Codes of rows that were set aside; rows that were kept carry a code of eligibility instead."""

    ID_INVALID = "ID_INVALID"
    SCHOOL_UNKNOWN = "SCHOOL_UNKNOWN"
    NAME_MISSING = "NAME_MISSING"
    VALUE_TOO_LONG = "VALUE_TOO_LONG"
    DUPLICATE_ROW = "DUPLICATE_ROW"
    OUT_OF_SCOPE = "OUT_OF_SCOPE"
    NPSN_INVALID = "NPSN_INVALID"
    NPSN_TAKEN = "NPSN_TAKEN"
    FORM_NOT_OURS = "FORM_NOT_OURS"
    REGION_UNKNOWN = "REGION_UNKNOWN"
    REGION_CODE_INVALID = "REGION_CODE_INVALID"
