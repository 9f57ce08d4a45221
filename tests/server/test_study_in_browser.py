"""Quizzes and practice in a real browser: on the chat page, in the widget on a college's page, and without scripts."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from bot.content.questions import Single
from bot.quiz import Bank
from bot.settings import Settings
from tests.browser import PATIENCE_MS, needs_chromium
from tests.conftest import Server, start_server
from tests.server.test_pictures import DRAWN
from tests.server.test_widget import (
    COLLEGE,
    NARROW,
    PHONE,
    SCROLLING,
    TOO_WIDE,
    WATCH,
    ZOOMED,
    active,
    box,
    complaints,
    launcher,
    log,
    questions,
    ready,
    status,
)
from tests.server.web_client import WebClient

pytestmark = needs_chromium

CHOICES_ON_LAW = "multiple choice quiz on the law"
VERDICTS = "true or false quiz on equality"
MONITOR = "let me practise with a faulty baby monitor"
HEARD = "I'm so sorry you were turned away with a tiny baby at home, that must have been frightening. What exactly does it do at night?"
ASKED = "So it works for an hour and then goes black. When did you buy it, and how did you pay?"
REFUND = "It is faulty within thirty days, so by law the shop gives your money back. I can put the full £64 back on your card now."
CLOSED = "I'm Sam, and I'll ring you on Monday to make sure it has arrived. Are you happy with that?"
DISMISSIVE = "There's nothing I can do. It's only a baby monitor, so take it up with the manufacturer."
RIGHT = re.compile(r"That is right\.|Yes, correct\.")
LETTERS = re.compile(r"^([A-F])\. (.+)$", re.MULTILINE)
DIALOGUES = os.environ.get("AFTERCARE_DIALOGUES")
A_QUOTE = 4  # words in a row

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def served(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = start_server(tmp_path_factory.mktemp("study"), AFTERCARE_MESSAGES_PER_MINUTE="100000")
    yield running
    running.stop()


@pytest.fixture(scope="module")
def bank(settings: Settings) -> Bank:
    return Bank.load(settings.knowledge)


@pytest.fixture(scope="module")
def studied(served: Server) -> str:
    """The token of a conversation with a wrong answer, progress, a whole practice and, last, a question with letters."""
    learner = WebClient(served.url).begin()
    for said in (VERDICTS, "true", "true", "stop", "how am I doing?", MONITOR, HEARD, DISMISSIVE, REFUND, "feedback", CHOICES_ON_LAW):
        assert learner.say(said).status == 200
    assert learner.token
    return learner.token


@pytest.fixture
def visit(chromium: Browser, served: Server) -> Iterator[Visit]:
    """Opens the chat as a page, on a college's page or at `path`; in a conversation of its own or the token's."""
    contexts: list[BrowserContext] = []

    def opened(size: tuple[int, int] = PHONE, token: str = "", path: str = "/", **preferences: Any) -> Page:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **preferences)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        if token:
            context.add_cookies([{"name": "aftercare_chat", "value": token, "url": f"{served.url}/chat"}])
            context.add_init_script(f"localStorage['aftercare-chattoken{served.url}/'] ||= '\"{token}\"'")
        page = context.new_page()
        page.route("**/college", lambda route: route.fulfill(content_type="text/html", body=COLLEGE.format(head="")))
        page.goto(served.url + path)
        if path == "/college":
            launcher(page).click()
        if path != "/chat":
            ready(page)
        return page

    yield opened
    for context in contexts:
        context.close()


def turns(page: Page) -> Locator:
    return page.locator(".turn")


def said_since(page: Page, before: int) -> Locator:
    """The replies of the turn after the first `before` ones, once all of them are there."""
    expect(turns(page)).to_have_count(before + 1)
    expect(turns(page).nth(before).locator(".tutor").first).to_be_visible()
    expect(status(page)).to_be_empty()
    return turns(page).nth(before).locator(".tutor")


def say(page: Page, words: str) -> Locator:
    before = turns(page).count()
    box(page).fill(words)
    box(page).press("Enter")
    return said_since(page, before)


def press(page: Page, title: str) -> Locator:
    """The newest button of that title."""
    before = turns(page).count()
    page.get_by_role("button", name=title, exact=True).last.click()
    return said_since(page, before)


def question(page: Page) -> str:
    """What the newest question says."""
    return page.locator(".quiz_question .words").last.inner_text()


def item_in(bank: Bank, shown: str) -> Single:
    item = next(item for item in bank.items.values() if item.ask in shown)
    assert isinstance(item, Single)
    return item


def letter(bank: Bank, shown: str, *, right: bool) -> tuple[str, str]:
    """The letter of a right or wrong choice of the question shown, and its explanation."""
    choice = next(choice for choice in item_in(bank, shown).choices if choice.right == right)
    return next(letter for letter, text in LETTERS.findall(shown) if text == choice.text), choice.why


def anger(page: Page) -> float:
    """How far the newest meter is filled, from 0 to 1."""
    return float(page.locator(".customer figure svg").last.evaluate(DRAWN)[0][0])


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Moves the focus by the key alone."""
    passed = []
    while active(page) != name:
        page.keyboard.press(key)
        passed.append(active(page))
        assert len(passed) < 40, passed


