"""Figures of items of which every learner answered some: facility and discrimination from first answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bot.statistics.discrimination import Array

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Answers:
    """First answers as three columns of one length: who (any numbers), item (from 0 to `items` - 1), mark (from 0 to 1).

    At most one for each learner and item.
    """

    who: Numbers
    item: Numbers
    mark: Array
    items: int


@dataclass(frozen=True)
class ItemFigures:
    """`n` learners answered the item, `facility` is their mean mark, from 0 to 1. `compared` of them answered others too; the
    discrimination (as in bot/statistics/discrimination.py) is among these. None where there is too little to tell.
    """

    n: int
    facility: float | None = None
    sd: float | None = None
    compared: int = 0
    index: float | None = None
    efficiency: float | None = None


def item_figures(answers: Answers) -> tuple[ItemFigures, ...]:
    """One for each item. The rest score is the learner's mean mark over the other items they answered.

    Where all learners answered all items this is Moodle's rest of the test divided by a constant, so index and efficiency are Moodle's.
    """
    count = np.bincount(answers.item, minlength=answers.items)
    facility = _mean(answers.item, answers.mark, count)
    off = answers.mark - facility[answers.item]
    squares = _summed(answers.item, off * off, answers.items)
    related = _related(answers)
    return tuple(_figures(int(count[item]), float(facility[item]), float(squares[item]), related, item) for item in range(answers.items))


@dataclass(frozen=True)
class _Related:
    """For each item, of those who answered others too: how many, the sums of squares of marks and of rest scores, of their products, and of
    their products once each are put in order; all as differences from the means.
    """

    n: Numbers
    marks: Array
    rest: Array
    together: Array
    most: Array


def _related(answers: Answers) -> _Related:
    _, who = np.unique(answers.who, return_inverse=True)
    answered, scored = np.bincount(who), np.bincount(who, answers.mark)
    others = answered[who] - 1
    kept = others > 0
    item, items = answers.item[kept], answers.items
    count = np.bincount(item, minlength=items)
    mark = answers.mark[kept]
    rest = (scored[who][kept] - mark) / others[kept]
    mark = mark - _mean(item, mark, count)[item]
    rest = rest - _mean(item, rest, count)[item]
    by_mark, by_rest = np.lexsort((mark, item)), np.lexsort((rest, item))  # an item's answers stand in the same places in both
    return _Related(
        count,
        _summed(item, mark * mark, items),
        _summed(item, rest * rest, items),
        _summed(item, mark * rest, items),
        _summed(item[by_mark], mark[by_mark] * rest[by_rest], items),
    )


def _figures(count: int, facility: float, squares: float, related: _Related, item: int) -> ItemFigures:
    if count == 0:
        return ItemFigures(0)
    sd = (squares / (count - 1)) ** 0.5 if count > 1 else None
    marks, rest, together, most = (float(sums[item]) for sums in (related.marks, related.rest, related.together, related.most))
    compared = int(related.n[item])
    if min(marks, rest) <= _NONE * max(1, compared):
        return ItemFigures(count, facility, sd, compared)
    index = max(-1.0, min(1.0, together / (marks * rest) ** 0.5))
    return ItemFigures(count, facility, sd, compared, index, min(1.0, together / most) if most > 0 else None)


def _mean(item: Numbers, values: Array, count: Numbers) -> Array:
    mean: Array = _summed(item, values, len(count)) / np.maximum(1, count)
    return mean


def _summed(item: Numbers, values: Array, items: int) -> Array:
    summed: Array = np.bincount(item, values, items).astype(np.float64)  # of no answers at all numpy makes whole numbers
    return summed


_NONE = 1e-18  # rounding, where there is no variance
