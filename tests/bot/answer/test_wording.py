"""Phone spelling and typos are opened and corrected; what is right stays as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answer.wording import clean, stems, words
from bot.tutor import Tutor


@pytest.fixture(scope="session")
def reader(tutor: Tutor):  # type: ignore[no-untyped-def]
    return tutor.asking.answerer.index.reader


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("wot r the steps", "what are the steps"),
        ("do i need 2 no this b4 i start", "do i need to no this before i start"),
        ("cust brought it bk aftr 2 wks", "customer brought it back after 2 weeks"),
        ("equlity act", "equality act"),
        ("complant proceedure", "complaint procedure"),
        ("WOTS a SLA?", "what is a sla?"),
    ],
)
def test_what_was_meant_is_read(reader, typed: str, read: str) -> None:  # type: ignore[no-untyped-def]
    assert reader.plain(typed) == read


@pytest.mark.parametrize("text", ["The customer paid £45 for a kettle.", "Priya went to Aberystwyth", "net promoter score of 45"])
def test_right_words_names_and_sums_are_left_alone(reader, text: str) -> None:  # type: ignore[no-untyped-def]
    assert words(reader.plain(text)) == words(text)


def test_a_long_story_is_also_read_sentence_by_sentence(reader) -> None:  # type: ignore[no-untyped-def]
    story = "I work in a shoe shop. A man came in shouting about a refund. My boss was away. What should I have said to him?"
    wording = reader.read(story)
    assert wording.question == "what should i have said to him?"
    assert wording.segments[0] == wording.plain
    assert "what should i have said to him?" in wording.segments


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert all(stem for stem in stems(text))
