"""Settings of every environment: what differs between machines comes from environment variables, named in README."""

import os
import secrets
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from csp.constants import NONE, SELF
from kombu import Exchange, Queue
from psycopg.conninfo import conninfo_to_dict

from vervalponsel.embedded import database_url, redis_url, var_dir

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = var_dir()


def _flag(name: str) -> bool:
    return os.environ.get(name, "") == "1"


def _words(name: str) -> list[str]:
    return [word for word in os.environ.get(name, "").replace(",", " ").split() if word]


def _secret_key() -> str:
    """SECRET_KEY, or one made once for this data folder and readable by its owner only."""
    if os.environ.get("SECRET_KEY"):
        return os.environ["SECRET_KEY"]
    file = VAR_DIR / "secret_key"
    VAR_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = VAR_DIR / f"secret_key.{os.getpid()}"
    if not file.exists():
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(64))
        # link() refuses to replace: of two processes that start at once, both use the first one's key.
        with suppress(FileExistsError):
            os.link(fresh, file)
        fresh.unlink()
    return file.read_text()


def _database() -> dict[str, Any]:
    """A libpq address in Django's words; what Django has no word for (sslmode …) is passed on."""
    parts = conninfo_to_dict(database_url())
    words = {
        "dbname": "NAME",
        "user": "USER",
        "password": "PASSWORD",
        "host": "HOST",
        "port": "PORT",
    }
    return {
        "ENGINE": "django.db.backends.postgresql",
        **{theirs: str(parts.pop(ours, "") or "") for ours, theirs in words.items()},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # A pooler in transaction mode keeps no cursor between two statements.
        "DISABLE_SERVER_SIDE_CURSORS": _flag("DATABASE_POOLED"),
        "OPTIONS": {"connect_timeout": 5, **parts},
    }


def _redis_database(number: int) -> str:
    """The same Redis, another of its numbered databases; a unix socket names it differently from TCP."""
    url = urlsplit(redis_url())
    if url.scheme == "unix":
        return f"unix://{url.path}?db={number}"
    return urlunsplit(url._replace(path=f"/{number}"))


def _broker() -> str:
    url = urlsplit(redis_url())
    return f"redis+socket://{url.path}?virtual_host=0" if url.scheme == "unix" else _redis_database(0)


# What this machine is

DEBUG = _flag("DEBUG")
# For a demonstration on one's own machine: plain HTTP, and therefore nothing but loopback.
LOOPBACK_HTTP = _flag("LOOPBACK_HTTP")
SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = _words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"] if LOOPBACK_HTTP else _words("ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = _words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "vervalponsel.desk",
    "sptjm",
    "students",
    "teachers",
    "providers",
    "schools",
    "vervalponsel.batches",
    "vervalponsel.audit",
    "vervalponsel.accounts",
    "vervalponsel.kit",
    "vervalponsel.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "vervalponsel.kit.static.StaticFiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    # django-ninja is a library here: as an app it would only bring the files of a page that is not served.
    "django_htmx",
    "csp",
    # A development tool: images are built without it.
    *(["django_linear_migrations"] if find_spec("django_linear_migrations") else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "vervalponsel.accounts.middleware.ActorMiddleware",
    "vervalponsel.accounts.middleware.PersonalPagesMiddleware",
    "vervalponsel.desk.middleware.ZoneMiddleware",
    "vervalponsel.desk.middleware.ShutMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "vervalponsel.urls"
WSGI_APPLICATION = "vervalponsel.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "vervalponsel.desk.context.desk",
            ],
        },
    },
]

FORM_RENDERER = "vervalponsel.kit.forms.FormRenderer"
HELPDESK_EMAIL = os.environ.get("HELPDESK_EMAIL") or "bantuan@vervalponsel.example"

# Data

DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "vervalponsel.kit.cache.ForgivingRedisCache",
        "LOCATION": _redis_database(1),
        "KEY_PREFIX": "vp",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
}

