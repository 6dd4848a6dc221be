"""The component gallery in a real Chromium: no accident of layout, of access or of script, in both languages."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

# The driver keeps an event loop on this thread, by which Django would take us for asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
CHROMIUM = os.environ.get("KOTOWARI_CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield chromium
        chromium.close()


@pytest.fixture
def problems() -> list[str]:
    """What the browser complained of: errors of scripts, and whatever the content policy stopped."""
    return []


def opened(browser: Browser, live_server: Any, problems: list[str], path: str = "/kit/", **options: Any) -> Page:
    context = browser.new_context(**{"locale": "ja", "viewport": {"width": 1440, "height": 900}, **options})
    page = context.new_page()
    page.on("console", lambda m: problems.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.goto(live_server.url + path)
    return page


@pytest.mark.parametrize("width", [360, 768, 1440])
@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("path", ["/kit/", "/paths/", "/nowhere/"])
def test_nothing_runs_over_the_edge(browser, live_server, problems, width, language, path) -> None:
    page = opened(browser, live_server, problems, path, locale=language, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.lang") == language
    assert [p for p in problems if "404" not in p] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_the_gallery_is_accessible(browser, live_server, problems, scheme, width) -> None:
    page = opened(
        browser, live_server, problems, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
    )
    page.add_script_tag(path=AXE)
    assert page.evaluate("() => new Set([...document.querySelectorAll('[id]')].map(e => e.id)).size") == page.evaluate(
        "() => document.querySelectorAll('[id]').length"
    )
    for fold in page.locator("details").all():
        fold.evaluate("d => d.open = true")
    result = page.evaluate("axe.run({resultTypes: ['violations']})")
    told = [
        f"{v['id']}: {v['help']} — {n['target']} {n['any'][0]['message'] if n['any'] else ''}"
        for v in result["violations"]
        for n in v["nodes"][:4]
    ]
    assert not told, "\n".join(told)


def test_a_refused_button_is_reached_by_key_and_shows_its_reasons(browser, live_server, problems) -> None:
    page = opened(browser, live_server, problems)
    button = page.locator("button[aria-disabled=true]").first
    button.focus()
    assert button.evaluate("b => document.activeElement === b")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('refusal')")
    assert problems == []


def test_a_folded_refusal_opens_in_place(browser, live_server, problems) -> None:
    page = opened(browser, live_server, problems)
    fold = page.locator(".action--compact").first
    assert not fold.locator(".refusal").is_visible()
    fold.locator("button").click(force=True)  # it is disabled for the ear, not for the hand
    assert fold.locator(".refusal").is_visible()


@pytest.mark.parametrize("width", [360, 1440])
def test_tap_targets_are_large_enough(browser, live_server, problems, width) -> None:
    page = opened(browser, live_server, problems, viewport={"width": width, "height": 900})
    targets = ".button, .input:not(.header__search .input), .switch button, .choice, .foot__places a, .tabs a"
    small = page.evaluate(
        """(targets) => [...document.querySelectorAll(targets)]
             .filter(e => e.offsetParent && e.getBoundingClientRect().height < 42)
             .map(e => e.className + " " + e.textContent.trim().slice(0, 20))""",
        targets,
    )
    assert small == []


def test_the_page_works_without_javascript(browser, live_server, problems) -> None:
    page = opened(browser, live_server, problems, java_script_enabled=False)
    page.locator(".refusal-line summary").first.click()
    assert page.locator(".refusal-line .refusal").first.is_visible()
    page.locator("button[name=language][value=en]").click()
    assert page.locator("h1").inner_text() == "Component gallery"


def test_filters_come_from_below_on_the_phone_and_go_again(browser, live_server, problems) -> None:
    page = opened(browser, live_server, problems, viewport={"width": 360, "height": 800})
    sheet = page.locator("#filters .sheet__body")
    assert not sheet.is_visible()
    page.locator(".sheet-opener").click()
    assert sheet.is_visible()
    page.keyboard.press("Escape")
    assert not sheet.is_visible()


def test_more_of_a_list_comes_without_a_full_load(browser, live_server, problems) -> None:
    page = opened(browser, live_server, problems)
    page.evaluate("window.stays = true")
    page.locator("#results .pager a[rel=next]").click()
    page.wait_for_url("**/kit/?after=0")
    assert page.evaluate("window.stays") is True
    assert problems == []


def test_a_second_press_sends_nothing_more(browser, live_server, problems) -> None:
    page = opened(browser, live_server, problems)
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.method) if r.method == "POST" else None)
    with page.expect_navigation():
        page.evaluate(
            "() => { const b = document.querySelector('#fresh button.button--main'); b.click(); b.click(); b.click() }"
        )
    assert sent == ["POST"]


def test_an_error_is_read_first_and_leads_to_its_field(browser, live_server, problems) -> None:
    page = opened(browser, live_server, problems)
    assert page.evaluate("document.activeElement.classList.contains('error-summary')")
    page.locator(".error-summary a").nth(1).click()
    assert page.evaluate("document.activeElement.name") == "email"
