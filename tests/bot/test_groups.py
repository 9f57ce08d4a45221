"""Learners join a group, see who can read what, find the work that is set, and say when an answer did not help."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.account import Account
from bot.groups.catalogue import Catalogue
from bot.groups.groups import WRONG_CODES
from bot.groups.words import GroupWords
from bot.groups.work import MIXED, Answer, Asked, Deeds, Played, Progress, SetWork, Status, progress
from bot.records.accounts import add_tutor
from bot.records.groups import LearnerGroups, Wanted, close_group, give_work, make_group, new_code, withdraw_work
from bot.settings import Settings
from bot.tutor import Tutor
from tests.bot.talk import Talk

LATER = "later-model"


@pytest.fixture
def group(talk: Talk) -> int:
    """Tom's group."""
    with talk.engine.begin() as connection:
        tom = add_tutor(connection, "Tom", "teal kettle orbit parade", "tutor", 1.0).id
        return make_group(connection, "Monday morning", tom, talk.now.timestamp())


@pytest.fixture
def code(talk: Talk, group: int) -> str:
    with talk.engine.begin() as connection:
        return new_code(connection, group)


@pytest.fixture
def joined(talk: Talk, code: str) -> Talk:
    talk.say(f"join {code}")
    talk.say("Zoë")
    return talk


def give_to(talk: Talk, group: int, kind: str, target: str, due: timedelta | None = None) -> int:
    now = talk.now.timestamp()
    with talk.engine.begin() as connection:
        return give_work(connection, group, Wanted(kind, target, now + due.total_seconds() if due else None), "Tom", now)


def groups_of(talk: Talk) -> list[str]:
    return [group.name for group in LearnerGroups(talk.engine).groups_of(talk.sender)]


def titles(talk: Talk) -> list[str]:
    assert talk.turn
    return [button.title for reply in talk.turn.replies for button in reply.buttons]


# Joining


def test_joining_says_who_can_read_what_before_anything_is_kept(talk: Talk, code: str) -> None:
    said = talk.say(f"join {code}")
    assert "Monday morning" in said
    assert "Tom and your college's leads can read what is said in this chat" in said
    assert "leave group" in said
    assert groups_of(talk) == []
    assert "Zoë" in talk.say("my name is Zoë.")
    assert groups_of(talk) == ["Monday morning"]
    assert LearnerGroups(talk.engine).known_as(talk.sender) == "Zoë"


@pytest.mark.parametrize(
    "form",
    [
        "join {}",
        "Join group {}!",
        "my code is {}",
        "JOIN CODE {}",
        "the code is: {}",
        "I want to join {} please",
        "can i join the group {}",
    ],
)
def test_a_code_is_understood_however_it_is_put(talk: Talk, code: str, form: str) -> None:
    for way in (code, code.lower(), f"{code[:3]}-{code[3:]}", f"{code[:2]} {code[2:4]} {code[4:]}"):
        talk.state = replace(talk.state, account=None)
        talk.say(form.format(way))
        assert talk.kinds == ["group_ask_name"], way


def test_asked_for_the_code_it_may_be_typed_alone(talk: Talk, code: str) -> None:
    talk.say("how do I join my group?")
    assert talk.kinds == ["group_join_which"]
    talk.say(code.lower())
    assert talk.kinds == ["group_ask_name"]


def test_an_earlier_name_can_be_kept(joined: Talk, group: int) -> None:
    with joined.engine.begin() as connection:
        other = new_code(connection, make_group(connection, "Retakes", 1, 1.0))
    joined.say(f"join {other}")
    joined.press("Keep Zoë")
    assert groups_of(joined) == ["Monday morning", "Retakes"]


