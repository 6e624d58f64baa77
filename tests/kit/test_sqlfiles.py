"""What migrations installed is what the files say, and the files undo all that they install."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from vervalponsel.kit.sqlfiles import run_step, sql_text

pytestmark = pytest.mark.django_db

FILES = sorted(
    path.relative_to(settings.BASE_DIR)
    for path in Path(settings.BASE_DIR).glob("**/sql/functions/*.sql")
    if ".venv" not in path.parts
)
INSTALLED = """
    SELECT 'function ' || p.oid::regprocedure, pg_get_functiondef(p.oid)
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'trigger ' || t.tgname, pg_get_triggerdef(t.oid)
    FROM pg_trigger t
    WHERE NOT t.tgisinternal
"""


def installed() -> dict[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(INSTALLED)
        return dict(cursor.fetchall())


def parts_of(file: Path) -> tuple[str, str]:
    """(what installs, what undoes it) of a file."""
    package, _, name = file.as_posix().removesuffix(".sql").partition("/sql/")
    forward, _, backward = sql_text(package.replace("/", "."), name).partition("-- reverse:")
    return forward, backward


def run_all(texts: list[str]) -> None:
    with connection.cursor() as cursor:
        for text in texts:
            cursor.execute(text)


def order_of_installing() -> list[Path]:
    """As migrations do: lower parts first, and triggers of people after the function that they call."""
    parts = ["vervalponsel", "schools", "providers", "students", "teachers"]
    return sorted(FILES, key=lambda file: (parts.index(file.parts[0]), file))


def test_the_installed_text_equals_the_files() -> None:
    before = installed()
    run_all([parts_of(file)[0] for file in order_of_installing()])
    assert installed() == before


def test_every_file_undoes_what_it_installs_and_nothing_else_is_installed() -> None:
    run_all([parts_of(file)[1] for file in reversed(order_of_installing())])
    assert installed() == {}
    run_all([parts_of(file)[0] for file in order_of_installing()])
    assert installed()


def test_a_step_gives_the_rows_of_its_last_statement(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("vervalponsel.kit.sqlfiles.sql_text", lambda package, name: "SELECT 1; SELECT 2 UNION SELECT 3")
    with connection.cursor() as cursor:
        assert run_step(cursor, "kit", "two") == 2


def test_a_step_that_serves_several_tables_is_told_which(monkeypatch) -> None:
    text = "SELECT count(*), '{{}}' FROM {one} WHERE 1 = %(n)s"
    monkeypatch.setattr("vervalponsel.kit.sqlfiles.sql_text", lambda package, name: text)
    with connection.cursor() as cursor:
        run_step(cursor, "kit", "one", {"n": 2}, {"one": "schools_school"})
        assert cursor.fetchall() == [(0, "{}")]
