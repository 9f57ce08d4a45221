"""The chat in a real browser, as a page and on a college's page: what a learner sees, hears and can do, online and off."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, Route, expect

from tests.browser import PATIENCE_MS, RULES, needs_chromium

if TYPE_CHECKING:
    from tests.conftest import Server

pytestmark = needs_chromium

MESSAGES = "**/api/messages"
PHONE = (360, 740)
DESKTOP = (1280, 800)
NARROW = (320, 640)
ZOOMED = (320, 256)  # 1280x1024 at 400 %
LATER = "what does LATER stand for?"
TOASTER = "how long to reject a faulty toaster?"
HEAD = "Question 2 of 10 · Law on goods"
CHOICES = [{"title": title, "token": f"quiz:x.1.{title.lower()}"} for title in ("A", "B", "C", "D", "Hint", "Skip", "Stop")]
UNSENT = "Not sent yet. Trying again when you are back online."
COLLEGE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>A college</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{head}</head>
<body><main><h1>A college</h1><p><a href="#main">A link</a></p></main><script src="/widget.js" defer></script></body></html>"""
HOSTILE = """<style>
html { font-size: 5px } * { color: red !important; font: 40px serif !important; border: 9px solid lime !important; margin: 20px !important;
  text-transform: uppercase !important; letter-spacing: 1em !important; position: relative !important; float: left !important }
aftercare-chat { display: none !important; opacity: .1 !important; transform: rotate(9deg) !important }
button, textarea { display: none !important; background: yellow !important } :root { --ground: lime; --brand: lime }
</style>"""
# The spacing that WCAG 1.4.12 says a page must bear.
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""
PARTS = """const root = document.querySelector("aftercare-chat").shadowRoot; const parts = [...root.querySelectorAll("*")];"""
TOO_WIDE = f"""() => {{ {PARTS} return [document.documentElement, ...parts]
    .filter((part) => part.scrollWidth > part.clientWidth + 1 && !/inline|contents/.test(getComputedStyle(part).display)
        && !part.closest(".unseen, svg")).map((part) => part.tagName + "." + part.className) }}"""
SCROLLING = f"""() => {{ {PARTS} return [document.documentElement, ...parts].filter((part) => part.scrollHeight > part.clientHeight + 1
    && (part === document.documentElement || /auto|scroll/.test(getComputedStyle(part).overflowY)) && part.localName !== "textarea")
    .map((part) => part.className || part.tagName) }}"""
LOOKS = f"""() => {{ {PARTS} return parts.filter((part) => part.checkVisibility()).map((part) => {{
    const style = getComputedStyle(part);
    const box = part.getBoundingClientRect();
    const kept = ["color", "backgroundColor", "fontSize", "fontFamily", "borderTopWidth", "marginTop", "textTransform", "letterSpacing"];
    return [part.localName, Math.round(box.width), Math.round(box.height), ...kept.map((name) => style[name])].join("|");
}}) }}"""
WATCH = f"""() => {{ {PARTS} window.announced = [];
    new MutationObserver((changes) => {{
        const added = changes.map(({{ addedNodes }}) => [...addedNodes]).filter((nodes) => nodes.length);
        window.announced.push(...added.map((nodes) => nodes.map((node) => node.textContent).join()));
    }}).observe(root.querySelector("[role=log]"), {{ childList: true, subtree: true, characterData: true }}); }}"""

Visit = Callable[..., Page]


@pytest.fixture
def visit(chromium: Browser, server: Server) -> Iterator[Visit]:
    """Opens the page as somebody with that screen and those preferences, or a college's page and the chat on it."""
    contexts: list[BrowserContext] = []

    def opened(size: tuple[int, int] = DESKTOP, college: str | None = None, **preferences: Any) -> Page:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **preferences)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        if college is None:
            page.goto(server.url)
            ready(page)
        else:
            page.route("**/college", lambda route: route.fulfill(content_type="text/html", body=COLLEGE.format(head=college)))
            page.goto(f"{server.url}/college")
        return page

    yield opened
    for context in contexts:
        context.close()


