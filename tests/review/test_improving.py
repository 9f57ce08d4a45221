"""Tutors put right what was misread or not answered, see others like it, and work through what is not covered."""

from __future__ import annotations

import html
import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from bot.records.accounts import Tutor
from bot.records.desk_tables import audit, group_tutors, groups, improvements, memberships, messages, triage
from bot.records.tables import identities, learners
from review.desk import desk
from review.uncovered import read_meanings
from tests.made import share
from tests.review.conftest import MONDAY

AT = MONDAY.timestamp()
SAID = (
    # event, learner, text, intent, reply, answer
    (1, 1, "whens my certificate coming then", "out_of_scope", "declined", None),
    (2, 2, "my certificate hasn't come, mail me at ann@college.ac.uk", "ask", "declined", None),
    (3, 2, "certificate not arrived after i passed", "ask", "declined", None),
    (4, 3, "can dogs eat grapes", "out_of_scope", "declined", None),
    (5, 1, "bring me a kettle back broken what now", "thank", "thank", None),
    (6, 1, "<script>alert(1)</script> is my certificate lost", "ask", "declined", None),
)
KETTLE = "cra-right-to-reject.what"


@pytest.fixture
def college(desk_app: Flask, engine: Engine, tom: Tutor, tutor: object) -> Engine:
    """Tom tends the learner Ann of talk-1; two others are in no group."""
    with engine.begin() as connection:
        connection.execute(sa.insert(groups).values(id=1, name="A", code="ABC123", created_at=AT))
        connection.execute(sa.insert(group_tutors).values(group_id=1, tutor_id=tom.id))
        for number in (1, 2, 3):
            connection.execute(sa.insert(learners).values(id=number, created_at=AT))
            connection.execute(sa.insert(identities).values(sender_id=f"talk-{number}", learner_id=number))
        connection.execute(sa.insert(memberships).values(group_id=1, learner_id=1, name="Ann of A", joined_at=AT))
        for event, learner, text, intent, reply, answer in SAID:
            values = {"text": text, "intent": intent, "confidence": 0.6, "reply": reply, "answer": answer}
            connection.execute(sa.insert(messages).values(event_id=event, sender_id=f"talk-{learner}", at=AT - 3600, **values))
    with desk_app.app_context():
        desk().settings.var.mkdir()
        share(desk().settings.var)  # the index that making a `tutor` keeps
        assert not read_meanings()
    return engine


def proposed(engine: Engine) -> list[tuple[str, str, str, str | None]]:
    with engine.connect() as connection:
        rows = connection.execute(sa.select(improvements).order_by(improvements.c.id)).all()
    return [(row.kind, row.text, row.target, row.was) for row in rows]


def noted(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        return [(row.what, row.subject, row.detail) for row in connection.execute(sa.select(audit).order_by(audit.c.id))]


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return html.unescape(answer.text)


def test_a_misread_message_is_given_what_was_meant(college: Engine, tutor_client: FlaskClient) -> None:
    shown = page(tutor_client, "/messages/5/relabel")
    assert "bring me a kettle back broken what now" in shown
    assert "Asks something about the unit" in shown
    kept = tutor_client.post("/messages/5/relabel", data={"text": "bring a kettle\nback [broken] what now", "intent": "ask"})
    assert kept.status_code == 303
    assert proposed(college) == [("intent", "bring a kettle back broken what now", "ask", "thank")]
    assert ("proposed an improvement", "talk-1", "intent ask") in noted(college)
    assert "bring a kettle back broken what now" in page(tutor_client, "/improvements")


def test_a_question_is_attached_to_an_answer_and_read_as_a_question_from_then_on(college: Engine, tutor_client: FlaskClient) -> None:
    shown = page(tutor_client, "/messages/5/attach")
    offered = re.findall(r'name="choice" value="([\w.-]+)"', shown)
    assert len(offered) == 6, "the five nearest in meaning and the choice of another"
    searched = page(tutor_client, "/messages/5/attach?q=right+to+reject")
    assert KETTLE in re.findall(r'name="choice" value="([\w.-]+)"', searched)
    sent = {"text": "bring me a kettle back broken what now", "choice": "other", "target": KETTLE}
    assert tutor_client.post("/messages/5/attach", data=sent).status_code == 303
    assert proposed(college) == [("phrasing", sent["text"], KETTLE, "thank"), ("intent", sent["text"], "ask", "thank")]
    assert "+    - bring me a kettle back broken what now" in page(tutor_client, "/improvements"), "what will be written is shown"


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("relabel", {"text": "hm", "intent": "no_such"}, "There is no intent"),
        ("relabel", {"text": "?!", "intent": "ask"}, "no words"),
        ("relabel", {"text": "What does post-transaction customer service actually mean?", "intent": "ask"}, "benchmark"),
        ("relabel", {"text": "what is post-transaction customer service", "intent": "thank"}, "example of ask already"),
        ("attach", {"text": "hello", "choice": KETTLE}, "example of greet already"),
        ("attach", {"text": "some question of mine", "choice": "no.answer"}, "There is no answer"),
    ],
)
def test_what_would_be_refused_is_said_at_once(college: Engine, client: FlaskClient, path: str, form: dict[str, str], said: str) -> None:
    answer = client.post(f"/messages/5/{path}", data=form)
    assert answer.status_code == 400
    assert said in html.unescape(answer.text)
    assert proposed(college) == []


