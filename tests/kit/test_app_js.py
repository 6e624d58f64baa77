"""The page's own script, in Chromium and under the same policy as in production."""

import mimetypes
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template import engines
from playwright.sync_api import Page, Request, Route, expect, sync_playwright

pytestmark = pytest.mark.browser

ORIGIN = "http://desk.test"
CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}
ROW = """
<div id="row"{said}>
  <form action="/save" method="post" hx-post="/save" hx-target="#row" hx-swap="outerHTML">
    <input id="number" name="number" aria-label="Nomor"> <button id="{button}" type="submit">Simpan</button>
  </form>
</div>"""
BODY = (
    ROW.format(said="", button="save") + '<form action="/plain" method="post"><button id="plain">Kirim</button></form>'
)


class Desk:
    """A server in memory: the real shell and static files, and the answers a test asks for."""

    def __init__(self) -> None:
        self.posts: list[str] = []
        self.held: list[Route] = []
        self.answers: dict[str, tuple[int, str]] = {}
        self.page = engines["django"].from_string(
            '{% extends "public.html" %}{% block content %}{{ body|safe }}{% endblock %}'
        )

    def serve(self, route: Route, request: Request) -> None:
        path = urlsplit(request.url).path
        if path.startswith(settings.STATIC_URL):
            self._static(route, path.removeprefix(settings.STATIC_URL))
        elif request.method == "POST":
            self.posts.append(path)
            self._answer(route, path)
        else:
            policy = "default-src 'self'; base-uri 'none'"
            body = self.page.render({"body": BODY})
            route.fulfill(
                body=body, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": policy}
            )

    def _answer(self, route: Route, path: str) -> None:
        if path not in self.answers:
            self.held.append(route)
            return
        status, body = self.answers[path]
        route.fulfill(status=status, body=body, content_type="text/html; charset=utf-8")

    def _static(self, route: Route, name: str) -> None:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        route.fulfill(body=Path(str(finders.find(name))).read_bytes(), content_type=kind)


@pytest.fixture(scope="module")
def browser_page() -> Iterator[Page]:
    with sync_playwright() as tool:
        browser = tool.chromium.launch(**CHROMIUM)  # type: ignore[arg-type]
        yield browser.new_page()
        browser.close()


@pytest.fixture
def refused(browser_page: Page) -> list[str]:
    """What the browser complained about, such as a breach of the policy."""
    said: list[str] = []
    browser_page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    browser_page.on("pageerror", lambda error: said.append(str(error)))
    return said


@pytest.fixture
def desk(browser_page: Page) -> Iterator[Desk]:
    made = Desk()
    browser_page.route("**/*", made.serve)
    browser_page.goto(ORIGIN)
    yield made
    browser_page.unroute("**/*")


def test_the_shell_breaks_no_rule_of_the_policy(desk, refused, browser_page):
    browser_page.goto(ORIGIN)
    assert browser_page.evaluate("typeof htmx") == "object"
    assert refused == []


def test_focus_stays_with_the_control_of_the_same_name(desk, browser_page):
    desk.answers["/save"] = (200, ROW.format(said="", button="save"))
    browser_page.locator("#save").click()
    expect(browser_page.locator("#save")).to_be_focused()
    assert desk.posts == ["/save"]


def test_focus_stays_in_the_region_when_its_control_is_gone(desk, browser_page):
    desk.answers["/save"] = (200, '<div id="row"><a href="/lagi" id="again">Perbaiki</a></div>')
    browser_page.locator("#save").click()
    expect(browser_page.locator("#again")).to_be_focused()


def test_the_focus_is_not_taken_back_once_an_answer_stands(desk, browser_page):
    field = '<input id="number" name="number" aria-label="Nomor" autofocus> <a href="/lagi" id="again">Perbaiki</a>'
    desk.answers["/save"] = (422, f'<div id="row"><form action="/save" method="post">{field}</form></div>')
    browser_page.evaluate(
        """document.addEventListener("htmx:afterSwap", () =>
             window.setTimeout(() => document.getElementById("again").focus(), 0), { once: true }); 0"""
    )
    browser_page.locator("#save").click()
    expect(browser_page.locator("#again")).to_be_focused()
    browser_page.wait_for_timeout(100)
    expect(browser_page.locator("#again")).to_be_focused()


def test_a_change_is_spoken(desk, browser_page):
    desk.answers["/save"] = (200, ROW.format(said=' data-announce="Nomor tersimpan."', button="save"))
    browser_page.locator("#save").click()
    expect(browser_page.locator("#live")).to_have_text("Nomor tersimpan.")


def test_a_refused_form_comes_back_in_place(desk, browser_page):
    desk.answers["/save"] = (422, '<div id="row"><p id="why">Nomor terlalu pendek.</p></div>')
    browser_page.locator("#save").click()
    expect(browser_page.locator("#why")).to_be_visible()


def test_trouble_is_said_and_the_form_can_be_sent_again(desk, browser_page):
    desk.answers["/save"] = (500, "")
    browser_page.locator("#save").click()
    expect(browser_page.locator("#trouble")).to_contain_text("terganggu")
    desk.answers["/save"] = (200, ROW.format(said="", button="save"))
    browser_page.locator("#save").click()
    expect(browser_page.locator("#trouble")).to_have_text("")
    assert desk.posts == ["/save", "/save"]


def test_a_form_of_htmx_pressed_twice_is_sent_once(desk, browser_page):
    press = "window.setTimeout(() => document.getElementById('save').click(), {})"
    browser_page.evaluate(f"{press.format(10)}; {press.format(150)}; 0")
    browser_page.wait_for_timeout(400)
    assert desk.posts == ["/save"]
    for route in desk.held:
        route.fulfill(status=200, body=ROW.format(said="", button="save"))
    browser_page.wait_for_timeout(200)
    assert desk.posts == ["/save"]


def test_a_form_pressed_twice_is_sent_once(desk, browser_page):
    press = "window.setTimeout(() => document.getElementById('plain').click(), {})"
    browser_page.evaluate(f"{press.format(10)}; {press.format(150)}; 0")
    browser_page.wait_for_timeout(400)
    for route in desk.held:
        route.fulfill(status=204)
    assert desk.posts == ["/plain"]
    expect(browser_page.locator("#plain")).to_have_attribute("aria-busy", "true")
