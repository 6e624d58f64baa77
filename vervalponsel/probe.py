"""Ask the web server beside us whether it can do its work: `python -m vervalponsel.probe`, for containers."""

import os
import sys
import urllib.request


def main() -> int:
    """0 when the answer to /readyz is 200. The site's own name is sent, since no other is answered."""
    port = os.environ.get("BIND", "0.0.0.0:8000").rsplit(":", 1)[1]
    host = os.environ.get("ALLOWED_HOSTS", "localhost").replace(",", " ").split()[0]
    request = urllib.request.Request(f"http://127.0.0.1:{port}/readyz", headers={"Host": host.lstrip(".")})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310
            return 0 if answer.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
