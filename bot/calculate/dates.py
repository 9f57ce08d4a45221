"""Days of the calendar in a message, read as they are written in the United Kingdom: the day before the month."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

MONTHS: Final[Sequence[str]] = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_NAME: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary|uary|urary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY: Final = r"(?P<day>[0-9]{1,2})(?P<suffix>st|nd|rd|th)?"
_YEAR: Final = r"(?:,?\s*(?:in\s+)?(?P<year>20[0-9]{2}|'[0-9]{2})\b)"
_NUMBER: Final = r"(?P<day>[0-9]{1,2})(?P<by>[/.-])(?P<month>[0-9]{1,2})(?P=by)"
_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![0-9.,/£-]){_DAY}(?: day)?(?: of)?[\s-]+{_NAME}(?:[\s-]*{_YEAR})?",
        # "may 3" is a date only if it stands like one, "may 3 customers" is not
        rf"\b{_NAME}\s+(?:the\s+)?{_DAY}(?:{_YEAR}|(?=\s*(?:[,.;:?!)-]|$|and|but|so|what|when|which|by|from|to|with|is|was|in)(?![a-z0-9])))",
        rf"(?<![0-9/.-]){_NUMBER}(?P<year>(?:20)?[0-9]{{2}})(?![0-9/-])",
        r"(?<![0-9/.-])(?P<year>20[0-9]{2})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})(?![0-9-])",
        r"(?<=\bon )(?P<day>[0-9]{1,2})/(?P<month>[0-9]{1,2})(?![0-9/])",
    )
)
_LEAP: Final = 2024
COMMON_YEAR: Final = 2023  # any without a 29 February, for days of no particular year


@dataclass(frozen=True)
class Day:
    """A day of the calendar, of no particular year if none was given."""

    day: int
    month: int
    year: int | None = None

    @property
    def exists(self) -> bool:
        """Whether the calendar has such a day; 29 February of no year does exist."""
        try:
            date(self.year or _LEAP, self.month, self.day)
        except ValueError:
            return False
        return True

    @property
    def short(self) -> str:
        """ "3 March", whatever the year; a month that is none stays a number."""
        return f"{self.day} {MONTHS[self.month - 1]}" if 1 <= self.month <= len(MONTHS) else f"{self.day}/{self.month}"

    @property
    def shown(self) -> str:
        """ "3 March", or with a year "Tuesday 3 March 2026"."""
        if self.year is None:
            return self.short
        if not self.exists:
            return f"{self.short}{'/' if '/' in self.short else ' '}{self.year}"
        return f"{date(self.year, self.month, self.day):%A} {self.short} {self.year}"

    def after(self, days: int) -> tuple[Day, ...]:
        """The day so many days later; without a year two of them where a 29 February may lie between: common year, leap year."""
        if self.year is not None:
            return (_moved(self, self.year, days, named=True),)
        years = (_LEAP,) if (self.day, self.month) == (29, 2) else (COMMON_YEAR, _LEAP)
        return tuple(dict.fromkeys(_moved(self, year, days, named=False) for year in years))


def _moved(day: Day, year: int, days: int, *, named: bool) -> Day:
    later = date(year, day.month, day.day) + timedelta(days=days)
    return Day(later.day, later.month, later.year if named else None)


@dataclass(frozen=True)
class Mention:
    """A day and where the message names it."""

    day: Day
    start: int
    end: int


def read_days(text: str) -> tuple[Mention, ...]:
    """Every day named in plain `text`, in reading order, days that no calendar has among them."""
    taken: list[Mention] = []
    for mention in _mentions(text):
        if not any(mention.start < other.end and other.start < mention.end for other in taken):
            taken.append(mention)
    taken.sort(key=lambda mention: mention.start)
    return tuple(taken)


def _mentions(text: str) -> Iterator[Mention]:
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            year = found.groupdict().get("year")
            written = int(year.lstrip("'")) if year else None
            full = written + 2000 if written is not None and written < 100 else written
            yield Mention(Day(int(found["day"]), _month(found["month"]), full), found.start(), found.end())


def _month(word: str) -> int:
    return int(word) if word.isdigit() else next(number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(word[:3]))