@pytest.mark.parametrize("name", ["Zoë", "李小龍", "Ngọc Ánh", "O'Neil, Sam", "मोहन", "Will", "Joy", "x2", "محمد"])
def test_names_of_any_script_are_taken(talk: Talk, code: str, name: str) -> None:
    talk.say(f"join {code}")
    talk.say(name, intent="distress", confidence=0.7)  # what a classifier makes of a name says nothing
    assert LearnerGroups(talk.engine).known_as(talk.sender) == name


@pytest.mark.parametrize("name", ["x", "7", "!!", "a\u202eb", "a\x07b", "y" * 41, "a\u200bb"])
def test_what_is_no_name_is_asked_again(talk: Talk, code: str, name: str) -> None:
    talk.say(f"join {code}")
    talk.say(name)
    assert talk.kinds == ["group_name_unusable"]
    talk.say("Zoë")
    assert groups_of(talk) == ["Monday morning"]


def test_a_question_instead_of_a_name_is_answered_and_joins_nothing(talk: Talk, code: str) -> None:
    talk.say(f"join {code}")
    assert "Listen" in talk.say("what does LATER stand for?")
    assert talk.kinds == ["answer", "group_not_yet"]
    talk.say("thanks", intent="thank")
    assert groups_of(talk) == []
    talk.say("do:join")
    talk.say("Zoë")
    assert groups_of(talk) == ["Monday morning"]


def test_a_quiz_asked_for_instead_of_a_name_begins(talk: Talk, code: str) -> None:
    talk.say(f"join {code}")
    talk.say("quiz me", intent="quiz")
    assert "quiz_question" in talk.kinds
    assert groups_of(talk) == []


@pytest.mark.parametrize("no", ["no thanks", "cancel", "do:join_no"])
def test_joining_can_be_declined(talk: Talk, code: str, no: str) -> None:
    talk.say(f"join {code}")
    talk.say(no)
    assert talk.kinds == ["group_not_joined"]
    talk.say("Zoë")
    assert groups_of(talk) == []


def test_distress_comes_before_the_question_for_a_name(talk: Talk, code: str) -> None:
    talk.say(f"join {code}")
    talk.say("i want to die")
    assert talk.kinds == ["distress"]
    talk.say("Zoë")
    assert groups_of(talk) == []


def test_guessing_codes_is_stopped_for_an_hour_even_with_the_right_one(talk: Talk, code: str) -> None:
    for number in range(WRONG_CODES):
        talk.say(f"join ZZZZ{number + 2}Z")
        assert talk.kinds == ["group_code_unknown"]
    assert "60 minutes" in talk.say(f"join {code}")
    assert talk.kinds == ["group_codes_slow"]
    talk.say("do:start_again")
    talk.say(f"join {code}")
    assert talk.kinds == ["group_codes_slow"], "a clean sheet is no way round"
    talk.now += timedelta(hours=1)
    talk.say(f"join {code}")
    assert talk.kinds == ["group_ask_name"]


def test_buttons_of_another_conversation_join_nothing(talk: Talk, code: str) -> None:
    """Tokens can be sent by anybody: only the code opens a group."""
    for token in ("do:join", "do:join_keep", "do:leave_yes", "do:leave.1"):
        talk.say(token)
        assert groups_of(talk) == []


def test_a_group_that_closes_meanwhile_is_not_joined(talk: Talk, code: str, group: int) -> None:
    talk.say(f"join {code}")
    with talk.engine.begin() as connection:
        close_group(connection, group, 2.0)
    talk.say("Zoë")
    assert talk.kinds == ["group_group_gone"]


def test_a_quiz_waits_while_a_group_is_joined(talk: Talk, code: str) -> None:
    talk.say("quiz me", intent="quiz")
    talk.say(f"my code is {code}")
    assert talk.state.quiz
    assert talk.state.quiz.paused
    talk.say("Zoë")
    assert talk.kinds == ["group_joined", "quiz_paused"]
    talk.press("Resume")
    assert talk.kinds == ["quiz_question"]


