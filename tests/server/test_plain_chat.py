"""The chat without JavaScript, in a real browser that runs none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import PATIENCE_MS, RULES, needs_chromium
from tests.server.test_pictures import told_in

if TYPE_CHECKING:
    from tests.conftest import Server

pytestmark = needs_chromium


def visit(chromium: Browser, server: Server, *, scripts: bool = False, scheme: str = "light") -> Page:
    context = chromium.new_context(
        viewport={"width": 320, "height": 640},
        java_script_enabled=scripts,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{server.url}/chat")
    return page


def ask(page: Page, words: str) -> None:
    page.get_by_label("Your question").fill(words)
    page.get_by_role("button", name="Send").click()


def test_questions_and_buttons_are_answered_and_stay(chromium: Browser, server: Server) -> None:
    page = visit(chromium, server)
    ask(page, "what does LATER stand for?")
    answers = page.locator("li.tutor")
    expect(answers).to_have_count(2)
    expect(answers.last).to_contain_text("Listen")
    answers.last.get_by_role("button").first.click()
    expect(answers).to_have_count(3)
    page.reload()
    expect(answers).to_have_count(3)
    page.context.close()


def test_starting_again_empties_the_conversation(chromium: Browser, server: Server) -> None:
    page = visit(chromium, server)
    ask(page, "what does LATER stand for?")
    page.get_by_role("button", name="Start again").click()
    expect(page.locator("li.mine")).to_have_count(0)
    page.context.close()


def test_nothing_typed_says_so(chromium: Browser, server: Server) -> None:
    page = visit(chromium, server)
    ask(page, "   ")
    expect(page.get_by_role("alert")).to_contain_text("did not receive any words")
    page.context.close()


def test_bold_lines_and_both_replies_of_a_turn_are_shown_and_markup_stays_text(chromium: Browser, patient_server: Server) -> None:
    quiz = {"kind": "quiz", "text": "**Question 2 of 10**\n\nA. <b>one</b>\nB. *two*", "buttons": [{"title": "A", "token": "quiz:x.1.a"}]}
    right = {"kind": "quiz", "text": "Right.", "buttons": [{"title": "Why?", "token": "do:capabilities"}]}
    token = told_in(patient_server, [quiz], [right, quiz])
    page = visit(chromium, patient_server)
    page.context.add_cookies([{"name": "aftercare_chat", "value": token, "url": f"{patient_server.url}/chat"}])
    page.reload()
    shown = page.locator("li.tutor")
    expect(shown).to_have_count(4)
    expect(shown.last.locator("strong")).to_have_text("Question 2 of 10")
    expect(shown.last.locator("em")).to_have_text("two")
    assert shown.last.locator("p").last.inner_text() == "A. <b>one</b>\nB. two"
    expect(shown.nth(1).get_by_role("button")).to_have_count(0)  # an earlier turn's
    colours = [
        button.evaluate("(button) => getComputedStyle(button).color")
        for button in (shown.nth(2).get_by_role("button", name="Why?"), shown.last.get_by_role("button", name="A"))
    ]
    assert colours[0] != colours[1], "the last reply's buttons stand out"
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_breaks_no_accessibility_rule_and_fits_a_narrow_screen(chromium: Browser, server: Server, scheme: str) -> None:
    page = visit(chromium, server, scripts=True, scheme=scheme)  # axe itself is a script
    ask(page, "what does LATER stand for?")
    expect(page.locator("li.tutor")).to_have_count(2)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.context.close()
