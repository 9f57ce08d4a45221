"""A learner links conversations by a code and separates them again; codes that are not theirs lead nowhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.account import Account
from bot.groups.groups import WRONG_CODES
from bot.linking.words import LinkWords
from bot.records.accounts import add_tutor
from bot.records.groups import make_group, new_code
from bot.records.links import Links
from bot.settings import Settings
from bot.tutor import Tutor
from tests.bot.talk import Talk


@pytest.fixture
def phone(talk: Talk, tutor: Tutor) -> Talk:
    """Another conversation, on another channel."""
    return Talk(tutor, talk.engine, "a telephone")


@pytest.fixture(scope="module")
def words(settings: Settings) -> LinkWords:
    return LinkWords.load(settings.knowledge)


def code_from(talk: Talk, said: str = "link my account") -> str:
    found = re.search(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}\b", talk.say(said))
    assert found
    return found[0]


def others(talk: Talk) -> int:
    return Links(talk.engine, "a secret").others(talk.sender)


def test_two_conversations_become_one_after_a_yes(talk: Talk, phone: Talk) -> None:
    talk.ask_only(next(iter(talk.tutor.quiz.bank.items)))
    talk.say("stop")
    code = code_from(talk)
    said = phone.say(f"link {code}")
    assert "your tutor sees both" in said
    assert others(phone) == 0, "nothing is shared before a yes"
    assert phone.say("yes").startswith("Linked.")
    assert others(phone) == others(talk) == 1
    assert "1 other conversation" in talk.say("is this linked?")
    assert "linked already" in phone.say(f"link {code_from(talk)}")


def test_by_buttons_too_and_not_against_a_no(talk: Talk, phone: Talk) -> None:
    phone.say(f"link {code_from(talk)}")
    phone.press("Do not link")
    assert (phone.kinds, others(phone)) == (["link_kept"], 0)
    phone.say("do:link_yes")
    assert (phone.kinds, others(phone)) == (["link_kept"], 0), "a button of long ago links nothing"
    phone.say(f"link {code_from(talk)}")
    phone.press("Link them")
    assert (phone.kinds, others(phone)) == (["link_linked"], 1)


def test_a_yes_to_something_else_links_nothing(talk: Talk, phone: Talk) -> None:
    phone.say(f"link {code_from(talk)}")
    phone.say("what does CSAT stand for?")
    phone.say("yes")
    assert others(phone) == 0
    phone.say(f"link {code_from(talk)}")
    phone.now += timedelta(minutes=16)
    phone.say("yes")
    assert others(phone) == 0


@pytest.mark.parametrize(
    "form",
    ["link {}", "Link code {}.", "link my account with {}", "connect {}", "my link code is {}", "link-{}", "{}", "enter link code {}"],
)
def test_a_code_is_understood_however_it_is_put(talk: Talk, phone: Talk, form: str) -> None:
    """`link-CODE` and the code alone are what Telegram's deep links say."""
    code = code_from(talk)
    ways = [code, code.replace("-", "")] + ([code.lower(), code.replace("-", " ")] if form != "{}" else [])
    for way in ways:
        phone.state = replace(phone.state, account=None)
        phone.say(form.format(way))
        assert phone.kinds == ["link_sure"], way


def test_nothing_but_a_living_code_of_somebody_else_leads_anywhere(talk: Talk, phone: Talk, tutor: Tutor) -> None:
    code = code_from(talk)
    assert "own code" in talk.say(f"link {code}")
    for guess in ("ABCD-2345", "2222-2222", code[::-1]):
        phone.state = replace(phone.state, account=None)
        phone.say(f"link {guess}")
        assert phone.kinds == ["link_code_unknown"], guess
    phone.say(code)
    phone.say("yes")
    stranger = Talk(tutor, talk.engine, "a stranger", now=phone.now)
    stranger.say(f"link {code}")
    assert (stranger.kinds, others(stranger)) == (["link_code_unknown"], 0), "used"
    code = code_from(talk)
    stranger.now = talk.now + timedelta(minutes=15, seconds=1)
    stranger.say(f"link {code}")
    assert (stranger.kinds, others(stranger)) == (["link_code_unknown"], 0), "too old"


def test_a_code_that_somebody_else_used_meanwhile(talk: Talk, phone: Talk, tutor: Tutor) -> None:
    code = code_from(talk)
    stranger = Talk(tutor, talk.engine, "a stranger")
    for one in (phone, stranger):
        one.say(f"link {code}")
    phone.say("yes")
    stranger.say("yes")
    assert (stranger.kinds, others(stranger), others(talk)) == (["link_code_gone"], 0, 1)


