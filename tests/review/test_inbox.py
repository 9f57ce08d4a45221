"""The inbox as tutors see it and what they do in it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from bot.records.accounts import Tutor
from bot.records.desk_tables import audit, group_tutors, groups, memberships, triage
from bot.records.engine import reading
from bot.records.reader import catch_up
from tests.records.told import DAY, Told
from tests.review.conftest import MONDAY

NOW = MONDAY.timestamp()


@pytest.fixture
def group(engine: Engine, tom: Tutor) -> int:
    """A group of Tom's with the learner Ann in it, whose words are in need; Bob is in none."""
    Told(engine, "ann", at=NOW - DAY).of(1).says("i feel <b>awful</b>", "distress")
    Told(engine, "bob", at=NOW - 2 * DAY).of(2).says("what is csat")
    with engine.begin() as connection:
        connection.execute(sa.insert(groups).values(id=1, name="Monday", code="ABC123", created_at=NOW))
        connection.execute(sa.insert(group_tutors).values(group_id=1, tutor_id=tom.id))
        connection.execute(sa.insert(memberships).values(group_id=1, learner_id=1, name="Ann <i>", joined_at=NOW))
    assert not catch_up(engine, NOW, 30)
    return 1


def rows(page: str) -> list[str]:
    """The names in the order of the page."""
    return re.findall(r"<a data-open [^>]*>(.*?)</a>", page)


def picked(page: str) -> list[str]:
    return re.findall(r'name="pick" value="([^"]*)"', page)


def stands(engine: Engine, sender: str) -> tuple[str, int | None]:
    with reading(engine) as connection:
        found = connection.execute(sa.select(triage.c.status, triage.c.assigned_to).where(triage.c.sender_id == sender)).one()
    return found.status, found.assigned_to


def test_what_needs_somebody_is_there_and_says_why(client: FlaskClient, group: int) -> None:
    page = client.get("/").text
    assert rows(page) == ["Ann &lt;i&gt;", "Learner 2"]
    assert re.search(r'<a class="chip bad" href="/conversations/ann\?event=\d+#m\d+">Spoke of distress or an emergency</a>', page)
    assert '<a data-open href="/conversations/ann">' in page
    assert "i feel &lt;b&gt;awful&lt;/b&gt;" in page
    assert "1 open conversation needs somebody" in " ".join(page.split())


def test_what_was_said_a_moment_ago_is_read_with_the_page(client: FlaskClient, group: int, engine: Engine) -> None:
    Told(engine, "cat", at=NOW - 60).says("just now")
    while "still being read" in (page := client.get("/").text):
        pass  # a busy machine may need more time than a tutor is made to wait
    assert rows(page)[1] == "Visitor cat"


def test_a_tutor_sees_their_groups_only(as_tutor: Callable[[Tutor], FlaskClient], tom: Tutor, group: int, engine: Engine) -> None:
    his = as_tutor(tom)
    page = his.get("/?status=all").text
    assert rows(page) == ["Ann &lt;i&gt;"]
    assert "csat" not in his.get("/?status=all&words=csat").text.replace('value="csat"', "")
    pick = picked(page)[0].replace("ann", "bob")
    assert his.post("/inbox/change", data={"pick": pick, "status": "done"}).status_code == 404
    assert stands(engine, "bob") == ("new", None)


def test_a_tutor_without_groups_has_an_empty_inbox(tutor_client: FlaskClient, engine: Engine) -> None:
    Told(engine, at=NOW - DAY).says("hello")
    catch_up(engine, NOW, 30)
    page = tutor_client.get("/")
    assert page.status_code == 200
    assert rows(page.text) == []


def test_ticked_ones_are_changed_together(client: FlaskClient, lena: Tutor, group: int, engine: Engine) -> None:
    page = client.get("/").text
    changed = client.post(
        "/inbox/change", data={"pick": picked(page), "status": "in_progress", "assigned_to": str(lena.id), "back": "/?status=in_progress"}
    )
    assert (changed.status_code, changed.location) == (303, "/?status=in_progress")
    assert "2 conversations changed." in client.get("/").text
    assert stands(engine, "ann") == stands(engine, "bob") == ("in_progress", lena.id)
    assert rows(client.get(f"/?assignee={lena.id}").text) == ["Ann &lt;i&gt;", "Learner 2"]
    with reading(engine) as connection:
        noted = connection.execute(sa.select(audit.c.subject).where(audit.c.what == "changed a conversation's status")).scalars().all()
    assert sorted(noted) == ["ann", "bob"]


