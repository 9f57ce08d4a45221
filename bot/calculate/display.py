"""How numbers are shown: thousands commas, percentages to one decimal, NPS as a signed whole number (fact sheet, section 13)."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Final

TIMES: Final = "×"
DIVIDE: Final = "÷"
MINUS: Final = "-"


def rounded(value: Fraction, places: int) -> Fraction:
    """`value` rounded to `places` decimals, halves away from zero."""
    scale = 10**places
    size = Fraction(floor(abs(value) * scale + Fraction(1, 2)), scale)
    return -size if value < 0 else size


def fixed(value: Fraction, places: int) -> str:
    """`value` with exactly `places` decimals and thousands commas."""
    scale = 10**places
    digits = int(abs(rounded(value, places)) * scale)
    sign = MINUS if value < 0 and digits else ""
    whole = f"{sign}{digits // scale:,}"
    return f"{whole}.{digits % scale:0{places}d}" if places else whole


def plain(value: Fraction) -> str:
    """`value` with up to two decimals, trailing noughts dropped."""
    text = fixed(value, 2)
    return text.rstrip("0").rstrip(".")


def percent(share: Fraction) -> str:
    """A share of one as a percentage to one decimal: 7/10 is `70.0%`."""
    return f"{fixed(share * 100, 1)}%"


def short_percent(share: Fraction) -> str:
    """A share of one as a percentage to at most one decimal, for working lines: 56/100 is `56%`."""
    return percent(share).replace(".0%", "%")


def signed(value: Fraction) -> str:
    """A score as a whole number with its sign: `+37`, `-20`, `0`."""
    text = fixed(value, 0)
    return f"+{text}" if rounded(value, 0) > 0 else text


def money(value: Fraction) -> str:
    """Pounds, with pence only when there are any."""
    text = fixed(abs(value), 2).replace(".00", "")
    return f"{MINUS if value < 0 else ''}£{text}"
