"""Every address of the desk: closed to strangers and to other groups' tutors, to forged forms, and to what learners type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from werkzeug.routing import Rule

from bot.records.accounts import Tutor, add_tutor
from bot.records.desk_tables import audit
from bot.records.tables import metadata
from bot.settings import Settings
from bot.tutor import Tutor as ChatTutor
from review.app import create_app
from tests.review.conftest import MONDAY, PASSWORD, Clock
from tests.review.planted import NAME, SENDER, KeptTalk, Planted, plant

OPEN = {"sign_in.form", "sign_in.enter", "static"}
OWN = {"sign_in.password", "sign_in.change_password", "sign_in.leave"}  # everybody's own, whatever their groups
LEADS = {"team", "audit"}
SEARCHES = ("alert", "'", '"', '"later', "later*", "a AND OR", "NEAR(", "-", "%", "x' OR 1=1 --", "\x00", "(((", "said:x", "^", "é" * 500)


@pytest.fixture
def planted(engine: Engine, tutor: ChatTutor, tina: Tutor) -> Planted:
    """A hostile learner in Tina's group."""
    return plant(KeptTalk(tutor, engine, SENDER, now=MONDAY), tina, MONDAY)


@pytest.fixture
def tina(engine: Engine) -> Tutor:
    with engine.begin() as connection:
        return add_tutor(connection, "Tina", PASSWORD, "tutor", MONDAY.timestamp())


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every address with each of its methods."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            yield rule, method


def address(rule: Rule, planted: Planted) -> str:
    """The rule's address for what is planted. An unknown place in it must be filled in here, so that no address goes untried."""
    values = {**planted.values(), "filename": "desk.css", "kind": "messages", "name": _named(rule), "number": _numbered(rule, planted)}
    built = rule.build({name: values[name] for name in rule.arguments}, append_unknown=False)
    assert built
    return built[1]


def _named(rule: Rule) -> Any:
    if rule.rule.startswith("/tags"):
        return "good example"
    return 1 if rule.rule.startswith("/uncovered") else "post-transaction-service-two-rules"


def _numbered(rule: Rule, planted: Planted) -> int:
    return planted.improvement if rule.rule.startswith("/improvements") else planted.group


def test_without_a_session_every_address_sends_to_the_sign_in(desk_app: Flask, planted: Planted, engine: Engine) -> None:
    stranger, before = desk_app.test_client(), noted(engine)
    tried = 0
    for rule, method in rules(desk_app):
        if rule.endpoint in OPEN:
            continue
        answer = stranger.open(address(rule, planted), method=method, data={} if method == "POST" else None)
        assert answer.status_code == 303 and "/sign-in" in answer.location, (method, rule.rule, answer.status_code)
        assert NAME not in answer.text
        tried += 1
    assert tried > 40
    assert noted(engine) == before


def test_another_groups_tutor_sees_and_changes_nothing_of_it(
    desk_app: Flask, planted: Planted, tutor_client: FlaskClient, engine: Engine
) -> None:
    """Addresses of a learner, conversation, group or mark do not exist for them; lists are empty."""
    before = everything(engine)
    for rule, method in rules(desk_app):
        if rule.endpoint in OPEN | OWN:
            continue
        answer = tutor_client.open(address(rule, planted), method=method, data={} if method == "POST" else None)
        assert "alert(" not in answer.text and "Zoë" not in answer.text, (method, rule.rule)
        if rule.endpoint.split(".")[0] in LEADS or names_somebody(rule):
            assert answer.status_code in {404, 400}, (method, rule.rule, answer.status_code)
    assert everything(engine) == before


def names_somebody(rule: Rule) -> bool:
    """Whether the address is of one learner, conversation, group or mark; items and tags are everybody's."""
    return bool(rule.arguments - {"name", "filename", "kind"})


def test_the_groups_own_tutor_sees_it(planted: Planted, tina: Tutor, as_tutor: Callable[[Tutor], FlaskClient]) -> None:
    client = as_tutor(tina)
    assert "Zoë" in client.get("/").text
    assert client.get(f"/conversations/{SENDER}").status_code == 200
    assert client.get(f"/groups/{planted.group}").status_code == 200


