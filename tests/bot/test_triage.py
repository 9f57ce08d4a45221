"""What in a conversation needs a tutor, and in what order."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings import Settings
from bot.triage import NEVER, WEIGHTS, Done, Facts, Message, Played, ReasonWords, Sign, due_at, need_of, signs_of

DAY = 86_400.0


def messages(*replies: str, confidence: float = 0.9, first: int = 1, at: float = 0.0) -> tuple[Message, ...]:
    return tuple(Message(first + place, at + place, "ask", confidence, reply) for place, reply in enumerate(replies))


def names(facts: Facts, done: Done = NEVER, now: float = 0.0) -> list[str]:
    return [sign.name for sign in signs_of(facts, done, now)]


def test_safeguarding_outranks_everything_else_together() -> None:
    everything = [Sign(name, 0.0, count=99) for name in WEIGHTS if name != "safeguarding"]
    assert need_of([Sign("safeguarding", 0.0)]) > need_of([*everything, *everything])


@given(st.sets(st.sampled_from(sorted(WEIGHTS))), st.sets(st.sampled_from(sorted(WEIGHTS))))
def test_the_heaviest_reason_that_differs_decides(one: set[str], other: set[str]) -> None:
    def in_order(names: set[str]) -> list[bool]:
        return [name in names for name in sorted(WEIGHTS, key=lambda name: -WEIGHTS[name])]

    def need(names: set[str]) -> int:
        return need_of([Sign(name, 0.0) for name in names])

    assert (need(one) > need(other)) == (in_order(one) > in_order(other))


@pytest.mark.parametrize("kind", ["distress", "emergency"])
def test_a_cry_for_help_is_seen_however_long_ago(kind: str) -> None:
    facts = Facts(messages(kind, *["answer"] * 900))
    sign = signs_of(facts, NEVER, now=900 * DAY)[0]
    assert (sign.name, sign.event_id) == ("safeguarding", 1)


def test_declines_count_when_they_come_in_a_row() -> None:
    assert names(Facts(messages("declined", "garbled", "unclear"))) == ["declined"]
    assert names(Facts(messages("declined", "answer", "declined", "declined", "answer", "garbled"))) == []
    longest = signs_of(Facts(messages("answer", *["declined"] * 5, "answer")), NEVER, 0.0)[0]
    assert (longest.count, longest.event_id) == (5, 6)


def test_low_confidence_counts_only_where_the_intent_mattered() -> None:
    assert names(Facts(messages("answer", "answer", "answer", confidence=0.3))) == ["unsure"]
    assert names(Facts(messages("customer", "customer", "customer", "quiz_right", "quiz_wrong", confidence=0.3))) == []
    pressed = tuple(replace(message, intent="press") for message in messages("answer", "answer", "answer", confidence=0.3))
    assert names(Facts(pressed)) == []
    mixed = Facts((*messages("answer", confidence=0.35), *messages("customer", confidence=0.1, first=2)))
    assert mixed.confidence == 0.35


def test_a_failed_practice_counts_until_the_same_customer_goes_better() -> None:
    failed = Played("kettle", 1.0, "fail", {"resolve": False, "disclosed_data": False})
    passed = Played("kettle", 2.0, "pass", {"resolve": True, "disclosed_data": False})
    assert [(sign.name, sign.detail) for sign in signs_of(Facts(played=[failed]), NEVER, 0.0)] == [("failed", "resolve")]
    assert names(Facts(played=[failed, passed])) == []
    assert names(Facts(played=[failed, replace(passed, scenario="lessons")])) == ["failed"]


def test_data_given_away_counts_whatever_came_after_and_only_once() -> None:
    told = Played("kettle", 1.0, "fail", {"resolve": True, "disclosed_data": True})
    passed = Played("kettle", 2.0, "merit", {"resolve": True, "disclosed_data": False})
    assert names(Facts(played=[told])) == ["disclosed"]
    assert names(Facts(played=[told, passed])) == ["disclosed"]


def test_a_criterion_that_fails_counts_in_a_passed_practice() -> None:
    assert names(Facts(played=[Played("kettle", 1.0, "pass", {"verify": False})])) == ["failed"]
    assert names(Facts(played=[Played("kettle", 1.0, "pass", {"verify": None, "prevent": False})])) == []


def test_giving_up_comes_true_with_time_alone() -> None:
    facts = Facts(messages("quiz_question"), unfinished="quiz", last_at=100.0)
    due = due_at(facts, now=200.0)
    assert due == 100.0 + DAY
    assert names(facts, now=due) == []
    assert names(facts, now=due + 1) == ["gave_up"]
    assert due_at(facts, now=due + 1) is None
    assert due_at(replace(facts, unfinished=None), now=200.0) is None


def test_coming_back_counts_after_two_weeks() -> None:
    before, after = messages("answer"), messages("answer", first=2, at=15 * DAY)
    sign = signs_of(Facts((*before, *after)), NEVER, 0.0)[0]
    assert (sign.name, sign.count, sign.event_id) == ("back", 15, 2)
    assert names(Facts((*before, *messages("answer", first=2, at=13 * DAY)))) == []


def test_what_a_tutor_was_done_with_is_no_reason_any_more() -> None:
    said = messages("distress", "declined", "declined", "insult", at=100.0)
    failed = Played("kettle", 101.0, "fail", {"resolve": False})
    facts = Facts(said, [failed], appeals=[102.0], undelivered=[103.0], unfinished="quiz", last_at=103.0)
    done = Done(4, 103.0)
    assert names(facts, done, now=9 * DAY) == []
    later = replace(facts, messages=(*said, *messages("declined", first=5, at=200.0)), appeals=[102.0, 201.0])
    assert names(later, done, now=300.0) == ["appeal"]
    returned = replace(facts, messages=(*said, *messages("answer", first=5, at=20 * DAY)), unfinished=None)
    assert names(returned, done, now=20 * DAY) == ["back"]


def test_every_sign_is_told_in_words(settings: Settings) -> None:
    words = ReasonWords.load(settings.knowledge)
    for name, count in [*((name, 1) for name in WEIGHTS), *((name, 3) for name in WEIGHTS)]:
        told = words.told(Sign(name, 0.0, count, detail="resolve"))
        assert "{" not in told and not told.endswith(".")
        assert words.label(name)
    labels = [words.label(name) for name in WEIGHTS]
    assert all(one != other for one, other in combinations(labels, 2))
    assert words.told(Sign("gone from the file", 0.0)) == "gone from the file"
