"""A question as question banks such as Moodle's know it: what is written to and read from their files."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

FULL: Final = Fraction(100)
NONE: Final = Fraction(0)


@dataclass(frozen=True)
class Answer:
    """Something that may be answered. `percent` of the mark goes to it: -100 to 100, at most five decimals."""

    text: str
    percent: Fraction
    feedback: str = ""


@dataclass(frozen=True)
class Number:
    """A number that may be answered: every value from `centre - tolerance` to `centre + tolerance`."""

    centre: Fraction
    tolerance: Fraction
    percent: Fraction
    feedback: str = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What every question has. `category` is a path with slashes; `label` is the id number; GIFT has no place for `hints` or `unit`."""

    name: str
    stem: str
    feedback: str = ""
    category: str = ""
    label: str = ""
    tags: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Choices(Question):
    """Choices to tick: one of them (`single`) or several."""

    single: bool
    answers: tuple[Answer, ...]


@dataclass(frozen=True, kw_only=True)
class Verdict(Question):
    """A statement that is true or false."""

    true: bool
    if_wrong: str = ""
    if_right: str = ""


@dataclass(frozen=True, kw_only=True)
class Wording(Question):
    """Words to type. An asterisk in an answer stands for any words."""

    answers: tuple[Answer, ...]


@dataclass(frozen=True, kw_only=True)
class Sum(Question):
    """A number to type. `otherwise` is said to whoever types another one."""

    answers: tuple[Number, ...]
    unit: str = ""
    otherwise: str = ""


@dataclass(frozen=True, kw_only=True)
class Pairs(Question):
    """Left sides to be matched with right sides. An empty left side is a right side too many."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Essay(Question):
    """A text that a person marks."""


@dataclass(frozen=True, kw_only=True)
class Description(Question):
    """A text with nothing to answer."""


def percent_text(percent: Fraction) -> str:
    """A weight with up to five decimals, as Moodle writes it: 33.33333, 50."""
    return f"{float(percent):.5f}".rstrip("0").rstrip(".")


def shared(whole: Fraction, among: int) -> Fraction:
    """One part of `whole` shared `among` so many, to five decimals."""
    return Fraction(round(whole / among * 100_000), 100_000)


def decimal_text(value: Fraction) -> str:
    """A number of a sum, to ten decimals, without trailing noughts."""
    size = round(abs(value) * 10**10)
    text = f"{size // 10**10}.{size % 10**10:010d}".rstrip("0").rstrip(".")
    return f"-{text}" if value < 0 and size else text
