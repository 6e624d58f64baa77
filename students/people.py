from providers.recipients.people import People
from schools.choices import PersonRole

from .models import Student

STUDENTS = People(
    role=PersonRole.STUDENT,
    model=Student,
    namespace="students",
    word="siswa",
    identity_label="NISN",
    identity_field="nisn",
    person_field="peserta_didik_id",
    has_classes=True,
)
