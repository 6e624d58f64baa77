"""Every status that is not final says who acts next, its clock, what heals it and which button a person has."""

from datetime import date

import pytest

from providers.catalogue import Topic, find
from providers.choices import Stage
from sptjm.choices import LeftOut, ReturnCode, StatementStatus
from sptjm.listing import STAGE_TONES, TONES
from sptjm.models import Statement
from sptjm.policies import _SENTENCES, DUTIES
from sptjm.serials import file_stem, statement_number

FINAL = {StatementStatus.VOIDED}


def test_every_open_status_declares_its_duty() -> None:
    assert set(DUTIES) == set(StatementStatus) - FINAL
    for duty in DUTIES.values():
        assert all((duty.who, duty.clock, duty.heals, duty.button))


def test_every_status_and_stage_has_words_and_a_tone() -> None:
    assert set(_SENTENCES) == set(StatementStatus)
    assert set(TONES) == set(StatementStatus)
    assert set(STAGE_TONES) == set(Stage)


@pytest.mark.parametrize("code", ReturnCode)
def test_every_return_code_has_its_sentence(code: ReturnCode) -> None:
    assert find(code, Topic.RETURN)


@pytest.mark.parametrize("code", LeftOut)
def test_every_reason_to_be_left_out_has_its_sentence(code: LeftOut) -> None:
    assert find(code, Topic.DROP)


def test_number_names_serial_school_and_month() -> None:
    number = statement_number(serial=12, npsn="NP751295", month=date(2020, 9, 11))
    assert number == "012/NP751295/2020-09"
    assert file_stem(number) == "SPTJM-012-NP751295-2020-09"
    room = Statement._meta.get_field("number").max_length or 0
    assert len(statement_number(serial=99_999, npsn="20326541", month=date(2020, 9, 1))) <= room
