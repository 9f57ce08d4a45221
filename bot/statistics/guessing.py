"""What guessing earns."""

from __future__ import annotations

from math import comb, factorial

from bot.content.questions import Item, Matching, Multiple, Ordering, Single, TrueFalse


def guess_score(item: Item) -> float | None:
    """The chance that a blind choice is right, from 0 to 1; None where there is nothing to choose from."""
    if isinstance(item, Single):
        return 1 / len(item.choices)
    if isinstance(item, TrueFalse):
        return 1 / 2
    if isinstance(item, Multiple):  # the question says how many to choose
        return 1 / comb(len(item.choices), sum(choice.right for choice in item.choices))
    if isinstance(item, Ordering):
        return 1 / factorial(len(item.steps))
    return 1 / factorial(len(item.pairs)) if isinstance(item, Matching) else None
