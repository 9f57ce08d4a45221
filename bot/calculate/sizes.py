"""Two plain counts whose words no cue knows: the larger is the total, the smaller the part, or its complement when it counts failures.

Used only when the metric is known and the cues have not settled the sum; bails out whenever the two counts may be something else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from bot.calculate.described import counts_failures, no_case
from bot.calculate.numbers import Kind, Number, read_numbers
from bot.calculate.reading import Amount, Reading
from bot.calculate.roles import Lexicon

_LEAST: Final = 10  # a smaller total is more likely a score or a number of things to list
_RETENTION: Final = "retention-rate"
_SETTLED: Final = frozenset({"claim", "excluded", "end", "new", "unused"})
_RIVALS: Final = re.compile(r"^\W*(?:or|to|vs|versus|up to|not)\W*$|\bthan\b")
_BETWEEN: Final = re.compile(r"\b(?:between|from|either)\s+$")
_BUSY: Final = re.compile(
    r"\b(?:handled?|dealt with|deal with|answered|answer|took|take|taken|closed|completed|did|done|cleared)(?: \w+)?\s+$"
)

_LOSS_NAMED: Final = re.compile(r"\b(?:churn|attrition)\b")


def by_size(text: str, lexicon: Lexicon, found: Reading) -> Reading | None:
    """The reading that takes the larger of two counts as the total; None when that would be a guess."""
    roles = {cue.role for cue in lexicon.cues}
    if not ("part" in roles or lexicon.metric == _RETENTION) or _SETTLED & set(found.amounts):
        return None
    numbers = read_numbers(text)
    targets = [number for number in numbers if number.kind is Kind.PERCENT] if lexicon.metric == "sla-attainment" else []
    counts = [number for number in numbers if number.kind is Kind.COUNT]
    others = [number for number in numbers if number.kind not in (Kind.COUNT, Kind.DURATION, Kind.REST) and number not in targets]
    pair = _pair(text, counts)
    if others or len(targets) > 1 or pair is None:
        return None
    smaller, larger = pair
    if _contradicted(text, found, smaller, larger):
        return None
    amounts = _roles(text, lexicon, [number for number in counts if number.value == smaller.value], larger)
    if targets:
        amounts["target"] = Amount(targets[0].value, Kind.PERCENT)
    return Reading(amounts, strong=2, paired=2)


def _pair(text: str, counts: Sequence[Number]) -> tuple[Number, Number] | None:
    """The smaller and the larger of exactly two counts of cases."""
    values = sorted({number.value for number in counts})
    if len(values) != 2 or values[0] < 0 or values[1] < _LEAST or any(value.denominator != 1 for value in values):
        return None
    first, second = next((one, other) for one, other in pairwise(counts) if one.value != other.value)
    if _RIVALS.search(text[first.end : second.start]) or _BETWEEN.search(text[: first.start]):
        return None
    if any(no_case(text, number) for number in counts):
        return None
    return (first, second) if first.value < second.value else (second, first)


def _contradicted(text: str, found: Reading, smaller: Number, larger: Number) -> bool:
    """Whether a cue made the larger count the part while the smaller one is something else."""
    given = {role: amount.value for role, amount in found.amounts.items() if role in ("part", "rest", "stayed", "left")}
    whole = found.amount("whole") or found.amount("start")
    if whole and whole.value == smaller.value and found.strong:
        return True
    return larger.value in given.values() and smaller.value not in given.values() and not _BUSY.search(text[: larger.start])


def _roles(text: str, lexicon: Lexicon, smaller: Sequence[Number], larger: Number) -> dict[str, Amount]:
    failed = any(counts_failures(text, number, lexicon.metric) for number in smaller)
    part, whole = Amount(smaller[0].value, Kind.COUNT), Amount(larger.value, Kind.COUNT)
    if lexicon.metric == _RETENTION:
        return {"start": whole, "left" if failed or _LOSS_NAMED.search(text) else "stayed": part}
    return {"whole": whole, "rest" if failed else "part": part}
