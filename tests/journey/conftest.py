from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from .browser import CHROMIUM_FLAGS, Person
from .stack import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A demonstration of its own for the module, stopped as Ctrl-C stops it, with nothing left behind."""
    running = Stack.start(tmp_path_factory.mktemp("demo"))
    try:
        yield running
    finally:
        running.stop()
    assert running.left_behind() == []


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def person(stack: Stack, chromium: Browser) -> Iterator[Callable[..., Person]]:
    """Signs somebody in: ``person("pusdatin")``. Windows are closed at the end; no script may have failed."""
    people: list[Person] = []

    def signed_in(username: str, *, javascript: bool = True) -> Person:
        somebody = Person(chromium, stack.address, javascript=javascript)
        people.append(somebody)
        return somebody.sign_in(username, stack.password)

    yield signed_in
    errors = [error for somebody in people for error in somebody.errors]
    for place, somebody in enumerate(people):
        somebody.picture(f"last-{place}")
        somebody.close()
    assert errors == []
