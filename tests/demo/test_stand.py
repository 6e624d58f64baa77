"""What the demonstration refuses before it touches anything."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from vervalponsel.demo.processes import command_lines
from vervalponsel.demo.stand import DemoError, Stand
from vervalponsel.embedded import Places
from vervalponsel.embedded.paths import PROJECT_DIR
from vervalponsel.settings import CELERY_TASK_QUEUES


@pytest.fixture
def stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    return Stand(Places(tmp_path / "var", 18), 8000)


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DemoError, match=str(port)):
            Stand(Places(tmp_path, 18), port).check_port()


def test_two_demonstrations_do_not_share_a_folder(stand: Stand) -> None:
    with stand.alone(), pytest.raises(DemoError), stand.alone():
        pass


def test_beginning_anew_keeps_the_secret_key_only(stand: Stand) -> None:
    stand.places.prepare()
    for name in ("demo.json", "secret_key", "demo.done"):
        (stand.places.root / name).write_text("x")
    (stand.places.root / "files").mkdir()
    stand.empty()
    assert {path.name for path in stand.places.root.iterdir()} == {"secret_key", "run"}


def test_beginning_anew_spares_a_named_database(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    with pytest.raises(DemoError, match="DATABASE_URL"):
        stand.empty()


def test_data_of_another_database_do_not_count(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    stand.places.prepare()
    stand.facts.write_text("{}")
    stand.mark_filled()
    assert stand.is_filled()
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/db")
    assert not stand.is_filled()


def test_every_queue_has_a_worker(stand: Stand) -> None:
    lines = command_lines(stand).values()
    served = {queue for line in lines if "--queues" in line for queue in line[line.index("--queues") + 1].split(",")}
    assert served == {queue.name for queue in CELERY_TASK_QUEUES}


def test_it_binds_loopback_only(stand: Stand) -> None:
    assert stand.bind == "127.0.0.1:8000"


def settings_in(tmp_path: Path, names: str, **environment: str) -> str:
    """Values of settings in a fresh process with these environment variables."""
    kept = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var")}
    code = f"from vervalponsel import settings as s; print(*[repr(getattr(s, n)) for n in {names.split()!r}])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT_DIR,
        env=kept | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def test_loopback_relaxes_exactly_what_plain_http_needs(tmp_path: Path) -> None:
    relaxed = "SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE"
    assert settings_in(tmp_path, relaxed) == "True 31536000 True True"
    assert settings_in(tmp_path, relaxed, LOOPBACK_HTTP="1") == "False 0 False False"
    others = "DEBUG CONTENT_SECURITY_POLICY X_FRAME_OPTIONS PASSWORD_HASHERS SESSION_COOKIE_HTTPONLY STORAGES"
    assert settings_in(tmp_path, others) == settings_in(tmp_path, others, LOOPBACK_HTTP="1")


def test_loopback_answers_to_this_machines_names_only(tmp_path: Path) -> None:
    hosts = settings_in(tmp_path, "ALLOWED_HOSTS", LOOPBACK_HTTP="1", ALLOWED_HOSTS="example.org")
    assert hosts == "['localhost', '127.0.0.1', '[::1]']"


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    first = settings_in(tmp_path, "SECRET_KEY")
    assert settings_in(tmp_path, "SECRET_KEY") == first
    assert len(first) > 60
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert settings_in(tmp_path, "SECRET_KEY", SECRET_KEY="given") == "'given'"


@pytest.mark.parametrize(
    ("given", "broker", "cache"),
    [
        ("redis://r:6379", "redis://r:6379/0", "redis://r:6379/1"),
        ("rediss://u:p@r:6380/5", "rediss://u:p@r:6380/0", "rediss://u:p@r:6380/1"),
        ("unix:///run/r.sock", "redis+socket:///run/r.sock?virtual_host=0", "unix:///run/r.sock?db=1"),
    ],
)
def test_one_redis_address_serves_broker_and_cache(tmp_path: Path, given: str, broker: str, cache: str) -> None:
    out = settings_in(tmp_path, "CELERY_BROKER_URL CACHES", REDIS_URL=given)
    assert out.startswith(repr(broker))
    assert repr(cache) in out


def test_a_database_address_is_understood(tmp_path: Path) -> None:
    address = "postgresql://u:p%40ss@db:6432/name?sslmode=require"
    out = settings_in(tmp_path, "DATABASES", DATABASE_URL=address)
    for part in ("'NAME': 'name'", "'USER': 'u'", "'PASSWORD': 'p@ss'", "'HOST': 'db'", "'PORT': '6432'", "'require'"):
        assert part in out
