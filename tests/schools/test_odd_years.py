"""Years at the calendar's edge, which no other time zone could show."""

import pytest
from django.test import Client

from schools.models import Period
from tests.factories import pusdatin

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_period_ends_in_this_century(day):
    client = Client()
    client.force_login(pusdatin().user)  # type: ignore[arg-type]
    answer = client.post(
        "/sekolah/kelola/periode/baru/",
        {
            "name": "Uji",
            "semester_id": "20201",
            "starts_date": "2020-09-01",
            "deadline_at_0": day,
            "deadline_at_1": "00:00",
            "jenjang": "SD",
            "sharing_confirm_above": 1,
            "sharing_max": 3,
            "answer_valid_days": 30,
            "stamp_duty_rupiah": 6000,
        },
    )
    assert answer.status_code == 422
    assert "Periksa tahunnya." in answer.content.decode()
    assert not Period.objects.filter(name="Uji").exists()
