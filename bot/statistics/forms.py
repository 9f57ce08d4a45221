"""Figures of a test whose items all its takers answered: Moodle's quiz statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.statistics.discrimination import Array, covariance, discrimination
from bot.statistics.moments import Moments, moments_of


@dataclass(frozen=True)
class Position:
    """An item in a test: `facility` and `guess` from 0 to 1, `intended` and `effective` weight as parts of 1, the rest as for items.

    `effective` is 0 with `against` set where the item's marks run against the test's.
    """

    facility: float
    sd: float | None
    guess: float | None
    intended: float
    effective: float | None
    against: bool
    index: float | None
    efficiency: float | None


@dataclass(frozen=True)
class Form:
    """A test: `spread` of its scores as parts of the greatest, `consistency` (Cronbach's alpha; Moodle's coefficient of internal
    consistency), `error_ratio` (both as parts of 1) and `standard_error` (as a part of the greatest score). None where too few took it.
    """

    n: int
    positions: tuple[Position, ...]
    spread: Moments
    consistency: float | None
    error_ratio: float | None
    standard_error: float | None


def form_of(marks: Array, guesses: Sequence[float | None] = ()) -> Form:
    """`marks` has a row for each taker and a column for each item, from 0 to 1; `guesses` are the items' random guess scores."""
    n, items = marks.shape
    totals = marks.sum(axis=1)
    spread = moments_of(totals / items if items else totals)
    guessed = tuple(guesses) or (None,) * items
    if n < 2:
        positions = tuple(_lone(marks, place, guessed[place]) for place in range(items)) if n else ()
        return Form(n, positions, spread, None, None, None)
    positions = tuple(_position(marks, totals, place, guessed[place]) for place in range(items))
    consistency = _consistency(marks, totals) if n > 2 else None
    error_ratio = max(0.0, 1 - consistency) ** 0.5 if consistency is not None else None
    standard_error = error_ratio * spread.sd if error_ratio is not None and spread.sd is not None else None
    return Form(n, _weighed(positions, marks, totals), spread, consistency, error_ratio, standard_error)


def _position(marks: Array, totals: Array, place: int, guess: float | None) -> Position:
    own = marks[:, place]
    found = discrimination(own, totals - own)
    return Position(float(own.mean()), float(own.std(ddof=1)), guess, 1 / marks.shape[1], None, False, found.index, found.efficiency)


def _weighed(positions: Sequence[Position], marks: Array, totals: Array) -> tuple[Position, ...]:
    """With effective weights: how much of the differences between takers each item makes."""
    shared = [covariance(marks[:, place], totals) for place in range(len(positions))]
    weights = np.sqrt(np.maximum(shared, 0.0))
    whole = float(weights.sum())
    return tuple(
        replace(position, effective=float(weight) / whole if whole > 0 else None, against=together < -_NONE)
        for position, weight, together in zip(positions, weights, shared, strict=True)
    )


def _lone(marks: Array, place: int, guess: float | None) -> Position:
    return Position(float(marks[0, place]), None, guess, 1 / marks.shape[1], None, False, None, None)


def _consistency(marks: Array, totals: Array) -> float | None:
    """As low as the marks have it, negative too; None for one item or where all takers scored the same."""
    items, variance = marks.shape[1], covariance(totals, totals)
    if items < 2 or variance < _NONE:
        return None
    own = sum(covariance(marks[:, place], marks[:, place]) for place in range(items))
    return items / (items - 1) * (1 - own / variance)


_NONE = 1e-12  # rounding, where there is no variance
