"""Simple customer lifetime value: average order x orders a year x years, in pounds (fact sheet clv-simple)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final, cast

from bot.calculate.display import TIMES, money, plain
from bot.calculate.formulas import answer, impossible, missing
from bot.calculate.numbers import Kind, read_numbers
from bot.calculate.result import Calculation

_METRIC: Final = "lifetime-value"
_PER_YEAR: Final[Mapping[str, int]] = {"year": 1, "yr": 1, "annum": 1, "quarter": 4, "month": 12, "week": 52, "fortnight": 26}
_PERIOD: Final = r"(year|yr|annum|quarter|month|week|fortnight)"
_EVERYDAY: Final[Sequence[tuple[re.Pattern[str], str]]] = (
    (re.compile(r"\bonce\b"), "1 times"),
    (re.compile(r"\btwice\b"), "2 times"),
    (re.compile(r"\b(?:monthly|every month|each month|per month|a month)\b(?<!times a month)(?<!orders a month)"), "a month"),
    (re.compile(r"\b(?:annually|yearly|every year|each year)\b"), "a year"),
    (re.compile(r"\b(?:weekly|every week|each week)\b"), "a week"),
)
_OFTEN: Final = re.compile(
    r"([0-9]+(?:\.[0-9]+)?)\s*(?:x\s|times?|orders?|purchases?|visits?|buys?|shops?|bookings?|meals?|"
    rf"trips?)?(?:\s+(?:from us|with us|on average))?\s*(?:a|an|per|each|every|/|in a)\s*{_PERIOD}\b"
)
_OFTEN_AFTER: Final = re.compile(
    rf"\b(?:orders?|times|purchases?|visits?) (?:a|per|each|every|/) {_PERIOD}\s*(?:is|are|was|=|:|" r"-)?\s*([0-9]+(?:\.[0-9]+)?)\b"
)
_EACH: Final = re.compile(rf"£[0-9.]+ (?:a|per|every|each) {_PERIOD}\b|£[0-9.]+ (?:\w+ )?(?:every|each) {_PERIOD}\b")
_YEARS: Final[Mapping[str, Fraction]] = {"year": Fraction(1), "month": Fraction(1, 12)}


def lifetime_value(text: str) -> Calculation | None:
    """Lifetime value from an order value, orders a year and years; None when none of them is there."""
    for pattern, plainer in _EVERYDAY:
        text = pattern.sub(plainer, text)
    order = next((number for number in read_numbers(text) if number.kind is Kind.MONEY), None)
    often, rest = _frequency(text)
    years = _years(rest)
    given = {"order": order.value if order else None, "orders": often, "years": years}
    if order is None and (often is None or years is None):
        return None
    shown = _shown(given)
    for what, value in given.items():
        if value is None:
            return missing(_METRIC, what, shown)
        if value < 0:
            return impossible(_METRIC, "negative", {"number": plain(value)})
    each = cast("Mapping[str, Fraction]", given)
    total = money(each["order"] * each["orders"] * each["years"])
    working = f"{money(each['order'])} {TIMES} {plain(each['orders'])} {TIMES} {plain(each['years'])} = {total}"
    return answer(_METRIC, shown | {"result": total, "working": working})


def _shown(given: Mapping[str, Fraction | None]) -> dict[str, str]:
    return {what: money(value) if what == "order" else plain(value) for what, value in given.items() if value is not None}


def _frequency(text: str) -> tuple[Fraction | None, str]:
    """Orders a year, and the text without the words that said so."""
    found = _OFTEN.search(text)
    if found and not text[: found.start()].endswith("£") and not text[: found.start(1)].rstrip().endswith("£"):
        return Fraction(found[1]) * _PER_YEAR[found[2]], text[: found.start()] + " , " + text[found.end() :]
    after = _OFTEN_AFTER.search(text)
    if after:
        return Fraction(after[2]) * _PER_YEAR[after[1]], text[: after.start()] + " , " + text[after.end() :]
    every = _EACH.search(text)
    if every:
        return Fraction(_PER_YEAR[every[1] or every[2]]), text[: every.start()] + " , " + text[every.end() :]
    return None, text


def _years(text: str) -> Fraction | None:
    for number in read_numbers(text):
        if number.kind is Kind.DURATION and number.unit in _YEARS:
            return number.value * _YEARS[number.unit]
    labelled = re.search(r"\byears?(?: as (?:a )?customer| they stay| loyal)?\s*(?:is|are|=|:)?\s*([0-9]+(?:\.[0-9]+)?)\b", text)
    return Fraction(labelled[1]) if labelled else None
