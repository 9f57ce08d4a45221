"""Pictures that come with replies: drawn in the chat, told in words, and as plain tables where no script runs."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import response_schema_conformance

from bot.records import Deliveries, Delivery, open_engine
from bot.settings import ROOT
from server.open_delivery import WholeReplies
from server.tokens import issue, new_conversation
from tests.browser import PATIENCE_MS, RULES, needs_chromium
from tests.conftest import Server
from tests.server.conftest import SECRET

pytestmark = needs_chromium

BARS = {
    "kind": "bars",
    "title": "What you know, by area",
    "rows": [
        {"label": "Data protection", "value": 0.41, "text": "41%"},
        {"label": "Distance selling, cancelling and faulty digital content", "value": 0.0, "text": "not asked yet"},
        {"label": "Complaints", "value": 1.0, "text": "100%"},
    ],
}
CURVE = {
    "kind": "curve",
    "title": "How the customer felt",
    "low": "calm",
    "high": "furious",
    "points": [{"label": f"turn {number}", "value": value} for number, value in enumerate((0.8, 0.95, 0.5, 0.0), start=1)],
}
METER = {"kind": "meter", "title": "Customer's mood", "value": 0.63, "text": "irritated"}
PICTURES = {"bars": BARS, "curve": CURVE, "meter": METER}
UNKNOWN = {"kind": "pie", "title": "Slices of something", "slices": [1, 2]}
CURVE_TOLD = "From 0 (calm) to 100 (furious), turn 1: 80 of 100, turn 2: 95 of 100, turn 3: 50 of 100, turn 4: 0 of 100"
IN_WORDS = {
    "bars": [
        "What you know, by area",
        "Data protection: 41%",
        "Distance selling, cancelling and faulty digital content: not asked yet",
        "Complaints: 100%",
    ],
    "curve": ["How the customer felt", "From 0 (calm) to 100 (furious)", "turn 2: 95 of 100"],
    "meter": ["Customer's mood: irritated"],
}
SIZES = {"narrow": (320, 640), "zoomed": (320, 256), "phone": (390, 844), "desktop": (1280, 900)}
# The spacing that WCAG 1.4.12 says a page must bear.
SPACED = """(root) => { const sheet = new CSSStyleSheet();
    sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }");
    root.getRootNode().adoptedStyleSheets = [...root.getRootNode().adoptedStyleSheets, sheet]; }"""
TOO_WIDE = """(part) => [part, ...part.querySelectorAll("*")].filter((inner) => !inner.closest("svg")
    && (inner.scrollWidth > inner.clientWidth + 1 && getComputedStyle(inner).display !== "inline"
        || inner.getBoundingClientRect().right > innerWidth + 1)).map((inner) => inner.tagName)"""
# Of the lines drawn, how much of their width and height each has, from 0 to 1.
DRAWN = """(svg) => { const all = svg.getBoundingClientRect(); return [...svg.querySelectorAll("path")].map((path) => {
    const box = path.getBBox(); return [box.width / 24, box.height / 24]; }); }"""

Told = Callable[..., str]
Visit = Callable[..., Page]


def reply(picture: dict[str, Any] | None = None, text: str = "Here it is.") -> dict[str, Any]:
    return {"kind": "answer", "text": text, "buttons": [], **({"picture": picture} if picture else {})}


def told_in(server: Server, *turns: list[dict[str, Any]]) -> str:
    """The token of a new conversation on the patient server in which each turn's replies were given."""
    engine = open_engine(f"sqlite:///{server.log.parent / 'aftercare.db'}")
    deliveries, sender = Deliveries(engine), new_conversation()
    for replies in turns:
        taken = deliveries.take(Delivery("web", str(uuid.uuid4()), sender, "Show me"), time.time())
        with engine.begin() as connection:
            assert deliveries.answer(connection, taken.id, replies, time.time())
    engine.dispose()
    return issue(SECRET, sender, time.time()).text


@pytest.fixture
def told(patient_server: Server) -> Told:
    """Gives the token of a new conversation with a turn for each of the replies."""
    return lambda *replies: told_in(patient_server, *([made] for made in replies))


@pytest.fixture
def visit(chromium: Browser, patient_server: Server) -> Iterator[Visit]:
    """Opens the chat, or the plain chat, of the conversation with this token."""
    contexts: list[BrowserContext] = []

    def opened(token: str, size: str = "desktop", path: str = "/", **preferences: Any) -> Page:
        width, height = SIZES[size]
        context = chromium.new_context(viewport={"width": width, "height": height}, **preferences)
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.add_cookies([{"name": "aftercare_chat", "value": token, "url": f"{patient_server.url}/chat"}])
        context.add_init_script(f"localStorage['aftercare-chattoken{patient_server.url}/'] ||= '\"{token}\"'")
        page = context.new_page()
        page.goto(patient_server.url + path)
        if path == "/":
            expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")
        return page

    yield opened
    for context in contexts:
        context.close()


