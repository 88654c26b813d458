"""A Chromium, and people who have signed in to it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from charity_hub.people.models import User
from tests.cast import client_of

# Playwright keeps an event loop in this thread; Django's own queries in the test are still plain ones.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 800}}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--disable-component-update",
    "--no-first-run",
]
AXE = (settings.BASE_DIR / "node_modules/axe-core/axe.min.js").read_text

type Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of these share one browser and one process."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. Where there is none these tests are left out, except with ``CI=true``."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        message = "No Chromium was found; install Debian's package chromium to walk the pages."
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_as(chromium: Browser, live_server: Any) -> Iterator[Open]:
    """``open_as(person, "/desk/", screen=DESK)``: a page, signed in; any script error fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(
        person: User | None, path: str, *, screen: dict[str, Any] = DESK, locale: str = "zh-CN"
    ) -> Page:
        context = chromium.new_context(locale=locale, base_url=live_server.url, **screen)
        contexts.append(context)
        if person is not None:
            session = client_of(person).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if "Content Security Policy" in message.text
                else None
            ),
        )
        page.goto(path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


STICK = """
position => document.querySelectorAll('.hub-submit, .hub-sections').forEach(one => {
  one.style.position = position
})
"""


def axe_findings(page: Page) -> list[str]:
    """What axe says against the page, by WCAG 2.2 A and AA: rule and the first element concerned.

    What sticks to the screen's edge covers something wherever one has scrolled to, and takes room of its
    own meanwhile, so that no finding depends on the place.
    """
    page.evaluate(AXE())
    page.evaluate(STICK, "static")
    result = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    page.evaluate(STICK, "")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in result["violations"]]


def fits_the_screen(page: Page) -> bool:
    """Whether nothing sticks out to the side.

    A phone shrinks a page that is too wide until it fits, and its ``innerWidth`` grows with it: what counts
    is the width of the screen itself.
    """
    assert page.viewport_size is not None
    return bool(page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"] + 1)
