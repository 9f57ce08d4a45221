""" "Show my data" and "delete my data": heard in any state, done once it is confirmed, and never by chance."""

from __future__ import annotations

import re
from datetime import timedelta
from random import Random

import pytest

from bot.conversation import Message, State
from bot.links import LinkRefusedError, sender_of, sender_of_data
from bot.quiz import Learner
from bot.settings import Settings
from bot.tutor import Tutor
from tests.bot.talk import Talk

SURE = "Yes, delete everything"
LINES_TO_A_CUSTOMER = (
    "I can delete my data entry of the wrong address and put in the right one.",
    "We will delete your data from our system today, I promise.",
    "Please don't worry, I'd never delete my data on you.",
    "Would you like us to delete the data?",
    "I'll show my manager the data straight away.",
    "delete the data? No, we keep the order for our records.",
    "You asked me to show my data protection policy, here it is.",
)


def erases(talk: Talk) -> bool:
    return bool(talk.state.account and talk.state.account.step == "erased")


@pytest.mark.parametrize("before", ["", "quiz me on complaints", "practise with a late birthday parcel", "paused practice", "a test"])
@pytest.mark.parametrize("words", ["delete my data", "Delete my data!", "please delete all my data", "can you delete my data please"])
def test_it_is_asked_once_more_in_any_state(talk: Talk, before: str, words: str) -> None:
    if before == "a test":
        talk.say("quiz:mock")
    elif before == "paused practice":
        talk.say("practise with a late birthday parcel", "practice")
        talk.say("pause")
    elif before:
        talk.say(before, "practice" if "practise" in before else "quiz")
    held = (talk.state.quiz, talk.state.practice)
    said = talk.say(words, "out_of_scope")
    assert talk.kinds == ["data_sure"] and "Shall I delete everything?" in said
    assert (talk.state.quiz, talk.state.practice) == held, "what is going on waits as it is"
    assert not erases(talk)
    talk.say("yes, delete", "affirm")
    assert talk.kinds == ["data_erased"] and erases(talk)
    assert talk.state == State(account=talk.state.account), "nothing is carried on"


@pytest.mark.parametrize("line", LINES_TO_A_CUSTOMER)
def test_a_line_to_the_customer_is_one(talk: Talk, line: str) -> None:
    talk.say("practise with a late birthday parcel", "practice")
    talk.say(line, "my_data")
    assert not any(kind.startswith("data_") for kind in talk.kinds)
    assert talk.state.practice and talk.state.practice.state.turn == 1


@pytest.mark.parametrize("answer", ["no", "keep it", "cancel", "do:data_keep"])
def test_no_keeps_everything(talk: Talk, answer: str) -> None:
    talk.say("delete my data")
    talk.say(answer)
    assert talk.kinds == ["data_kept"] and not erases(talk)
    talk.say("yes")
    assert not erases(talk), "the question is closed"


def test_anything_else_closes_the_question(talk: Talk) -> None:
    talk.say("delete my data")
    talk.say("what is an SLA?")
    assert talk.kinds[0] == "answer"
    talk.say("yes, delete", "affirm")
    assert not erases(talk)
    talk.say("do:data_erase")
    assert talk.kinds == ["data_sure"], "an old button only asks again"
    talk.press(SURE)
    assert erases(talk)


def test_a_yes_an_hour_later_is_none(talk: Talk) -> None:
    talk.say("delete my data")
    talk.now += timedelta(hours=1)
    talk.say("yes", "affirm")
    assert not erases(talk)


def test_the_question_tells_what_would_go(talk: Talk) -> None:
    talk.ask_only("complaints-as-feedback-percentage-fall")
    talk.say("5")
    talk.say("5")
    assert "2 quiz answers" in talk.say("delete my data")


def test_showing_gives_an_address_that_opens_this_page_alone(talk: Talk, settings: Settings) -> None:
    assert "nothing" in talk.say("show my data").lower()
    talk.ask_only("complaints-as-feedback-percentage-fall")
    talk.say("5")
    said = talk.say("show me my data please")
    assert "1 quiz answer" in said and "since 30 November 2026" in said
    found = re.search(r"/data/(\S+)", said)
    assert found
    with pytest.raises(LinkRefusedError):
        sender_of(settings.secret, found[1])
    with pytest.raises(LinkRefusedError):  # made for a Monday that may have passed
        sender_of_data("another secret", found[1])


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("wipe everything you know of me", "data_sure"),
        ("forget me", "data_sure"),
        ("what have you saved about me", "data_held_nothing"),
        ("send me a copy of everything i've typed", "data_held_nothing"),
        ("export my conversation", "data_held_nothing"),
        ("is this chat private when my boss looks", "data_how"),
        ("how long do you keep what i say", "data_how"),
    ],
)
def test_other_words_are_understood_by_what_they_ask_for(talk: Talk, words: str, kind: str) -> None:
    talk.say(words, "my_data")
    assert talk.kinds == [kind]


def test_distress_comes_first(talk: Talk) -> None:
    talk.say("delete my data")
    talk.say("i want to kill myself")
    assert talk.kinds == ["distress"]
    talk.say("yes", "affirm")
    assert not erases(talk)


def test_where_nothing_is_kept_nothing_is_offered(tutor: Tutor, talk: Talk) -> None:
    turn = tutor.respond(Message("delete my data", "my_data"), State(), Learner("terminal", None, talk.now, Random(1)))
    assert [reply.kind for reply in turn.replies] == ["data_how"] and turn.replies[0].buttons == ()


def test_an_old_state_never_breaks_a_conversation(talk: Talk) -> None:
    for value in ({"step": "erased"}, {"step": "erase_confirm", "at": "soon"}, {"step": 3}, [], "erased"):
        talk.state = State.from_slots({"account": value})
        talk.say("what is an SLA?")
        assert talk.kinds[0] == "answer"
