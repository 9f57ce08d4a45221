"""Rows of events become what was said, whatever is in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.transcripts import Before, event_of, labelled, transcript_of
from bot.transcripts.transcript import Said, Transcript


@dataclass(frozen=True)
class Row:
    id: int
    type_name: str
    timestamp: float | None
    data: str | None


def user(text: str, intent: str = "ask", confidence: float = 0.9, message_id: str = "m1") -> dict[str, Any]:
    parsed = {"intent": {"name": intent, "confidence": confidence}, "intent_ranking": [], "text": text}
    return {"event": "user", "text": text, "parse_data": parsed, "input_channel": "web", "message_id": message_id}


def bot(kind: str, text: str = "Well.", buttons: tuple[tuple[str, str], ...] = (), **more: Any) -> dict[str, Any]:
    offered = [{"title": title, "payload": token} for title, token in buttons]
    return {"event": "bot", "text": text, "data": {"buttons": offered or None}, "metadata": {"kind": kind, **more}}


def slot(name: str, value: Any) -> dict[str, Any]:
    return {"event": "slot", "name": name, "value": value}


NOTHING = Before()


def told(*events: dict[str, Any], before: Before = NOTHING) -> Transcript:
    rows = [Row(number, event["event"], 100.0 + number, json.dumps(event)) for number, event in enumerate(events, 1)]
    return transcript_of("somebody", map(event_of, rows), before)


def learners(transcript: Transcript) -> list[Said]:
    return [said for said in transcript.messages if said.who == "learner"]


def test_an_answer_is_known_by_its_topic_also_when_it_is_given_again() -> None:
    answered = slot("conversation", {"answerable": "csat.what", "question": "what is csat"})
    transcript = told(
        {"event": "session_started"},
        user("what is csat", confidence=0.71),
        {"event": "action", "name": "action_answer"},
        bot("answer", buttons=(("Example", "ask:csat.example"),)),
        answered,
        user("what is csat"),
        bot("answer"),
        user("what is the price of fish", "out_of_scope"),
        bot("declined"),
    )
    first, again, declined = learners(transcript)
    assert (first.text, first.intent, first.confidence, first.answer) == ("what is csat", "ask", 0.71, "csat.what")
    assert again.answer == "csat.what"
    assert (declined.answer, declined.replies) == (None, ("declined",))
    assert [session.started_at for session in transcript.sessions] == [101.0]
    assert transcript.skipped == 0


def test_a_pressed_button_shows_its_label() -> None:
    offered = bot("answer", buttons=(("Show me one", "ask:csat.example"),))
    by_button = learners(told(user("csat"), offered, user("ask:csat.example", "press", 1.0), bot("answer")))[1]
    assert (by_button.text, by_button.press) == ("Show me one", "ask:csat.example")
    unknown = told(user("ask:csat.example", "press", 1.0, "m7"), bot("answer"))
    assert learners(unknown)[0].text == "ask:csat.example"
    assert learners(labelled(unknown, {"m7": "An example"}))[0].text == "An example"


def test_an_answer_in_a_quiz_belongs_to_the_item_that_was_open() -> None:
    running = {"id": "a39274d9", "mode": "quiz", "items": ["one", "two"]}
    transcript = told(
        user("quiz me", "quiz"),
        bot("quiz_intro"),
        bot("quiz_question"),
        slot("quiz", running),
        user("a", "nlu_fallback", 0.3),
        bot("quiz_right"),
        slot("quiz", {**running, "at": 1, "results": "r"}),
        user("what is csat"),
        bot("answer"),
        user("b", "nlu_fallback", 0.3),
        bot("quiz_wrong"),
        slot("quiz", None),
    )
    assert [(said.skill, said.session, said.place) for said in learners(transcript)] == [
        ("quiz", "a39274d9", None),
        ("quiz", "a39274d9", 0),
        ("answer", None, None),
        ("quiz", "a39274d9", 1),
    ]


def test_a_line_in_a_practice_belongs_to_its_run_and_turn() -> None:
    playing = {"id": "2dfa3c08", "phase": "playing", "state": {"scenario": "kettle"}}
    said_one = {**playing, "state": {"scenario": "kettle", "turn": 1}}
    transcript = told(
        user("practice:start.kettle", "press", 1.0),
        bot("practice_brief"),
        bot("customer", picture={"kind": "meter", "value": 0.7}),
        slot("practice", playing),
        user("I am sorry to hear that."),
        bot("customer", picture={"kind": "meter", "value": 0.5}),
        slot("practice", said_one),
        user("stop"),
        bot("debrief"),
        slot("practice", {**said_one, "phase": "over"}),
    )
    assert [(said.run, said.turn) for said in learners(transcript)] == [("2dfa3c08", None), ("2dfa3c08", 1), ("2dfa3c08", None)]
    assert [said.picture["value"] for said in transcript.messages if said.picture] == [0.7, 0.5]


def test_a_page_goes_on_from_what_was_before_it() -> None:
    before = Before({"conversation": {"answerable": "csat.what"}, "practice": {"id": "r1", "phase": "playing", "state": {"turn": 2}}})
    transcript = told(
        user("And I will ring you."),
        bot("customer"),
        slot("practice", {"id": "r1", "phase": "playing", "state": {"turn": 3}}),
        before=before,
    )
    assert [(said.run, said.turn) for said in learners(transcript)] == [("r1", 3)]
    assert learners(told(user("again"), bot("answer"), before=before))[0].answer == "csat.what"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("user", None),
        ("user", ""),
        ("user", '{"event": "user", "text": "what is c'),
        ("user", '["not", "a", "table"]'),
        ("user", '{"event": "user"}'),
        ("user", '{"event": "user", "text": null}'),
        ("slot", '{"event": "slot"}'),
        ("bot", "null"),
        ("flow_cancelled", '{"event": "flow_cancelled"}'),
        ("user", "[" * 100_000),
    ],
)
def test_what_cannot_be_read_is_skipped_and_counted(kind: str, data: str | None) -> None:
    rows = [Row(1, "user", 1.0, json.dumps(user("before"))), Row(2, kind, 2.0, data), Row(3, "bot", 3.0, json.dumps(bot("answer")))]
    transcript = transcript_of("somebody", map(event_of, rows))
    assert transcript.skipped == 1
    assert [said.text for said in transcript.messages] == ["before", "Well."]
    assert learners(transcript)[0].replies == ("answer",)


def test_rows_of_an_older_version_are_read() -> None:
    """Without metadata, message ids or the column for the time; the kind of reply stood beside its custom data, or nowhere."""
    rows = [
        Row(1, "user", None, '{"event": "user", "timestamp": 7.5, "text": "hello", "parse_data": {}, "input_channel": null}'),
        Row(2, "bot", None, '{"event": "bot", "text": "Hi.", "data": {"custom": {"kind": "greet"}}}'),
        Row(3, "bot", None, '{"event": "bot", "text": "Ask me.", "data": null}'),
        Row(4, "user", None, '{"event": "user", "text": "bye", "parse_data": {"intent": {"name": "goodbye", "confidence": NaN}}}'),
    ]
    transcript = transcript_of("somebody", map(event_of, rows))
    hello, hi, ask, bye = transcript.messages
    assert (hello.at, hello.intent, hello.confidence, hello.replies) == (7.5, None, None, ("greet",))
    assert (hi.kind, ask.kind, ask.text) == ("greet", None, "Ask me.")
    assert (bye.intent, bye.confidence, bye.at) == ("goodbye", None, 0.0)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["intent", "name", "text", "buttons", "id", "state"]), inner)
    ),
    max_leaves=8,
)
KEYS = ["event", "text", "parse_data", "data", "metadata", "name", "value", "timestamp", "input_channel"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["user", "bot", "slot", "restart", "session_started", "reset_slots", "action", "?"]),
            st.one_of(st.none(), st.text(max_size=20), st.dictionaries(st.sampled_from(KEYS), anything, max_size=6).map(json.dumps)),
            st.none() | st.floats(),
        ),
        max_size=12,
    )
)
def test_no_rows_break_it(rows: list[tuple[str, str | None, float | None]]) -> None:
    made = [Row(number, kind, at, data) for number, (kind, data, at) in enumerate(rows, 1)]
    transcript = transcript_of("somebody", map(event_of, made))
    assert transcript.skipped + len(transcript.messages) <= len(rows)
    for said in transcript.messages:
        said.text.encode("utf-8")  # lone surrogates would break pages and databases
        assert "\x00" not in said.text
