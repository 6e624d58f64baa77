#!/usr/bin/env python
"""Run a command of the project; without DATABASE_URL it brings the database and the broker along."""

import os
import sys

from vervalponsel.embedded import hold_for_command


def main() -> None:
    """Start what the command needs, then hand over to Django."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vervalponsel.settings")
    if sys.argv[1:2] == ["demo"]:
        os.environ["LOOPBACK_HTTP"] = "1"  # before the settings are read
    hold_for_command(sys.argv[1:])
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
