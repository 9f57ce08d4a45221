"""Answers are read as people give them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.questions import Item, Matching, Multiple, Numeric, Ordering, Short, Single, TrueFalse
from bot.quiz import Bank
from bot.quiz.given import Amount, Places, read_given
from bot.quiz.shown import Shown, show

KINDS = (Single, Multiple, TrueFalse, Ordering, Matching, Numeric, Short)


def of_kind(bank: Bank, kind: type) -> list[Item]:
    return [item for item in bank.items.values() if isinstance(item, kind)]


@pytest.fixture
def choice(bank: Bank) -> Shown:
    """Four choices, the letters of which are known."""
    return show(next(item for item in of_kind(bank, Single) if item.id == "proactive-reactive-the-test"), 1)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("b", 1),
        ("B)", 1),
        ("(b)", 1),
        ("is it b?", 1),
        ("umm i reckon its b", 1),
        ("I think the answer is C", 2),
        ("the second one", 1),
        ("2nd", 1),
        ("number 3", 2),
        ("im going for the first one", 0),
        ("the last one", 3),
        ("option d please", 3),
        ("b because speed is another matter", 1),
        ("must be a", 0),
    ],
)
def test_letters_and_places_choose(choice: Shown, text: str, place: int) -> None:
    assert read_given(choice, text) == Places((choice.order[place],))


def test_a_choices_words_choose_it_typing_slips_included(bank: Bank) -> None:
    """The words of each choice of each item, and the same with letters swapped, choose it and no other."""
    missed = []
    for item in of_kind(bank, Single):
        assert isinstance(item, Single)
        shown = show(item, 3)
        for place, choice in enumerate(item.choices):
            swapped = choice.text[:3] + choice.text[4:5] + choice.text[3:4] + choice.text[5:]
            missed += [text for text in (choice.text, swapped) if read_given(shown, text) != Places((place,))]
    assert len(missed) <= 0.02 * 2 * 4 * len(of_kind(bank, Single)), missed


@pytest.mark.parametrize(
    "text", ["asdkjh qwpoe", "flibble flobble 9999", "e", "z", "the ninth one", "", "  ", "🙂", "a refund would be nice", "9"]
)
def test_what_is_no_answer_chooses_nothing(choice: Shown, text: str) -> None:
    assert read_given(choice, text) is None


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("true", True),
        ("tru", True),
        ("I'd say true", True),
        ("yes", True),
        ("that's right", True),
        ("T", True),
        ("first one", True),
        ("false", False),
        ("fasle", False),
        ("no", False),
        ("not true", False),
        ("thats not right", False),
        ("i dont think thats true", False),
        ("definitely false", False),
    ],
)
def test_verdicts(bank: Bank, text: str, verdict: bool) -> None:
    shown = show(of_kind(bank, TrueFalse)[0], 1)
    assert read_given(shown, text) == Places((0 if verdict else 1,))


@pytest.mark.parametrize("text", ["a and c", "a, c", "ac", "A & C", "c and a", "1 and 3", "it's a and c"])
def test_several_choices(bank: Bank, text: str) -> None:
    shown = show(of_kind(bank, Multiple)[0], 1)
    assert read_given(shown, text) == Places(tuple(sorted((shown.order[0], shown.order[2]))))


def test_several_choices_by_their_words(bank: Bank) -> None:
    item = of_kind(bank, Multiple)[0]
    assert isinstance(item, Multiple)
    right = [place for place, choice in enumerate(item.choices) if choice.right]
    said = " and ".join(item.choices[place].text for place in right)
    assert read_given(show(item, 5), said) == Places(tuple(right))


@pytest.mark.parametrize(
    "written", ["{0}{1}{2}{3}", "{0} {1} {2} {3}", "{0}, {1}, {2}, {3}", "{0} then {1} then {2} then {3}", "{0} > {1} > {2} > {3}"]
)
def test_orders_in_letters(bank: Bank, written: str) -> None:
    item = next(item for item in of_kind(bank, Ordering) if len(item.steps) == 4)  # type: ignore[union-attr]
    shown = show(item, 2)
    letters = ["abcd"[shown.order.index(place)] for place in range(4)]
    assert read_given(shown, written.format(*letters)) == Places((0, 1, 2, 3))


def test_steps_can_be_named_instead_of_lettered(bank: Bank) -> None:
    item = next(item for item in of_kind(bank, Ordering) if item.id == "service-profit-chain-order")
    assert isinstance(item, Ordering)
    assert read_given(show(item, 2), ", ".join(step.text for step in item.steps)) == Places(tuple(range(len(item.steps))))


@pytest.mark.parametrize("text", ["a b", "abca", "a b c", "abcdefgh"])
def test_half_an_order_is_no_answer(bank: Bank, text: str) -> None:
    item = next(item for item in of_kind(bank, Ordering) if len(item.steps) == 4)  # type: ignore[union-attr]
    assert read_given(show(item, 2), text) is None


@pytest.mark.parametrize(
    "written", ["1{0} 2{1} 3{2}", "1-{0}, 2-{1}, 3-{2}", "1 = {0}; 2 = {1}; 3 = {2}", "2{1} 1{0} 3{2}", "{0} {1} {2}", "{0}{1}{2}"]
)
def test_pairs(bank: Bank, written: str) -> None:
    item = next(item for item in of_kind(bank, Matching) if len(item.pairs) == 3)  # type: ignore[union-attr]
    shown = show(item, 2)
    letters = ["abc"[shown.order.index(place)] for place in range(3)]
    assert read_given(shown, written.format(*letters)) == Places((0, 1, 2))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("£1,200", 1200),
        ("1200 pounds", 1200),
        ("43.5%", "43.5"),
        ("43.5 per cent", "43.5"),
        ("about 28", 28),
        ("-12", -12),
        ("minus 12", -12),
        ("forty three", 43),
        ("twenty-four hours", 24),
        ("its the 28th", 28),
        ("6.4 - 5.2 = 1.2", "1.2"),
        ("I get -1.2", "-1.2"),
    ],
)
def test_numbers(bank: Bank, text: str, value: float | str) -> None:
    assert read_given(show(of_kind(bank, Numeric)[0], 1), text) == Amount(Fraction(value))


@pytest.mark.parametrize("text", ["no idea about sums", "lots", ""])
def test_no_number_is_no_answer(bank: Bank, text: str) -> None:
    assert read_given(show(of_kind(bank, Numeric)[0], 1), text) is None


@settings(max_examples=200)
@given(st.text(max_size=300), st.integers(0, 307), st.integers(0, 99))
def test_any_text_is_read_without_an_error(bank: Bank, text: str, number: int, seed: int) -> None:
    item = tuple(bank.items.values())[number % len(bank.items)]
    read_given(show(item, seed), text)


def test_what_is_shown_depends_on_the_seed_and_nothing_else(bank: Bank) -> None:
    for item in bank.items.values():
        assert show(item, 7) == show(item, 7)
        if isinstance(item, Ordering):
            assert all(show(item, seed).order != tuple(range(len(item.steps))) for seed in range(30))
