"""The chat page in a real browser: what a learner sees, hears and can do, on a phone, at a desk, by keyboard, offline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect, sync_playwright

from tests.conftest import Server

CHROMIUM = Path("/usr/bin/chromium")
if not CHROMIUM.exists():
    pytest.skip(f"{CHROMIUM} is not installed", allow_module_level=True)

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 60_000
WEBHOOK = "**/webhooks/rest/webhook"
PHONE = (360, 740)
DESKTOP = (1280, 800)
NARROW = (320, 640)
ZOOMED = (320, 256)  # 1280x1024 at 400 %
LATER = "what does LATER stand for?"
TOASTER = "how long to reject a faulty toaster?"
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
# The spacing that WCAG 1.4.12 says a page must bear.
SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-bottom: 2em !important }"""
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll("body *")]
    .filter((part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== "inline")
    .map((part) => part.tagName + "#" + part.id + "." + part.className)"""

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, timeout=2 * PATIENCE_MS)
        yield browser
        browser.close()
    expect.set_options(timeout=5_000)


@pytest.fixture
def visit(chromium: Browser, server: Server) -> Iterator[Visit]:
    """Opens the page as somebody with that screen and those preferences."""
    contexts = []

    def opened(size: tuple[int, int] = DESKTOP, **preferences: Any) -> Page:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **preferences)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()
        page.goto(server.url)
        expect(replies(page)).to_have_count(1)  # the greeting
        return page

    yield opened
    for context in contexts:
        context.close()


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


def ask(page: Page, words: str) -> Locator:
    """Types the words, presses Enter and waits for the reply."""
    before = replies(page).count()
    box(page).fill(words)
    box(page).press("Enter")
    return awaited(page, before)


def press(page: Page, button: Locator) -> Locator:
    before = replies(page).count()
    button.click()
    return awaited(page, before)


def awaited(page: Page, before: int) -> Locator:
    expect(replies(page)).to_have_count(before + 1)
    expect(status(page)).to_be_empty()
    return replies(page).nth(before)


def held(page: Page, words: str) -> Route:
    """Sends the words over a very slow network: the question waits there, to be let through, lost or answered."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        waiting.append(route)

    page.route(WEBHOOK, hold)
    box(page).fill(words)
    with page.expect_request(WEBHOOK):
        box(page).press("Enter")
    expect(status(page)).to_have_text("Aftercare is typing")
    while not waiting:
        page.wait_for_timeout(20)
    return waiting[0]


def complaints(page: Page) -> str:
    """What axe finds wrong with the page as it stands."""
    found = Axe().run(page, options=RULES)
    return found.generate_report() if found.violations_count else ""


def test_a_typed_question_is_answered_with_its_source(visit: Visit) -> None:
    page = visit()
    reply = ask(page, LATER)
    expect(questions(page)).to_contain_text(LATER)
    expect(reply).to_contain_text("Listen, Apologise, Thank")
    expect(reply).to_contain_text("Source: ")
    expect(box(page)).to_have_value("")


def test_the_send_button_sends_too(visit: Visit) -> None:
    page = visit()
    box(page).fill(TOASTER)
    page.get_by_role("button", name="Send").click()
    expect(replies(page).last).to_contain_text("Consumer Rights Act 2015")
    expect(replies(page).last).to_contain_text("not legal advice")


def test_nothing_typed_sends_nothing(visit: Visit) -> None:
    page = visit()
    for nothing in ("", "  \n "):
        box(page).fill(nothing)
        box(page).press("Enter")
    expect(questions(page)).to_have_count(0)


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("What is LATER?", "Apologise"),
        ("30-day right to reject", "30 days"),
        ("Work out an NPS", "promoters"),
        ("What can you do?", "I answer questions"),
    ],
)
def test_each_button_of_the_greeting_is_answered_stays_and_is_marked(visit: Visit, label: str, said: str) -> None:
    page = visit()
    button = replies(page).first.locator("button", has_text=label)
    unused = button.evaluate("(button) => getComputedStyle(button).borderTopStyle")
    expect(press(page, button)).to_contain_text(said)
    expect(questions(page)).to_contain_text(label)
    expect(button).to_be_visible()
    expect(button).to_have_accessible_name(f"{label}, asked")
    assert button.evaluate("(button) => getComputedStyle(button).borderTopStyle") != unused, "the mark must be seen, too"
    press(page, button)  # and it works again


