"""Last days that consumer law counts out: to cancel, to reject, to pay the refund. Consumer Contracts Regulations 2013, regulations 30
and 34; Consumer Rights Act 2015, section 22.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.calculate.dates import COMMON_YEAR, Day, Mention, read_days
from bot.calculate.formulas import answer, impossible, missing
from bot.calculate.result import Calculation

_METRIC: Final = "deadline"
_ASKS_A_DAY: Final = re.compile(
    r"\b(?:last|latest|final|closing) (?:possible |legal )?(?:day|date|moment)|\b(?:by|until|till|up to) (?:when|what|which)\b|"
    r"\bdeadline\b|"
    r"\b(?:what|which) (?:is the |exact |last )*(?:day|date)\b|"
    r"\bwhen (?:do|does|did|is|are|must|can|will|would|has|have|should|at the latest)\b|"
    r"\bhow long (?:do|does|has|have|can|is)\b|\b(?:latest|last) (?:she|he|they|we|i|you|the \w+) (?:can|may|must|could)\b"
)
_WANTS_TALK: Final = re.compile(r"\b(?:why|explain\w*|difference|what does .* mean|true or false|which law|which act|which section|quiz)\b")


@dataclass(frozen=True)
class _Right:
    """A period of so many days after the day of an event; of two such days the first or the last counts."""

    name: str
    days: int
    asked: re.Pattern[str]
    events: Sequence[str]  # the events that start it; an earlier one in the list decides
    other: re.Pattern[str]  # what the message is about if this period does not apply


_RIGHTS: Final[Sequence[_Right]] = (
    _Right(
        "reject",
        30,
        re.compile(r"\b(?:reject\w*|short[- ]term right|rejection)\b"),
        ("installed", "delivered", "bought"),
        re.compile(r"\b(?:final right|after (?:a |the )?(?:1 )?repair|perishable|fresh|flowers|milk|hire|hired|repair\w*|replac\w*)\b"),
    ),
    _Right(
        "refund",
        14,
        re.compile(
            r"\b(?:refund\w*|re-?imburse\w*|pay(?:ing)? (?:her|him|them|it|the (?:money|customer))? ?back|money back|"
            r"give (?:the )?money back|repay)\b"
        ),
        ("proof", "back"),
        re.compile(
            r"\b(?:faulty|broken|defective|reject\w*|agreed|(?<!customer )services?|collect(?:s|ed|ing)?|in (?:our|the|a) (?:shop|store))\b"
        ),
    ),
    _Right(
        "cancel",
        14,
        re.compile(r"\b(?:cancel\w*|cooling[- ]off|chang(?:e|es|ed|ing) (?:her|his|my|our|their|your) minds?|withdraw)\b"),
        ("delivered",),
        re.compile(
            r"\b(?:in[- ](?:our |the |a )?(?:shop|store)|over the counter|(?<!customer )services?|memberships?|subscription|downloads?|"
            r"gym|broadband|insurance|made to measure|bespoke|personalised|send (?:it|them|the \w+) back|"
            r"private seller|send (?:her|him) back|meeting|appointment)\b"
        ),
    ),
)
# What happened on a day, in the words next to it.
_EVENTS: Final[Mapping[str, re.Pattern[str]]] = {
    "proof": re.compile(r"\b(?:proof|evidence|certificate)(?: (?:of|that|it|was|she|he|they|posting|postage|sending|sent))*\b"),
    "back": re.compile(
        r"\b(?:return(?:ed)?(?: \w+)? (?:reached|arrived|came|got to)(?: (?:us|back))*|"
        r"(?:came|come|arrived?|got|had|handed|brought|is|was|were|are|goods|item|parcel|it|received)"
        r"(?: (?:it|them|the \w+|goods))? back|"
        r"back (?:with us|to us|in (?:our|the) \w+|at (?:our|the) \w+)|(?:was |were |been |goods |are |have )*returned(?: to us)?"
        r"(?! (?:it|them|the|her|his|my|their)\b)|"
        r"received (?:the |her |his |their )?(?:return\w*|returned \w+)|returned (?:goods|items?|parcel)\b|return (?:arrived|reached us))"
    ),
    "posted": re.compile(r"\b(?:(?:posts?|posted|sent|sends|put|returned)(?: (?:it|them|the \w+))?(?: (?:back|off|in the post))?)\b"),
    "told": re.compile(
        r"\b(?:cancelled|told us|notified|informed|emailed us|rang us|changed (?:her|his|their) mind|complained|rejected)\b"
    ),
    "installed": re.compile(r"\b(?:install(?:ed|ation|s)?|fitted|plumbed in|fitting|set up|assembled)\b"),
    "delivered": re.compile(
        r"\b(?:deliver(?:ed|y|s)|arriv(?:ed|es|al|ing)|received|receives|got|gets|came|comes|turned up|turns up|"
        r"collect(?:ed|s|ion)|picked up|"
        r"handed over|dropped off|reached|took (?:it|them) home|landed|has had (?:it|them)|had (?:it|them)|"
        r"came into (?:her|his|their) possession)\b"
    ),
    "bought": re.compile(r"\b(?:bought|buys?|purchased?|sold|paid)\b"),
    "ordered": re.compile(r"\b(?:ordered|placed|order (?:was )?(?:placed|made)|order date|contract|signed)\b"),
}  # fmt: skip
_FAR: Final = 60  # characters between a day and the words that say what happened on it
_CANCELLED: Final = re.compile(r"\bcancelled\b|\b(?:returned|posted|sent) (?:it|them|the \w+)\b")
_SENTENCE: Final = re.compile(r"[.?!;](?:\s|$)")
_AFTER: Final = 4
_BREAK: Final = 10
_AND: Final = re.compile(r"^\s*(?:,|and|&|, and)\s*(?:on )?(?:the )?$")
_BY_DISTANCE: Final = re.compile(r"\b(?:online|web\w*|internet|app|by phone|telephone|catalogue|mail order|deliver\w*|arriv\w*|distance)\b")


@dataclass(frozen=True)
class _Sighting:
    """Words that say what happened on some day."""

    event: str
    start: int
    end: int


def deadline(text: str) -> Calculation | None:
    """The last day that plain `text` asks for; None unless it gives a day and asks for one."""
    if not _ASKS_A_DAY.search(text) or _WANTS_TALK.search(text):
        return None
    mentions = read_days(text)
    right = _right(text)
    if not mentions or right is None:
        return None
    wrong = next((mention.day for mention in mentions if not mention.day.exists), None)
    if wrong:
        return impossible(_METRIC, "no-such-day", {"day": wrong.shown})
    return _counted(text, right, _by_event(text, mentions))


def _right(text: str) -> _Right | None:
    """The period that is asked about; a refund is counted out only once the goods came back or the purchase was cancelled."""
    for right in _RIGHTS:
        asked = right.asked.search(text) and not right.other.search(text)
        if asked and (right.name != "refund" or _CANCELLED.search(text) or _came_back(text)):
            return right
    return None


def _came_back(text: str) -> bool:
    return any(_EVENTS[event].search(text) for event in ("proof", "back"))


def _by_event(text: str, mentions: Sequence[Mention]) -> Mapping[str, list[Day]]:
    """The days of the message under what happened on them: the nearest words and days go together, each of them once."""
    sightings = _sightings(text)
    pairs = sorted(
        (cost, place, number)
        for place, mention in enumerate(mentions)
        for number, sighting in enumerate(sightings)
        if (cost := _cost(text, mention, sighting)) <= _FAR
    )
    events: dict[int, str] = {}
    used: set[int] = set()
    for _, place, number in pairs:
        if place not in events and number not in used:
            events[place] = sightings[number].event
            used.add(number)
    days: dict[str, list[Day]] = {}
    for place, mention in enumerate(mentions):
        if place not in events and place - 1 in events and _AND.match(text[mentions[place - 1].end : mention.start]):
            events[place] = events[place - 1]
        if place in events:
            days.setdefault(events[place], []).append(mention.day)
    return days


def _sightings(text: str) -> Sequence[_Sighting]:
    """What the message says happened, in the order of `_EVENTS` where words overlap."""
    kept: list[_Sighting] = []
    for event, pattern in _EVENTS.items():
        for found in pattern.finditer(text):
            if not any(found.start() < other.end and other.start < found.end() for other in kept):
                kept.append(_Sighting(event, found.start(), found.end()))
    return kept


def _cost(text: str, mention: Mention, sighting: _Sighting) -> int:
    """How far the words stand from the day: further if they follow it, and across a comma, an "and" or the end of a sentence."""
    before = sighting.end <= mention.start
    gap = text[sighting.end : mention.start] if before else text[mention.end : sighting.start]
    breaks = len(re.findall(r",|\b(?:and|but|then)\b", gap))
    return len(gap) + breaks * _BREAK + (0 if before else _AFTER) + (_FAR if _SENTENCE.search(gap) else 0)


def _counted(text: str, right: _Right, days: Mapping[str, Sequence[Day]]) -> Calculation | None:
    event = next((event for event in right.events if event in days), None)
    if event is None or (event == "bought" and _BY_DISTANCE.search(text)):
        return missing(_METRIC, right.name, {}) if days else None
    first = _first_to_count(right, days[event])
    last = first.after(right.days)
    shown = {"result": _either(last), "first": first.shown, "days": str(right.days), "working": _working(first, right.days)}
    return answer(_METRIC, shown, right.name)


def _first_to_count(right: _Right, days: Sequence[Day]) -> Day:
    """Of several deliveries the last one counts, of several days on which the goods came back the first."""
    ordered = sorted(days, key=lambda day: (day.year or 0, day.month, day.day))
    return ordered[0] if right.name == "refund" else ordered[-1]


def _either(days: Sequence[Day]) -> str:
    """The last day in full; two of them where it depends on a leap year."""
    return days[0].shown if len(days) == 1 else f"{days[0].shown} ({days[1].shown} in a leap year)"


def _working(first: Day, days: int) -> str:
    """The counting: the day itself is day 0, with the last day of its month on the way."""
    length = monthrange(first.year or COMMON_YEAR, first.month)[1]
    marks = sorted({1, length - first.day} & set(range(1, days)))
    steps = [f"{first.shown} is day 0", *(f"{first.after(mark)[0].short} is day {mark}" for mark in marks)]
    return ", ".join([*steps, f"{_either(first.after(days))} is day {days}"])
