"""The page that a join link opens, by itself and on to the chat."""

from __future__ import annotations

import sqlite3
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot.records import open_engine
from bot.records.accounts import add_tutor, all_tutors
from bot.records.groups import close_group, make_group, new_code
from tests.browser import PATIENCE_MS, RULES, needs_chromium

if TYPE_CHECKING:
    from tests.conftest import Server


@pytest.fixture(scope="module")
def code(server: Server) -> str:
    """Of a group that Tom tends, made in the running server's own database."""
    return made(server, "Tuesday <b>evening</b>")


def made(server: Server, name: str, closed: bool = False) -> str:
    engine = open_engine(f"sqlite:///{server.log.parent / 'aftercare.db'}")
    with engine.begin() as connection:
        known = [tutor for tutor in all_tutors(connection) if tutor.name == "Tom"]
        tom = known[0] if known else add_tutor(connection, "Tom", "teal kettle orbit parade", "tutor", time.time())
        number = make_group(connection, name, tom.id, time.time())
        code = new_code(connection, number)
        if closed:
            close_group(connection, number, time.time())
    engine.dispose()
    return code


def get(server: Server, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(server.url + path, timeout=60) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def members(server: Server) -> list[str]:
    with sqlite3.connect(server.log.parent / "aftercare.db") as database:
        return [name for (name,) in database.execute("SELECT name FROM memberships")]


def test_the_page_names_the_group_and_its_readers_and_joins_nothing(server: Server, code: str) -> None:
    before = members(server)
    status, page = get(server, f"/join/{code[:3].lower()}-{code[3:].lower()}")
    assert status == 200
    assert "Tuesday &lt;b&gt;evening" in page
    assert "Tom and your college" in page
    assert f'value="join {code}"' in page
    assert members(server) == before


@pytest.mark.parametrize("path", ["ZZZ999", "x", "%00%00%00%00%00%00", "%3Cscript%3E", "ABC234/../../etc", "'OR'1=1", "A" * 2000])
def test_an_unknown_code_is_not_found_and_says_so(server: Server, path: str) -> None:
    status, page = get(server, f"/join/{path}")
    assert status == 404
    if path == "ZZZ999":
        assert "no open group with that code" in page
    assert "<script>" not in page


def test_a_closed_group_is_not_found(server: Server) -> None:
    assert get(server, f"/join/{made(server, 'Over', closed=True)}")[0] == 404


def visit(chromium: Browser, server: Server, code: str, scripts: bool = True, scheme: str = "light") -> Page:
    context = chromium.new_context(
        viewport={"width": 320, "height": 640},
        java_script_enabled=scripts,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(f"{server.url}/join/{code}")
    return page


@needs_chromium
def test_the_button_goes_on_in_the_chat_page(chromium: Browser, server: Server, code: str) -> None:
    page = visit(chromium, server, code)
    page.get_by_role("button", name="Go on in the chat").click()
    expect(page.get_by_text("By which name should they know you?")).to_be_visible()
    assert page.url == f"{server.url}/"
    page.get_by_role("textbox").fill("Zoë")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You are now in")).to_be_visible()
    assert "Zoë" in members(server)
    page.context.close()


@needs_chromium
def test_without_scripts_it_goes_on_in_the_plain_chat(chromium: Browser, server: Server, code: str) -> None:
    page = visit(chromium, server, code, scripts=False)
    page.get_by_role("button", name="Go on in the chat").click()
    expect(page.locator("li.tutor").last).to_contain_text("By which name should they know you?")
    assert "/chat" in page.url
    page.context.close()


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_can_be_used_by_everybody(chromium: Browser, server: Server, code: str, scheme: str) -> None:
    """At 320 pixels, with axe, in both colour schemes, known code and unknown."""
    for wanted in (code, "ZZZ999"):
        page = visit(chromium, server, wanted, scheme=scheme)
        assert Axe().run(page, options=RULES).response["violations"] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.context.close()