def test_in_a_practice_only_the_exact_form_is_heard(talk: Talk, code: str) -> None:
    """A customer may be told to join a group, or given a code."""
    talk.say("practice:any")
    for line in (f"my code is {code}", "you can leave the group any time", "who can see my messages", "what do I do now"):
        talk.say(line)
        assert "customer" in talk.kinds, line
    talk.say(f"join {code}")
    assert talk.kinds == ["group_ask_name"]
    talk.say("Zoë")
    assert talk.kinds[0] == "group_joined"
    talk.press("Back to the customer")
    assert talk.state.practice
    assert talk.state.practice.phase == "playing"


# Belonging


def test_who_can_read_this_is_told_inside_and_outside(talk: Talk, code: str) -> None:
    assert "You are in no group" in talk.say("Who can see this?")
    talk.say(f"join {code}")
    talk.say("Zoë")
    assert "Tom and your college's leads" in talk.say("who can read my messages")
    assert "Monday morning" in talk.say("which group am I in?")


def test_leaving_is_asked_about_first(joined: Talk) -> None:
    joined.say("leave group")
    joined.say("no")
    assert groups_of(joined) == ["Monday morning"]
    joined.say("I want to leave my group")
    joined.press("Leave Monday morning")
    assert groups_of(joined) == []
    assert "in no group" in joined.say("leave the group")


def test_of_several_groups_the_one_that_is_chosen_is_left(joined: Talk) -> None:
    with joined.engine.begin() as connection:
        code = new_code(connection, make_group(connection, "Retakes", 1, 1.0))
    joined.say(f"join {code}")
    joined.press("Keep Zoë")
    joined.say("leave group")
    joined.press("Leave Retakes")
    joined.say("yes")
    assert groups_of(joined) == ["Monday morning"]


def test_where_nothing_is_kept_groups_are_not_spoken_of(talk: Talk) -> None:
    assert talk.tutor.groups.hear("join ABC234", None, replace_records(talk), in_role=False, busy=False) is None


def replace_records(talk: Talk):  # type: ignore[no-untyped-def]
    from random import Random

    from bot.quiz import Learner

    return Learner("terminal", None, talk.now, Random(1))


# Set work


def test_new_work_is_told_once_with_buttons_that_start_it(joined: Talk, group: int) -> None:
    give_to(joined, group, "quiz", LATER, timedelta(days=4))
    give_to(joined, group, "topic", "csat")
    give_to(joined, group, "scenario", next(iter(joined.tutor.practising.practice.scenarios)))
    told = joined.say("hello", intent="greet")
    assert joined.kinds == ["greet", "group_work_new"]
    assert "due Friday 4 December: not started" in told
    joined.say("hello", intent="greet")
    assert joined.kinds == ["greet"]
    for title, kind in (("Read", "answer"), ("Quiz", "quiz_question"), ("Practice", "customer")):
        joined.say("what work do I have?")
        joined.press(next(found for found in titles(joined) if found.startswith(title)))
        assert kind in joined.kinds, title
        joined.say("stop")


def test_new_work_waits_for_the_end_of_a_quiz(joined: Talk, group: int) -> None:
    joined.say("quiz me", intent="quiz")
    give_to(joined, group, "topic", "csat")
    joined.say("skip")
    assert "group_work_new" not in joined.kinds
    joined.say("stop")
    assert joined.kinds[-1] == "group_work_new"


def test_distress_is_not_followed_by_homework(joined: Talk, group: int) -> None:
    give_to(joined, group, "topic", "csat")
    joined.say("i want to die")
    assert joined.kinds == ["distress"]
    joined.say("hello", intent="greet")
    assert joined.kinds == ["greet", "group_work_new"]


def test_what_should_i_do_means_the_set_work_where_there_is_some(joined: Talk, group: int) -> None:
    joined.say("what should I do?")
    assert "group_work" not in joined.kinds
    work = give_to(joined, group, "topic", "csat")
    joined.say("what should I do?")
    assert joined.kinds[0] == "group_work"
    assert "CSAT" in joined.say("how am i doing", intent="progress")
    with joined.engine.begin() as connection:
        withdraw_work(connection, group, work, 2.0)
    assert "No work is set" in joined.say("what is set?")