def test_buttons_of_a_reply_lead_on(visit: Visit) -> None:
    page = visit()
    example = ask(page, "what is the net promoter score?").get_by_role("button", name="Example")
    expect(press(page, example)).to_contain_text("=")
    expect(example).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Visit, size: tuple[int, int], scheme: str) -> None:
    page = visit(size, color_scheme=scheme)
    assert complaints(page) == ""
    press(page, page.get_by_role("button", name="What is LATER?"))
    for question in (TOASTER, "what is the net promoter score?", "who won the world cup?"):
        ask(page, question)
    assert complaints(page) == ""
    page.context.set_offline(True)
    box(page).fill(LATER)
    box(page).press("Enter")
    expect(status(page)).to_contain_text("not sent")
    assert complaints(page) == ""


def test_a_whole_exchange_works_by_keyboard_alone(visit: Visit) -> None:
    page = visit()
    reached = []
    while not box(page).evaluate("(box) => box === document.activeElement"):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
        assert len(reached) < 15, reached
    assert reached[:2] == ["restart", "log"], "the log takes focus so that it can be scrolled"
    page.keyboard.type(LATER)
    page.keyboard.press("Enter")
    awaited(page, 1)
    expect(box(page)).to_be_focused()
    page.keyboard.press("Shift+Tab")  # the text box comes right after the newest choices
    last = replies(page).last.get_by_role("button").last
    expect(last).to_be_focused()
    assert last.evaluate("(button) => getComputedStyle(button).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    awaited(page, 2)
    expect(replies(page).nth(1).get_by_role("button").last).to_be_focused()


def test_focus_returns_to_the_text_box_after_the_send_button(visit: Visit) -> None:
    page = visit()
    box(page).fill(LATER)
    box(page).press("Tab")
    page.keyboard.press("Enter")
    awaited(page, 1)
    expect(box(page)).to_be_focused()


def test_replies_are_announced_by_a_log_that_was_there_before_them_and_waiting_by_a_status(visit: Visit, server: Server) -> None:
    page = visit()
    source = page.request.get(server.url).text()
    assert 'role="log"' in source
    assert 'role="status"' in source
    expect(log(page)).to_have_count(1)
    expect(status(page)).to_have_count(1)
    assert not log(page).evaluate("(log) => log.contains(document.querySelector('[role=status]'))")
    question = held(page, LATER)
    expect(log(page)).not_to_contain_text("typing")
    question.continue_()
    awaited(page, 1)
    expect(log(page)).to_contain_text("Apologise")


def test_it_is_said_who_speaks(visit: Visit) -> None:
    page = visit()
    ask(page, LATER)
    assert questions(page).inner_text().startswith("You\n")
    assert replies(page).last.inner_text().startswith("Aftercare\n")


def test_markup_that_is_typed_stays_text(visit: Visit) -> None:
    page = visit()
    title = page.title()
    typed = "<img src=x onerror=\"document.title='taken over'\"> <b>refund</b>"
    ask(page, typed)
    expect(questions(page).locator(".words")).to_have_text(typed)
    expect(page.locator("img, b")).to_have_count(0)
    assert page.title() == title


def test_markup_in_replies_and_on_buttons_stays_text(visit: Visit) -> None:
    page = visit()
    markup = "<img src=x onerror=\"document.title='taken over'\"><script>document.title='taken over'</script>"
    scripts = page.locator("script").count()
    page.route(WEBHOOK, lambda route: route.fulfill(json=[{"text": markup, "buttons": [{"title": markup, "payload": "do:capabilities"}]}]))
    reply = ask(page, LATER)
    expect(reply.locator(".words")).to_have_text(markup)
    expect(reply.get_by_role("button")).to_have_text(markup)
    expect(page.locator("img")).to_have_count(0)
    expect(page.locator("script")).to_have_count(scripts)
    assert "taken over" not in page.title()


@pytest.mark.parametrize("size", [NARROW, ZOOMED, PHONE], ids=["narrow", "zoomed", "phone"])
def test_nothing_needs_sideways_scrolling_and_sending_is_within_reach(visit: Visit, size: tuple[int, int]) -> None:
    page = visit(size)
    assert page.evaluate(TOO_WIDE) == []
    ask(page, TOASTER)
    ask(page, "refund" * 50)  # one word wider than any screen
    assert page.evaluate(TOO_WIDE) == []
    box(page).fill(LATER)
    send = page.get_by_role("button", name="Send")
    send.scroll_into_view_if_needed()
    expect(send).to_be_in_viewport(ratio=0.99)
    expect(box(page)).to_be_in_viewport(ratio=0.99)
    press(page, send)


def test_wider_text_spacing_loses_nothing(visit: Visit) -> None:
    page = visit(NARROW, bypass_csp=True)
    ask(page, TOASTER)
    page.add_style_tag(content=SPACED)
    assert page.evaluate(TOO_WIDE) == []
    cut = page.locator("button, .words, #status").evaluate_all(
        "(parts) => parts.filter((part) => part.scrollHeight > part.clientHeight + 1).length"
    )
    assert cut == 0


@pytest.mark.parametrize("size", [NARROW, DESKTOP], ids=["narrow", "desktop"])
def test_everything_to_press_is_large_enough_for_a_thumb(visit: Visit, size: tuple[int, int]) -> None:
    page = visit(size)
    ask(page, LATER)
    targets = page.locator("button, textarea")
    assert targets.count() > 6
    small = []
    for target in targets.all():
        edges = target.bounding_box()
        assert edges
        if edges["height"] < 44 or edges["width"] < 44:
            small.append((target.inner_text(), edges))
    assert small == []


def test_a_long_reply_is_read_from_its_beginning(visit: Visit) -> None:
    page = visit(PHONE, reduced_motion="reduce")
    ask(page, LATER)
    reply = ask(page, TOASTER)
    expect(questions(page).last).to_be_in_viewport(ratio=0.99)
    expect(reply.locator(".speaker")).to_be_in_viewport(ratio=0.99)


def test_a_lost_network_is_told_and_the_words_are_kept(visit: Visit) -> None:
    page = visit()
    page.context.set_offline(True)
    box(page).fill(LATER)
    box(page).press("Enter")
    expect(status(page)).to_contain_text("not sent")
    expect(box(page)).to_have_value(LATER)
    expect(box(page)).to_be_focused()
    expect(questions(page)).to_have_count(0)
    page.context.set_offline(False)
    box(page).press("Enter")
    expect(awaited(page, 1)).to_contain_text("Apologise")
    expect(questions(page)).to_have_count(1)


def test_a_button_pressed_offline_can_be_pressed_again(visit: Visit) -> None:
    page = visit()
    button = page.get_by_role("button", name="What is LATER?")
    page.context.set_offline(True)
    button.click()
    expect(status(page)).to_contain_text("not sent")
    expect(button).to_have_accessible_name("What is LATER?")
    page.context.set_offline(False)
    expect(press(page, button)).to_contain_text("Apologise")


def test_words_typed_while_waiting_survive_a_lost_question(visit: Visit) -> None:
    page = visit()
    question = held(page, LATER)
    box(page).fill("and who invented it?")
    box(page).press("Enter")  # too early: kept, not sent
    expect(questions(page)).to_have_count(1)
    question.abort()
    expect(status(page)).to_contain_text("not sent")
    expect(box(page)).to_have_value(f"{LATER}\nand who invented it?")


@pytest.mark.parametrize(
    "answer", [{"status": 403, "json": {"error": "no"}}, {"status": 200, "body": "<html>a proxy's sign-in page</html>"}]
)
def test_a_failing_server_is_told_and_the_words_are_kept(visit: Visit, answer: dict[str, Any]) -> None:
    page = visit()
    page.route(WEBHOOK, lambda route: route.fulfill(**answer))
    box(page).fill(LATER)
    box(page).press("Enter")
    expect(status(page)).to_contain_text("could not answer")
    expect(box(page)).to_have_value(LATER)
    page.unroute(WEBHOOK)
    box(page).press("Enter")
    awaited(page, 1)


def test_shift_and_enter_make_a_new_line(visit: Visit) -> None:
    page = visit()
    box(page).press_sequentially("My customer is angry.")
    before = box(page).bounding_box()
    box(page).press("Shift+Enter")
    box(page).press_sequentially(LATER)
    expect(box(page)).to_have_value(f"My customer is angry.\n{LATER}")
    expect(questions(page)).to_have_count(0)
    after = box(page).bounding_box()
    assert before and after and after["height"] > before["height"], "both lines must be seen"


def test_enter_that_ends_a_composed_character_does_not_send(visit: Visit) -> None:
    page = visit()
    box(page).fill("ありがとう")
    box(page).dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    expect(box(page)).to_have_value("ありがとう")
    expect(questions(page)).to_have_count(0)


def test_a_pasted_story_is_never_cut_silently(visit: Visit) -> None:
    page = visit()
    story = "The kettle came broken and the shop said no. " * 30 + "What now?"
    expect(ask(page, story)).to_contain_text("characters")
    expect(questions(page)).to_contain_text("What now?")


def test_start_again_begins_a_new_conversation(visit: Visit) -> None:
    page = visit()
    senders = []
    page.on("request", lambda request: senders.append(request.post_data_json["sender"]) if request.method == "POST" else None)
    ask(page, LATER)
    ask(page, TOASTER)
    page.get_by_role("button", name="Start again").click()
    expect(questions(page)).to_have_count(0)
    expect(replies(page)).to_have_count(1)
    expect(box(page)).to_be_focused()
    ask(page, LATER)
    assert senders[0] == senders[1] != senders[2]


def test_a_late_reply_stays_out_of_the_new_conversation(visit: Visit) -> None:
    page = visit()
    question = held(page, LATER)
    page.get_by_role("button", name="Start again").click()
    expect(status(page)).to_be_empty()
    with page.expect_response(WEBHOOK):
        question.fulfill(json=[{"text": "the late reply"}])
    page.unroute(WEBHOOK)
    expect(ask(page, TOASTER)).to_contain_text("Consumer Rights Act")
    expect(log(page)).not_to_contain_text("the late reply")


def test_two_tabs_are_two_conversations(visit: Visit) -> None:
    senders = []
    for page in (visit(), visit()):
        with page.expect_request(WEBHOOK) as request:
            ask(page, LATER)
        senders.append(request.value.post_data_json["sender"])
    assert senders[0] != senders[1]


@pytest.mark.parametrize(("wish", "scrolling"), [("reduce", "auto"), ("no-preference", "smooth")])
def test_motion_is_left_out_for_those_who_ask(visit: Visit, wish: str, scrolling: str) -> None:
    page = visit(reduced_motion=wish)
    ask(page, LATER)
    assert log(page).evaluate("(log) => getComputedStyle(log).scrollBehavior") == scrolling
    assert page.evaluate("document.getAnimations().length") == 0


def test_forced_colours_keep_borders(visit: Visit) -> None:
    page = visit(forced_colors="active")
    press(page, page.get_by_role("button", name="What is LATER?"))
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    borderless = page.locator(".words, button, textarea").evaluate_all(
        """(parts) => parts.filter((part) => {
            const style = getComputedStyle(part);
            const ground = getComputedStyle(document.body).backgroundColor;
            return style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) < 1 || style.borderTopColor === ground;
        }).map((part) => part.textContent)"""
    )
    assert borderless == []


def test_the_page_asks_nobody_else_and_breaks_none_of_its_own_rules(visit: Visit, server: Server) -> None:
    page = visit()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.reload()
    ask(page, LATER)
    assert [url for url in asked if not url.startswith((server.url, "data:"))] == []
    assert said == []
    policy = page.request.get(server.url).headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
