"""An item as one learner sees it once: its choices in their order, or the numbers of its sum."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from random import Random
from typing import cast

from bot.content.questions import Item, Matching, Multiple, Numeric, Ordering, Single, TrueFalse
from bot.quiz.sums import drawn, evaluate, filled

LETTERS = "abcdefgh"


@dataclass(frozen=True)
class Shown:
    """`order[i]` is the place in the item of what is shown at place i: a choice, a step, or the right side of a pair."""

    item: Item
    order: tuple[int, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def ask(self) -> str:
        return filled(self.item.ask, self.numbers)

    @property
    def story(self) -> str:
        return filled(self.item.story or "", self.numbers)

    @property
    def options(self) -> tuple[str, ...]:
        """What is lettered, in the order shown; the two verdicts of a statement."""
        texts = _texts(self.item)
        return tuple(texts[place] for place in self.order)

    def sum_of(self, expression: str) -> Fraction:
        """The value of the item's expression for the numbers drawn, rounded half up as the item asks."""
        scale = 10 ** cast("Numeric", self.item).decimals
        value = evaluate(expression, self.numbers) * scale
        size = Fraction(floor(abs(value) + Fraction(1, 2)), scale)
        return size if value >= 0 else -size


def show(item: Item, seed: int) -> Shown:
    """The same for the same seed, so that only the seed need be remembered."""
    dice = Random(f"{seed}:{item.id}")  # noqa: S311 - dice, no secret
    if isinstance(item, Numeric):
        return Shown(item, numbers=drawn(item.numbers, dice))
    order = list(range(len(_texts(item))))
    if not isinstance(item, TrueFalse):
        dice.shuffle(order)
    if isinstance(item, Ordering) and order == sorted(order):
        order.reverse()  # shown in its right order there would be nothing to do
    return Shown(item, tuple(order))


def _texts(item: Item) -> tuple[str, ...]:
    if isinstance(item, (Single, Multiple)):
        return tuple(choice.text for choice in item.choices)
    if isinstance(item, TrueFalse):
        return ("True", "False")
    if isinstance(item, Ordering):
        return tuple(step.text for step in item.steps)
    if isinstance(item, Matching):
        return tuple(pair.right for pair in item.pairs)
    return ()