MEDIA_ROOT = VAR_DIR / "files"
STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or VAR_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]


# A store that signs short-lived addresses serves providers' files itself; no other file's address is ever handed out.
FILES_BY_SIGNED_ADDRESS = bool(os.environ.get("S3_BUCKET"))
SIGNED_ADDRESS_SECONDS = 300


def _file_storage() -> dict[str, Any]:
    """A folder, or with S3_BUCKET an S3-compatible store; see FILES_BY_SIGNED_ADDRESS."""
    if not os.environ.get("S3_BUCKET"):
        options: dict[str, Any] = {
            "location": MEDIA_ROOT,
            "file_permissions_mode": 0o600,
        }
        return {
            "BACKEND": "vervalponsel.kit.storage.DurableFiles",
            "OPTIONS": options | {"directory_permissions_mode": 0o700},
        }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": os.environ["S3_BUCKET"],
            "endpoint_url": os.environ.get("S3_ENDPOINT_URL"),
            "default_acl": "private",
            "file_overwrite": False,
            "querystring_auth": True,
            "querystring_expire": SIGNED_ADDRESS_SECONDS,
        },
    }


STORAGES = {
    "default": _file_storage(),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# A scan is a few megabytes; what is larger than 2.5 MB is written to disk while it arrives.
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_242_880
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 10

# Language and time

LANGUAGE_CODE = "id"
TIME_ZONE = "Asia/Jakarta"
USE_TZ = True
USE_I18N = True
# Identifiers in templates must not come out as "1.234"; figures for people pass a filter.
USE_THOUSAND_SEPARATOR = False
LOCALE_PATHS: list[Path] = []

# Who may sign in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATION}.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "vervalponsel.accounts.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
_FORMS = "vervalponsel.accounts.signin_forms"
ACCOUNT_FORMS = {
    "login": f"{_FORMS}.LoginForm",
    "change_password": f"{_FORMS}.ChangePasswordForm",
    "set_password": f"{_FORMS}.SetPasswordForm",
    "reset_password": f"{_FORMS}.ResetPasswordForm",
    "reset_password_from_key": f"{_FORMS}.ResetPasswordKeyForm",
    "add_email": f"{_FORMS}.AddEmailForm",
    "reauthenticate": f"{_FORMS}.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
# One address may be a whole district behind its carrier; a name that is tried again and again is slowed down.
ACCOUNT_RATE_LIMITS = {"login": "600/m/ip", "login_failed": "120/m/ip,5/5m/key"}
# The proxies in front of the web server add their own address; without any the sender's own is taken.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("TRUSTED_PROXY_COUNT") or 0)
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# What the browser may do

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not LOOPBACK_HTTP
SECURE_HSTS_SECONDS = 0 if LOOPBACK_HTTP else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not LOOPBACK_HTTP
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if _flag("BEHIND_TLS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# The review page shows a scan beside the data in a frame of its own origin.
X_FRAME_OPTIONS = "SAMEORIGIN"
SILENCED_SYSTEM_CHECKS = ["security.W019"]  # asks for DENY
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "frame-src": [SELF],
        "object-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
    },
}

# Background work. A task is a doorbell: the truth stands in the database, so results are not kept.

CELERY_BROKER_URL = _broker()
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker for ever
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Above the hard limit: what runs is never handed out a second time.
    "visibility_timeout": 3 * 3600,
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
    "retry_on_timeout": False,
    # A request that rings must not wait for a broker that is away: one more try, a tenth of a second later.
    "max_retries": 1,
    "interval_start": 0.1,
    "interval_step": 0.1,
    "interval_max": 0.2,
    "queue_order_strategy": "priority",
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SOFT_TIME_LIMIT = 2 * 3600
CELERY_TASK_TIME_LIMIT = 2 * 3600 + 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 600_000  # kilobytes; a big print must not stay with the worker for ever
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_DEFAULT_QUEUE = "interactive"
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_QUEUES = [
    Queue(name, Exchange(name), routing_key=name)
    for name in ("interactive", "print", "deltas", "import", "providers", "reports")
]
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "run" / "beat")