def test_two_tutors_who_disagree_are_told(college: Engine, client: FlaskClient, tutor_client: FlaskClient) -> None:
    assert tutor_client.post("/messages/5/relabel", data={"text": "bring it back", "intent": "ask"}).status_code == 303
    answer = client.post("/messages/5/relabel", data={"text": "Bring it back!", "intent": "practice"})
    assert answer.status_code == 400
    assert "Tom gave the same words to ask" in answer.text
    (number,) = re.findall(r"/improvements/(\d+)/withdraw", page(client, "/improvements"))
    assert client.post(f"/improvements/{number}/withdraw").status_code == 303
    assert proposed(college) == []
    assert client.post("/messages/5/relabel", data={"text": "Bring it back!", "intent": "practice"}).status_code == 303


def test_others_like_a_message_are_shown_with_why_they_are_there(college: Engine, client: FlaskClient, tutor_client: FlaskClient) -> None:
    plain = {"channel": "web", "last_event_id": 0, "first_at": AT, "last_at": AT, "turns": 1, "preview": "", "need": 0, "reasons": "[]"}
    with college.begin() as connection:
        connection.execute(sa.insert(triage).values(sender_id="talk-2", status="flagged", version=1, **plain))
    shown = page(client, "/similar/1")
    assert "certificate not arrived after i passed" in shown
    assert "can dogs eat grapes" not in shown
    assert "[email]" not in shown, "brackets are markup in examples"
    assert "ann@college.ac.uk" not in shown
    assert "flagged" in shown
    assert "<script>alert" not in client.get("/similar/1").text
    own = page(tutor_client, "/similar/1")
    assert "is my certificate lost" in own
    assert "certificate not arrived" not in own
    assert ("looked for others like a message", "talk-1", "message 1") in noted(college)


def test_what_is_not_covered_comes_in_clusters_and_is_worked_through(college: Engine, client: FlaskClient) -> None:
    shown = page(client, "/uncovered")
    assert "Asked 4 times by 2 learners" in shown
    assert "60 minutes ago" in shown
    assert shown.index("certificate") < shown.index("can dogs eat grapes")
    name = re.search(r"/uncovered/(\d+)", shown)
    assert name
    one = page(client, f"/uncovered/{name[1]}")
    assert sorted(re.findall(r'name="event" value="(\d+)"', one)) == ["1", "2", "3", "6"]
    assert "ann@college.ac.uk" not in one
    ticked = {"event": ["1", "3"], "text-1": "whens my certificate coming then", "text-3": "certificate not arrived", "choice": KETTLE}
    assert client.post(f"/uncovered/{name[1]}/attach", data=ticked).status_code == 303
    assert [change[:3] for change in proposed(college)] == [
        ("phrasing", "whens my certificate coming then", KETTLE),
        ("intent", "whens my certificate coming then", "ask"),
        ("phrasing", "certificate not arrived", KETTLE),
    ]
    assert "Asked 2 times by 2 learners" in page(client, "/uncovered")
    dogs = re.findall(r"/uncovered/(\d+)", page(client, "/uncovered"))[-1]
    assert client.post(f"/uncovered/{dogs}/outside", data={"event": "4"}).status_code == 303
    assert "can dogs eat grapes" not in page(client, "/uncovered")


def test_a_cluster_is_kept_whole_or_not_at_all(college: Engine, client: FlaskClient) -> None:
    shown = page(client, "/uncovered")
    name = re.findall(r"/uncovered/(\d+)", shown)[0]
    ticked = {"event": ["1", "3"], "text-1": "whens my certificate coming then", "text-3": "...", "choice": KETTLE}
    assert client.post(f"/uncovered/{name}/attach", data=ticked).status_code == 400
    assert proposed(college) == []
    assert client.post(f"/uncovered/{name}/attach", data={"choice": KETTLE}).status_code == 400


def test_a_message_that_is_erased_leaves_its_cluster(college: Engine, client: FlaskClient) -> None:
    assert "Asked 4 times" in page(client, "/uncovered")
    with college.begin() as connection:
        connection.execute(sa.delete(messages).where(messages.c.sender_id == "talk-1"))
    assert "Asked 2 times by 1 learner" in page(client, "/uncovered")
    assert client.get("/similar/1").status_code == 404


@pytest.mark.parametrize("path", ["messages/4/relabel", "messages/4/attach", "similar/4", "messages/99/relabel", "similar/99999999999"])
def test_messages_that_a_tutor_may_not_see_are_not_there(college: Engine, tutor_client: FlaskClient, path: str) -> None:
    assert tutor_client.get(f"/{path}").status_code == 404


def test_a_tutor_changes_nothing_of_learners_elsewhere(college: Engine, client: FlaskClient, tutor_client: FlaskClient) -> None:
    assert client.post("/messages/4/relabel", data={"text": "can dogs eat grapes", "intent": "out_of_scope"}).status_code == 303
    number = re.findall(r"/improvements/(\d+)/withdraw", page(client, "/improvements"))[0]
    assert tutor_client.post(f"/improvements/{number}/withdraw").status_code == 404
    assert "grapes" not in page(tutor_client, "/improvements")
    assert "grapes" not in page(tutor_client, "/uncovered")
    own = re.findall(r"/uncovered/(\d+)", page(tutor_client, "/uncovered"))[0]
    assert tutor_client.post(f"/uncovered/{own}/outside", data={"event": ["1", "4"]}).status_code == 404
    assert len(proposed(college)) == 1