def complaints(page: Page) -> str:
    found = Axe().run(page, options=RULES)
    return found.generate_report() if found.violations_count else ""


def figure(page: Page) -> Locator:
    return page.locator("aftercare-chat figure")


# In the chat


def test_bars_are_as_long_as_their_values_and_say_them(told: Told, visit: Visit) -> None:
    shown = figure(visit(told(reply(BARS))))
    expect(shown.locator(".title")).to_have_text(BARS["title"])
    rows = shown.get_by_role("listitem")
    expect(rows).to_have_text([f"{row['label']} {row['text']}" for row in BARS["rows"]])
    for row, svg in zip(BARS["rows"], shown.locator("svg").all(), strict=True):
        assert svg.evaluate(DRAWN) == [[pytest.approx(row["value"]), 0]]


def test_a_meter_says_and_draws_its_value(told: Told, visit: Visit) -> None:
    shown = figure(visit(told(reply(METER))))
    expect(shown).to_have_text("Customer's mood irritated")
    assert shown.locator("svg").evaluate(DRAWN) == [[pytest.approx(0.63), 0]]


def test_a_curve_is_an_image_with_its_numbers_and_they_can_be_listed(told: Told, visit: Visit) -> None:
    page = visit(told(reply(CURVE)))
    shown = figure(page)
    image = shown.get_by_role("img", name=CURVE_TOLD, exact=True)
    for words in ("calm", "furious", "turn 1", "turn 4"):
        expect(shown.locator(".curve").get_by_text(words, exact=True)).to_be_visible()
    line, dots = image.evaluate(DRAWN)
    assert line == dots == [1, pytest.approx(0.95)]
    expect(shown.locator("li")).to_have_count(4)
    expect(shown.locator("li").first).to_be_hidden()
    shown.locator("summary").press("Enter")
    expect(shown.get_by_role("listitem").nth(1)).to_have_text("turn 2 95 of 100")
    expect(shown.get_by_role("listitem").nth(1)).to_be_visible()


def test_a_curve_of_one_point_is_a_dot(told: Told, visit: Visit) -> None:
    image = figure(visit(told(reply({**CURVE, "points": [{"label": "turn 1", "value": 0.5}]})))).get_by_role("img")
    expect(image).to_have_accessible_name("From 0 (calm) to 100 (furious), turn 1: 50 of 100")
    expect(image.locator("path").last).to_have_attribute("d", "M0 12h0")


def test_a_picture_of_an_unknown_kind_is_left_out(told: Told, visit: Visit) -> None:
    page = visit(told(reply(UNKNOWN, "The words stay."), reply(METER)))
    expect(page.locator(".tutor").nth(1)).to_contain_text("The words stay.")
    expect(figure(page)).to_have_count(1)
    expect(page.get_by_role("log")).not_to_contain_text("Slices")


@pytest.mark.parametrize("kind", PICTURES)
def test_everything_is_told_once(told: Told, visit: Visit, kind: str) -> None:
    """What assistive technology gets of a picture: each number once, and nothing of the drawing."""
    tree = figure(visit(told(reply(PICTURES[kind])))).aria_snapshot()
    told_once = {"bars": ["41%", "not asked yet", "100%"], "curve": ["95 of 100", "How the customer felt"], "meter": ["irritated"]}
    for words in (*told_once[kind], str(PICTURES[kind]["title"])):
        assert tree.count(words) == 1, tree
    assert tree.count("img") == (1 if kind == "curve" else 0), tree


def test_a_picture_is_announced_with_its_message(told: Told, visit: Visit) -> None:
    page = visit(told(reply()))

    def answer(route: Route) -> None:
        route.fulfill(json={**route.fetch().json(), "replies": [reply(CURVE), reply(BARS)]})

    page.route("**/api/messages", answer)
    page.get_by_role("log").evaluate("""(log) => { window.added = []; new MutationObserver((changes) => window.added.push(
        ...changes.map(({ addedNodes }) => addedNodes.length))).observe(log, { childList: true, subtree: true, characterData: true }); }""")
    page.get_by_role("textbox").fill("thanks")
    page.get_by_role("textbox").press("Enter")
    expect(figure(page)).to_have_count(2)
    expect(page.get_by_role("status")).to_be_empty()
    assert page.evaluate("added") == [1, 2], "the question, then both replies together, complete with their pictures"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", PICTURES)
def test_axe_finds_nothing(told: Told, visit: Visit, kind: str, scheme: str) -> None:
    page = visit(told(reply(PICTURES[kind])), "phone", color_scheme=scheme)
    assert complaints(page) == ""
    if kind == "curve":
        figure(page).locator("summary").click()
        assert complaints(page) == ""


