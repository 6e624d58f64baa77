"""Breaking any of the import contracts must fail `lint-imports`: tried on a copy of the tree."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vervalponsel.embedded.paths import PROJECT_DIR

PACKAGES = ["vervalponsel", "schools", "students", "teachers", "sptjm", "providers"]

BREACHES = {
    "Parts import downwards only": ("schools/models.py", "import sptjm.models"),
    "Inside a part, pages are above rules and rules above data": (
        "providers/models/records.py",
        "import providers.tasks",
    ),
    "Reading a number knows nothing of Django": ("providers/reading.py", "import django.conf"),
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("tree")
    for package in PACKAGES:
        shutil.copytree(
            PROJECT_DIR / package, copy / package, ignore=shutil.ignore_patterns("__pycache__", "migrations")
        )
    shutil.copy(PROJECT_DIR / "pyproject.toml", copy)
    return copy


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree), "NO_COLOR": "1"},
        check=False,
        capture_output=True,
        text=True,
    )


def test_the_tree_keeps_all_contracts(tree: Path) -> None:
    done = lint(tree)
    assert done.returncode == 0, done.stdout
    assert "3 kept, 0 broken" in done.stdout


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_found(tree: Path, contract: str) -> None:
    name, line = BREACHES[contract]
    file = tree / name
    whole = file.read_text()
    file.write_text(f"{whole}\n\n{line}\n")
    try:
        done = lint(tree)
    finally:
        file.write_text(whole)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout
