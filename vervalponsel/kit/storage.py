"""Files on this machine that are there to stay: what was promised for a file outlives the machine's fall."""

import os
from pathlib import Path
from typing import Any

from django.core.files.storage import FileSystemStorage


class DurableFiles(FileSystemStorage):
    """A folder whose files, and their places in it, lie on the disk when ``save`` returns."""

    def _save(self, name: str, content: Any) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]
        path = Path(self.path(saved))
        _flush(path)
        for folder in path.relative_to(self.location).parents:
            _flush(Path(self.location) / folder)
        return saved


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
