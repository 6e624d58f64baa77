"""A first cut-off that was stopped, and another one that takes its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from providers.models import PhoneRecord
from schools.cutoff.cutoff import Cutoff
from vervalponsel.batches.choices import Status
from vervalponsel.batches.runner import Stopped, run_batch

from .registers import Register, handed_in, imported

pytestmark = pytest.mark.django_db


def test_sharers_of_a_first_load_that_was_stopped_are_counted_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = Register()
    school = register.school("20300001")
    for _ in range(3):
        register.pupil(school, nomor_telepon_seluler="081226004001")
    register.teacher(school, no_hp="")
    step = Cutoff.step

    def stopped_before_counting(self: Cutoff, package: str, name: str, **more: object) -> int:
        if name == "shared_numbers":
            raise Stopped
        return step(self, package, name, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Cutoff, "step", stopped_before_counting)
        assert run_batch(handed_in(register, tmp_path).pk) == Status.STOPPED
    assert set(PhoneRecord.objects.values_list("share_count", flat=True)) == {0, 1}
    assert imported(register, tmp_path).status == Status.DONE
    assert set(PhoneRecord.objects.values_list("share_count", flat=True)) == {0, 3}
