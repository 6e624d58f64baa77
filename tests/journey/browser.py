"""A person at a browser: signs in, clicks, and keeps pictures of what they saw."""

from __future__ import annotations

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "artefacts" / "journey"
WIDE, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=360, height=740)
CHROMIUM_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
]


class Person:
    """One signed-in person in a browser window of their own. Pictures are numbered in the order they are taken."""

    taken = 0

    def __init__(self, browser: Browser, address: str, *, javascript: bool = True) -> None:
        self.context: BrowserContext = browser.new_context(
            base_url=address, viewport=WIDE, java_script_enabled=javascript, locale="id-ID", accept_downloads=True
        )
        self.javascript = javascript
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self._note(said.type, said.text))

    def _note(self, kind: str, text: str) -> None:
        """Faults of scripts and pages; not the driver's own style for pictures, nor a form that came back (422)."""
        if kind == "error" and "inline style" not in text and "status of 422" not in text:
            self.errors.append(text)

    def sign_in(self, username: str, password: str) -> Person:
        self.page.goto("/")
        self.page.get_by_label("Nama pengguna").fill(username)
        self.page.get_by_label("Kata sandi").fill(password)
        self.page.get_by_role("button", name="Masuk").click()
        expect(self.page.locator("h1")).to_be_visible()
        return self

    def go(self, menu: str) -> None:
        """Follow an entry of the navigation."""
        self.page.get_by_role("navigation").get_by_role("link", name=menu, exact=True).first.click()

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=re.compile(button)).first.click()

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=re.compile(link)).first.click()

    def reads(self, words: str, *, seconds: float = 15) -> Locator:
        """Wait until the page says it, reloading where the page does not renew itself."""
        found = self._visible(words).first
        expect(found).to_be_visible(timeout=seconds * 1000)
        return found

    def _visible(self, words: str) -> Locator:
        """Where it stands for a reader: the choices of a closed list do not count."""
        return self.page.get_by_text(re.compile(words)).filter(visible=True)

    def reload_until(self, words: str, *, seconds: float = 60) -> None:
        """Reload the page until it says it, as a person does who waits for somebody else."""
        for _ in range(int(seconds)):
            if self._visible(words).count():
                return
            self.page.wait_for_timeout(1000)
            self.page.reload()
        self.picture("missing")
        raise AssertionError(f"{words!r} did not come within {seconds} s at {self.page.url}")

    def picture(self, name: str) -> None:
        """Keep the whole page as it is, wide and as on a phone, where nothing may scroll sideways."""
        Person.taken += 1
        self.page.wait_for_load_state("networkidle")
        PICTURES.mkdir(parents=True, exist_ok=True)
        for suffix, size in (("", WIDE), ("-360", PHONE)):
            self.page.set_viewport_size(size)
            self.page.evaluate("scrollTo(0, 0)")  # what sticks to the window would stand in the middle
            self.page.screenshot(path=PICTURES / f"{Person.taken:02d}-{name}{suffix}.png", full_page=True)
        sideways = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert sideways <= 0, f"{name} scrolls sideways by {sideways} px at {self.page.url}"
        self.page.set_viewport_size(WIDE)
        if self.javascript:
            found = Axe().run(self.page).response["violations"]
            assert [rule["id"] for rule in found] == [], f"{name}: {found}"

    def close(self) -> None:
        self.context.close()