def test_work_is_done_by_doing_it(joined: Talk, group: int) -> None:
    """An answer counts, right or wrong: here to the only item of its topic."""
    bank = joined.tutor.quiz.bank
    topic, item = next((topic, items[0]) for topic, items in bank.by_topic.items() if len(items) == 1 and items[0].kind == "true-false")
    give_to(joined, group, "quiz", topic)
    joined.ask_only(item.id)
    joined.say("true")
    joined.say("stop")
    told = joined.say("what work do I have?")
    assert "done, 1 of 1 right" in told or "done, 0 of 1 right" in told


# That did not help


def test_every_answer_can_be_said_not_to_have_helped(talk: Talk) -> None:
    before = talk.tutor.asking.respond("what does LATER stand for?", talk.state.answer).reply
    talk.say("what does LATER stand for?")
    assert talk.turn
    answer = talk.turn.replies[0]
    assert answer.text == before.text
    assert "That did not help" in titles(talk)
    assert len(titles(talk)) == len(before.buttons) + 1, "the offer of a question is all that came to it"
    talk.press("That did not help")
    assert talk.kinds == ["unhelpful"]
    offered = [button for button in talk.turn.replies[0].buttons if button.token.startswith("ask:")]
    assert 1 <= len(offered) <= 3
    assert "ask:later-model.what" not in [button.token for button in offered]
    assert "tutor" not in talk.turn.replies[0].text
    talk.press(offered[0].title)
    assert talk.kinds == ["answer"]


@pytest.mark.parametrize("words", ["That's not what I asked", "not helpful", "wrong answer!", "that didn't help"])
def test_the_same_can_be_typed(joined: Talk, words: str) -> None:
    joined.say("what does LATER stand for?")
    assert "tutor will see" in joined.say(words, intent="insult")
    assert joined.kinds == ["unhelpful"]


def test_with_no_answer_before_it_there_is_nothing_to_blame(talk: Talk) -> None:
    talk.say("not helpful", intent="insult")
    assert talk.kinds == ["insult"]
    talk.say("do:unhelpful")
    assert talk.kinds == ["unhelpful"]


def test_in_a_quiz_a_wrong_answer_is_the_quizs_matter(talk: Talk) -> None:
    talk.say("what does LATER stand for?")
    talk.say("quiz me", intent="quiz")
    talk.say("wrong answer")
    assert "unhelpful" not in talk.kinds


# How far work is: the rules

WORK = SetWork(1, 1, "quiz", LATER, 1000.0, 100.0)


def answers(*verdicts: str, at: float = 200.0, topic: str = LATER) -> Deeds:
    return Deeds(tuple(Answer("q", place, 1, topic, verdict, at + place) for place, verdict in enumerate(verdicts)))


@pytest.mark.parametrize(
    ("deeds", "items", "expected"),
    [
        (Deeds(), 9, Progress(Status.NOT_STARTED)),
        (answers("right", "wrong"), 9, Progress(Status.STARTED, answered=2, right=1)),
        (answers("right", "partly", "wrong", "right", "right"), 9, Progress(Status.DONE, 204.0, answered=5, right=3)),
        (answers("right", "right"), 2, Progress(Status.DONE, 201.0, answered=2, right=2)),
        (answers("skipped", "revealed"), 2, Progress(Status.NOT_STARTED)),
        (answers("right", "right", at=50.0), 2, Progress(Status.NOT_STARTED)),
        (answers("right", "right", topic="csat"), 2, Progress(Status.NOT_STARTED)),
    ],
    ids=["nothing", "two of five", "five", "all there are", "no answers", "before it was set", "another topic"],
)
def test_a_quiz_takes_five_answers_or_all_its_items(deeds: Deeds, items: int, expected: Progress) -> None:
    assert progress(WORK, deeds, items, now=500.0) == expected


