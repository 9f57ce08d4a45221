"""A lead at the desk in real Chromium, beside the running chat: triage, comment, override, export, erase, by keyboard too."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot.links import evidence_path
from bot.records import migrate, open_engine
from bot.records.accounts import Tutor, add_tutor
from bot.settings import Settings
from bot.tutor import Tutor as ChatTutor
from server.tokens import issue
from tests.browser import PATIENCE_MS, RULES, needs_chromium
from tests.conftest import Server, start_server
from tests.ports import await_answer, free_port
from tests.review.conftest import PASSWORD
from tests.review.planted import SENDER, KeptTalk, Planted, plant

pytestmark = needs_chromium
SECRET = "a secret of this test's own"
SIZES = {"desktop": (1280, 900), "phone": (360, 740)}


@dataclass(frozen=True)
class College:
    """The chat, the desk and what is in their database."""

    chat: str
    desk: str
    planted: Planted


@pytest.fixture(scope="module")
def college(model: Path, tutor: ChatTutor, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[College]:
    var = tmp_path_factory.mktemp("college")
    engine = open_engine(f"sqlite:///{var / 'aftercare.db'}")
    migrate(engine)
    earlier = datetime.now(timezone.utc) - timedelta(hours=2)
    with engine.begin() as connection:
        add_tutor(connection, "Lena", PASSWORD, "lead", earlier.timestamp())
        tina: Tutor = add_tutor(connection, "Tina", PASSWORD, "tutor", earlier.timestamp())
    # Links in the chat are signed with the server's secret, which this tutor does not use.
    planted = plant(KeptTalk(replace(tutor), engine, SENDER, now=earlier), tina, earlier)
    engine.dispose()
    port = free_port()
    running: Server = start_server(var, AFTERCARE_SECRET=SECRET, REVIEW_PORT=str(port), AFTERCARE_MESSAGES_PER_MINUTE="1000")
    await_answer(f"http://127.0.0.1:{port}/sign-in")
    yield College(running.url, f"http://127.0.0.1:{port}", planted)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(30) == 0


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[Page]:
    width, height = SIZES[request.param]
    context = chromium.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def desktop(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def sign_in(page: Page, college: College) -> None:
    page.goto(f"{college.desk}/sign-in")
    page.get_by_label("Name").fill("Lena")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox")


def is_clean(page: Page) -> None:
    """No rule of accessibility is broken, and nothing scrolls sideways."""
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} scrolls sideways"


def pages_of(college: College) -> list[str]:
    made = college.planted
    return [
        "/",
        "/?search=alert",
        f"/conversations/{SENDER}",
        f"/messages/{made.event}/relabel",
        f"/messages/{made.event}/attach",
        f"/similar/{made.event}",
        "/tags/good%20example",
        "/groups",
        f"/groups/{made.group}",
        f"/groups/{made.group}/members/{made.learner}/remove",
        "/statistics",
        f"/statistics/learners/{made.learner}",
        "/statistics/topics",
        "/statistics/items",
        "/statistics/items/post-transaction-service-two-rules",
        "/statistics/criteria",
        "/statistics/tests",
        "/marking",
        f"/marking/{made.practice}",
        "/uncovered",
        "/improvements",
        "/exports",
        "/learners",
        f"/learners/{made.learner}",
        "/team",
        "/audit?verify=yes",
        "/password",
        "/nowhere",
    ]


def test_every_page_keeps_the_rules_of_accessibility(page: Page, college: College) -> None:
    page.goto(f"{college.desk}/sign-in")
    is_clean(page)
    sign_in(page, college)
    for path in pages_of(college):
        page.goto(college.desk + path)
        expect(page.locator("h1")).to_have_count(1)
        is_clean(page)


def test_the_dark_colours_have_enough_contrast(desktop: Page, college: College) -> None:
    desktop.emulate_media(color_scheme="dark")
    sign_in(desktop, college)
    for path in ("/", f"/conversations/{SENDER}", "/statistics", f"/groups/{college.planted.group}"):
        desktop.goto(college.desk + path)
        is_clean(desktop)


def test_no_page_runs_anything_of_a_learners(desktop: Page, college: College) -> None:
    """Chromium itself is asked: nothing alerts, and no rule of the content policy is broken."""
    ran: list[str] = []
    desktop.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    desktop.on("console", lambda message: ran.append(message.text) if message.type == "error" and "404" not in message.text else None)
    sign_in(desktop, college)
    for path in pages_of(college):
        desktop.goto(college.desk + path)
    assert ran == []


def test_triage_by_keyboard_alone(desktop: Page, college: College) -> None:
    desktop.goto(college.desk)
    expect(desktop.get_by_label("Name")).to_be_focused()
    desktop.keyboard.type("Lena")
    desktop.keyboard.press("Tab")
    desktop.keyboard.type(PASSWORD)
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Inbox")
    desktop.wait_for_load_state()
    desktop.keyboard.press("j")
    desktop.keyboard.press("Enter")
    expect(desktop).to_have_url(re.compile(SENDER))
    reached = tab_to(desktop, "Comment or tag on this message")
    assert reached, "the comment form can be reached by Tab"
    desktop.keyboard.press("Enter")
    for _ in range(2):
        desktop.keyboard.press("Tab")
    desktop.keyboard.type("Seen from the keyboard")
    desktop.keyboard.press("Tab")
    desktop.keyboard.press("Enter")
    expect(desktop.get_by_role("status")).to_contain_text("Comment kept")
    expect(desktop.locator("main")).to_contain_text("Seen from the keyboard")


def tab_to(page: Page, name: str) -> bool:
    """Tab until what has the focus says so."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if name in (page.evaluate("document.activeElement.textContent") or ""):
            return True
    return False


