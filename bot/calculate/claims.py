"""A result that somebody names and that no rate can have: more than 100 %."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from bot.calculate.display import plain
from bot.calculate.formulas import impossible
from bot.calculate.numbers import Kind, Number, read_numbers
from bot.calculate.result import Calculation, Outcome
from bot.calculate.roles import Lexicon

# Parts of a whole; complaints can outnumber orders, and NPS is no percentage.
_AT_MOST_100: Final = frozenset({"csat", "fcr", "ces", "response-rate", "retention-rate", "sla-attainment", "reopen-rate", "repeat-rate"})
# How one gets from the name to its result, and back: "retention is 105 %", "I get 105 % for retention".
_IS: Final = re.compile(
    r"^(?:\s|[:=,(]|rate|score|figure|attainment|result|is|was|be|being|are|of|at|came|comes|come|out|to|as|has|have|been|really|now|"
    r"shows?|says?|reads?|about|around|over|we|i|got|get|make|makes|it|for|last|this|year|month|quarter|week|gone|up|went|reached|hit|"
    r"stands?|worked|works|last|the|our|my|customer|can|could|actually|an?)*$"
)
_FOR: Final = re.compile(r"^(?:\s|for|as|is|was|the|our|my|their|a|an|of|customer|in|on)*$")
_OTHER: Final = re.compile(r"\b(?:revenue|nrr|grr|more than|increase|growth|grew|rose by|up by)\b")
_OF_SOMETHING: Final = re.compile(r"\s+(?:of (?:the |our |my )?(?:target|goal|plan|budget)|more|higher|up|increase)\b")
_LACKING: Final = frozenset({"start", "end", "new"})


def over_a_hundred(text: str, lexicon: Lexicon, sum_: Calculation | None) -> Calculation | None:
    """Why the rate that `text` names cannot be, and what is lacking to put it right; `sum_` is what its other numbers came to."""
    claim = _claim(text, lexicon) if lexicon.metric in _AT_MOST_100 else None
    if claim is None or (sum_ and sum_.outcome is not Outcome.MISSING and not sum_.template.endswith(".over-100")):
        return None
    what = sum_.template.rpartition(".")[2] if sum_ else ""
    lacking = f"-{what}" if lexicon.metric == "retention-rate" and what in _LACKING else ""
    return impossible(lexicon.metric, f"over-100-claimed{lacking}", {"claim": f"{plain(claim)}%"})


def _claim(text: str, lexicon: Lexicon) -> Fraction | None:
    numbers = [number for number in read_numbers(text) if number.kind is Kind.PERCENT and number.value > 100]
    if _OTHER.search(text):
        return None
    return next((number.value for number in numbers if _is_claimed(text, number, lexicon)), None)


def _is_claimed(text: str, number: Number, lexicon: Lexicon) -> bool:
    if _OF_SOMETHING.match(text, number.end):
        return False
    names = list(lexicon.names.finditer(text))
    before = any(name.end() <= number.start and _IS.match(text[name.end() : number.start]) for name in names)
    return before or any(number.end <= name.start() and _FOR.match(text[number.end : name.start()]) for name in names)
