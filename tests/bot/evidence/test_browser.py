"""The page in a real browser, opened from a file: accessible, narrow enough for a phone and for A4."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from tests.bot.evidence.pages import BLAZER, GYM, defensive, made, model
from tests.browser import ARGUMENTS, CHROMIUM, RULES, needs_chromium

pytestmark = needs_chromium
A4 = (794, 1123)  # in CSS pixels
MOST_PAGES = 6  # of one practice


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page of two practices."""
    file: Path = tmp_path_factory.mktemp("evidence") / "evidence.html"
    file.write_text(made(model(BLAZER), defensive(GYM)), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": A4[0], "height": A4[1]})
        page.goto(file.as_uri())
        yield page
        browser.close()


@pytest.mark.parametrize("width", [A4[0], 320])
def test_axe_finds_nothing(opened: Page, width: int):
    opened.set_viewport_size({"width": width, "height": A4[1]})
    found = Axe().run(opened, options=RULES).response["violations"]
    assert [(violation["id"], violation["nodes"][0]["html"]) for violation in found] == []


@pytest.mark.parametrize("width", [A4[0], 320])
def test_nothing_has_to_be_scrolled_sideways(opened: Page, width: int):
    opened.set_viewport_size({"width": width, "height": A4[1]})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


def test_the_signature_boxes_are_high_enough_to_write_in(opened: Page):
    heights = opened.locator(".blank").evaluate_all("cells => cells.map((cell) => cell.getBoundingClientRect().height)")
    assert heights and min(heights) >= 38  # a centimetre


def test_it_prints_on_a_few_sheets_of_a4(opened: Page, tmp_path: Path):
    opened.pdf(path=tmp_path / "evidence.pdf", prefer_css_page_size=True, print_background=True)
    printed = (tmp_path / "evidence.pdf").read_bytes()
    sheets = len(re.findall(rb"/Type\s*/Page\b", printed))
    assert 2 <= sheets <= 2 * MOST_PAGES
    assert re.search(rb"/MediaBox\s*\[0 0 59[45](?:\.\d+)? 84[12](?:\.\d+)?\]", printed)


def test_the_curve_is_drawn(opened: Page):
    box = opened.locator("svg polyline").first.bounding_box()
    assert box is not None and box["width"] > 200
