"""A delta dropped into the watched folder of the running application: the repaired pupil is on the list in a minute."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from schools.generator.known import MISSING_NISN_NAME

from .browser import Person
from .stack import Stack

pytestmark = [pytest.mark.proof, pytest.mark.browser, pytest.mark.xdist_group("journey")]

NISN = "0149999099"
A_MINUTE = 60.0


def repairing(bundle: Path) -> bytes:
    """A delta that gives the known pupil without a NISN one, made from the demonstration's own cut-off."""
    with (bundle / "peserta_didik.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = reader.fieldnames or []
        row = next(row for row in reader if row["nama"] == MISSING_NISN_NAME)
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerow(row | {"nisn": NISN})
    content = text.getvalue().encode()
    manifest = json.loads((bundle / "manifest.json").read_text()) | {
        "scope": "delta",
        "files": [{"name": "peserta_didik.csv", "rows": 1, "sha256": sha256(content).hexdigest()}],
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("peserta_didik.csv", content)
        archive.writestr("manifest.json", json.dumps(manifest))
    return packed.getvalue()


def test_a_repaired_pupil_appears_within_a_minute(stack: Stack, person: Callable[..., Person]) -> None:
    operator = person("operator.sd")
    search = f"{stack.address}/siswa/?cari=Bagus+Tirta"
    operator.page.goto(search)
    assert MISSING_NISN_NAME not in operator.page.inner_text("main")
    inbox = stack.folder / "var" / "inbox"
    inbox.mkdir(exist_ok=True)
    (inbox / "delta.part").write_bytes(repairing(stack.folder / "var" / "cutoff"))
    dropped = time.monotonic()
    (inbox / "delta.part").rename(inbox / "delta.zip")
    operator.reload_until(MISSING_NISN_NAME, seconds=A_MINUTE)
    took = time.monotonic() - dropped
    assert took <= A_MINUTE
    note = (inbox / "done" / "delta.zip.txt").read_text()
    assert re.search(r"sebagai pekerjaan nomor \d+\.", note)
    operator.page.goto(f"{stack.address}/siswa/perubahan/")
    operator.reads(MISSING_NISN_NAME)
    operator.reads("Delta terakhir masuk")
