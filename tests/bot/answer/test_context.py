"""What a conversation remembers, and how a follow-up is told from a fresh question."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer.context import Context, leaning


@pytest.mark.parametrize(
    "text",
    ["and after that?", "why?", "what about scotland?", "so is it dead then?", "another example please", "and if it was bought online?"],
)
def test_follow_ups_lean_on_what_came_before(text: str) -> None:
    assert leaning(text) > 0.4


@pytest.mark.parametrize(
    "text",
    [
        "what is the net promoter score and how do you calculate it?",
        "who won the football",
        "explain the role of empathy in handling complaints about late deliveries for my assignment",
    ],
)
def test_whole_questions_do_not(text: str) -> None:
    assert leaning(text) < 0.4


def test_the_topic_before_the_present_one_is_kept() -> None:
    context = Context().after("net-promoter-score.what", "what is NPS?").after("csat.what", "and CSAT?").after("csat.example", "example?")
    assert (context.topic, context.before) == ("csat", "net-promoter-score")


@given(
    st.dictionaries(
        st.sampled_from(["answerable", "before", "question", "body", "asked_body", "other"]),
        st.one_of(st.none(), st.integers(), st.text(), st.booleans()),
    )
)
def test_any_stored_value_can_be_read_back(stored: dict[str, object]) -> None:
    context = Context.from_dict(stored)
    assert Context.from_dict(context.to_dict()) == context


def test_the_value_stays_small_whatever_is_asked() -> None:
    context = Context(body="aofaq", asked_body=True).after("a.b", "é" * 5000).after("c.d", "漢" * 5000)
    assert len(json.dumps(context.to_dict(), ensure_ascii=False).encode()) < 2048


def test_nothing_stored_is_an_empty_context() -> None:
    assert Context.from_dict(None) == Context()