def test_of_several_tries_at_an_item_the_first_counts() -> None:
    tries = (Answer("q", 0, 1, LATER, "wrong", 200.0), Answer("q", 0, 2, LATER, "right", 201.0))
    assert progress(WORK, Deeds(tries), 1, now=500.0) == Progress(Status.DONE, 200.0, answered=1, right=0)


def test_a_mixed_quiz_takes_any_topic() -> None:
    assert progress(replace(WORK, target=MIXED), answers(*["right"] * 5, topic="csat"), 900, now=500.0).status is Status.DONE


def test_a_topic_is_done_by_asking_or_answering() -> None:
    topic = replace(WORK, kind="topic")
    assert progress(topic, Deeds(asked=(Asked("csat", 200.0), Asked(LATER, 50.0))), 9, 500.0).status is Status.NOT_STARTED
    assert progress(topic, Deeds(asked=(Asked(LATER, 300.0),)), 9, 500.0) == Progress(Status.DONE, 300.0)
    assert progress(topic, answers("wrong"), 9, 500.0) == Progress(Status.DONE, 200.0)


def test_a_scenario_is_done_by_a_run_that_ended_with_its_best_band() -> None:
    scenario = replace(WORK, kind="scenario", target="lamp")
    runs = (
        Played("lamp", 50.0, 60.0, "satisfied", "distinction"),
        Played("lamp", 200.0, 210.0, None, "pass"),
        Played("lamp", 300.0, 310.0, "left", "pass"),
        Played("lamp", 400.0, 410.0, "satisfied", "merit"),
        Played("lamp", 450.0, None, None, None),
    )
    assert progress(scenario, Deeds(played=runs[:1]), 0, 500.0).status is Status.NOT_STARTED
    assert progress(scenario, Deeds(played=runs[:2]), 0, 500.0).status is Status.STARTED
    assert progress(scenario, Deeds(played=runs), 0, 500.0) == Progress(Status.DONE, 310.0, band="merit")


def test_late_is_what_was_not_done_when_it_was_due() -> None:
    done = answers(*["right"] * 5)
    assert not progress(WORK, done, 9, now=5000.0).late
    assert progress(replace(WORK, due_at=203.0), done, 9, now=5000.0).late
    assert progress(WORK, Deeds(), 9, now=1001.0).late
    assert not progress(WORK, Deeds(), 9, now=999.0).late
    assert not progress(replace(WORK, due_at=None), Deeds(), 9, now=1e9).late


# What is carried and read


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_an_old_slot_never_breaks_a_conversation(value: object) -> None:
    for values in (value, {"step": "join_name", "misses": value, "name": value, "group": value, "at": value, "told": value}):
        read = Account.from_dict(values)
        assert read is None or Account.from_dict(read.to_dict()) == read


@pytest.mark.parametrize(
    "text", ["join people", "join the conversation", "i joined abc123", "my order code is AB12CD", "code of practice", "join"]
)
def test_what_only_looks_like_joining_gives_no_code(settings: Settings, text: str) -> None:
    assert GroupWords.load(settings.knowledge, Catalogue({}, {}, {})).code(text, bare=False) is None


def test_all_that_can_be_set_has_a_button_that_starts_it(tutor: Tutor, talk: Talk) -> None:
    """Telegram allows 64 bytes of token, Slack 75 characters of label."""
    catalogue = Catalogue.of(tutor.asking.library, tutor.quiz.bank, tutor.practising.practice.scenarios)
    for kind in ("topic", "quiz", "scenario"):
        for target in catalogue.targets(kind):
            work = SetWork(1, 1, kind, target, None, 0.0)
            (button,) = tutor.groups.words.starts([(work, Progress(Status.NOT_STARTED))])
            assert len(button.token.encode()) <= 64
            assert len(button.title) <= 75