def test_a_changed_mark_is_seen_by_the_learner_at_once(desktop: Page, chromium: Browser, college: College) -> None:
    sign_in(desktop, college)
    desktop.get_by_role("link", name=re.compile("Zoë")).first.click()
    criterion = desktop.locator("tr", has=desktop.get_by_role("rowheader", name=re.compile("^thanked"))).first
    before = criterion.locator("td").first.inner_text()
    criterion.locator("summary").click()
    wanted = "Met" if before.startswith("Not") else "Not met"
    criterion.get_by_role("combobox").select_option(label=wanted)
    criterion.get_by_label(re.compile("Reason")).fill("You did so in your last line.")
    criterion.get_by_role("button", name="Change").click()
    expect(criterion.locator("td").first).to_contain_text(wanted)
    expect(criterion).to_contain_text("Lena changed it")
    learner = chromium.new_context().new_page()
    learner.goto(college.chat + evidence_path(SECRET, SENDER, datetime.now(timezone.utc)))
    expect(learner.locator("body")).to_contain_text("You did so in your last line.")
    chat(learner, college)
    say(learner, "how am I doing?")
    expect(learner.locator(".turn").last).to_contain_text("You did so in your last line.")
    learner.context.close()


def chat(page: Page, college: College) -> None:
    """Open the chat as the planted learner, by the token that their device would have."""
    token = issue(SECRET, SENDER, time.time()).text
    page.route("**/api/**", lambda route: route.continue_(headers={**route.request.headers, "authorization": f"Bearer {token}"}))
    page.goto(college.chat)


def say(page: Page, words: str) -> None:
    box = page.get_by_role("textbox").first
    box.fill(words)
    box.press("Enter")


def test_export_erase_and_sign_out(desktop: Page, college: College) -> None:
    """Last in this file: nothing of the learner is left after it."""
    sign_in(desktop, college)
    desktop.goto(f"{college.desk}/learners/{college.planted.learner}")
    with desktop.expect_download() as saved:
        desktop.get_by_role("button", name="For programs").click()
    held = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert "alert(" in json.dumps(held)
    with desktop.expect_download() as table:
        desktop.goto(f"{college.desk}/exports")
        desktop.get_by_role("button", name="Messages").click()
    rows = Path(table.value.path()).read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) > 5
    assert not any(cell.startswith("=") for row in rows for cell in row.replace('"', "").split(","))
    other = desktop.context.new_page()
    other.goto(f"{college.desk}/conversations/{SENDER}")
    desktop.goto(f"{college.desk}/learners/{college.planted.learner}")
    sentence = desktop.get_by_label(re.compile("to confirm"))
    wanted = re.search("“(.+?)”", desktop.locator("label", has_text="to confirm").inner_text())
    assert wanted
    sentence.fill(wanted[1])
    desktop.get_by_role("button", name="Erase everything").click()
    expect(desktop.locator("main")).to_contain_text("erased", ignore_case=True)
    other.locator("form[action*=comments]").last.locator("textarea").fill("too late")
    other.locator("form[action*=comments]").last.get_by_role("button", name="Comment").click()
    expect(other.get_by_role("heading", level=1)).to_have_text(re.compile("Not here|A conversation"))
    desktop.goto(college.desk)
    expect(desktop.locator("main")).not_to_contain_text("Zoë")
    desktop.get_by_role("button", name="Sign out").click()
    desktop.goto(college.desk)
    expect(desktop.get_by_role("heading", level=1)).to_have_text("Sign in to the desk")
