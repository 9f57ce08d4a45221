"""Faults of numeric items: expressions that cannot be worked out, numbers that are not shown, slips that hit the right result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import chain
from random import Random
from typing import Final

from bot.calculate.display import rounded
from bot.content.questions import Numeric, wordings
from bot.quiz.sums import PLACEHOLDER, SumError, corners, drawn, evaluate

DRAWS: Final = 200
MOST_NUMBERS: Final = 8  # every corner of so many ranges is looked at: 256
_SAYS_HOW: Final = ("round", "nearest", "decimal")


def numeric_faults(item: Numeric) -> Iterator[str]:
    """One line for each fault. The same item always gives the same lines: the draws are seeded."""
    yield from _unfilled(item)
    if not 1 <= len(item.numbers) <= MOST_NUMBERS:
        yield f"has {len(item.numbers)} numbers; give 1 to {MOST_NUMBERS}"
        return
    values = [*corners(item.numbers), *(drawn(item.numbers, Random(seed)) for seed in range(DRAWS))]  # noqa: S311 - dice, no secret
    try:
        results = [evaluate(item.result, each) for each in values]
    except SumError as error:
        yield f"result: {error}"
        return
    if any(rounded(result, item.decimals) != result for result in results) and not _says_how(item):
        yield f"has results that need rounding, and `ask` does not say how (decimals: {item.decimals})"
    for slip in item.slips:
        yield from _slip_faults(item, slip.result, values, results)


def _unfilled(item: Numeric) -> Iterator[str]:
    shown = set(PLACEHOLDER.findall(f"{item.story or ''} {item.ask}"))
    yield from (f"shows {{{name}}}, which is not one of its numbers" for name in sorted(shown - set(item.numbers)))
    yield from (f"never shows its number {{{name}}}" for name in sorted(set(item.numbers) - shown))
    elsewhere = chain.from_iterable(PLACEHOLDER.findall(text) for text in wordings(item) if text not in (item.story, item.ask))
    yield from (f"has {{{name}}} outside `story` and `ask`, where it is not filled in" for name in sorted(set(elsewhere)))


def _says_how(item: Numeric) -> bool:
    return any(word in item.ask.lower() for word in _SAYS_HOW)


def _slip_faults(item: Numeric, slip: str, values: list[dict[str, int]], results: list[Fraction]) -> Iterator[str]:
    for each, result in zip(values, results, strict=True):
        try:
            wrong = evaluate(slip, each)
        except SumError as error:
            yield f"slip: {error}"
            return
        if rounded(wrong, item.decimals) == rounded(result, item.decimals):
            yield f"the slip `{slip}` gives the right result with {_shown(each)}"
            return


def _shown(values: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {value}" for name, value in values.items())