def test_what_somebody_else_changed_is_left_and_told(client: FlaskClient, group: int, engine: Engine) -> None:
    page = client.get("/").text
    client.post("/inbox/change", data={"pick": picked(page)[0], "status": "flagged"})
    client.post("/inbox/change", data={"pick": picked(page), "status": "done"})
    told = client.get("/?status=all").text
    assert "1 conversation changed. One conversation has been changed by somebody else" in told
    assert stands(engine, "ann")[0] == "flagged"
    assert stands(engine, "bob")[0] == "done"


@pytest.mark.parametrize(
    "data",
    [
        {"pick": "0:1:ann", "status": "gone"},
        {"pick": "0:1:ann", "assigned_to": "99"},
        {"pick": "0:1:ann", "assigned_to": "x"},
        {"pick": "ann", "status": "done"},
        {"pick": "-1:1:ann", "status": "done"},
        {"pick": "0:999999999999:ann", "status": "done"},
        {"pick": "0:1:ann\x00", "status": "done"},
    ],
)
def test_a_change_that_makes_no_sense_is_refused(client: FlaskClient, group: int, engine: Engine, data: dict[str, str]) -> None:
    client.get("/")
    assert client.post("/inbox/change", data=data).status_code == 400
    assert stands(engine, "ann") == ("new", None)


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/ok\nSet-Cookie: a=b"]
)
def test_a_change_leads_back_into_the_desk_only(client: FlaskClient, group: int, back: str) -> None:
    assert client.post("/inbox/change", data={"back": back}).location == "/"


@pytest.mark.parametrize(
    "query",
    [
        "group=x&assignee=&below=abc&since=yesterday&until=2026-13-01&status=nonsense&mark=met",
        "below=1e999&since=0001-01-01&until=9999-12-31",
        "below=nan&since=9999-12-31",
        "after=1:nan:ann&group=99999999999999999999",
        "after=::&after=1:2&learner=%00%25_%5C",
        "words=%22%22%22+OR+*+%28&reason=%25&channel=%27%3B--",
        "words=" + "a+" * 300,
    ],
)
def test_no_address_breaks_the_page(client: FlaskClient, group: int, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200


def test_a_search_shows_what_was_found_and_keeps_its_words(client: FlaskClient, group: int) -> None:
    page = client.get("/?words=%22is+csat%22").text
    assert rows(page) == ["Learner 2"]
    assert "what is csat" in page
    assert 'value="&#34;is csat&#34;"' in page
    assert "event=" in page


def test_pages_follow_each_other(client: FlaskClient, engine: Engine) -> None:
    for number in range(53):
        Told(engine, f"sender{number:02}", at=NOW - DAY - number).says("hello")
    catch_up(engine, NOW, 30)
    first = client.get("/?status=all").text
    link = re.search(r'rel="next" href="([^"]*)"', first)
    assert link
    second = client.get(link[1].replace("&amp;", "&")).text
    assert (len(rows(first)), len(rows(second))) == (50, 3)
    assert set(picked(first)).isdisjoint(picked(second))
    assert 'rel="next"' not in second


def test_every_look_is_noted_without_words(client: FlaskClient, group: int, engine: Engine) -> None:
    client.get("/?words=secret")
    with reading(engine) as connection:
        noted = connection.execute(sa.select(audit.c.by, audit.c.what, audit.c.detail)).all()
    assert noted == [("Lena", "looked at the inbox", "words")]


def test_nothing_is_shown_without_signing_in(desk_app: Flask, group: int) -> None:
    visitor = desk_app.test_client()
    for answer in (visitor.get("/"), visitor.post("/inbox/change", data={"pick": "0:1:ann", "status": "done"})):
        assert answer.status_code == 303
        assert "sign-in" in answer.location


def test_the_form_names_all_its_fields(client: FlaskClient, group: int) -> None:
    """Every field has a label, every control of a row says whose it is."""
    page = client.get("/").text
    fields = set(re.findall(r'<(?:input|select)[^>]* id="([^"]+)"', page))
    assert fields and fields <= set(re.findall(r'<label[^>]* for="([^"]+)"', page))
    assert re.search(r'<label class="unseen" for="pick-1">Tick Ann', page)
    assert not re.search(r"<[^>]+ (?:style|on\w+)=", page)