def test_guessing_is_slow_and_starting_again_does_not_help(talk: Talk, phone: Talk) -> None:
    code = code_from(talk)
    for number in range(WRONG_CODES):
        phone.say(f"link ABCD-234{number + 2}")
    phone.say("do:start_again")
    assert "too many wrong codes" in phone.say(f"link {code}")
    assert others(phone) == 0
    phone.say("join K7Q2MF")
    assert phone.kinds == ["group_codes_slow"], "wrong codes of both kinds count together"
    phone.now += timedelta(hours=1)
    talk.now = phone.now
    phone.say(f"link {code_from(talk)}")
    assert phone.kinds == ["link_sure"]


def test_separating_says_what_stays_and_ends_what_is_open(talk: Talk, phone: Talk) -> None:
    phone.say(f"link {code_from(talk)}")
    phone.say("yes")
    phone.say("quiz:start")
    said = phone.say("unlink")
    assert "stays with your other conversations" in said
    assert others(phone) == 1
    phone.say("no")
    assert others(phone) == 1
    phone.say("unlink this chat")
    phone.press("Separate it")
    assert phone.kinds == ["link_unlinked"]
    assert (phone.state.quiz, others(phone), others(talk)) == (None, 0, 0)
    phone.say("unlink")
    assert phone.kinds == ["link_alone"]


def test_a_practice_is_paused_by_a_code_only_and_ends_when_separated(talk: Talk, phone: Talk) -> None:
    scenario = next(iter(talk.tutor.practising.practice.scenarios))
    phone.say(f"practice:start.{scenario}")
    phone.say("link my account to the order, please")
    assert not phone.kinds[0].startswith("link_"), "that is for the customer"
    phone.say(f"link {code_from(talk)}")
    assert phone.kinds == ["link_sure"]
    phone.say("yes")
    assert phone.kinds[0] == "link_linked" and len(phone.kinds) == 2, "and how to go on with the practice"
    assert others(phone) == 1
    phone.say("unlink")
    phone.say("yes")
    assert phone.state.practice is None and phone.kinds[-1] == "link_unlinked"
    assert others(phone) == 0


def test_a_quiz_waits_meanwhile(talk: Talk, phone: Talk) -> None:
    phone.say("quiz:start")
    phone.say(f"link {code_from(talk)}")
    assert phone.state.quiz and phone.state.quiz.paused
    phone.say("yes")
    assert phone.kinds[0] == "link_linked" and len(phone.kinds) == 2
    talk.say("quiz:start")
    talk.say("is this linked")
    assert talk.kinds[0] == "link_which" and talk.kinds[1].startswith("quiz"), "the question comes again"


@pytest.mark.parametrize(
    "text",
    [
        *("refunded", "REFUNDED", "ORDER123", "link the complaint to the order", "what is the link between NPS and CSAT?", "linking"),
        *("connect with customers", "i have a join code", "enter a code", "join K7Q2MF", "leave"),
    ],
)
def test_what_is_no_link(words: LinkWords, text: str) -> None:
    assert words.code(text, awaited=False) is None
    assert words.command(text) is None


def test_a_code_alone_is_taken_in_any_way_once_it_was_asked_for(talk: Talk, phone: Talk) -> None:
    code = code_from(talk)
    phone.say("I have a link code")
    phone.say(code.lower().replace("-", " "))
    assert phone.kinds == ["link_sure"]


def test_a_name_for_a_group_is_no_command(talk: Talk) -> None:
    with talk.engine.begin() as connection:
        tom = add_tutor(connection, "Tom", "teal kettle orbit parade", "tutor", 1.0).id
        code = new_code(connection, make_group(connection, "Monday morning", tom, 1.0))
    talk.say(f"join {code}")
    talk.say("Link")
    assert talk.kinds == ["group_joined"]


def test_strange_states_are_none() -> None:
    assert Account.from_dict({"step": "link_confirm", "code": 3}) == Account(step="link_confirm")
    assert len(Account.from_dict({"step": "link_confirm", "code": "x" * 999}).code) == 64  # type: ignore[union-attr]


def test_where_nothing_is_kept_it_hears_nothing(tutor: Tutor, talk: Talk) -> None:
    from random import Random

    from bot.conversation import Message, State
    from bot.quiz import Learner

    turn = tutor.respond(Message("link my account"), State(), Learner("x", None, talk.now, Random(1)))
    assert not turn.replies[0].kind.startswith("link_")