@pytest.mark.parametrize("size", ["narrow", "zoomed"])
def test_pictures_fit_any_screen_and_spacing(told: Told, visit: Visit, size: str) -> None:
    unbroken = {**METER, "title": "mood" * 30, "text": "irritated" * 9}
    page = visit(told(*map(reply, (*PICTURES.values(), unbroken))), size)
    for summary in page.locator("summary").all():
        summary.click()
        edges = summary.bounding_box()
        assert edges and edges["height"] >= 44
    for spaced in (False, True):
        if spaced:
            page.get_by_role("log").evaluate(SPACED)
        for shown in figure(page).all():
            assert shown.evaluate(TOO_WIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_forced_colours_bars_and_curves_have_the_texts_colour(told: Told, visit: Visit, scheme: str) -> None:
    page = visit(told(*map(reply, PICTURES.values())), forced_colors="active", color_scheme=scheme)
    text = page.evaluate("getComputedStyle(document.body).color")
    for path in page.locator("aftercare-chat figure path").all():
        assert path.evaluate("(path) => getComputedStyle(path).stroke") == text
    assert complaints(page) == ""


def test_nothing_moves_for_those_who_ask(told: Told, visit: Visit) -> None:
    page = visit(told(*map(reply, PICTURES.values())), reduced_motion="reduce")
    assert page.evaluate("document.getAnimations({ subtree: true }).length") == 0
    moving = (
        figure(page)
        .locator("*")
        .evaluate_all("(parts) => parts.filter((part) => getComputedStyle(part).transitionDuration !== '0s').length")
    )
    assert moving == 0


def test_the_transcript_has_the_numbers(told: Told, visit: Visit) -> None:
    page = visit(told(*map(reply, (*PICTURES.values(), UNKNOWN))))
    page.get_by_role("button", name="Menu").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save a transcript").click()
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    for words in IN_WORDS.values():
        assert set(words) <= set(lines), lines


# Without scripts


def test_without_scripts_pictures_are_tables_and_a_meter(told: Told, visit: Visit) -> None:
    page = visit(told(*map(reply, (*PICTURES.values(), UNKNOWN))), "narrow", "/chat", java_script_enabled=False)
    bars = page.get_by_role("table", name=BARS["title"])
    expect(bars.get_by_role("rowheader")).to_have_text([row["label"] for row in BARS["rows"]])
    expect(bars.get_by_role("cell")).to_have_text([row["text"] for row in BARS["rows"]])
    curve = page.get_by_role("table", name="How the customer felt, from 0 (calm) to 100 (furious)")
    expect(curve.get_by_role("row")).to_have_text(["turn 180", "turn 295", "turn 350", "turn 40"])
    meter = page.get_by_role("meter", name="Customer's mood")
    expect(meter).to_have_attribute("value", "0.63")
    expect(page.locator("li", has=meter)).to_contain_text("irritated")
    expect(page.locator("li.tutor").last).to_have_text("Aftercare Here it is.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_plain_pictures_break_no_accessibility_rule_and_fit(told: Told, visit: Visit, scheme: str) -> None:
    page = visit(told(*map(reply, PICTURES.values())), "narrow", "/chat", color_scheme=scheme)
    assert complaints(page) == ""
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES["narrow"][0]


# On the way


def test_a_picture_passes_through_as_it_is_and_only_where_there_is_one() -> None:
    output = WholeReplies()

    async def said() -> None:
        await output.send_response("somebody", {"text": "Look.", "kind": "progress", "picture": BARS})
        await output.send_response("somebody", {"text": "No picture.", "picture": None})

    with ThreadPoolExecutor() as elsewhere:  # the browser has this thread's event loop
        elsewhere.submit(asyncio.run, said()).result()
    assert output.messages == [
        {"kind": "progress", "text": "Look.", "buttons": [], "picture": BARS},
        {"kind": "answer", "text": "No picture.", "buttons": []},
    ]


@pytest.mark.parametrize("spoilt", [None, "text", "value", "kind"])
def test_pictures_are_described(told: Told, patient_server: Server, spoilt: str | None) -> None:
    """Every kind fits server/openapi.yml; one with a mistake in it does not."""
    pictures = [*PICTURES.values()] if spoilt is None else [{**METER, spoilt: 1.5}]
    operation = schemathesis.openapi.from_path(ROOT / "server" / "openapi.yml")["/api/conversation"]["GET"]
    headers = {"Authorization": f"Bearer {told(*map(reply, pictures))}"}

    def check() -> None:
        operation.Case().call_and_validate(base_url=patient_server.url, headers=headers, checks=[response_schema_conformance])

    if spoilt is None:
        check()
    else:
        with pytest.raises(FailureGroup):
            check()
