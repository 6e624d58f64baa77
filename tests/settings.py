"""The project's settings for tests: own servers in a folder of their own, and nothing slow on purpose."""

import atexit
import os
import shutil
import tempfile


def _remove(folder: str, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


# The first process makes the folder; pytest-xdist's workers inherit its name.
if "TEST_VAR_DIR" not in os.environ:
    os.environ["TEST_VAR_DIR"] = tempfile.mkdtemp(prefix="vervalponsel-test-")
    atexit.register(_remove, os.environ["TEST_VAR_DIR"], os.getpid())
os.environ["VAR_DIR"] = os.environ["TEST_VAR_DIR"]
os.environ["EMBEDDED_UNSAFE_FAST"] = "1"
os.environ["LOOPBACK_HTTP"] = "1"
# Playwright's driver runs an event loop in the test's thread; the tests themselves are synchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from vervalponsel.settings import *  # noqa: F403
from vervalponsel.settings import BASE_DIR, CACHES, STORAGES, _redis_database

# Every worker has its own numbered databases of the one Redis, so that emptying a cache empties nobody else's.
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])
CACHES["default"]["LOCATION"] = _redis_database(2 + 2 * _WORKER)
CELERY_BROKER_URL = CELERY_BROKER_URL.replace("virtual_host=0", f"virtual_host={3 + 2 * _WORKER}")  # noqa: F405

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
# Each worker has its own database, so the files that its rows name are its own as well.
MEDIA_ROOT = VAR_DIR / f"files-{_WORKER}"  # noqa: F405
STORAGES["default"]["OPTIONS"]["location"] = MEDIA_ROOT
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
STATIC_ROOT = BASE_DIR / "static"
# Argon2 is slow for a reason that tests do not have.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
