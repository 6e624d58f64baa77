"""Looking into an uploaded scan, and drawing its pages anew, in a process of its own.

What people upload is never parsed in the web process: a child with bounded memory and time opens it and answers with
facts or with a fresh JPEG. A file that is made to explode kills the child, and is refused. Knows nothing of Django.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

MAX_BYTES = 10_000_000
MAX_PAGES = 200
MAX_PIXELS = 60_000_000
"""An A4 page at 600 dots per inch has 35 million."""
PAGE_WIDTH = 1600
CHILDREN_AT_ONCE = 2
_MEMORY = 1_500_000_000
_SECONDS = 30
_WAIT_SECONDS = 20
_PAUSE_SECONDS = 0.05
_PDF, _JPEG, _PNG = "application/pdf", "image/jpeg", "image/png"


class Unreadable(Exception):
    """The file is refused; ``code`` is one of ScanRefusal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class ScanContent:
    """An upload that can be opened: its bytes, what they are, how many pages."""

    data: bytes
    content_type: str
    pages: int
    sha256: str


def read_scan(data: bytes) -> ScanContent:
    """Judge an upload by its content; raises Unreadable with the code."""
    if not data:
        raise Unreadable("EMPTY_FILE")
    if len(data) > MAX_BYTES:
        raise Unreadable("TOO_LARGE")
    content_type = type_of(data)
    answer = json.loads(_ask("look", data))
    if "code" in answer:
        raise Unreadable(answer["code"])
    return ScanContent(data, content_type, answer["pages"], hashlib.sha256(data).hexdigest())


def page_picture(data: bytes, page: int) -> bytes:
    """Page ``page`` (from 1) drawn anew as a JPEG of at most PAGE_WIDTH pixels; raises Unreadable."""
    return _ask(f"draw {page}", data)


def type_of(data: bytes) -> str:
    """What the first bytes say; raises Unreadable for anything but PDF, JPEG and PNG."""
    if data.startswith(b"\xff\xd8\xff"):
        return _JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _PNG
    # Some scanners put a few bytes before the header; readers accept it within the first kilobyte.
    if b"%PDF-" in data[:1024]:
        return _PDF
    raise Unreadable("WRONG_TYPE")


def _ask(order: str, data: bytes) -> bytes:
    """Run the child; however it ends, the answer is bytes or Unreadable."""
    command = [sys.executable, "-I", str(Path(__file__).resolve()), *order.split()]
    try:
        with _slot():
            done = subprocess.run(command, input=data, capture_output=True, timeout=_SECONDS, check=False, env=_plain())
    except subprocess.TimeoutExpired:
        raise Unreadable("TOO_MANY_PIXELS") from None
    if done.returncode:
        raise Unreadable("BROKEN")
    return done.stdout


@contextmanager
def _slot() -> Iterator[None]:
    """One of the machine's few places for a child, so that many uploads at once cannot eat its memory.

    Waits for a place, then raises Unreadable. The places are file locks: they end with whoever held them.
    """
    give_up = time.monotonic() + _WAIT_SECONDS
    while True:
        for number in range(CHILDREN_AT_ONCE):
            with _lock_file(number).open("a") as place:
                try:
                    fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield
                return
        if time.monotonic() > give_up:
            raise Unreadable("BUSY")
        time.sleep(_PAUSE_SECONDS)


def _lock_file(number: int) -> Path:
    return Path(tempfile.gettempdir()) / f"vervalponsel-scan-{os.getuid()}-{number}.lock"


def _plain() -> dict[str, str]:
    """The child needs no secret of this process."""
    return {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}


# Below: the child.


def _child(order: list[str]) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    data = sys.stdin.buffer.read()
    is_pdf = type_of(data) == _PDF
    if order[0] == "draw":
        number = int(order[1])
        sys.stdout.buffer.write(_drawn_pdf(data, number) if is_pdf else _drawn_picture(data))
        return
    try:
        found: dict[str, Any] = {"pages": _looked_pdf(data) if is_pdf else _looked_picture(data)}
    except Unreadable as refusal:
        found = {"code": refusal.code}
    except MemoryError:
        found = {"code": "TOO_MANY_PIXELS"}
    sys.stdout.write(json.dumps(found))


def _opened_pdf(data: bytes) -> Any:
    import pypdfium2
    from pypdfium2 import raw

    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as problem:
        locked = getattr(problem, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY)
        raise Unreadable("ENCRYPTED" if locked else "BROKEN") from None


def _looked_pdf(data: bytes) -> int:
    """The number of pages, each opened once; no picture in it is decoded."""
    from pypdfium2 import raw

    document = _opened_pdf(data)
    if raw.FPDF_GetSecurityHandlerRevision(document) >= 0:
        raise Unreadable("ENCRYPTED")
    if not len(document):
        raise Unreadable("BROKEN")
    if len(document) > MAX_PAGES:
        raise Unreadable("TOO_MANY_PAGES")
    for page in document:
        for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
            _bounded(*_size_of(item))
        page.close()
    return len(document)


def _size_of(item: Any) -> tuple[int, int]:
    """A picture's size as the file states it; one that states none is drawn under the memory limit anyway."""
    import pypdfium2

    try:
        width, height = item.get_px_size()
    except pypdfium2.PdfiumError:
        return 0, 0
    return int(width), int(height)


def _looked_picture(data: bytes) -> int:
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as picture:
            _bounded(*picture.size)
            picture.load()
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Unreadable("BROKEN") from None
    return 1


def _bounded(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Unreadable("TOO_MANY_PIXELS")


def _drawn_pdf(data: bytes, number: int) -> bytes:
    page = _opened_pdf(data)[number - 1]
    width, height = page.get_size()
    # A page may call itself metres long: the picture stays within the bounds whatever it says.
    scale = min(PAGE_WIDTH / max(width, 1), 2 * PAGE_WIDTH / max(height, 1))
    return _as_jpeg(page.render(scale=scale).to_pil())


def _drawn_picture(data: bytes) -> bytes:
    from PIL import Image, ImageOps

    with Image.open(BytesIO(data), formats=("JPEG", "PNG")) as picture:
        _bounded(*picture.size)
        # A JPEG can be decoded at a fraction of its size; a PNG ignores this.
        picture.draft("RGB", (PAGE_WIDTH, 2 * PAGE_WIDTH))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((PAGE_WIDTH, 2 * PAGE_WIDTH))
        return _as_jpeg(upright)


def _as_jpeg(picture: Any) -> bytes:
    out = BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=75, optimize=True)
    return out.getvalue()


if __name__ == "__main__":
    _child(sys.argv[1:])
