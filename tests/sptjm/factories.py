"""Schools with people who can be stated, and files that are scans."""

from io import BytesIO
from typing import Any

from django.db.models.fields.files import FieldFile
from PIL import Image
from pypdf import PdfWriter

from schools.models import School
from students.models import Student
from teachers.models import Teacher
from tests.factories import SchoolFactory, StudentFactory, TeacherFactory


def a_school(students: int = 3, teachers: int = 1, **fields: object) -> School:
    """A school whose people all have active numbers with an owner."""
    school = SchoolFactory.create(**fields)
    pupils_of(school, students)
    teachers_of(school, teachers)
    return school


def pupils_of(school: School, count: int) -> list[Student]:
    return StudentFactory.create_batch(count, school=school)


def teachers_of(school: School, count: int) -> list[Teacher]:
    return TeacherFactory.create_batch(count, school=school)


def a_pdf(pages: int = 2, *, password: str | None = None, title: str = "Pindaian") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    writer.add_metadata({"/Title": title})
    if password is not None:
        writer.encrypt(password)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def a_picture(kind: str = "JPEG", size: tuple[int, int] = (900, 1200), shade: int = 250) -> bytes:
    out = BytesIO()
    Image.new("L", size, shade).save(out, kind)
    return out.getvalue()


def bytes_of(kept: FieldFile) -> bytes:
    with kept.open() as file:
        return bytes(file.read())


def body_of(answer: Any) -> bytes:
    """A download to its end, and closed as the server would."""
    body = b"".join(answer.streaming_content)
    answer.close()
    return body