def type_in(page: Page, words: str) -> Locator:
    before = turns(page).count()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    return said_since(page, before)


# Quizzes


def test_the_greeting_leads_into_a_quiz_and_stop_leads_out(visit: Visit) -> None:
    page = visit()
    press(page, "Quiz me")
    expect(page.locator(".quiz_question strong").last).to_contain_text("Question 1 of 10")
    expect(page.get_by_role("button", name="Quiz me, asked")).to_be_visible()
    expect(press(page, "Stop").last).to_contain_text("Quiz stopped")


def test_a_wrong_choice_is_explained_and_the_second_try_may_be_typed(visit: Visit, bank: Bank) -> None:
    page = visit()
    say(page, CHOICES_ON_LAW)
    shown = question(page)
    wrong, why = letter(bank, shown, right=False)
    told = press(page, wrong)
    expect(told.last).to_contain_text(why)
    expect(told.last).to_contain_text("one more try")
    replies = say(page, letter(bank, shown, right=True)[0].lower())
    expect(replies.first).to_contain_text("Right, with a little help")
    expect(replies.first.locator(".source")).to_contain_text("Source:")
    expect(replies.last).to_contain_text("Question 2 of 10")
    replies = press(page, letter(bank, question(page), right=True)[0])
    expect(replies.first).to_contain_text(RIGHT)
    expect(replies.last).to_contain_text("Question 3 of 10")
    expect(say(page, "score").first).to_contain_text("of 2 answered")


def test_hints_are_given_one_after_the_other_pressed_or_typed(visit: Visit, bank: Bank) -> None:
    page = visit()
    say(page, CHOICES_ON_LAW)
    hints = item_in(bank, question(page)).hints
    expect(press(page, "Hint").first).to_contain_text(hints[0])
    expect(say(page, "another hint please").first).to_contain_text(hints[1])
    answer, following = press(page, "Tell me the answer").all()
    expect(answer).to_contain_text("The answer:")
    expect(following).to_contain_text("Question 2 of 10")


def test_a_question_in_between_is_answered_and_the_quizs_own_comes_back(visit: Visit, bank: Bank) -> None:
    page = visit()
    say(page, CHOICES_ON_LAW)
    shown = question(page)
    answer, again = say(page, "what does SLA mean?").all()
    expect(answer).to_contain_text(re.compile("service level agreement", re.IGNORECASE))
    assert again.locator(".words").inner_text().endswith(shown)
    expect(press(page, letter(bank, shown, right=True)[0]).first).to_contain_text(RIGHT)


def test_after_a_reload_the_quiz_goes_on_where_it_was(visit: Visit, bank: Bank) -> None:
    page = visit()
    say(page, CHOICES_ON_LAW)
    press(page, letter(bank, question(page), right=False)[0])
    press(page, "Skip")
    shown, history = question(page), log(page).inner_text()
    assert "Question 2 of 10" in shown
    page.reload()
    ready(page)
    expect(turns(page)).to_have_count(3)
    assert log(page).inner_text() == history
    replies = press(page, letter(bank, shown, right=True)[0])
    expect(replies.first).to_contain_text(RIGHT)
    expect(replies.last).to_contain_text("Question 3 of 10")


