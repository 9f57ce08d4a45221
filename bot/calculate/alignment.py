"""Which cue gives each number its role: the cheapest pairing that keeps reading order.

Numbers and cues stand in the order they were written. The pairing with the lowest total cost wins, so "60 promoters, 20 passives" and
"promoters 60, passives 20" come out alike although each number has a neighbour on both sides.
"""

# ruff: noqa: SIM905 - word lists read better as words

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.calculate.numbers import Number
from bot.calculate.roles import Cue, Side


@dataclass(frozen=True)
class Sighting:
    """A cue found in the text."""

    cue: Cue
    start: int
    end: int
    band: Number | None = None

    @property
    def role(self) -> str:
        return self.cue.role


@dataclass(frozen=True)
class Pairing:
    """A number with the cue that gave it its role."""

    number: Number
    sighting: Sighting


_UNPAIRED: Final = 9.0
_FAR: Final = 110  # characters beyond which a cue has no say
_BEFORE: Final = 0.6
_BARE: Final = 0.3  # "promoters 60", nothing between
_NEVER: Final = float("inf")
_TOKEN: Final = re.compile(r"[0-9.]+|[a-z']+|[^\sa-z0-9]")
_LINK: Final = re.compile(
    r"^[\s:=\-(\"']*(?:were|was|is|are|=|:|of|with|by|at|to|have|had|numbered|there|about|around|only|"
    r"just|the|number|came|it|we|got|a|total|[\s:=\-(\"'])*$"
)
_FILLERS: Final = frozenset(
    "were was is are of the our we a an i had have has got who that which them those these been be it to in at us there just only "
    "about also "
    "customers customer people replies responses contacts calls cases tickets as for my said say they out from with being all ones "
    "clients respondents users answered by total '".split()
)
_COSTS: Final = {
    ",": 1.6, ".": 4.0, ";": 4.0, "!": 4.0, "?": 5.0, "\n": 4.0, ":": 0.6, "=": 0.0, "(": 0.2, ")": 0.8, "-": 0.5, "\"": 0.1, "/": 0.5,
    "and": 1.6, "but": 2.5, "while": 2.5, "whereas": 2.5, "then": 1.5, "so": 2.0, "if": 2.0, "or": 1.0,
}  # fmt: skip


def _gap(text: str) -> float:
    """What it costs to reach across `text`."""
    cost = 0.0
    for token in _TOKEN.findall(text):
        if token[0].isdigit():
            cost += 3.0
        else:
            cost += _COSTS.get(token, 0.3 if token in _FILLERS else 1.0)
    return cost + 2.0 * text.count("\n")


def _price(text: str, number: Number, sighting: Sighting) -> float:
    cue = sighting.cue
    if number.kind not in cue.kinds:
        return _NEVER
    if sighting.start >= number.end:
        between = text[number.end : sighting.start]
        if cue.side is Side.BEFORE or len(between) > _FAR:
            return _NEVER
        return _gap(between) + cue.cost
    between = text[sighting.end : number.start]
    if len(between) > _FAR:
        return _NEVER
    return _reach_back(between, cue) + cue.cost


def _reach_back(between: str, cue: Cue) -> float:
    """The cost of a cue that stands before its number: least when words such as "were" or a colon link the two."""
    if cue.side is Side.BEFORE:
        return 0.0
    if not between.strip():
        return _BARE
    return _gap(between) + (0.0 if _LINK.match(between) else _BEFORE)


def align(text: str, numbers: Sequence[Number], sightings: Sequence[Sighting]) -> tuple[Pairing, ...]:
    """The cheapest order-keeping pairing of numbers with cues; numbers too far from any cue stay unpaired."""
    rows, columns = len(numbers), len(sightings)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    paired = [[False] * (columns + 1) for _ in range(rows + 1)]
    for row in range(1, rows + 1):
        best[row][0] = row * _UNPAIRED
        for column in range(1, columns + 1):
            price = _price(text, numbers[row - 1], sightings[column - 1])
            together = best[row - 1][column - 1] + price
            apart = min(best[row - 1][column] + _UNPAIRED, best[row][column - 1])
            paired[row][column] = price < _UNPAIRED and together < apart
            best[row][column] = min(together, apart) if price < _UNPAIRED else apart
    return _trace(numbers, sightings, best, paired)


def _trace(
    numbers: Sequence[Number], sightings: Sequence[Sighting], best: Sequence[Sequence[float]], paired: Sequence[Sequence[bool]]
) -> tuple[Pairing, ...]:
    row, column = len(numbers), len(sightings)
    pairings: list[Pairing] = []
    while row and column:
        if paired[row][column]:
            row, column = row - 1, column - 1
            pairings.append(Pairing(numbers[row], sightings[column]))
        elif best[row][column] == best[row][column - 1]:
            column -= 1
        else:
            row -= 1
    return tuple(reversed(pairings))
