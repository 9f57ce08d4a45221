"""The page of a conversation: everything a tutor needs beside the words, and nothing that a learner typed but as text."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine

from bot.assess.labels import Move
from bot.assess.transcript import CRITERIA
from bot.practising.record import Began, Finished, Said
from bot.quiz.attempt import Appeal, Attempt
from bot.quiz.memory.schedule import Outcome
from bot.records import keep
from bot.records.accounts import Tutor
from bot.records.desk_tables import audit, comments, tags
from review.pieces import Piece, Span, found_in, pieces
from tests.review.held import START, Turn, hold, join

NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)>\"' & {{ 7*7 }}"
SORRY = "I'm so sorry about your parcel. Could I take your order number?"
HERE = datetime.fromtimestamp(START, timezone.utc)


def practised(engine: Engine, sender: str = "ann", said: str = SORRY, at: datetime = HERE) -> list[int]:
    """A practice of one line, as events and as records."""
    moves = (Move("apologise", 0, 30, 0.97), Move("verify", 32, len(said), 0.9))
    slot = {"id": "r1", "phase": "playing", "state": {"scenario": "late-birthday-parcel", "turn": 0}, "at": 0, "customer": "Where is it?"}
    after = {**slot, "state": {**slot["state"], "turn": 1}}  # type: ignore[dict-item]
    records = (
        Began("r1", "late-birthday-parcel", 1, 7, False, "Where is it?", "angry", 60, 30, None, None, at),
        Said("r1", 1, said, moves, "AB123.", "upset", 52, 36, at + timedelta(seconds=60)),
        Finished("r1", "walked_out", "fail", {name: name in ("apologise", "verify") for name in CRITERIA}, (), at + timedelta(seconds=61)),
    )
    with engine.begin() as connection:
        keep(connection, sender, records)
    return hold(
        engine,
        sender,
        Turn(
            "let us practise",
            (("practice_brief", "A parcel is late."), ("customer", "Dee: Where is it?")),
            "practice",
            0.8,
            {"practice": slot},
        ),
        Turn(said, (("customer", "Dee: AB123."),), "ask", 0.31, {"practice": after}),
    )


def quizzed(engine: Engine, sender: str = "ann") -> list[int]:
    slot = {"id": "s1", "mode": "quiz", "items": ["nps"], "seed": 1, "started": START, "shown": START, "at": 0}
    made = Attempt(
        "s1",
        "quiz",
        0,
        1,
        "nps",
        "net-promoter-score",
        "short",
        "wrong",
        Outcome.WRONG,
        1,
        "loyalty",
        "",
        5.0,
        HERE + timedelta(seconds=61),
    )
    with engine.begin() as connection:
        keep(connection, sender, (made, Appeal("s1", 0, 1, f"I was right {NASTY}", HERE + timedelta(seconds=90))))
    turns = (
        Turn("quiz me", (("quiz_question", "What is NPS?"),), "quiz", 0.9, {"quiz": slot}),
        Turn("loyalty", (("quiz_wrong", "Not quite."),)),
    )
    return hold(engine, sender, *turns)


def text_of(page: str) -> str:
    """What is read on the page."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_a_conversation_shows_how_it_was_understood_and_answered(client: FlaskClient, engine: Engine) -> None:
    hold(
        engine,
        "ann",
        Turn("what is csat", slots={"conversation": {"answerable": "csat.what"}}),
        Turn("asdf qwer", (("declined", "Sorry?"),), confidence=0.2),
    )
    page = client.get("/conversations/ann").text
    shown = text_of(page)
    for wanted in ("what is csat", "read as ask, 90 % sure", "answered from", "read as ask, 20 % sure", "declined", "Here is how it is."):
        assert wanted in shown, wanted
    assert shown.index("what is csat") < shown.index("asdf qwer"), "the newest stands last"