def test_two_tabs_share_one_quiz_and_a_letter_counts_for_its_own_question(visit: Visit, served: Server, bank: Bank) -> None:
    first = visit()
    say(first, CHOICES_ON_LAW)
    shown = question(first)
    second = first.context.new_page()
    second.goto(served.url)
    expect(turns(second)).to_have_count(1)
    right = letter(bank, shown, right=True)[0]
    press(second, right)
    for tab in (first, second):
        expect(tab.locator(".quiz_question").last).to_contain_text("Question 2 of 10")
        expect(questions(tab)).to_have_count(2)
    before = turns(first).count()
    turns(first).first.locator(".quiz_question").get_by_role("button", name=right).click()
    expect(said_since(first, before).first).to_contain_text("earlier question")
    expect(say(first, "score").first).to_contain_text("of 1 answered")


def test_after_stop_no_letter_is_marked(visit: Visit, bank: Bank) -> None:
    page = visit()
    say(page, CHOICES_ON_LAW)
    right = letter(bank, question(page), right=True)[0]
    expect(say(page, "stop").last).to_contain_text("Quiz stopped")
    expect(press(page, right).last).to_contain_text("has ended")
    expect(say(page, right).last).to_contain_text("not marked")


def test_progress_is_drawn_with_the_numbers_that_it_tells(visit: Visit) -> None:
    page = visit()
    say(page, VERDICTS)
    press(page, "True")
    press(page, "False")
    say(page, "stop")
    told = say(page, "how am I doing?").last
    expect(told).to_contain_text("You have answered 2 questions")
    total = re.search(r"\((\d+) of (\d+) questions seen\)", told.inner_text())
    rows = told.get_by_role("listitem").all()
    numbers = [re.search(r"(\d+)%, (\d+) of (\d+) seen", row.inner_text()) for row in rows]
    assert total and all(numbers)
    assert [sum(int(row[place]) for row in numbers if row) for place in (2, 3)] == [int(total[1]), int(total[2])]
    for row, found in zip(rows, numbers, strict=True):
        assert found
        [[width, _]] = row.locator("svg").evaluate(DRAWN)
        assert width == pytest.approx(int(found[1]) / 100, abs=0.0051)


# Practice


def test_the_greeting_leads_to_a_customer(visit: Visit) -> None:
    page = visit()
    brief, customer = press(page, "Practise with a customer").all()
    expect(brief).to_contain_text("You may")
    expect(brief).to_contain_text("On your screen")
    expect(customer.locator(".speaker")).to_contain_text("as customer")
    for title in ("Hint", "Pause", "Feedback now"):
        expect(customer.get_by_role("button", name=title)).to_be_visible()


def test_the_meter_follows_the_mood_until_it_is_hidden(visit: Visit) -> None:
    page = visit()
    say(page, MONITOR)
    begins = anger(page)
    expect(page.locator(".customer figure").last).to_contain_text("Customer's mood")
    say(page, DISMISSIVE)
    worse = anger(page)
    say(page, HEARD)
    assert worse > begins
    assert anger(page) < worse
    shown = page.locator(".customer figure").count()
    press(page, "Hide the mood")
    say(page, ASKED)
    expect(page.locator(".customer figure")).to_have_count(shown)
    say(page, "show the mood")
    say(page, REFUND)
    expect(page.locator(".customer figure")).to_have_count(shown + 1)


def test_a_pause_has_room_for_a_question_and_a_rewind_for_another_try(visit: Visit) -> None:
    page = visit()
    say(page, MONITOR)
    opening = page.locator(".customer .words p").first.inner_text()
    line = say(page, HEARD).last.locator(".words p").first.inner_text()
    expect(press(page, "Pause").last).to_contain_text("Paused")
    expect(say(page, "what does LATER stand for?").first).to_contain_text("Apologise")
    expect(press(page, "Back to the customer").last).to_contain_text(line)
    back = say(page, "rewind to turn 1").last
    expect(back).to_contain_text("Back to turn 1")
    expect(back).to_contain_text(opening)


