"""Average times: the mean and the median of times given one by one, counted, or as a total (fact sheet avg-resolution)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from bot.calculate.display import DIVIDE, plain
from bot.calculate.durations import PlainTimes, in_parts, in_plain_times, largest_part, of_parts
from bot.calculate.formulas import answer, impossible, missing
from bot.calculate.numbers import UNIT_MINUTES, Kind, Number, read_numbers, runs, unit_name
from bot.calculate.result import Calculation

_METRIC: Final = "average-time"
_NOT_DATA: Final = re.compile(
    r"(?:\bwithin|\bunder|\btargets?(?: of| is| was|:)?|\blast|\bpast|\bnext|\bevery|\bper|\bthan|"
    r"\blimit of|\bsla (?:is|of))\s*(?:an?|the)?\s*$"
)
_COUNTED_TIME: Final = re.compile(
    r"^\s*(?:\w+\s+){0,3}?(?:took|take|takes|lasted|waited|x|at|of|were|was|for|in|cost|" r"needed)\s+(?:about|only|just)?\s*$|^\s*[x*]\s*$"
)
_RIVALS: Final = re.compile(r"^\s*(?:to|or|vs|versus|not|rather than)\s*$")  # "from 7m30 to 6m": compared, not averaged
_TOTAL: Final = re.compile(r"\b(?:total\w*|altogether|in all|spent|between|across|over|divided|divide|shared?|sum|on)\b|\bfor\b|/")
_UNIT_WORD: Final = re.compile(r"\b(seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?)\b")
_CASES: Final = re.compile(
    r"^\s*(?:\w+\s+){0,2}?(?:calls?|cases?|tickets?|emails?|chats?|contacts?|customers?|jobs?|queries|"
    r"complaints?|enquiries|issues?|people|orders?|requests?)"
)


def average_time(text: str) -> Calculation | None:
    """The mean and median time in `text`; None when fewer than two times are there to average."""
    given = in_plain_times(text)
    text = given.text
    numbers = [number for number in read_numbers(text) if number.kind in (Kind.COUNT, Kind.DURATION)]
    data = [number for number in numbers if not (number.kind is Kind.DURATION and _NOT_DATA.search(text[: number.start]))]
    weighted = _weighted(text, data)
    if weighted:
        return _listed(weighted, given)
    listed = _times(text, data)
    if len(listed) == 2 and _RIVALS.match(text[listed[0].end : listed[1].start]):
        return None
    if len(listed) >= 2:
        return _listed([(time, 1) for time in listed], given)
    return _from_total(text, data)


def _weighted(text: str, data: Sequence[Number]) -> list[tuple[Number, int]]:
    """ "3 calls took 10 minutes and 2 took 20 minutes" as times with how often each came."""
    pairs = [
        (time, int(count.value))
        for count, time in pairwise(data)
        if count.kind is Kind.COUNT
        and time.kind is Kind.DURATION
        and count.value.denominator == 1
        and 0 < count.value <= 1_000_000
        and _COUNTED_TIME.match(text[count.end : time.start])
    ]
    times = sum(1 for number in data if number.kind is Kind.DURATION)
    return pairs if len(pairs) >= 2 and len(pairs) == times else []


def _times(text: str, data: Sequence[Number]) -> list[Number]:
    """Times in reading order; a plain number in a list takes the unit of the next time in it, or of the message."""
    times: list[Number] = []
    groups = runs(text, data)
    units = _UNIT_WORD.findall(text)
    for group in groups:
        known = [number for number in group if number.kind is Kind.DURATION]
        if known:
            times.extend(_with_units(group))
        elif len(group) >= 3 or (len(groups) == 1 and len(group) == 2):
            times.extend(replace(number, kind=Kind.DURATION, unit=unit_name(units[0]) if units else "") for number in group)
    return times


def _with_units(group: Sequence[Number]) -> list[Number]:
    unit = next(number.unit for number in reversed(group) if number.kind is Kind.DURATION)
    done: list[Number] = []
    for number in reversed(group):
        unit = number.unit if number.kind is Kind.DURATION else unit
        done.append(replace(number, kind=Kind.DURATION, unit=unit))
    return done[::-1]


def _common_unit(times: Sequence[Number]) -> str:
    """The unit to work in: the only one there is, else the smallest."""
    units = {time.unit for time in times if time.unit}
    return min(units, key=lambda unit: UNIT_MINUTES[unit]) if units else ""


def _in_unit(time: Number, unit: str) -> Fraction:
    return time.value * UNIT_MINUTES[time.unit] / UNIT_MINUTES[unit] if time.unit and unit else time.value


def _listed(times: Sequence[tuple[Number, int]], given: PlainTimes) -> Calculation:
    unit = _common_unit([time for time, _ in times])
    values = Counter[Fraction]()
    for time, count in times:
        values[_in_unit(time, unit)] += count
    if any(value < 0 for value in values):
        return impossible(_METRIC, "negative", {"number": plain(min(values))})
    cases = sum(values.values())
    total = sum((value * count for value, count in values.items()), Fraction(0))
    mean, median = total / cases, _median(values, cases)
    shown = {
        "result": plain(mean),
        "median": plain(median),
        "total": plain(total),
        "cases": plain(Fraction(cases)),
        "unit": unit,
        "working": f"{plain(total)} {DIVIDE} {plain(Fraction(cases))} = {plain(mean)}",
    }
    if not unit:
        return answer(_METRIC, shown, "no-unit")
    written = [time for time, _ in times]
    if not of_parts(given.text, written):
        return answer(_METRIC, shown)
    largest, scale = largest_part(given.text, written), UNIT_MINUTES[unit]
    shown |= {"in_parts": in_parts(mean * scale, largest), "median_in_parts": in_parts(median * scale, largest), "colons": given.colons}
    return answer(_METRIC, shown, "clock" if given.colons else "parts")


def _median(values: Counter[Fraction], cases: int) -> Fraction:
    """The middle value, or the mean of the two in the middle."""
    return (_nth(values, (cases - 1) // 2) + _nth(values, cases // 2)) / 2


def _nth(values: Counter[Fraction], position: int) -> Fraction:
    seen = 0
    for value in sorted(values):
        seen += values[value]
        if position < seen:
            return value
    return max(values)


def _from_total(text: str, data: Sequence[Number]) -> Calculation | None:
    """A total time over a number of cases."""
    times = [number for number in data if number.kind is Kind.DURATION]
    counts = [number for number in data if number.kind is Kind.COUNT]
    if len(times) != 1 or not _TOTAL.search(text):
        return None
    if len(counts) != 1:
        return missing(_METRIC, "cases", {"total": plain(times[0].value), "unit": times[0].unit}) if not counts else None
    total, cases = times[0], counts[0].value
    if not _CASES.match(text[counts[0].end :]) and "divide" not in text and "/" not in text:
        return None
    if cases <= 0:
        return impossible(_METRIC, "no-base", {})
    mean = total.value / cases
    shown = {"result": plain(mean), "total": plain(total.value), "cases": plain(cases), "unit": total.unit}
    return answer(_METRIC, shown | {"working": f"{plain(total.value)} {DIVIDE} {plain(cases)} = {plain(mean)}"}, "total")