def test_what_learners_type_is_shown_as_text_everywhere(desk_app: Flask, planted: Planted, client: FlaskClient) -> None:
    shown = 0
    for rule, method in rules(desk_app):
        if method != "GET" or rule.endpoint == "static":
            continue
        answer = client.get(address(rule, planted))
        assert answer.status_code in {200, 404}, (rule.rule, answer.status_code)
        if not answer.mimetype.startswith("text/html"):
            continue
        assert Markup.of(answer.text).foreign == [], rule.rule
        shown += "alert(" in answer.text
    assert shown >= 5  # it was there to be seen


class Markup(HTMLParser):
    """What of a page could run: scripts that are not the desk's own files, handlers, styles and addresses that are script."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []

    @classmethod
    def of(cls, page: str) -> Markup:
        made = cls()
        made.feed(page)
        return made

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        runs = any(name.startswith("on") or name == "style" or str(value).lower().startswith("javascript:") for name, value in attributes)
        if runs or (tag == "script" and not str(given.get("src")).startswith("/static/")):
            self.foreign.append(self.get_starttag_text() or tag)


def test_a_search_for_anything_finds_or_does_not_and_never_breaks(planted: Planted, client: FlaskClient) -> None:
    for words in SEARCHES:
        answer = client.get("/", query_string={"search": words, "words": words, "q": words, "said": words})
        assert answer.status_code == 200, words


def test_addresses_with_odd_places_are_not_there(planted: Planted, client: FlaskClient) -> None:
    for path in (
        "/conversations/../../etc/passwd",
        "/conversations/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/groups/99999999999999999999",
        "/learners/0",
        "/conversations/" + "x" * 3000,
    ):
        assert client.get(path).status_code in {404, 400, 308}, path


@pytest.fixture
def guarded_app(engine: Engine, settings: Settings, clock: Clock, tmp_path: Path) -> Flask:
    """As it is served: with checks of forms."""
    return create_app(replace(settings, var=tmp_path / "var"), engine, clock)


def test_a_form_without_its_token_changes_nothing(guarded_app: Flask, engine: Engine, planted: Planted, lena: Tutor) -> None:
    """Signed in, but the form comes from elsewhere."""
    client = guarded_app.test_client()
    page = client.get("/sign-in").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    assert client.post("/sign-in", data={"name": "Lena", "password": PASSWORD, "csrf_token": token[1]}).status_code == 303
    before, tried = everything(engine), 0
    for rule, method in rules(guarded_app):
        if method != "POST":
            continue
        for forged in ({}, {"csrf_token": "made.up.token"}, {"csrf_token": token[1]}):
            if forged.get("csrf_token") == token[1] and rule.endpoint in OPEN:
                continue
            assert client.post(address(rule, planted), data=forged).status_code == 400, rule.rule
            tried += 1
    assert tried > 40
    assert everything(engine) == before


def test_pages_keep_to_themselves(planted: Planted, client: FlaskClient) -> None:
    headers = client.get("/").headers
    assert headers["Cache-Control"] == "no-store"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_looking_at_a_learner_leaves_a_note(planted: Planted, client: FlaskClient, engine: Engine, desk_app: Flask) -> None:
    for rule, method in rules(desk_app):
        if method == "GET" and names_somebody(rule):
            before = noted(engine)
            if client.get(address(rule, planted)).status_code == 200:
                assert noted(engine) > before, rule.rule


def test_a_broken_page_says_so_without_its_insides(desk_app: Flask, client: FlaskClient, engine: Engine) -> None:
    @desk_app.before_request
    def fail() -> None:
        raise RuntimeError("the inside of it")

    answer = client.get("/")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert "inside of it" not in answer.text and "Traceback" not in answer.text


def noted(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(audit)).scalar_one())


def everything(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables but those that looking itself writes."""
    aside = {"audit", "desk_readers", "message_vectors"}
    with engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))]
            for table in metadata.sorted_tables
            if table.name not in aside
        }
