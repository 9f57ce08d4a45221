"""Learners' data in the desk: seen by their own tutors, written out, erased by leads, every look and change in the trail."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from bot.records import trail
from bot.records.accounts import Tutor
from bot.records.desk_tables import group_tutors
from bot.records.engine import reading
from bot.records.erasure import remains
from bot.records.people import person_of
from tests.records.test_learner_data import MARKER, conversation, dumped, learner, put


@pytest.fixture
def ann(engine: Engine, lena: Tutor, tom: Tutor) -> int:
    with engine.begin() as connection:
        put(connection, "groups", id=1, name="Group A", code="K7QM2F", created_at=1.0)
        put(connection, "groups", id=2, name="Group B", code="K7QM2G", created_at=1.0)
        number = learner(connection, "ann", ("ann", "ann/on her phone"))
        put(connection, "memberships", group_id=2, learner_id=number, name="Annie elsewhere", joined_at=1.0)
        learner(connection, "bob", word="kestrel")
        return number


@pytest.fixture
def her_tutor(engine: Engine, ann: int, tom: Tutor, tutor_client: FlaskClient) -> FlaskClient:
    """Tom, once group A is his."""
    with engine.begin() as connection:
        connection.execute(sa.insert(group_tutors).values(group_id=1, tutor_id=tom.id))
    return tutor_client


def trail_of(engine: Engine) -> list[tuple[str, str, str]]:
    with reading(engine) as connection:
        return [(entry.by, entry.what, entry.subject) for entry in reversed(trail.entries(connection))]


def test_a_lead_finds_everyone_and_a_tutor_their_own(client: FlaskClient, her_tutor: FlaskClient, engine: Engine, ann: int) -> None:
    everyone = client.get("/learners").text
    assert f"Annie elsewhere, {MARKER} Brown" in everyone and "kestrel Brown" in everyone
    own = her_tutor.get("/learners").text
    assert f"{MARKER} Brown" in own and "kestrel Brown" in own, "both are in group A"
    assert "Annie elsewhere" not in own, "the name given to another group is not this tutor's"
    assert her_tutor.get("/learners?find=elsewhere").text.count("<tr>") == 0
    assert MARKER in client.get("/learners?find=BROWN").text
    for pattern in ("%", "_", "' OR 1=1 --", "\\"):
        assert "kestrel" not in client.get("/learners", query_string={"find": pattern}).text
    for name in (str(ann), "ann", "ann/on her phone"):
        found = client.get("/learners", query_string={"find": name})
        assert found.status_code == 303
        assert f"Learner {ann}" in client.get(found.headers["Location"]).text


def test_others_learners_are_not_there(tutor_client: FlaskClient, engine: Engine, ann: int) -> None:
    for who in (str(ann), "ann", "99", "nobody"):
        assert tutor_client.get(f"/learners/{who}").status_code == 404
        assert tutor_client.post(f"/learners/{who}/export").status_code == 404
        assert tutor_client.post(f"/learners/{who}/erase", data={"confirm": "erase"}).status_code == 404
    assert trail_of(engine) == []


def test_a_tutor_sees_and_exports_and_cannot_erase(her_tutor: FlaskClient, engine: Engine, ann: int) -> None:
    page = her_tutor.get(f"/learners/{ann}").text
    assert "What is kept" in page and "Erase everything" not in page
    data = her_tutor.post(f"/learners/{ann}/export", data={"kind": "json"})
    assert data.mimetype == "application/json" and f"learner-{ann}.json" in data.headers["Content-Disposition"]
    assert json.loads(data.text)["tables"]["comments"][0]["text"] == f"{MARKER} comment"
    read = her_tutor.post(f"/learners/{ann}/export", data={"kind": "html"})
    assert f"{MARKER} comment" in read.text and "sandbox" in read.headers["Content-Security-Policy"]
    assert her_tutor.post(f"/learners/{ann}/erase", data={"confirm": "erase"}).status_code == 404
    assert MARKER in dumped(engine)
    what = [("Tom", did, f"learner {ann}") for did in ("looked at a learner", "exported a learner's data", "exported a learner's data")]
    assert trail_of(engine) == what


def test_a_lead_erases_once_the_word_is_typed(client: FlaskClient, engine: Engine, ann: int) -> None:
    refused = client.post(f"/learners/{ann}/erase", data={"confirm": "yes"})
    assert refused.status_code == 400 and "Nothing was erased" in refused.text
    assert MARKER in dumped(engine)
    with reading(engine) as connection:
        rows = sum(remains(connection, person_of(connection, "ann")).values())
    done = client.post(f"/learners/{ann}/erase", data={"confirm": " Erase "}, follow_redirects=True)
    assert f"{rows} rows of that learner are gone" in done.text
    assert MARKER not in dumped(engine) and "Annie elsewhere" not in dumped(engine)
    assert "kestrel" in dumped(engine)
    assert trail_of(engine)[-1] == ("Lena", "erased a learner", f"learner {ann}")


def test_a_page_that_was_open_says_that_they_are_gone(client: FlaskClient, her_tutor: FlaskClient, engine: Engine, ann: int) -> None:
    assert her_tutor.get(f"/learners/{ann}").status_code == 200
    client.post(f"/learners/{ann}/erase", data={"confirm": "erase"})
    for answer in (
        her_tutor.get(f"/learners/{ann}"),
        her_tutor.post(f"/learners/{ann}/export"),
        client.post(f"/learners/{ann}/erase", data={"confirm": "erase"}),
        client.get("/conversations/ann"),
    ):
        assert answer.status_code == 404 and "has been erased" in answer.text


def test_a_conversation_of_which_nothing_else_is_recorded_can_be_erased_by_a_lead(
    client: FlaskClient, her_tutor: FlaskClient, engine: Engine, ann: int
) -> None:
    with engine.begin() as connection:
        conversation(connection, "passer-by", "wagtail")
    assert her_tutor.get("/learners/passer-by").status_code == 404
    assert "A conversation without a name" in client.get("/learners/passer-by").text
    assert client.post("/learners/passer-by/erase", data={"confirm": "erase"}).status_code == 303
    assert "wagtail" not in dumped(engine)


def test_names_and_words_never_run(client: FlaskClient, engine: Engine, ann: int) -> None:
    with engine.begin() as connection:
        number = learner(connection, "eve", word="<script>alert(1)</script>")
    for answer in (
        client.get("/learners"),
        client.get(f"/learners/{number}"),
        client.post(f"/learners/{number}/export", data={"kind": "html"}),
    ):
        assert "<script>alert" not in answer.text


def test_nothing_of_it_is_reached_without_signing_in(desk_app: Flask, ann: int) -> None:
    stranger = desk_app.test_client()
    for path in ("/learners", f"/learners/{ann}", "/learners/erased"):
        assert stranger.get(path).headers["Location"].startswith("/sign-in")
    for path in (f"/learners/{ann}/export", f"/learners/{ann}/erase"):
        assert stranger.post(path).headers["Location"].startswith("/sign-in")


def test_a_long_list_is_paged(client: FlaskClient, engine: Engine, ann: int) -> None:
    with engine.begin() as connection:
        for number in range(60):
            put(connection, "learners", created_at=10.0 + number)
    first = client.get("/learners").text
    assert first.count('<th scope="row">') == 50
    older = next(part.split('"')[1].replace("&amp;", "&") for part in first.split("href=")[1:] if "before=" in part)
    assert client.get(older).text.count('<th scope="row">') == 12
