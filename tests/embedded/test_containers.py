"""Without a container engine: the files parse, and everything that they name is there."""

import re
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import get_commands

from vervalponsel.embedded.paths import PROJECT_DIR
from vervalponsel.settings import CELERY_TASK_QUEUES

COMPOSE: dict[str, Any] = yaml.safe_load((PROJECT_DIR / "docker-compose.yml").read_text())
DOCKERFILE = (PROJECT_DIR / "Dockerfile").read_text()
OURS = {name: service for name, service in COMPOSE["services"].items() if service.get("build") == "."}


@pytest.mark.parametrize("name", OURS)
def test_commands_exist(name: str) -> None:
    command = [str(word) for word in OURS[name]["command"]]
    assert shutil.which(command[0], path=str(Path(sys.executable).parent)), command[0]
    if command[:2] == ["python", "manage.py"]:
        assert command[2] in get_commands()
    for word in command:
        if word.startswith(("vervalponsel", "python:vervalponsel")):
            assert find_spec(word.removeprefix("python:")), word


def test_every_queue_has_a_worker() -> None:
    served = {
        queue
        for service in OURS.values()
        if "--queues" in service["command"]
        for queue in service["command"][service["command"].index("--queues") + 1].split(",")
    }
    assert served == {queue.name for queue in CELERY_TASK_QUEUES}


def test_everything_that_stays_is_watched() -> None:
    unwatched = {name for name, service in COMPOSE["services"].items() if "healthcheck" not in service}
    assert unwatched == {"migrate", "simulator"}


def test_no_secret_has_a_default() -> None:
    text = (PROJECT_DIR / "docker-compose.yml").read_text()
    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS"):
        assert all(use.startswith(f"{name}:?") for use in re.findall(rf"\$\{{({name}[^}}]*)\}}", text))


def test_volumes_are_declared() -> None:
    used = {volume.split(":")[0] for service in COMPOSE["services"].values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_dockerfile_copies_what_is_there_and_every_part() -> None:
    copied = {word for line in re.findall(r"^COPY (?!--)(.*) \S+$", DOCKERFILE, re.MULTILINE) for word in line.split()}
    assert all((PROJECT_DIR / path).exists() for path in copied)
    parts = {path.parent.name for path in PROJECT_DIR.glob("*/apps.py")}
    assert parts | {"vervalponsel", "templates", "static", "manage.py"} <= copied


def test_versions_agree() -> None:
    makefile = (PROJECT_DIR / "Makefile").read_text()
    uv = re.search(r"UV_VERSION := (\S+)", makefile)
    assert uv
    assert f"uv=={uv[1]}" in DOCKERFILE
    for package in re.findall(r"^PRINT_PACKAGES := (.*)$", makefile, re.MULTILINE)[0].split():
        assert package in DOCKERFILE
    assert len(set(re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE))) == 1