def test_the_debrief_quotes_the_learner_and_draws_the_mood(visit: Visit) -> None:
    page = visit()
    for said in (MONITOR, HEARD, DISMISSIVE, REFUND):
        say(page, said)
    debrief = say(page, "feedback").last
    assert quotes(debrief.inner_text(), [HEARD, DISMISSIVE, REFUND])
    expect(debrief.locator("figure .title")).to_contain_text("Priya Nair felt")
    debrief.locator("summary").click()
    numbers = [row.inner_text() for row in debrief.locator("figure li").all()]
    assert [re.split(r"\s{2,}|\n", row)[0].strip() for row in numbers] == ["start", "turn 1", "turn 2", "turn 3"]
    line, _ = debrief.locator(".curve svg").evaluate(DRAWN)
    values = [int(found[1]) for row in numbers if (found := re.search(r"(\d+) of 100", row))]
    assert line == [1, pytest.approx((max(values) - min(values)) / 100, abs=0.011)]
    press(page, "More detail")
    expect(page.locator(".debrief_more").last).to_be_visible()


def test_a_whole_practice_works_by_keyboard_alone(visit: Visit) -> None:
    page = visit()
    before = turns(page).count()
    tab_to(page, "Practise with a customer")
    page.keyboard.press("Enter")
    said_since(page, before)
    tab_to(page, "Your question")
    type_in(page, "stop")
    type_in(page, MONITOR)
    type_in(page, HEARD)
    type_in(page, DISMISSIVE)
    type_in(page, REFUND)
    assert quotes(type_in(page, "feedback").last.inner_text(), [HEARD, DISMISSIVE, REFUND])
    before = turns(page).count()
    tab_to(page, "More detail", "Shift+Tab")
    page.keyboard.press("Enter")
    said_since(page, before)
    expect(page.locator(".debrief_more").last).to_be_visible()


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/college", "/chat"], ids=["page", "embedded", "plain"])
def test_axe_finds_nothing(visit: Visit, studied: str, path: str, scheme: str) -> None:
    page = visit(PHONE, studied, path, color_scheme=scheme)
    for words in ("What you would probably know today", "Priya Nair felt", "Question 1 of 10"):
        expect(page.get_by_text(words).last).to_be_attached()
    expect(page.get_by_role("button", name="A", exact=True)).to_be_attached()
    for summary in page.locator("summary").all():
        summary.click()
    assert complaints(page) == ""


@pytest.mark.parametrize("path", ["/", "/college"], ids=["page", "embedded"])
@pytest.mark.parametrize("size", [NARROW, ZOOMED], ids=["narrow", "zoomed"])
def test_nothing_needs_sideways_scrolling(visit: Visit, studied: str, size: tuple[int, int], path: str) -> None:
    page = visit(size, studied, path)
    for summary in page.locator("summary").all():
        summary.click()
    assert page.evaluate(TOO_WIDE) == []
    assert len(page.evaluate(SCROLLING)) <= 1
    small = [
        edges
        for button in page.locator(".choices button").all()
        if (edges := button.bounding_box()) and min(edges["width"], edges["height"]) < 44
    ]
    assert small == []


def test_the_plain_chat_needs_no_sideways_scrolling(visit: Visit, studied: str) -> None:
    page = visit(NARROW, studied, "/chat")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]


def test_several_replies_of_a_turn_are_announced_at_once_and_only_once(visit: Visit, bank: Bank) -> None:
    page = visit()
    say(page, CHOICES_ON_LAW)
    right = letter(bank, question(page), right=True)[0]
    page.evaluate(WATCH)
    press(page, right)
    mine, replies = page.evaluate("announced")
    assert mine == f"You said{right}"
    assert replies.count("Aftercare said") == 2
    assert re.search(f"(?:{RIGHT.pattern}).*Question 2 of 10", replies, re.DOTALL)
    page.evaluate("announced.length = 0")
    for said in ("stop", MONITOR):
        say(page, said)
    *_, practice, brief_and_customer = page.evaluate("announced")
    assert practice == f"You said{MONITOR}"
    assert brief_and_customer.count("On your screen") == brief_and_customer.count("Aftercare as customer said") == 1
    assert brief_and_customer.count("Customer's mood") == 1
    assert len(page.evaluate("announced")) == 4


