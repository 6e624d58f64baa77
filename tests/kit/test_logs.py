"""A failure's report names no person."""

import logging.config

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from providers.choices import State
from providers.models import PhoneRecord
from tests.factories import RecordFactory


@pytest.mark.django_db
def test_a_refused_row_is_not_written_to_the_log(capsys):
    record = RecordFactory.create()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        PhoneRecord.objects.filter(pk=record.pk).update(state=State.EMPTY)
    assert record.number in str(caught.value), "otherwise this test shows nothing"
    logging.config.dictConfig(settings.LOGGING)
    logging.getLogger("vervalponsel").error("it failed", exc_info=caught.value)
    written = capsys.readouterr().err
    assert "it failed" in written
    assert "number_fits_state" in written
    assert record.number not in written
