"""Configuration of gunicorn: `gunicorn -c python:vervalponsel.webserver vervalponsel.wsgi`."""

import ipaddress
import os
from typing import Any

LOOPBACK_HTTP = os.environ.get("LOOPBACK_HTTP") == "1"

bind = os.environ.get("BIND") or ("127.0.0.1:8000" if LOOPBACK_HTTP else "0.0.0.0:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS") or 2)
threads = int(os.environ.get("WEB_THREADS") or 8)
# A scan over 2G takes minutes; threads wait for it, workers do not.
timeout = 120
graceful_timeout = 20
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
# One import for all workers; none of them opens a connection before the fork.
preload_app = True
worker_tmp_dir = "/dev/shm" if os.path.ismount("/dev/shm") else None  # noqa: S108 - heartbeat files
errorlog = "-"
accesslog = None  # addresses of pages carry identifiers of pupils
control_socket_disable = True


def is_loopback(address: str) -> bool:
    """Whether `host:port`, `[v6]:port` or a unix socket is reachable from this machine only."""
    if address.startswith("unix:"):
        return True
    host = address.rsplit(":", 1)[0].strip("[]")
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def on_starting(server: Any) -> None:
    """Plain HTTP without secure cookies is for loopback only: refuse anything else before a socket is opened."""
    strangers = [address for address in server.cfg.settings["bind"].get() if not is_loopback(address)]
    if LOOPBACK_HTTP and strangers:
        raise SystemExit(f"LOOPBACK_HTTP=1 serves loopback addresses only, not {', '.join(strangers)}")