def ready(page: Page) -> None:
    """The greeting is there, and what comes now is announced."""
    expect(log(page)).to_contain_text("Aftercare")
    expect(log(page)).to_have_attribute("aria-live", "polite")


def launcher(page: Page) -> Locator:
    return page.get_by_role("button", name="Chat with Aftercare")


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your question")


def log(page: Page) -> Locator:
    return page.get_by_role("log", name="Conversation")


def status(page: Page) -> Locator:
    return page.get_by_role("status")


def replies(page: Page) -> Locator:
    return page.locator(".tutor")


def questions(page: Page) -> Locator:
    return page.locator(".mine")


def used(page: Page) -> Locator:
    return page.locator("button.used")


def answered(page: Page, before: int) -> Locator:
    expect(replies(page)).to_have_count(before + 1)
    expect(status(page)).to_be_empty()
    return replies(page).nth(before)


def ask(page: Page, words: str) -> Locator:
    """Types the words, presses Enter and waits for the reply."""
    before = replies(page).count()
    box(page).fill(words)
    box(page).press("Enter")
    return answered(page, before)


def press(page: Page, button: Locator) -> Locator:
    before = replies(page).count()
    button.click()
    return answered(page, before)


def choose(page: Page, item: str) -> None:
    """From the menu."""
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("button", name=item, exact=True).click()