def test_a_practice_shows_moves_in_the_words_that_earned_them_and_the_mood(client: FlaskClient, engine: Engine) -> None:
    practised(engine)
    page = client.get("/conversations/ann").text
    assert '<mark class="move">I&#39;m so sorry about your parcel</mark><span class="earned"> (apologised)</span>. <mark' in page
    shown = text_of(page)
    assert "Could I take your order number?" in shown
    assert "upset: anger 52, trust 36 of 100" in shown
    assert "angry: anger 60, trust 30 of 100" in shown, "the opening's too"
    assert re.search(r"<title id=\"mood-\d+\">[^<]*start 60; turn 1 52", page), "the picture says its numbers"
    assert re.search(r"<th scope=\"row\">1</th><td>upset</td><td class=\"number\">52</td>", page), "and a table has them"
    assert "read as ask, 31 % sure" in shown


def test_quiz_marks_stand_beside_the_answer_and_an_appeal_waits(client: FlaskClient, engine: Engine) -> None:
    asked, answered = quizzed(engine)
    page = client.get("/conversations/ann").text
    at = page.index(f'id="m{answered}"')
    assert page.index(">Wrong</span>") > at > page.index(f'id="m{asked}"')
    assert "1 hint" in page[at:]
    assert "Appeals waiting" in page
    assert "<script>alert" not in page
    assert f"I was right {NASTY}" in text_of(page)


def test_nothing_typed_becomes_markup(client: FlaskClient, engine: Engine, lena: Tutor) -> None:
    hold(engine, "ann", Turn(NASTY, (("answer", NASTY),), intent=NASTY))
    practised(engine, said=NASTY, at=HERE + timedelta(hours=1))
    join(engine, "ann", lena.id, name=NASTY[:60], group=NASTY[:80])
    event = hold(engine, "ann", Turn("so"))[0]
    client.post("/conversations/ann/comments", data={"text": NASTY, "event": event})
    client.get("/")  # the inbox learns of the conversation
    page = client.get("/conversations/ann").text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert text_of(page).count(NASTY) >= 4, "message, reply, practice and comment, as they were typed"


def test_a_long_conversation_pages_back_and_finds_a_message(client: FlaskClient, engine: Engine) -> None:
    said = hold(engine, "ann", *(Turn(f"question number {number}.") for number in range(150)))
    newest = client.get("/conversations/ann").text
    assert "question number 149." in newest
    assert "question number 50." not in newest
    seen = set(re.findall(r"question number (\d+)\.", newest))
    page = newest
    while found := re.search(r'href="([^"]*before=\d+)"', page):
        page = client.get(html.unescape(found[1])).text
        seen |= set(re.findall(r"question number (\d+)\.", page))
    assert seen == {str(number) for number in range(150)}
    middle = client.get(f"/conversations/ann?event={said[60]}").text
    assert f'id="m{said[60]}"' in middle
    assert "question number 57." in middle, "with what was said before"


def test_comments_and_tags_stand_on_words_and_only_their_writer_removes_them(
    client: FlaskClient, tutor_client: FlaskClient, engine: Engine, tom: Tutor
) -> None:
    event = hold(engine, "ann", Turn("I want a  refund\nfor the kettle"))[0]
    join(engine, "ann", tom.id)
    answer = client.post("/conversations/ann/comments", data={"event": event, "quote": "refund for", "text": "Good question."})
    assert (answer.status_code, answer.location) == (303, f"/conversations/ann?event={event}#m{event}")
    client.post("/conversations/ann/tags", data={"event": event, "tag": "Refund, old law"})
    page = tutor_client.get("/conversations/ann").text
    assert '<mark class="noted">refund\nfor</mark>' in page
    assert "Good question." in page
    assert "Remove" not in page, "they are Lena's"
    assert "I want a refund for the kettle" in text_of(tutor_client.get("/tags/refund-old-law").text)
    with engine.connect() as connection:
        one, other = (connection.execute(sa.select(table.c.id)).scalar_one() for table in (comments, tags))
    tutor_client.post("/conversations/ann/remove", data={"id": one, "kind": "comment"})
    assert "Good question." in client.get("/conversations/ann").text
    client.post("/conversations/ann/remove", data={"id": one, "kind": "comment"})
    client.post("/conversations/ann/remove", data={"id": other, "kind": "tag"})
    page = client.get("/conversations/ann").text
    assert "Good question." not in page
    assert "refund-old-law" not in page


