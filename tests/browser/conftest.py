"""What tests in a real Chromium start from: the browser, and people who look at every page they open."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests import story

from kotowari.accounts.models import Member

# The driver keeps an event loop on this thread, by which Django would take us for asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")


def chromium_path() -> str:
    """`KOTOWARI_CHROMIUM`, else the first Chromium on the path."""
    found = os.environ.get("KOTOWARI_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not found:
        pytest.fail("No Chromium was found: install one, or name it with KOTOWARI_CHROMIUM.")
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        yield chromium
        chromium.close()


class Person:
    """Somebody at a screen: opens pages, types, presses; every page is looked over as it comes."""

    def __init__(self, context: BrowserContext, address: str, width: int) -> None:
        self.context, self.address, self.width = context, address, width
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.seen: list[str] = []
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.faults.append(str(e)))
        self.page.on("response", self._answered)

    def _answered(self, response: Any) -> None:
        if response.status >= 400:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")

    def open(self, path: str) -> "Person":
        self.page.goto(self.address + path)
        return self.look()

    def look(self) -> "Person":
        """The page as it stands: nothing runs over the edge, nothing was complained of, one heading names it."""
        where = f"{self.page.url} at {self.width} px"
        self.seen.append(self.page.url)
        assert self.faults == [], f"{where}: {self.faults}"
        assert self.page.locator("h1").count() == 1, where
        wide = self.page.evaluate(
            """(width) => document.documentElement.scrollWidth <= width ? [] :
                 [...document.querySelectorAll("main *")].filter(e => e.getBoundingClientRect().right > width + 1)
                   .map(e => `${e.tagName}.${e.className}`).slice(0, 5)""",
            self.width,
        )
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.width, f"{where}: {wide}"
        return self

    def fill(self, within: str = "main", **values: str) -> "Person":
        """Type into fields by name; radio buttons, boxes and lists are chosen."""
        for name, value in values.items():
            self.put(name, value, within=within)
        return self

    def put(self, name: str, value: str, *, within: str = "main") -> None:
        field = self.page.locator(f'{within} [name="{name}"]:not([type=hidden])')
        kind = field.first.evaluate("e => e.type")
        if kind == "radio":
            self.page.locator(f'{within} [name="{name}"][value="{value}"]').check()
        elif kind == "checkbox":
            field.check()
        elif kind.startswith("select"):
            field.select_option(value)
        else:
            field.fill(value)

    def press(self, words: str, *, within: str = "main") -> "Person":
        """Press the button or follow the link with these words, and look at what comes."""
        place = self.page.locator(within)
        target = place.get_by_role("button", name=words, exact=True).or_(
            place.get_by_role("link", name=words, exact=True)
        )
        offered = place.locator("button, a.button, summary").all_inner_texts()
        assert target.count(), f"no “{words}” on {self.page.url}, but {offered}"
        with self.page.expect_navigation(wait_until="load"):
            target.first.click()
        return self.look()

    def unfold(self, words: str, *, within: str = "main") -> "Person":
        """Open a fold by the words on it."""
        self.page.locator(f"{within} summary", has_text=words).first.click()
        return self

    def sees(self, *words: str) -> "Person":
        text = self.page.locator("body").inner_text()
        for each in words:
            assert each in text, f"“{each}” is not on {self.page.url}:\n{text}"
        return self


Comes = Callable[..., Person]


@pytest.fixture
def comes(browser: Browser, live_server: Any) -> Iterator[Comes]:
    """Let somebody come: `comes(member=…, width=360, language="ja")`; without a member, a visitor."""
    contexts: list[BrowserContext] = []

    def come(member: Member | None = None, *, width: int = 360, language: str = "ja", **options: Any) -> Person:
        context = browser.new_context(
            locale=language, viewport={"width": width, "height": 800}, accept_downloads=True, **options
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if member is not None:
            client = story.signed_in(member)
            name = settings.SESSION_COOKIE_NAME
            context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return Person(context, live_server.url, width)

    yield come
    for context in contexts:
        context.close()
