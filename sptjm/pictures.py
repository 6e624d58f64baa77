"""Pages of scans as pictures, drawn once and kept beside the original."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from .models import Scan
from .reading import page_picture


def picture_of(scan: Scan, page: int) -> bytes:
    """The JPEG of a page (from 1); raises reading.Unreadable when it cannot be drawn."""
    name = f"{scan.file.name.rpartition('.')[0]}-{scan.pk}-{page}.jpg"
    if default_storage.exists(name):
        with default_storage.open(name) as kept:
            return bytes(kept.read())
    with scan.file.open() as original:
        drawn = page_picture(original.read(), page)
    default_storage.save(name, ContentFile(drawn))
    return drawn
