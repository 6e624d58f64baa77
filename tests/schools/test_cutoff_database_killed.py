"""The database server is killed in the middle of a cut-off: what was committed stands, the rest is done again.

A server of this test alone, as safe as in production. Its side tables are unlogged: after a crash they are empty, and
whoever took them for what the bundle says would empty the register.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from pytest_django import DjangoDbBlocker

from tests.providers.killing.moments import kill_server
from vervalponsel.embedded import Places, postgres

from .killing import held, taken_up_again, wait_for
from .pictures import differences, picture
from .scenes import Undisturbed, small_pieces

__all__ = ["small_pieces"]
pytestmark = [
    pytest.mark.proof,
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
    pytest.mark.usefixtures("small_pieces"),
]

MOMENTS = {
    "first": [
        "in students/cutoff/judged",
        "in schools/cutoff/schools_merge",
        "in students/cutoff/rows_new",
        "in providers/cutoff/recount_new",
    ],
    "second": ["in students/cutoff/rows", "in teachers/cutoff/before_link"],
    "second_taken_back": ["in providers/undo/records", "in schools/undo/schools"],
}
SIDE_TABLES = (
    "SELECT relname FROM pg_class WHERE relname LIKE 'cutoff\\_%' AND relkind = 'r' AND relpersistence = 'u' ORDER BY 1"
)


@dataclass
class Cluster:
    """A server that dies and is started again, as a supervisor does."""

    places: Places
    lives: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self) -> None:
        self.lives.append(postgres.start(self.places))

    def crash(self) -> None:
        kill_server(self.lives[-1].pid)
        connections.close_all()

    def end(self) -> None:
        postgres.stop(self.places)
        for life in self.lives:
            life.wait(60)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker) -> Iterator[Cluster]:
    """A server with an empty database, to which this process' queries go."""
    cluster = Cluster(Places(tmp_path_factory.mktemp("cluster") / "var", int(os.environ.get("EMBEDDED_PG") or 18)))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("EMBEDDED_UNSAFE_FAST", raising=False)
        cluster.places.prepare()
        cluster.start()
        with django_db_blocker.unblock(), _used(cluster.places):
            call_command("migrate", verbosity=0)
            yield cluster
        cluster.end()


@contextmanager
def _used(places: Places) -> Iterator[None]:
    default = connections.settings["default"]
    before = {name: default[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    connections.close_all()
    default.update(NAME=postgres.DATABASE, USER=postgres.DATABASE, PASSWORD="", PORT="")
    default["HOST"] = str(places.postgres_socket_dir)
    try:
        yield
    finally:
        connections.close_all()
        default.update(before)


def _rows_beside() -> int:
    with connection.cursor() as cursor:
        cursor.execute(SIDE_TABLES)
        tables = [connection.ops.quote_name(name) for (name,) in cursor.fetchall()]
        assert tables
        cursor.execute(f"SELECT {' + '.join(f'(SELECT count(*) FROM {name})' for name in tables)}")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize("name", MOMENTS)
def test_taken_up_again_after_a_crash_of_the_server(name: str, cluster: Cluster, tmp_path: Path) -> None:
    found = Undisturbed.made(name, tmp_path)
    last = {moment.rpartition(" ")[0]: moment for moment in found.trail}
    for moment in MOMENTS[name]:
        with found.scene.again() as batch:
            with held(batch.pk, last[moment], tmp_path) as child:
                cluster.crash()
            wait_for(child)
            cluster.start()
            if "undo" not in moment and "judged" not in moment:
                assert _rows_beside() == 0
            assert taken_up_again(batch.pk) == found.status, moment
            assert differences(found.end, picture(found.since)) == {}, moment
    found.scene.drop()
