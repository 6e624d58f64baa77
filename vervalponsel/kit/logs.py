"""Lines of the log that tell what went wrong, and of nobody in particular."""

import logging
import re
from typing import Any

_OF_A_ROW = re.compile(r"^(?:DETAIL|CONTEXT|HINT|LINE \d+):.*$", re.MULTILINE)


class DiscreetFormatter(logging.Formatter):
    """Leaves out of a failure what PostgreSQL quotes of the row at fault: it would hold a number, a name, an NISN."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is logging's
        return _OF_A_ROW.sub("(isi baris tidak dicatat)", super().formatException(ei))
