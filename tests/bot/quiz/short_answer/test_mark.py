"""What learners type, and what it is worth."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.questions import Idea, Short
from bot.quiz.short_answer import ShortAnswers, ShortMark
from tests.bot.quiz.short_answer.conftest import Marked

COOLING_OFF = "doorstep-selling-rules-name-and-days"
STANDARDS = "cra-quality-standards-name-the-three"
DISPUTE = "adr-meaning-and-place"
MOTHER = "disclosure-mother-asks-for-son"


def test_every_full_answer_is_right_and_every_listed_way_counts(marker: ShortAnswers, shorts: dict[str, Short]) -> None:
    for item in shorts.values():
        assert marker.mark(item, item.model) == ShortMark("right"), item.id
        for number, idea in enumerate(item.ideas):
            for wording in idea.say:
                mark = marker.mark(item, wording)
                assert mark.verdict != "wrong", (item.id, wording)
                assert len(item.ideas) == 1 or number not in mark.missing, (item.id, wording)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (STANDARDS, "as described, fit for purpose and of satisfactory quality"),
        (STANDARDS, "fit 4 purpose, satisfactry qualty n as discribed"),
        (STANDARDS, "It has to do what I bought it for. The quality is good enough. It looks like it did in the advert."),
        (COOLING_OFF, "A fortnight, under the CCRs"),
        (COOLING_OFF, "14 days 👍 Consumer Contracts Regulations!!!"),
        (DISPUTE, "After the firm's own complaint process has failed, somebody independent settles it without going to court."),
        (MOTHER, "cant tell her anything unless he gives permission, but ill take a message"),
    ],
)
def test_right_in_other_order_words_and_spelling(marked: Marked, item: str, text: str) -> None:
    assert marked(item, text) == ShortMark("right")


@pytest.mark.parametrize(
    ("item", "text", "missing"),
    [
        (STANDARDS, "fit for purpose and as described", (0,)),
        (STANDARDS, "satisfactory quality", (1, 2)),
        (COOLING_OFF, "two weeks", (0,)),
        (COOLING_OFF, "Consumer Contracts Regulations, 30 days", (1,)),
        (DISPUTE, "it avoids going to court", (1, 2)),
        (MOTHER, "I can't discuss it without his permission", (1,)),
    ],
)
def test_partly_right_says_what_is_missing(marked: Marked, item: str, text: str, missing: tuple[int, ...]) -> None:
    assert marked(item, text) == ShortMark("partly", missing)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (COOLING_OFF, "30 days under the Consumer Rights Act"),
        ("follow-up-quiet-customer", "silence proves that she is happy"),
        (DISPUTE, "You have to go to court"),
        (STANDARDS, "they have to be made in the UK"),
        (DISPUTE, "What is alternative dispute resolution, and when is it used?"),
        (DISPUTE, "dispute court customer complaint law firm used resolution"),
        ("biiab-tips-empowerment-chain", "happier staff, and fewer of them leave"),
    ],
)
def test_wrong_numbers_denials_echoes_and_heaps_of_words(marked: Marked, item: str, text: str) -> None:
    mark = marked(item, text)
    assert mark.verdict == "wrong"
    assert mark.missing


def test_a_usual_misbelief_is_named(marker: ShortAnswers, shorts: dict[str, Short]) -> None:
    item = shorts["biiab-tips-empowerment-chain"]
    assert [marker.mark(item, wrong.text) for wrong in item.wrong] == [ShortMark("wrong", (0, 1), 0), ShortMark("wrong", (0, 1), 1)]


@pytest.mark.parametrize("text", ["", "   ", "asdf ghjkl qwrt", "🙂🙂🙂", "?", "x", "\x00", "the of it", "idk", "i dont know"])
def test_too_little_to_mark_asks_again(marked: Marked, text: str) -> None:
    assert marked(STANDARDS, text) == ShortMark("unreadable")


def test_a_long_answer_is_read_and_does_not_take_long(marked: Marked, shorts: dict[str, Short]) -> None:
    padding = "I think about my old job in a shop where we sold lamps, and people came in on Saturdays to look at them. " * 8
    text = f"{shorts[STANDARDS].model} {padding}"[:1000]
    marked(STANDARDS, "as described")
    began = time.process_time()
    assert marked(STANDARDS, text).verdict in {"right", "partly"}
    assert time.process_time() - began < 1


@given(st.text(max_size=1200), st.sampled_from([COOLING_OFF, STANDARDS, "follow-up-quiet-customer"]))
@settings(max_examples=60, deadline=None)
def test_any_text_has_a_mark_that_fits_the_item(marker: ShortAnswers, shorts: dict[str, Short], text: str, item: str) -> None:
    mark = marker.mark(shorts[item], text)
    count = len(shorts[item].ideas)
    assert set(mark.missing) <= set(range(count))
    assert (mark.verdict in {"right", "unreadable"}) == (mark.missing == ())
    assert mark.verdict != "partly" or len(mark.missing) < count


def test_an_item_that_came_later_without_misbeliefs_is_marked_too(marker: ShortAnswers, shorts: dict[str, Short]) -> None:
    ideas = (Idea(say=("it floats on water", "wood floats", "it does not sink"), missing="Say what wood does in water."),)
    item = shorts[STANDARDS].copy(
        update={"id": "wood", "ask": "What does wood do in water?", "ideas": ideas, "model": "Wood floats.", "wrong": ()}
    )
    assert marker.mark(item, "it would float on the water") == ShortMark("right")
    assert marker.mark(item, "it is made into chairs") == ShortMark("wrong", (0,))


def test_the_same_text_has_the_same_mark(marker: ShortAnswers, shorts: dict[str, Short]) -> None:
    text = "someone neutral helps when the two can't agree"
    assert marker.mark(shorts[DISPUTE], text) == marker.mark(shorts[DISPUTE], text.upper())