# How many further workers are called to a batch whose work lies in chunks; those that find none go again at once.
CHUNK_HELPERS = int(os.environ.get("CHUNK_HELPERS") or 8)
# How often waiting numbers are put into dumps, how many lines a file has at most, and after how long a number in its
# grace period is asked again.
DUMP_EVERY_SECONDS = int(os.environ.get("DUMP_EVERY_SECONDS") or 60)
EXCHANGE_LINES_PER_PART = int(os.environ.get("EXCHANGE_LINES_PER_PART") or 100_000)
GRACE_ASKED_AGAIN_HOURS = int(os.environ.get("GRACE_ASKED_AGAIN_HOURS") or 24)
# How long the file of a cut-off is kept after its end.
CUTOFF_KEPT_DAYS = int(os.environ.get("CUTOFF_KEPT_DAYS") or 30)
# From how many rows on a first load puts the indexes of empty tables away and builds them again when they are full.
CUTOFF_INDEXES_AWAY_FROM = int(os.environ.get("CUTOFF_INDEXES_AWAY_FROM") or 100_000)
# What machines of the register may hand in, and the folder that is watched for the same.
DELTA_MAX_BYTES = 256 * 1024 * 1024
DELTA_CALLS_PER_MINUTE = int(os.environ.get("DELTA_CALLS_PER_MINUTE") or 120)
CUTOFF_INBOX = Path(os.environ.get("CUTOFF_INBOX") or VAR_DIR / "inbox")
# What a provider's machine may do.
PROVIDER_CALLS_PER_MINUTE = int(os.environ.get("PROVIDER_CALLS_PER_MINUTE") or 1200)
PROVIDER_UPLOAD_MAX_BYTES = 512 * 1024 * 1024
# How long dumps, orders and answers are kept once they are done with.
EXCHANGED_FILES_KEPT_DAYS = int(os.environ.get("EXCHANGED_FILES_KEPT_DAYS") or 90)


def _every(seconds: int, task: str, queue: str = "interactive") -> dict[str, Any]:
    """A periodic task; one that found no worker in time is forgotten, since the next one does its work."""
    return {"task": task, "schedule": seconds, "options": {"queue": queue, "expires": seconds}}


# Each task bears being run late, twice or by two schedulers at once.
CELERY_BEAT_SCHEDULE = {
    "ring the doorbell of batches again": _every(30, "vervalponsel.batches.tasks.ring_again"),
    "fold tallies": _every(10, "schools.tasks.fold_tallies"),
    "recount shared numbers": _every(5, "providers.tasks.recount_sharing"),
    "follow prefixes": _every(600, "providers.tasks.follow_prefixes", "providers"),
    "prepare dumps": _every(DUMP_EVERY_SECONDS, "providers.tasks.prepare_dumps", "providers"),
    "clear sessions": _every(3600, "vervalponsel.accounts.tasks.clear_sessions"),
    "look into the folder of deltas": _every(5, "schools.tasks.watch_inbox"),
    "put back indexes": _every(60, "schools.tasks.put_back_indexes", "import"),
    "forget old cut-offs": _every(3600, "schools.tasks.forget_old_cutoffs"),
    "ask old answers again": _every(900, "providers.tasks.ask_old_again", "providers"),
    "remove exchanged files": _every(3600, "providers.tasks.remove_exchanged_files", "providers"),
}

# Words about what happened; never a number, a name or an NISN.

LOG_LEVEL = os.environ.get("LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "vervalponsel.kit.logs.DiscreetFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        # It would write whole parameter lists of the statement that failed.
        "django.db.backends": {"level": "WARNING"},
        # They tell every step of every page.
        "weasyprint": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
    },
}
