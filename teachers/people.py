from providers.recipients.people import People
from schools.choices import PersonRole

from .models import Teacher

TEACHERS = People(
    role=PersonRole.TEACHER,
    model=Teacher,
    namespace="teachers",
    word="guru",
    identity_label="NUPTK",
    identity_field="nuptk",
    person_field="ptk_id",
    has_classes=False,
)
