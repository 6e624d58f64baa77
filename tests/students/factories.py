"""Pupils whose records are in a state that a test names."""

from typing import Any

from providers.models import PhoneRecord
from providers.recipients.models import Recipient
from schools.models import School
from students.models import Student
from tests.factories import RecordFactory, StudentFactory


def a_student(school: School, *, name: str = "Siti Aminah", **record: Any) -> Student:
    """A pupil of the school with a record of these fields; an empty number makes an empty record."""
    student = StudentFactory.create(school=school, name=name, record=None)
    make = RecordFactory.empty if record.pop("empty", False) else RecordFactory.create
    student.record = make(role="STUDENT", person_id=student.peserta_didik_id, school=school, **record)
    student.save(update_fields=["record"])
    return student


def record_of(person: Recipient) -> PhoneRecord:
    """The record as it is now."""
    assert person.record
    return PhoneRecord.objects.get(pk=person.record.pk)
