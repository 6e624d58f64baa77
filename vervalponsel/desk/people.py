from providers.recipients.people import People
from students.people import STUDENTS
from teachers.people import TEACHERS

BY_WORD: dict[str, People] = {people.word: people for people in (STUDENTS, TEACHERS)}
BY_ROLE: dict[str, People] = {str(people.role): people for people in (STUDENTS, TEACHERS)}


class PeopleConverter:
    """``siswa`` or ``guru`` in an address."""

    regex = "|".join(BY_WORD)

    def to_python(self, value: str) -> People:
        return BY_WORD[value]

    def to_url(self, value: str | People) -> str:
        return value.word if isinstance(value, People) else value
