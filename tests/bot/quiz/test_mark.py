"""Marks explain that very answer."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.content.questions import Matching, Multiple, Numeric, Ordering, Short, Single, TrueFalse
from bot.quiz import Bank
from bot.quiz.given import Amount, Places
from bot.quiz.mark import Verdict, mark, right_answer
from bot.quiz.short_answer.result import ShortMark
from bot.quiz.shown import show


class NoShortAnswers:
    def mark(self, item: Short, text: str) -> ShortMark:
        raise AssertionError("not asked for")


SHORTS = NoShortAnswers()


def test_every_choice_of_every_item_is_marked_and_each_wrong_one_explained_in_its_own_words(bank: Bank) -> None:
    for item in bank.items.values():
        if not isinstance(item, Single):
            continue
        for place, choice in enumerate(item.choices):
            marked = mark(show(item, 1), Places((place,)), SHORTS)
            assert marked
            assert (marked.verdict is Verdict.RIGHT) == choice.right
            assert marked.why == (() if choice.right else (choice.why,)), item.id


def test_statements(bank: Bank) -> None:
    for item in bank.items.values():
        if isinstance(item, TrueFalse):
            right, wrong = (mark(show(item, 1), Places((place,)), SHORTS) for place in ((0, 1) if item.true else (1, 0)))
            assert right
            assert wrong
            assert (right.verdict, wrong.verdict, wrong.why) == (Verdict.RIGHT, Verdict.WRONG, (item.why_wrong,))


def test_a_multiple_choice_says_what_was_wrongly_chosen_and_how_many_are_missing(bank: Bank) -> None:
    item = next(item for item in bank.items.values() if isinstance(item, Multiple) and sum(choice.right for choice in item.choices) == 3)
    right = [place for place, choice in enumerate(item.choices) if choice.right]
    wrong = next(place for place, choice in enumerate(item.choices) if not choice.right)
    whole = mark(show(item, 1), Places(tuple(right)), SHORTS)
    short = mark(show(item, 1), Places(tuple(right[:2])), SHORTS)
    mixed = mark(show(item, 1), Places(tuple(sorted([*right[:2], wrong]))), SHORTS)
    everything = mark(show(item, 1), Places(tuple(range(len(item.choices)))), SHORTS)
    assert whole
    assert whole.verdict is Verdict.RIGHT
    assert short
    assert (short.verdict, short.left) == (Verdict.PARTLY, 1)
    assert mixed
    assert mixed.verdict is Verdict.PARTLY
    assert item.choices[wrong].why in mixed.why[0]
    assert everything
    assert everything.verdict is Verdict.WRONG, "choosing everything earns nothing"


def test_orders_are_explained_from_the_first_wrong_step(bank: Bank) -> None:
    item = next(item for item in bank.items.values() if isinstance(item, Ordering) and len(item.steps) == 5)
    right = mark(show(item, 1), Places((0, 1, 2, 3, 4)), SHORTS)
    near = mark(show(item, 1), Places((0, 2, 1, 3, 4)), SHORTS)
    assert right
    assert near
    assert (right.verdict, near.verdict) == (Verdict.RIGHT, Verdict.PARTLY)
    assert item.steps[2].why in near.why[0]


def test_pairs_are_explained_one_by_one(bank: Bank) -> None:
    item = next(item for item in bank.items.values() if isinstance(item, Matching) and len(item.pairs) == 4)
    marked = mark(show(item, 1), Places((1, 0, 2, 3)), SHORTS)
    assert marked
    assert (marked.verdict, len(marked.why)) == (Verdict.PARTLY, 2)
    assert item.pairs[0].why in marked.why[0]


@pytest.mark.parametrize("seed", range(20))
def test_sums_have_new_numbers_each_time_and_usual_slips_are_recognised(bank: Bank, seed: int) -> None:
    for item in bank.items.values():
        if isinstance(item, Numeric):
            shown = show(item, seed)
            right = mark(shown, Amount(shown.sum_of(item.result)), SHORTS)
            assert right
            assert right.verdict is Verdict.RIGHT
            for slip in item.slips:
                marked = mark(shown, Amount(shown.sum_of(slip.result)), SHORTS)
                assert marked
                assert marked.verdict is Verdict.WRONG, (item.id, shown.numbers, slip.result)
                assert marked.why
            far = mark(shown, Amount(shown.sum_of(item.result) + Fraction(777)), SHORTS)
            assert far
            assert far.verdict is Verdict.WRONG


def test_two_seeds_give_two_sums(bank: Bank) -> None:
    item = next(item for item in bank.items.values() if isinstance(item, Numeric))
    assert len({show(item, seed).ask + show(item, seed).story for seed in range(10)}) > 3


def test_every_item_can_tell_its_right_answer(bank: Bank) -> None:
    for item in bank.items.values():
        told = right_answer(replace(show(item, 4)))
        assert told.strip()
        assert "{" not in told
