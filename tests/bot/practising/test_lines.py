"""What is plainly a line to the customer gets the same turn whatever intent a classifier sees in it, so none need look."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.practising.practising import LEFT_SECONDS
from bot.settings import ROOT
from tests.bot.talk import Talk

LINES = [json.loads(line)["text"] for line in (ROOT / "tests" / "benchmarks" / "utterances.jsonl").read_text(encoding="utf-8").splitlines()]
INTENTS = ("ask", "distress", "distress_customer", "quiz", "practice", "progress", "start_again", "my_data", "insult", "out_of_scope")


def in_practice(talk: Talk) -> Talk:
    talk.say("practice:start.faulty-baby-monitor")
    return talk


def is_line(talk: Talk, text: str) -> bool:
    return talk.tutor.is_line(text, talk.state, talk.now.timestamp())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example("stop")
@example("Pause: what does LATER stand for?")
@example("hint please")
@example("I want to die")
@example("quiz me on the law")
@example("10 questions")
@example("delete my data")
@example("link")
@example("STOP")
@example("join ABC123")
@example("practice:debrief.more")
@example("rewind to turn 1")
@example(" ")
@example("sorry " * 400)
@given(st.sampled_from(LINES) | st.text(max_size=60))
def test_a_line_gets_the_same_turn_whatever_its_intent(talk: Talk, text: str) -> None:
    if talk.state.practice is None:
        in_practice(talk)
    if is_line(talk, text):
        assert len({repr(talk.turn_for(text, intent, 1.0)) for intent in INTENTS}) == 1


def test_nearly_everything_said_to_a_customer_is_known_as_such(talk: Talk) -> None:
    in_practice(talk)
    assert sum(is_line(talk, line) for line in LINES) > 0.99 * len(LINES)


@pytest.mark.parametrize(
    "text", ["I want to die", "quiz me on the law", "pause, what does LATER stand for?", "", " ", "x" * 5000, "do:help"]
)
def test_what_may_leave_the_role_is_understood_first(talk: Talk, text: str) -> None:
    assert not is_line(in_practice(talk), text)


def test_a_line_that_comes_long_after_is_understood_first(talk: Talk) -> None:
    state, seconds = in_practice(talk).state, talk.now.timestamp()
    assert talk.tutor.is_line("I am sorry", state, seconds + LEFT_SECONDS - 70)
    assert not talk.tutor.is_line("I am sorry", state, seconds + LEFT_SECONDS - 50)


def test_without_a_customer_there_is_no_line(talk: Talk) -> None:
    assert not is_line(talk, "I am sorry to hear that")
    in_practice(talk).say("pause")
    assert not is_line(talk, "I am sorry to hear that")
