"""What an import does to the numbers that look made up, and to the list of crowded numbers."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine

from providers.made_up import made_up
from providers.models import PhoneRecord, Prefix, Provider, QuestionRequest, SharedNumber

from .registers import Register, imported

pytestmark = pytest.mark.django_db


def flags() -> dict[str, bool]:
    return dict(PhoneRecord.objects.values_list("number", "looks_made_up"))


def test_a_first_load_and_a_later_one_ask_as_the_plain_rule_does(tmp_path: Path) -> None:
    register = Register()
    schools = [register.school("20300001"), register.school("20300002")]
    for i in range(6):
        register.pupil(schools[i % 2], nomor_telepon_seluler=f"0813791405{i + 10}")
        register.pupil(schools[0], nomor_telepon_seluler=f"0813791406{i + 10}")
    register.teacher(schools[1], no_hp="081311111111")
    imported(register, tmp_path)

    neighbours = {f"+62813791406{i + 10}" for i in range(6)}
    assert {number for number, flag in flags().items() if flag} == neighbours | {"+6281311111111"}
    assert not QuestionRequest.objects.exists()

    register.pupil(schools[1], nomor_telepon_seluler="081379140510")
    for i in (11, 13):
        register.pupil(schools[0], nomor_telepon_seluler=f"0813791405{i}")
    imported(register, tmp_path)
    for npsn in ("20300001", "20300002"):
        mine = PhoneRecord.objects.filter(school__npsn=npsn).exclude(number="")
        assert set(mine.filter(looks_made_up=True).values_list("number", flat=True)) == made_up(
            mine.values_list("number", flat=True)
        )


def test_an_import_keeps_the_list_of_crowded_numbers(tmp_path: Path) -> None:
    register = Register()
    one, two = register.school("20300001"), register.school("20300002", kode_wilayah="120301")
    crowd = [register.pupil(school, nomor_telepon_seluler="081379140528") for school in (one, one, one, two)]
    for _ in range(3):
        register.pupil(one, nomor_telepon_seluler="081379140777")
    imported(register, tmp_path)

    assert list(SharedNumber.objects.values_list("number", "recipients", "schools", "regencies")) == [
        ("+6281379140528", 4, 2, 2)
    ]

    crowd[0]["aktif"] = "0"
    imported(register, tmp_path)
    assert not SharedNumber.objects.exists()


def test_prefixes_are_those_of_the_day_in_jakarta(tmp_path: Path) -> None:
    """At one o'clock at night it is still yesterday in UTC, in which sessions of the database run."""
    Prefix.objects.create(provider=Provider.objects.get(code="TRI"), first=854, last=854, valid_from=date(2021, 3, 2))
    register = Register()
    register.pupil(register.school("20300001"), nomor_telepon_seluler="085412345678")
    with time_machine.travel(datetime(2021, 3, 1, 18, 0, tzinfo=UTC), tick=True):
        imported(register, tmp_path)
    assert PhoneRecord.objects.get().provider_id == "TRI"