def held(page: Page, words: str) -> Route:
    """Sends the words over a very slow network: the message waits there, to be let through, lost or answered."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(MESSAGES, hold, times=1)
    box(page).fill(words)
    with page.expect_request(MESSAGES):
        box(page).press("Enter")
    while not waiting:
        page.wait_for_timeout(20)
    return waiting[0]


def replying(page: Page, *said: dict[str, Any]) -> None:
    """Has every message answered by these replies."""
    page.route(MESSAGES, lambda route: route.fulfill(json={**route.fetch().json(), "replies": list(said)}))


def refusing(status: int, message: str, **headers: str) -> dict[str, Any]:
    """What a route answers instead of the server."""
    return {"status": status, "headers": headers, "json": {"error": {"code": "refused", "message": message}}}


def active(page: Page) -> str:
    """What has the focus, inside the chat."""
    return str(page.evaluate(f"() => {{ {PARTS} const at = root.activeElement; return at ? at.ariaLabel || at.textContent : '' }}"))


def complaints(page: Page) -> str:
    """What axe finds wrong with the page as it stands."""
    found = Axe().run(page, options=RULES)
    return found.generate_report() if found.violations_count else ""


# What it is


def test_it_is_small(visit: Visit, server: Server) -> None:
    script = visit().request.get(f"{server.url}/widget.js")
    assert len(script.body()) <= 20 * 1024
    assert '/* STYLE */ ""' not in script.text()


def test_it_asks_nobody_else_breaks_no_rule_of_its_page_and_logs_nothing(visit: Visit, server: Server) -> None:
    page = visit()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.reload()
    ready(page)
    ask(page, LATER)
    assert [url for url in asked if not url.startswith((server.url, "data:"))] == []
    assert said == []
    policy = page.request.get(server.url).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_without_scripts_the_page_leads_to_the_plain_chat(chromium: Browser, server: Server) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.url)
    expect(page.get_by_role("link", name="plain chat")).to_have_attribute("href", "/chat")
    context.close()


# Asking


def test_a_typed_question_is_answered_with_its_source(visit: Visit) -> None:
    page = visit()
    reply = ask(page, LATER)
    expect(questions(page)).to_contain_text(LATER)
    expect(reply).to_contain_text("Apologise")
    expect(reply.locator(".source").first).to_contain_text("Source")
    expect(box(page)).to_have_value("")
    expect(box(page)).to_be_focused()


def test_nothing_typed_sends_nothing(visit: Visit) -> None:
    page = visit()
    for nothing in ("", "  \n "):
        box(page).fill(nothing)
        box(page).press("Enter")
    expect(questions(page)).to_have_count(0)


def test_a_pressed_button_is_answered_stays_is_marked_and_works_again(visit: Visit) -> None:
    page = visit()
    button = replies(page).first.get_by_role("button").first
    label = button.inner_text()
    unused = button.evaluate("(button) => getComputedStyle(button).borderTopStyle")
    press(page, button)
    expect(questions(page)).to_contain_text(label)
    expect(button).to_have_accessible_name(f"{label}, asked")
    assert button.evaluate("(button) => getComputedStyle(button).borderTopStyle") != unused, "the mark must be seen, too"
    press(page, button)
    page.reload()
    expect(used(page).first).to_have_accessible_name(f"{label}, asked")


def test_a_double_click_sends_once(visit: Visit) -> None:
    page = visit()
    box(page).fill(LATER)
    page.get_by_role("button", name="Send").dblclick()
    answered(page, 1)
    replies(page).first.get_by_role("button").first.dblclick()
    answered(page, 2)
    page.reload()
    expect(questions(page)).to_have_count(2)


def test_questions_sent_while_one_is_out_follow_in_order(visit: Visit) -> None:
    page = visit()
    first = held(page, LATER)
    box(page).fill(TOASTER)
    box(page).press("Enter")
    expect(questions(page)).to_have_count(2)
    expect(status(page)).to_contain_text("Aftercare is typing")
    first.continue_()
    answered(page, 2)
    assert [part.inner_text() for part in page.locator(".turn .mine .words").all()] == [LATER, TOASTER]
    expect(page.locator(".turn").first).to_contain_text("Apologise")
    expect(page.locator(".turn").last).to_contain_text("Consumer Rights Act 2015")


def test_markup_stays_text_whoever_says_it(visit: Visit) -> None:
    page = visit()
    title = page.title()
    markup = "<img src=x onerror=\"document.title='taken over'\"><script>document.title='taken over'</script>"
    ask(page, markup)
    expect(questions(page).locator(".words")).to_have_text(markup)
    replying(page, {"kind": "answer", "text": markup, "buttons": [{"title": markup, "token": "do:capabilities"}]})
    reply = ask(page, LATER)
    expect(reply.locator(".words")).to_have_text(markup)
    expect(reply.get_by_role("button")).to_have_text(markup)
    expect(page.locator("aftercare-chat img, aftercare-chat script")).to_have_count(0)
    assert page.title() == title


def test_lists_bold_and_italic_are_set_as_such(visit: Visit) -> None:
    page = visit()
    text = "Do **this** and *that*, 2 * 3 * 4:\n- one\n- two\n\n3. three\n4. four\n\nSource: a book."
    replying(page, {"kind": "answer", "text": text, "buttons": []})
    words = ask(page, LATER).locator(".words")
    expect(words.locator("strong")).to_have_text("this")
    expect(words.locator("em")).to_have_text("that")
    expect(words.locator("ul li")).to_have_text(["one", "two"])
    expect(words.locator("ol[start='3'] li")).to_have_text(["three", "four"])
    expect(words.locator(".source")).to_have_text("Source: a book.")


def test_lines_of_a_paragraph_stay_lines(visit: Visit) -> None:
    page = visit()
    replying(page, {"kind": "quiz", "text": f"**{HEAD}**\n\nWhich is right?\n\nA. one\nB. two\nC. three", "buttons": []})
    words = ask(page, LATER).locator(".words")
    expect(words.locator("strong")).to_have_text(HEAD)
    assert words.locator("p").last.inner_text().split("\n") == ["A. one", "B. two", "C. three"]


@pytest.mark.parametrize(("size", "rows"), [(NARROW, 3), ((390, 844), 2), (DESKTOP, 1)], ids=["narrow", "phone", "desktop"])
def test_letters_stand_in_rows_large_enough_for_a_thumb(visit: Visit, size: tuple[int, int], rows: int) -> None:
    page = visit(size)
    replying(page, {"kind": "quiz", "text": "Which?", "buttons": CHOICES})
    edges = [button.bounding_box() for button in ask(page, LATER).get_by_role("button").all()]
    assert len({box["y"] for box in edges if box}) <= rows
    for left, right in pairwise(edges):
        assert left and right
        assert min(left["width"], left["height"]) >= 44
        assert right["y"] >= left["y"] + left["height"] + 8 or right["x"] >= left["x"] + left["width"] + 8


def test_of_two_replies_in_a_turn_both_are_shown_and_the_last_ones_buttons_stand_out(visit: Visit) -> None:
    page = visit()
    feedback = {"kind": "quiz", "text": "Right.", "buttons": [{"title": "Why?", "token": "do:capabilities"}]}
    replying(page, feedback, {"kind": "quiz", "text": "Next question?", "buttons": CHOICES})
    box(page).fill(LATER)
    box(page).press("Enter")
    expect(replies(page)).to_have_text([re.compile("Hello"), re.compile("Right."), re.compile("Next question?")])
    expect(page.locator(".turn")).to_have_count(1)

    def colours(button: Locator) -> list[str]:
        return list(button.evaluate("(button) => { const style = getComputedStyle(button); return [style.color, style.borderTopColor]; }"))

    greeting, why, choices = (replies(page).nth(place).get_by_role("button") for place in range(3))
    assert colours(choices.first) == colours(choices.last) != colours(why) == colours(greeting.first)
    page.unroute(MESSAGES)
    press(page, why)  # which still works
    assert colours(choices.first) == colours(greeting.first)


def test_shift_and_enter_make_a_new_line_and_both_are_seen(visit: Visit) -> None:
    page = visit()
    box(page).press_sequentially("My customer is angry.")
    before = box(page).bounding_box()
    box(page).press("Shift+Enter")
    box(page).press_sequentially(LATER)
    expect(box(page)).to_have_value(f"My customer is angry.\n{LATER}")
    expect(questions(page)).to_have_count(0)
    after = box(page).bounding_box()
    assert before and after and after["height"] > before["height"]


def test_enter_that_ends_a_composed_character_does_not_send(visit: Visit) -> None:
    page = visit()
    box(page).fill("ありがとう")
    box(page).dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(box(page)).to_have_value("ありがとう")
    expect(questions(page)).to_have_count(0)


def test_the_limit_is_told_when_near_and_nothing_too_long_is_lost(visit: Visit) -> None:
    page = visit()
    box(page).fill("a" * 900)
    expect(page.locator("#hint")).not_to_contain_text("characters")
    box(page).fill("a" * 950)
    expect(page.locator("#hint")).to_contain_text("950 of 1,000 characters")
    box(page).fill("a" * 1001)
    box(page).press("Enter")
    expect(status(page)).to_contain_text("shorten")
    expect(box(page)).to_have_value("a" * 1001)
    expect(questions(page)).to_have_count(0)


# Keeping the conversation


def test_reloading_keeps_the_conversation_once(visit: Visit) -> None:
    page = visit()
    ask(page, LATER)
    ask(page, TOASTER)
    shown = log(page).inner_text()
    page.reload()
    expect(replies(page)).to_have_count(3)
    assert log(page).inner_text() == shown


def test_reloading_while_a_message_is_out_loses_and_doubles_nothing(visit: Visit) -> None:
    page = visit()
    held(page, LATER)
    page.reload()
    answered(page, 1)
    page.reload()
    expect(replies(page)).to_have_count(2)
    expect(questions(page)).to_have_count(1)


def test_a_second_tab_shows_the_same_conversation_once(visit: Visit, server: Server) -> None:
    first = visit()
    ask(first, LATER)
    second = first.context.new_page()
    second.goto(server.url)
    expect(replies(second)).to_have_count(2)
    ask(second, TOASTER)
    for tab in (first, second):
        expect(replies(tab)).to_have_count(3)
        expect(questions(tab)).to_have_count(2)


def test_starting_again_clears_every_tab_for_good(visit: Visit, server: Server) -> None:
    page = visit()
    other = page.context.new_page()
    other.goto(server.url)
    ready(other)
    ask(page, LATER)
    expect(questions(other)).to_have_count(1)
    choose(page, "Start again")
    for tab in (page, other):
        expect(questions(tab)).to_have_count(0)
        expect(replies(tab)).to_have_count(1)
    expect(box(page)).to_be_focused()
    page.reload()
    ready(page)
    expect(questions(page)).to_have_count(0)


def test_an_ended_session_is_renewed_and_the_message_sent(visit: Visit) -> None:
    page = visit()
    ask(page, LATER)
    page.evaluate("for (const key of Object.keys(localStorage)) if (key.includes('token')) localStorage[key] = '\"forged\"'")
    box(page).fill(TOASTER)
    box(page).press("Enter")
    expect(status(page)).to_have_text("A new conversation was begun.")
    expect(questions(page)).to_contain_text(TOASTER)
    expect(replies(page).last).to_contain_text("Consumer Rights Act 2015")


def test_a_code_moves_the_conversation_to_another_device(visit: Visit) -> None:
    page = visit()
    ask(page, LATER)
    choose(page, "Continue on another device")
    code = page.locator(".code").inner_text()
    link = page.get_by_role("link").get_attribute("href")
    assert link and link.endswith("#code=" + code.replace("-", ""))
    expect(page.locator(".sheet")).to_contain_text("until")
    assert complaints(page) == ""
    page.get_by_role("button", name="Done").click()
    assert active(page) == "Menu"

    other = visit()
    choose(other, "I have a code")
    field = other.get_by_role("textbox", name="code from your other device")
    expect(field).to_be_focused()
    field.fill("AAAA-AAAA")
    field.press("Enter")
    expect(other.get_by_role("alert")).not_to_be_empty()
    assert complaints(other) == ""
    field.fill(f" {code.lower()} ")
    field.press("Enter")
    expect(questions(other)).to_contain_text(LATER)
    expect(other.locator(".sheet")).to_be_hidden()
    ask_again = box(other)
    ask_again.fill(TOASTER)
    ask_again.press("Enter")
    expect(replies(other)).to_have_count(3)


def test_a_link_with_a_code_moves_it_too_and_leaves_the_address(visit: Visit, server: Server) -> None:
    page = visit()
    ask(page, LATER)
    choose(page, "Continue on another device")
    link = page.get_by_role("link").get_attribute("href")
    other = visit()
    other.goto("about:blank")
    other.goto(str(link))
    expect(questions(other)).to_contain_text(LATER)
    assert other.url.rstrip("/") == server.url


def test_the_transcript_holds_the_words_of_both(visit: Visit) -> None:
    page = visit()
    ask(page, LATER)
    with page.expect_download() as download:
        choose(page, "Save a transcript")
    assert download.value.suggested_filename.endswith(".txt")
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "20" in text.splitlines()[0], "the date"
    assert f"You: {LATER}" in text
    assert "Aftercare: " in text
    assert "Apologise" in text


# When something is in the way


def test_a_lost_network_is_told_and_the_message_sent_once_when_it_is_back(visit: Visit) -> None:
    page = visit()
    ids = []

    def note(request: Request) -> None:
        if request.url.endswith("/api/messages"):
            ids.append(request.post_data_json["id"])

    page.on("request", note)
    page.context.set_offline(True)
    box(page).fill(LATER)
    box(page).press("Enter")
    expect(status(page)).to_have_text(UNSENT)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect(questions(page)).to_contain_text(LATER)
    expect(box(page)).to_be_focused()
    page.get_by_role("button", name="Try again").click()
    expect(status(page)).to_have_text(UNSENT)
    page.context.set_offline(False)
    expect(answered(page, 1)).to_contain_text("Apologise")
    page.reload()
    expect(questions(page)).to_have_count(1)
    assert len(ids) > 1
    assert len(set(ids)) == 1, "always under the same id"


def test_a_message_from_before_a_reload_offline_is_sent(visit: Visit) -> None:
    page = visit()
    page.route(MESSAGES, lambda route: route.abort())
    box(page).fill(LATER)
    box(page).press("Enter")
    expect(status(page)).to_have_text(UNSENT)
    page.unroute(MESSAGES)
    page.reload()
    expect(answered(page, 1)).to_contain_text("Apologise")
    expect(questions(page)).to_have_count(1)


@pytest.mark.parametrize("code", [429, 503])
def test_the_servers_words_are_shown_and_the_message_is_sent_later(visit: Visit, code: int) -> None:
    page = visit()
    refusal = refusing(code, "Please wait a second.", **{"Retry-After": "1"})
    page.route(MESSAGES, lambda route: route.fulfill(**refusal), times=1)
    box(page).fill(LATER)
    box(page).press("Enter")
    expect(status(page)).to_have_text("Please wait a second.")
    expect(answered(page, 1)).to_contain_text("Apologise")


def test_what_the_server_will_never_take_comes_back_into_the_box(visit: Visit) -> None:
    page = visit()
    page.route(MESSAGES, lambda route: route.fulfill(**refusing(400, "That cannot be read.")), times=1)
    box(page).fill(LATER)
    box(page).press("Enter")
    expect(status(page)).to_have_text("That cannot be read.")
    expect(box(page)).to_have_value(LATER)
    expect(questions(page)).to_have_count(0)


def test_an_answer_from_a_stranger_is_no_reply(visit: Visit) -> None:
    page = visit()
    page.route(MESSAGES, lambda route: route.fulfill(body="<html>a hotel's sign-in page</html>"), times=1)
    box(page).fill(LATER)
    box(page).press("Enter")
    expect(status(page)).to_have_text(UNSENT)
    expect(answered(page, 1)).to_contain_text("Apologise")


# For everybody


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("college", [None, ""], ids=["page", "embedded"])
def test_axe_finds_nothing(visit: Visit, size: tuple[int, int], scheme: str, college: str | None) -> None:
    page = visit(size, college, color_scheme=scheme)
    if college is not None:
        assert complaints(page) == ""
        launcher(page).click()
        ready(page)
    assert complaints(page) == ""
    press(page, replies(page).first.get_by_role("button").first)
    ask(page, TOASTER)
    assert complaints(page) == ""
    page.get_by_role("button", name="Menu").click()
    assert complaints(page) == ""
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    box(page).fill(LATER)
    box(page).press("Enter")
    expect(status(page)).to_have_text(UNSENT)
    assert complaints(page) == ""


def test_each_reply_is_announced_once_by_a_log_that_was_there_before(visit: Visit) -> None:
    page = visit()
    assert log(page).evaluate("(log) => !log.contains(log.getRootNode().querySelector('[role=status]'))")
    page.evaluate(WATCH)
    ask(page, LATER)
    announced = page.evaluate("announced")
    assert len(announced) == 2, announced
    assert announced[0] == f"You said{LATER}"
    assert announced[1].startswith("Aftercare said")
    ask(page, TOASTER)
    assert len(page.evaluate("announced")) == 4
    page.evaluate("dispatchEvent(new Event('focus'))")  # a refetch must not read anything out again
    page.wait_for_timeout(1000)
    assert len(page.evaluate("announced")) == 4


def test_the_history_is_not_read_out(visit: Visit) -> None:
    page = visit()
    ask(page, LATER)
    held_back: list[Route] = []
    page.route("**/api/conversation", lambda route: held_back.insert(0, route), times=1)
    page.reload()
    expect(log(page)).to_have_attribute("aria-live", "off")
    while not held_back:
        page.wait_for_timeout(20)
    held_back[0].continue_()
    expect(replies(page)).to_have_count(2)
    expect(log(page)).to_have_attribute("aria-live", "polite")
    expect(log(page)).to_have_attribute("aria-busy", "false")


def test_a_whole_conversation_works_by_keyboard_alone(visit: Visit) -> None:
    page = visit()
    reached = []
    while not box(page).evaluate("(box) => box === box.getRootNode().activeElement"):
        page.keyboard.press("Tab")
        reached.append(active(page))
        assert len(reached) < 15, reached
    assert reached[:2] == ["Menu", "Conversation"], "the log takes focus so that it can be scrolled"
    page.keyboard.type(LATER)
    page.keyboard.press("Enter")
    answered(page, 1)
    expect(box(page)).to_be_focused()
    page.keyboard.press("Shift+Tab")  # the text box comes right after the newest choices
    last = page.locator(".choices button").last
    expect(last).to_be_focused()
    assert last.evaluate("(button) => getComputedStyle(button).outline").endswith("3px")
    page.keyboard.press("Enter")
    answered(page, 2)
    assert "asked" in active(page), "focus stays where it was"


def test_the_menu_works_by_keyboard(visit: Visit) -> None:
    page = visit()
    menu = page.get_by_role("button", name="Menu")
    expect(menu).to_have_attribute("aria-expanded", "false")
    menu.press("Enter")
    expect(menu).to_have_attribute("aria-expanded", "true")
    for item in ("Start again", "Save a transcript", "Continue on another device", "I have a code"):
        page.keyboard.press("Tab")
        assert active(page) == item
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    expect(menu).to_have_attribute("aria-expanded", "false")
    menu.press("Enter")
    box(page).focus()
    expect(menu).to_have_attribute("aria-expanded", "false")


@pytest.mark.parametrize("college", [None, ""], ids=["page", "embedded"])
@pytest.mark.parametrize("size", [NARROW, ZOOMED, PHONE], ids=["narrow", "zoomed", "phone"])
def test_nothing_needs_sideways_scrolling_and_sending_is_within_reach(visit: Visit, size: tuple[int, int], college: str | None) -> None:
    page = visit(size, college)
    if college is not None:
        launcher(page).click()
        ready(page)
    assert page.evaluate(TOO_WIDE) == []
    ask(page, TOASTER)
    ask(page, "refund" * 50)  # one word wider than any screen
    assert page.evaluate(TOO_WIDE) == []
    assert len(page.evaluate(SCROLLING)) <= 1
    box(page).fill(LATER)
    send = page.get_by_role("button", name="Send")
    box(page).scroll_into_view_if_needed()
    expect(send).to_be_in_viewport(ratio=0.95)
    expect(box(page)).to_be_in_viewport(ratio=0.95)
    press(page, send)


def test_wider_text_spacing_loses_nothing(visit: Visit) -> None:
    page = visit(NARROW)
    ask(page, TOASTER)
    page.evaluate(
        f"""(css) => {{ {PARTS} const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
        root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet]; }}""",
        SPACED,
    )
    assert page.evaluate(TOO_WIDE) == []
    cut = page.locator("button, .words, [role=status]").evaluate_all(
        "(parts) => parts.filter((part) => part.scrollHeight > part.clientHeight + 1).length"
    )
    assert cut == 0


@pytest.mark.parametrize("size", [NARROW, DESKTOP], ids=["narrow", "desktop"])
def test_everything_to_press_is_large_enough_for_a_thumb(visit: Visit, size: tuple[int, int]) -> None:
    page = visit(size, "")
    small = []

    def measure() -> None:
        for target in page.locator("aftercare-chat button:visible, aftercare-chat textarea:visible, aftercare-chat input:visible").all():
            edges = target.bounding_box()
            assert edges
            if edges["height"] < 44 or edges["width"] < 44:
                small.append((target.inner_text(), edges))

    measure()
    launcher(page).click()
    ready(page)
    ask(page, LATER)
    page.get_by_role("button", name="Menu").click()
    measure()
    page.get_by_role("button", name="I have a code").click()
    measure()
    assert small == []


def test_a_long_reply_is_read_from_its_beginning(visit: Visit) -> None:
    page = visit(PHONE)
    ask(page, LATER)
    reply = ask(page, TOASTER)
    expect(questions(page).last).to_be_in_viewport(ratio=0.99)
    expect(reply.locator(".speaker")).to_be_in_viewport(ratio=0.99)


def test_who_has_scrolled_up_is_left_there_and_told_of_the_reply(visit: Visit) -> None:
    page = visit(PHONE)
    ask(page, LATER)
    ask(page, TOASTER)
    message = held(page, LATER)
    log(page).evaluate("(log) => log.scrollTop = 0")
    message.continue_()
    newer = page.get_by_role("button", name="New reply")
    expect(newer).to_be_visible()
    assert log(page).evaluate("(log) => log.scrollTop") == 0
    newer.click()
    expect(replies(page).last.locator(".speaker")).to_be_in_viewport()
    expect(newer).to_be_hidden()


@pytest.mark.parametrize("wish", ["reduce", "no-preference"])
def test_nothing_moves_for_those_who_ask(visit: Visit, wish: str) -> None:
    page = visit(reduced_motion=wish)
    ask(page, LATER)
    if wish == "reduce":
        assert page.evaluate("document.getAnimations().length") == 0
        assert log(page).evaluate("(log) => getComputedStyle(log).scrollBehavior") == "auto"


def test_forced_colours_keep_borders(visit: Visit) -> None:
    page = visit(forced_colors="active")
    press(page, replies(page).first.get_by_role("button").first)
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    assert complaints(page) == ""
    borderless = page.locator(".words:visible, button:visible, textarea:visible").evaluate_all(
        """(parts) => parts.filter((part) => {
            const style = getComputedStyle(part);
            const ground = getComputedStyle(document.body).backgroundColor;
            return style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) < 1 || style.borderTopColor === ground;
        }).map((part) => part.textContent)"""
    )
    assert borderless == []


# On a college's page


def test_the_launcher_opens_a_dialog_and_escape_closes_it(visit: Visit) -> None:
    page = visit(college="")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    dialog = page.get_by_role("dialog", name="Aftercare")
    expect(dialog).to_be_hidden()
    assert asked == [], "nothing is asked of the server before somebody opens the chat"
    launcher(page).press("Enter")
    expect(dialog).to_be_visible()
    expect(box(page)).to_be_focused()
    ready(page)
    ask(page, LATER)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(launcher(page)).to_be_focused()
    launcher(page).click()
    expect(questions(page)).to_have_count(1)
    page.get_by_role("link", name="A link").click()  # the page stays usable
    page.get_by_role("button", name="Close").click()
    expect(launcher(page)).to_be_focused()


def test_on_a_phone_the_dialog_fills_the_screen(visit: Visit) -> None:
    page = visit(PHONE, "")
    launcher(page).click()
    assert page.get_by_role("dialog").bounding_box() == {"x": 0, "y": 0, "width": PHONE[0], "height": PHONE[1]}


def test_a_hostile_page_changes_nothing(visit: Visit) -> None:
    looks = []
    for head in ("", HOSTILE):
        page = visit(college=head)
        launcher(page).click()
        ready(page)
        looks.append(page.evaluate(LOOKS))
    assert looks[0] == looks[1]


def test_typing_sets_off_no_shortcut_of_the_page_and_its_styles_stay(visit: Visit) -> None:
    shortcut = "<script>addEventListener('keydown', () => document.title = 'shortcut')</script>"
    page = visit(college="<style>button { color: rgb(1, 2, 3) }</style>" + shortcut)
    launcher(page).click()
    ready(page)
    box(page).press_sequentially("j")
    assert page.title() == "A college"
    colour = page.evaluate("getComputedStyle(document.body.appendChild(document.createElement('button'))).color")
    assert colour == "rgb(1, 2, 3)"


def test_a_page_that_names_the_script_twice_has_one_chat(visit: Visit) -> None:
    page = visit(college='<script src="/widget.js" defer></script>')
    expect(launcher(page)).to_have_count(1)
    expect(page.locator("aftercare-chat")).to_have_count(1)
