"""A learner sees and deletes their data on the chat page, in real Chromium: a mask that shows, a page that opens, an empty history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import PATIENCE_MS, RULES, needs_chromium
from tests.conftest import Server, start_server

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def served(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("my-data"), AFTERCARE_MESSAGES_PER_MINUTE="100000", REVIEW_PORT="0")
    yield running
    running.stop()


@pytest.fixture
def page(chromium: Browser, served: Server) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(served.url)
    yield page
    context.close()


def say(page: Page, words: str) -> None:
    box = page.get_by_role("textbox").first
    box.fill(words)
    box.press("Enter")


def test_from_the_first_word_to_nothing(page: Page) -> None:
    say(page, "what is an SLA? my mail is jo.bloggs@gmail.com")
    expect(page.locator(".turn").last).to_contain_text("service level agreement", ignore_case=True)
    page.reload()
    expect(page.locator(".turn .mine")).to_contain_text("my mail is [email]")
    say(page, "show my data")
    link = page.get_by_role("link", name="Open the page")
    with page.expect_popup() as opened:
        link.click()
    held = opened.value
    expect(held.get_by_role("heading", level=1)).to_have_text("What Aftercare keeps of you")
    expect(held.locator("body")).to_contain_text("what is an SLA? my mail is [email]")
    assert held.evaluate("document.documentElement.scrollWidth <= innerWidth"), "no sideways scrolling on a phone"
    found = Axe().run(held, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    with held.expect_download() as saved:
        held.get_by_role("link", name="JSON").click()
    assert saved.value.suggested_filename == "my-aftercare-data.json"
    held.close()
    say(page, "delete my data")
    page.get_by_role("button", name="Yes, delete everything").click()
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.locator(".turn")).to_contain_text("Everything that I kept of you is deleted")
    page.reload()
    expect(page.locator(".tutor").first).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
