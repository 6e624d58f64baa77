"""Stops the embedded servers when the last user died without saying so; ends with them."""

import fcntl
import os
import time

from .paths import Places
from .servers import watch_once

LOOK_EVERY_SECONDS = 1.0


def main() -> None:
    """Look every second; a second keeper of the same folder ends at once."""
    places = Places.current()
    with open(places.run / "keeper", "a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        while not watch_once(places, lock):
            time.sleep(LOOK_EVERY_SECONDS)


if __name__ == "__main__":
    main()