@pytest.mark.parametrize(
    ("path", "data", "problem"),
    [
        ("comments", {"quote": "a toaster", "text": "What I wrote is not lost."}, "not in that message"),
        ("comments", {"text": "  "}, "A comment has 1 to 2000 characters"),
        ("tags", {"tag": "!?"}, "A tag has 1 to 40 letters"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(
    client: FlaskClient, engine: Engine, path: str, data: dict[str, str], problem: str
) -> None:
    event = hold(engine, "ann", Turn("a kettle"))[0]
    answer = client.post(f"/conversations/ann/{path}", data={**data, "event": event})
    assert answer.status_code == 400
    assert problem in answer.text
    assert html.escape(data.get("text", "").strip()) in answer.text
    with engine.connect() as connection:
        assert connection.execute(sa.select(comments.c.id)).all() == []


def test_another_groups_conversation_does_not_exist(tutor_client: FlaskClient, engine: Engine, lena: Tutor) -> None:
    event = hold(engine, "ann", Turn("hello"))[0]
    join(engine, "ann", lena.id)
    for path, data in (
        ("/conversations/ann", None),
        ("/conversations/ann/comments", {"text": "x", "event": event}),
        ("/conversations/ann/tags", {"tag": "x", "event": event}),
        ("/conversations/ann/remove", {"id": 1, "kind": "tag"}),
    ):
        answer = tutor_client.get(path) if data is None else tutor_client.post(path, data=data)
        assert answer.status_code == 404, path
    with engine.begin() as connection:
        connection.execute(sa.insert(tags).values(sender_id="ann", event_id=event, tag="secret", by="Lena", at=START))
    page = tutor_client.get("/tags/secret").text
    assert "hello" not in page
    assert "Nothing that you may see" in page


def test_a_comment_goes_on_no_other_conversations_message(client: FlaskClient, engine: Engine) -> None:
    hold(engine, "ann", Turn("hello"))
    other = hold(engine, "ben", Turn("hello"))[0]
    assert client.post("/conversations/ann/comments", data={"text": "x", "event": other}).status_code == 404


def test_views_and_changes_are_noted_without_words(client: FlaskClient, engine: Engine) -> None:
    event = hold(engine, "ann", Turn("my secret words"))[0]
    client.get("/conversations/ann")
    client.post("/conversations/ann/comments", data={"text": "my own words", "event": event})
    with engine.connect() as connection:
        noted = [(row.what, row.subject, row.detail) for row in connection.execute(sa.select(audit).order_by(audit.c.id))]
    assert ("looked at a conversation", "ann", "") in noted
    assert ("commented", "ann", f"message {event}") in noted
    assert not any("words" in part for entry in noted for part in entry)


def test_a_conversation_without_anything_is_none(client: FlaskClient) -> None:
    assert client.get("/conversations/nobody").status_code == 404


# Pieces


def test_pieces_are_the_whole_text_in_order() -> None:
    text = "sorry, may I take your number?"
    cut = pieces(text, [Span(0, 12, "apologise"), Span(7, 30, "verify"), Span(-5, 99, remark=3), Span(9, 9, "none")])
    assert "".join(one.text for one in cut) == text
    assert cut[0] == Piece("sorry, ", ("apologise",), (), (3,))
    assert cut[1] == Piece("may I", ("apologise", "verify"), ("apologise",), (3,))
    assert cut[2].named == ("verify",)
    assert pieces("", [Span(0, 3, "x")]) == ()


@pytest.mark.parametrize(
    ("text", "part", "found"),
    [
        ("a  b\nc", "b c", (3, 6)),
        ("aab b", "b b", (2, 5)),
        ("abc", "a c", None),
        ("abc", "  ", None),
        ("ab", "b", (1, 2)),
        ("b bc", "b c", None),
    ],
)
def test_words_are_found_whatever_the_spaces(text: str, part: str, found: tuple[int, int] | None) -> None:
    assert found_in(text, part) == found