def test_who_speaks_stands_once_above_replies_of_the_same_speaker_and_is_still_read_out(visit: Visit) -> None:
    page = visit()
    say(page, CHOICES_ON_LAW)
    say(page, "stop")
    say(page, MONITOR)
    seen = [[name.text_content() for name in turn.locator(".speaker").all() if in_sight(name)] for turn in turns(page).all()]
    assert seen == [["You said", "Aftercare said"]] * 2 + [["You said", "Aftercare said", "Aftercare as customer said"]]
    assert turns(page).first.aria_snapshot().count("Aftercare said") == turns(page).first.locator(".tutor").count() > 1


def in_sight(part: Locator) -> bool:
    return bool(part.evaluate("(part) => getComputedStyle(part).clipPath === 'none'"))


# Without scripts


def test_without_scripts_a_quiz_is_answered_by_button_and_a_customer_by_line(visit: Visit) -> None:
    page = visit(NARROW, "", "/chat", java_script_enabled=False)
    replies = page.locator("li.tutor")

    def send(words: str) -> None:
        page.get_by_label("Your question").fill(words)
        page.get_by_role("button", name="Send").click()
        expect(page.locator("li.mine").last).to_contain_text(words)

    send(VERDICTS)
    page.get_by_role("button", name="True", exact=True).click()
    expect(page.locator("li.mine").last).to_contain_text("True")
    expect(replies.last).to_contain_text("Question 2 of")
    expect(replies.nth(-2)).to_contain_text("Source:")
    send("stop")
    send(MONITOR)
    expect(replies.last.get_by_role("heading")).to_have_text("Aftercare as customer")
    expect(replies.last.get_by_role("meter", name="Customer's mood")).to_be_visible()
    before = float(replies.last.get_by_role("meter").get_attribute("value") or 0)
    send(HEARD)
    expect(replies.last).to_contain_text("Priya Nair")
    assert float(replies.last.get_by_role("meter").get_attribute("value") or 1) < before


# Whole dialogues, from a file of cases: a line of JSON each, with `turns` of what is said and what the reply has to hold


def dialogues() -> list[Any]:
    """The cases of the file that AFTERCARE_DIALOGUES names."""
    if not DIALOGUES:
        return [pytest.param({}, marks=pytest.mark.skip(reason="AFTERCARE_DIALOGUES names no file of dialogues"))]
    lines = Path(DIALOGUES).read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["id"]) for case in map(json.loads, filter(str.strip, lines))]


@pytest.mark.parametrize("case", dialogues())
def test_a_dialogue_holds_what_it_must(visit: Visit, case: dict[str, Any]) -> None:
    """Every turn's `must` and `must_not` over text and buttons, no reply twice to different words, and quotes where they are due."""
    page = visit()
    said: list[str] = []
    last = ("", "")
    for number, turn in enumerate(case["turns"], start=1):
        say(page, turn["say"])
        reply = "\n".join(turns(page).last.locator(".tutor .words, .choices button").all_inner_texts())
        again = reply == last[1] and turn["say"].strip().lower() != last[0]
        assert not (missed := misses(turn, reply)), f"turn {number}: {missed}: {reply}"
        assert not again, f"turn {number}: the same reply again: {reply}"
        assert not turn.get("quotes") or quotes(reply, said), f"turn {number} quotes nothing: {reply}"
        said.append(turn["say"])
        last = (turn["say"].strip().lower(), reply)


def misses(turn: dict[str, Any], reply: str) -> list[str]:
    """The checks that the reply fails; of a group of patterns, one has to be found."""
    lacking = [" | ".join(group) for group in turn.get("must", ()) if not any(re.search(one, reply, re.IGNORECASE) for one in group)]
    return lacking + [f"not {pattern}" for pattern in turn.get("must_not", ()) if re.search(pattern, reply, re.IGNORECASE)]


def quotes(reply: str, said: list[str]) -> bool:
    """Whether the reply has some words in a row of anything that was said."""
    held, spoken = plain(reply), [plain(line).split() for line in said]
    runs = (words[start : start + A_QUOTE] for words in spoken for start in range(len(words) - A_QUOTE + 1))
    return any(f" {' '.join(run)} " in f" {held} " for run in runs)


def plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z0-9']+", text.lower().replace("’", "'")))
