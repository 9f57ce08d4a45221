"""The day that a message means, seen from today: "next Tuesday", "in 5 working days", "4 December", as they are meant in Britain.

"Next Tuesday" is the Tuesday of the calendar week that begins next Monday; "Tuesday" is the one nearest in time. Working days leave
out weekends and nothing else: bank holidays differ by nation and by firm.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.calculate.dates import Day, read_days

_DAYS: Final[Sequence[str]] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY: Final = r"(mon(?:day)?|tues?(?:day)?|wed(?:s|nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_NUMBERS: Final[Mapping[str, int]] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fourteen": 14, "couple of": 2, "a couple of": 2,
}  # fmt: skip
_WORDED: Final = "|".join(sorted(_NUMBERS, key=len, reverse=True))
_COUNT: Final = rf"(?:(?:\d{{1,3}}|{_WORDED})\s*(?:-|to|or)\s*)?(\d{{1,3}}|{_WORDED})"  # of "3 to 5" the last
_SPAN: Final = rf"{_COUNT}[\s-]*((?:working|business|week|calendar)?[\s-]*(?:hours?|hrs?|days?|weeks?|fortnights?|months?))\b"
_FAR: Final = 3700  # days
_SPELLED: Final = (*_DAYS, "tomorrow", "yesterday", "fortnight", "working")
_KNOWN: Final = frozenset({*_SPELLED, "workday", "weekday", "weekdays", "birthday"})
_Reading = Callable[[re.Match[str], date, bool], "date | None"]


@dataclass(frozen=True)
class Found:
    """`day` is None where a time is named that is no single day ("next week"), or none of the calendar's (`exists` is False)."""

    day: date | None
    exists: bool = True


def read_day(text: str, today: date, ahead: bool) -> Found | None:
    """The day that the message names; None when it names no time. `ahead` says that it lies in the future where the words leave it open."""
    plain = _spelled(text.lower())
    mentions = read_days(plain)
    if mentions:
        return _written(mentions[0].day, today, ahead)
    for pattern, reading in _READINGS:
        match = pattern.search(plain)
        if match:
            return Found(reading(match, today, ahead))
    return Found(None) if _VAGUE.search(plain) else None


def in_working_days(today: date, count: int) -> date:
    """The day so many days later, Saturdays and Sundays not counted."""
    day = today
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def _written(day: Day, today: date, ahead: bool) -> Found:
    if not day.exists:
        return Found(None, exists=False)
    if day.year is not None:
        return Found(date(day.year, day.month, day.day))
    years = [year for year in range(today.year - 8, today.year + 9) if Day(day.day, day.month, year).exists]
    days = [date(year, day.month, day.day) for year in years]
    return Found(min(d for d in days if d >= today) if ahead else max(d for d in days if d <= today))


def _spelled(text: str) -> str:
    """Slips of spelling in the names of days put right."""
    return re.sub(r"[a-z]{6,}", lambda match: _nearest(match[0]), text)


def _nearest(word: str) -> str:
    slips = 2 if len(word) > 7 else 1  # "fridge" is no Friday
    found = None if word in _KNOWN else process.extractOne(word, _SPELLED, scorer=OSA.distance, score_cutoff=slips)
    return str(found[0]) if found and found[0][0] == word[0] else word


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS[word]


def _of_week(name: str) -> int:
    return next(at for at, day in enumerate(_DAYS) if day.startswith(name[:3]))


def _coming(name: str, today: date, ahead: bool) -> date:
    """The nearest such weekday, today not counted."""
    step = (_of_week(name) - today.weekday() - 1) % 7 + 1
    return today + timedelta(days=step if ahead else step - 7 if step < 7 else -7)


def _later(match: re.Match[str], today: date, ahead: bool) -> date | None:
    count, unit = _number(match[1]), match[2]
    if "month" in unit:
        return _months_on(today, count) if count <= 120 else None
    if re.match(r"working|business|week[\s-]*day", unit):
        return in_working_days(today, count)
    days = -(-count // 24) if unit.startswith("h") else count * (14 if "fortnight" in unit else 7 if "week" in unit else 1)
    return today + timedelta(days=days) if days <= _FAR else None


def _earlier(match: re.Match[str], today: date, ahead: bool) -> date | None:
    later = _later(match, today, ahead)
    return today - (later - today) if later else None


def _months_on(today: date, count: int) -> date:
    years, month = divmod(today.month - 1 + count, 12)
    year = today.year + years
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def _named(match: re.Match[str], today: date, ahead: bool) -> date:
    """ "this Tuesday", "next Tuesday", "last Tuesday", "Tuesday"."""
    which, name = (match[1] or "").strip(), match[2]
    if which == "next":
        return today + timedelta(days=7 - today.weekday() + _of_week(name))
    return _coming(name, today, ahead=which != "last" and (ahead or which in ("this", "coming")))


def _this_month(match: re.Match[str], today: date, ahead: bool) -> date | None:
    """ "the 3rd": of this month, or of the next that has such a day."""
    wanted = int(match[1])
    step = 1 if ahead else -1
    for count in range(4):
        month = _months_on(today.replace(day=1), step * count)
        if 1 <= wanted <= monthrange(month.year, month.month)[1]:
            day = month.replace(day=wanted)
            if day >= today if ahead else day <= today:
                return day
    return None


def _plus(days: int) -> _Reading:
    return lambda match, today, ahead: today + timedelta(days=days)


_READINGS: Final[Sequence[tuple[re.Pattern[str], _Reading]]] = tuple(
    (re.compile(pattern), reading)
    for pattern, reading in (
        (r"\bday after tomorrow\b", _plus(2)),
        (r"\bday before yesterday\b", _plus(-2)),
        (rf"\b{_SPAN} ago\b", _earlier),
        (rf"\b(?:a )?week (?:on )?{_WEEKDAY}\b", lambda m, today, ahead: _coming(m[1], today, ahead=True) + timedelta(days=7)),
        (rf"\b{_WEEKDAY} week\b", lambda m, today, ahead: _coming(m[1], today, ahead=True) + timedelta(days=7)),
        (r"\bweek (?:from )?(?:today|now)\b", _plus(7)),
        (r"\b(?:a )?week (?:from )?tomorrow\b", _plus(8)),
        (r"\b(?:tomorrow|tmrw?|tmw|2moro|tomoz)\b", _plus(1)),
        (r"\byesterday\b", _plus(-1)),
        (rf"\b(?:(this|next|last|coming) )?{_WEEKDAY}\b", _named),
        (rf"\b{_SPAN}", _later),
        (r"\b(?:today|tonight|now|straight away|immediately|same day|this (?:morning|afternoon|evening))\b", _plus(0)),
        (r"\bend of (?:the |play )?(?:day|today)\b", _plus(0)),
        (r"\bend of (?:the |this )?week\b", lambda m, today, ahead: today + timedelta(days=(4 - today.weekday()) % 7)),
        (r"\bend of (?:the |this )?month\b", lambda m, today, ahead: today.replace(day=monthrange(today.year, today.month)[1])),
        (r"(?<![\d/.-])(\d{1,2})(?:st|nd|rd|th)\b", _this_month),
        (r"\bfortnight\b", _plus(14)),
    )
)  # fmt: skip
_VAGUE: Final = re.compile(
    r"\b(?:next|this|few|several|some|couple of) (?:week|month|days?|weeks)\b|\b(?:soon|shortly|asap|as soon as|later on|in due course)\b"
)
