"""Numbers with what they count, so that 14 days, two weeks and a fortnight are one thing and 30 days another."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
                 "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")  # fmt: skip
_TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_IN_WORDS: Final = {name: number for number, name in enumerate(_UNITS)} | {name: 10 * (number + 2) for number, name in enumerate(_TENS)}
_TENS_AND_UNITS: Final = re.compile(rf"\b({'|'.join(_TENS)})[ -]({'|'.join(_UNITS[1:10])})\b")
_WORD: Final = re.compile(rf"\b({'|'.join([*_UNITS[2:], *_TENS])})\b")
_HALF_A_YEAR: Final = re.compile(r"\bhalf a year\b|\bsix months\b")
_FORTNIGHT: Final = re.compile(r"\b(?:a |one )?fortnight\b")
_ONE: Final = re.compile(r"\b(?:an?|one) (?=(?:day|week|month|year|hour|minute)\b)")
_MEASURED: Final = re.compile(
    r"(?<![a-z\d_.])(?P<pound>£)? ?(?P<number>\d+(?:\.\d+)?)(?:st|nd|rd|th)? ?(?P<unit>%|per ?cent\b|"
    r"(?:calendar |working )?(?:day|week|month|year|hour|minute|hr|h|min|wk|yr)s?\b|pounds?\b|quid\b)?"
)
_LENGTHS: Final = {
    "week": ("day", 7),
    "wk": ("day", 7),
    "year": ("month", 12),
    "yr": ("month", 12),
    "hr": ("hour", 1),
    "h": ("hour", 1),
    "min": ("minute", 1),
}


def in_figures(text: str) -> str:
    """Lower-case text with its number words as figures. "One" stays a word unless it counts time."""
    text = _FORTNIGHT.sub("14 days", _HALF_A_YEAR.sub("6 months", text))
    text = _TENS_AND_UNITS.sub(lambda found: str(_IN_WORDS[found[1]] + _IN_WORDS[found[2]]), text)
    return _ONE.sub("1 ", _WORD.sub(lambda found: str(_IN_WORDS[found[1]]), text))


def with_quantities(text: str) -> str:
    """Text in figures with each quantity as one word such as `14_day` or `2015_act`; `kind_of` takes such words apart."""
    return _MEASURED.sub(lambda found: f" {_as_word(found)} ", text)


def kind_of(word: str) -> str:
    """What a word of `with_quantities` counts: `day`, `percent`, `date` and so on; empty for other words."""
    number, _, kind = word.partition("_")
    return kind if kind and number.replace(".", "").isdigit() else ""


def _as_word(found: re.Match[str]) -> str:
    number, unit = float(found["number"]), (found["unit"] or "").strip()
    if found["pound"] or unit.startswith(("pound", "quid")):
        return f"{number:g}_pound"
    if unit.startswith(("%", "per")):
        return f"{number:g}_percent"
    if unit:
        name = unit.split()[-1].rstrip("s")
        name, times = _LENGTHS.get(name, (name, 1))
        return f"{number * times:g}_{name}"
    return f"{number:g}_{'date' if 1900 <= number < 2100 else 'count'}"
