"""Times of more than one part, such as "6 min 30", "1 hr 20" or "1:45": made plain before they are read, and put in words again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from bot.calculate.display import MINUS, plain, rounded
from bot.calculate.numbers import Number

_CLOCK: Final = re.compile(
    r"(?<!at )(?<!from )(?<!until )(?<!till )(?<!since )(?<!before )(?<!after )(?<!by )(?<![0-9.:/])"
    r"\b([0-9]{1,3}):([0-5][0-9])(?::([0-5][0-9]))?(?![0-9:]|\.[0-9]|\s?(?:am|pm|o'?clock)\b)"
)
_TICKS: Final = re.compile(r"(?<![0-9.])([0-9]{1,3})'\s?([0-5][0-9])(?![0-9])(?:\"|'')?")
_SHORT_SECONDS: Final = re.compile(r"(?<![0-9a-z.,])([0-9]{1,5})\s?s\b(?!')")
_IN_MINUTES: Final = re.compile(r"\bm{1,2}:ss\b|\bmins?:secs?\b|\b(?:minutes|mins?)(?: ?: ?| and | & |/)(?:seconds|secs?)\b")
_IN_HOURS: Final = re.compile(r"\bh{1,2}:mm\b|\bhrs?:mins?\b|\b(?:hours|hrs?)(?: ?: ?| and | & |/)(?:minutes|mins?)\b")
_MINUTES_ELSEWHERE: Final = re.compile(r"[0-9]\s?(?:m|mins?|minutes|seconds|secs?|s)\b")
_HOURS_ELSEWHERE: Final = re.compile(r"[0-9]\s?(?:h|hrs?|hours?)(?:\b|[0-9])")
_SHORT_WORK: Final = re.compile(r"\b(?:calls?|chats?|handl\w+|aht|hold|wait\w*|queue\w*|answer\w*|ring\w*|talk|wrap[- ]?up|pick\w*)\b")

# "2h and 40 min" at the end of a list, or after "average of", is two times; "2 hours and 40 minutes, 1 hour and 5 minutes" is not.
_JOINED: Final = re.compile(r"[0-9]\s?(?:hours?|hrs?|h|minutes?|mins?|m|days?)\s+and\s+[0-9]")
_LAST_TWO: Final = re.compile(
    r"((?:,|\b(?:average|avg|mean|median) (?:of|for)|\bbetween)\s*[0-9.]+\s?(?:hours?|hrs?|h|minutes?|mins?|m|days?))\s+and\s+(?=[0-9])"
)


@dataclass(frozen=True)
class PlainTimes:
    """A message whose times are all in units, and how times with a colon were read, if there were any."""

    text: str
    colons: str = ""


def in_plain_times(text: str) -> PlainTimes:
    """ "1:45" as "1 min 45 s" or "1 h 45 min", "6'30" and "45s" in full, and the last two times of a list apart."""
    text = _TICKS.sub(r"\1 min \2 s", text)
    text = _SHORT_SECONDS.sub(r"\1 seconds", text)
    if len(_JOINED.findall(text)) == 1:
        text = _LAST_TWO.sub(r"\1, ", text)
    if not _CLOCK.search(text):
        return PlainTimes(text)
    in_minutes = _reads_minutes(text)
    units = ("min", "s", "") if in_minutes else ("h", "min", "s")
    return PlainTimes(_CLOCK.sub(lambda found: _in_units(found, units), text), "minutes and seconds" if in_minutes else "hours and minutes")


def _reads_minutes(text: str) -> bool:
    """Whether 1:45 is one minute 45: as the message says, else as its other times are, else as long as such work takes."""
    if _IN_MINUTES.search(text) or _IN_HOURS.search(text):
        return bool(_IN_MINUTES.search(text))
    minutes, hours = bool(_MINUTES_ELSEWHERE.search(text)), bool(_HOURS_ELSEWHERE.search(text))
    if minutes is not hours:
        return minutes
    return bool(_SHORT_WORK.search(text)) or any(int(found[1]) >= 24 for found in _CLOCK.finditer(text))


def _in_units(found: re.Match[str], units: Sequence[str]) -> str:
    if found[3]:
        return f"{found[1]} h {found[2]} min {found[3]} s"
    return f"{found[1]} {units[0]} {found[2]} {units[1]}"


_SECONDS: Final[Mapping[str, int]] = {"day": 86400, "h": 3600, "min": 60, "s": 1}


def of_parts(text: str, times: Sequence[Number]) -> bool:
    """Whether some time was written in two parts, or the times in more than one unit."""
    written = (text[time.start : time.end] for time in times)
    return len({time.unit for time in times if time.unit}) > 1 or any(len(re.findall(r"[0-9]+(?:\.[0-9]+)?", time)) > 1 for time in written)


def largest_part(text: str, times: Sequence[Number]) -> str:
    """The largest unit that the times were written in."""
    written = " ".join(text[time.start : time.end] for time in times)
    units = re.findall(r"days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s", written)
    first = {unit[0] for unit in units}
    return next((name for name in _SECONDS if name[0] in first), "h")


def in_parts(minutes: Fraction, largest: str) -> str:
    """A length of time in parts to the nearest second, such as "1 h 20 min", in nothing larger than `largest`."""
    left = int(abs(rounded(minutes * 60, 0)))
    sign = MINUS if minutes < 0 and left else ""
    parts = []
    for name in list(_SECONDS)[list(_SECONDS).index(largest) :]:
        count, left = divmod(left, _SECONDS[name])
        if count:
            parts.append(f"{plain(Fraction(count))} {name}{'s' if name == 'day' and count > 1 else ''}")
    return sign + (" ".join(parts) or f"0 {largest}")
