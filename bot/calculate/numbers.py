"""The numbers in a message, each with what kind of number it is. Dates, clock times, scales and references are left out.

All functions here read text that has been through `spelling.plain_text`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Final


class Kind(Enum):
    """What a number counts or measures."""

    COUNT = "count"
    PERCENT = "percent"  # value in hundredths: 56 for 56 %
    SHARE = "share"  # a fraction in words, value in hundredths: 25 for "a quarter"
    MONEY = "money"  # pounds
    DURATION = "duration"  # value in `unit`
    BAND = "band"  # scores from `value` to `high`, not a count
    REST = "rest"  # "the rest", "everyone else"
    IGNORED = "ignored"


OPEN_LOW: Final = Fraction(-1000)  # "6 or below": down to the bottom of whichever scale it is
OPEN_HIGH: Final = Fraction(1000)  # "9 and up"


@dataclass(frozen=True)
class Number:
    """A number and where it stands in the plain text."""

    value: Fraction
    kind: Kind
    start: int
    end: int
    high: Fraction = Fraction(0)
    unit: str = ""
    ratio: tuple[int, int] | None = None  # a share as it was put: (9, 12) for "9 in every 12"

    def covers(self, low: int, high: int) -> bool:
        """Whether this score band lies within `low` to `high`, open ends allowed."""
        return self.kind is Kind.BAND and (self.value >= low or (low == 0 and self.value == OPEN_LOW)) and self.high <= high


UNIT_MINUTES: Final[Mapping[str, Fraction]] = {
    "second": Fraction(1, 60),
    "minute": Fraction(1),
    "hour": Fraction(60),
    "day": Fraction(1440),
    "week": Fraction(10080),
    "month": Fraction(43830),
    "year": Fraction(525960),
}
_UNIT: Final = r"(seconds?|secs?|minutes?|mins?|m|hours?|hrs?|hr|h|days?|weeks?|wks?|months?|mths?|years?|yrs?)"
_UNIT_NAMES: Final = (
    ("mi", "minute"),
    ("mo", "month"),
    ("mt", "month"),
    ("m", "minute"),
    ("s", "second"),
    ("h", "hour"),
    ("d", "day"),
    ("w", "week"),
    ("y", "year"),
)

_SECONDS: Final[Mapping[str, int]] = {"d": 86400, "h": 3600, "m": 60, "s": 1}
_PARTS: Final[Mapping[str, int]] = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_LARGEST_RATIO: Final = 100  # "9 in 12" is a way of speaking, "240 in 1,600" a count out of a count

_N: Final = r"[0-9]{1,12}(?:\.[0-9]{1,6})?"
_S: Final = r"(?:10|[0-9])"  # one score
_START: Final = r"(?<![0-9a-z.,/£#-])"
_STOP: Final = r"(?![0-9]|[.,/-][0-9]|\s*%)"
_COUNTED: Final = (
    r"(?:customers?|clients?|people|ppl|respondents?|replies|responses|surveys|calls?|contacts?|tickets?|cases?|emails?|orders?|chats?|"
    r"guests?|users?|members?|promoters?|detractors?|passives?|folk|of\b|out\b|%|were\b|in\b|times\b|"
    r"shoppers?|complaints?|queries|enquiries)"
)
_MONTH: Final = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# What several people do: after "9 out of 10" it shows that the ten are people, not the top of a scale.
_MANY_DID: Final = r"(?:said|say|are|have|had|repl(?:y|ied)|answer(?:ed)?|found|find|felt|feel|liked?|loved?|met|hit|got|get|came|come)\b"
_SCORED: Final = (
    r"(?:gave|gives?|given|giving|scored|scoring|scores|rated|rating|rate|ticked|tick|put|chose|picked|said|marked|voted|clicked|circled|"
    r"selected|answered|pressed|score of|scores of|rating of|ratings of|a mark of|went for)"
)
_SCORED_FILL: Final = (
    r"(?:\s+(?:us|it|me|them|an|a|the|number|with|as|at|option|box|either|only|just|between|from|score|" r"scores|of|between))*\s*:?\s*"
)

_Maker = Callable[["re.Match[str]"], "Number | None"]  # None: not what the pattern is for after all


def _number(found: re.Match[str], value: Fraction, kind: Kind, high: Fraction = Fraction(0), unit: str = "") -> Number:
    return Number(value, kind, found.start(), found.end(), high, unit)


def _ignored(found: re.Match[str]) -> Number:
    return _number(found, Fraction(0), Kind.IGNORED)


def _single(kind: Kind) -> _Maker:
    def make(found: re.Match[str]) -> Number:
        value = Fraction(found["n"])
        return _number(found, -value if found.groupdict().get("minus") else value, kind)

    return make


def _share(hundredths: Fraction) -> _Maker:
    return lambda found: _number(found, hundredths, Kind.SHARE)


def _ratio(found: re.Match[str]) -> Number | None:
    """ "9 in every 12", "2 thirds", "3/8 of": a share that remembers how it was put; more than the whole is no share."""
    part = int(found["n"]) if found["n"].isdigit() else 1
    base = int(found["base"]) if found["base"].isdigit() else _PARTS[found["base"].rstrip("s")]
    if not 0 <= part <= base or not 2 <= base <= _LARGEST_RATIO:
        return None
    return Number(Fraction(part * 100, base), Kind.SHARE, found.start(), found.end(), ratio=(part, base))


def unit_name(word: str) -> str:
    """The full singular name of a unit of time: `hrs` is `hour`."""
    return next(name for start, name in _UNIT_NAMES if word.startswith(start))


def _duration(found: re.Match[str]) -> Number:
    return _number(found, Fraction(found["n"]), Kind.DURATION, unit=unit_name(found["unit"]))


def _compound(found: re.Match[str]) -> Number:
    """A time of two or three parts: days and hours in hours, all others in minutes."""
    parts = found.groupdict()
    seconds = sum((Fraction(parts[key] or 0) * size for key, size in _SECONDS.items() if key in parts), Fraction(0))
    unit = "hour" if "d" in parts else "minute"
    return _number(found, seconds / 60 / UNIT_MINUTES[unit], Kind.DURATION, unit=unit)


def _band(found: re.Match[str]) -> Number:
    groups = found.groupdict()
    low = Fraction(groups["low"]) if groups.get("low") else OPEN_LOW
    high = Fraction(groups["high"]) if groups.get("high") else OPEN_HIGH
    return _number(found, min(low, high), Kind.BAND, max(low, high))


def _below(found: re.Match[str]) -> Number:
    return _number(found, OPEN_LOW, Kind.BAND, Fraction(found["n"]) - 1)


def _above(found: re.Match[str]) -> Number:
    return _number(found, Fraction(found["n"]) + 1, Kind.BAND, OPEN_HIGH)


def _score(found: re.Match[str]) -> Number:
    return _number(found, Fraction(found["n"]), Kind.BAND, Fraction(found["n"]))


# Tried in this order; a stretch of text already claimed is not read again.
_PATTERNS: Final[Sequence[tuple[str, _Maker]]] = (
    # plainly not data
    (r"\b24/7\b|#\s?[0-9]+|\b0[0-9]{9,10}\b|\b[0-9]{13,}\b|£?[0-9]{13,}", _ignored),
    (r"(?<![0-9])[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:20)?[0-9]{2}(?![0-9])|\b20[0-9]{2}-[0-9]{2}-[0-9]{2}\b", _ignored),
    (rf"\b[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}\b(?:,? 20[0-9]{{2}}\b)?", _ignored),
    (rf"\b{_MONTH},? (?:20[0-9]{{2}}\b|[0-9]{{1,2}}(?:st|nd|rd|th)\b)", _ignored),
    (r"\b[0-9]+(?:st|nd|rd|th)\b|\b(?:team|family) of [0-9]+\b", _ignored),
    (
        r"\b(?:in|since|during|until|by|year|from|for|throughout|of)\s+(?:20[0-4][0-9]|"
        r"19[0-9]{2})\b(?<!out of 2000)(?!\s*" + _COUNTED + r")",
        _ignored,
    ),
    (r"\b20[0-9]{2}[/-][0-9]{2}(?:[0-9]{2})?\b", _ignored),
    (r"\b[0-9]{1,2}(?:[:.][0-9]{2})?\s?(?:am|pm|o'?clock)\b|(?<![0-9:=x])\b[0-2]?[0-9]:[0-5][0-9]\b(?!\s*[,:=])", _ignored),
    (
        r"\b(?:level|unit|question|q|chapter|section|page|step|week|task|outcome|regulation|reg|article|part|"
        r"ac|lo|number|no\.|version|order no\.?|"
        r"order number|ref|round|wave|room|team|store|branch|tier|line)\s?\.?#?[0-9]+(?:\.[0-9]+)*\b(?!\s*%)",
        _ignored,
    ),
    # scales: "on a scale of 1 to 5", "a 0-10 scale", "the 11-point scale"
    (
        rf"\bscales?\s*(?:of|from|is|was|:)?\s*{_S}\s*(?:-|to|through)\s*{_S}\b|\b{_S}\s*(?:-|"
        rf"to)\s*{_S}\s+(?:point\s+)?scale\b|\b[0-9]+[ -]point\b",
        _ignored,
    ),
    (r"\btop (?:two|2)(?: box)?\b", _ignored),
    (r"(?<![0-9])[+-]?\s?100\s*(?:%\s*)?(?:to|and|up to|-)\s*(?:plus |\+)?100\b", _ignored),
    # times
    (
        rf"{_START}(?P<h>{_N})\s?(?:hours?|hrs?|h)\s?(?:and )?(?P<m>[0-9]{{1,2}})(?:\s?(?:minutes?|mins?|m)\b|"
        r"\b(?!\s*(?:hours?|hrs?|days?|h\b|%)))(?:\s?(?:and )?(?P<s>[0-5]?[0-9])\s?(?:seconds?|secs?|s)\b)?",
        _compound,
    ),
    (rf"{_START}(?P<d>{_N})\s?(?:days?|d)\s?(?:and )?(?P<h>[0-9]{{1,2}})\s?(?:hours?|hrs?|h)\b", _compound),
    (rf"{_START}(?P<m>{_N})\s?(?:minutes?|mins?|m)\s?(?:and )?(?P<s>[0-5]?[0-9])\s?(?:seconds?|secs?|s)\b", _compound),
    (
        rf"{_START}(?P<m>[0-9]{{1,3}})\s?(?:minutes?|mins?|m)\s?(?P<s>[0-5][0-9])"
        r"(?=\s*(?:[,;?!)&/]|\.(?![0-9])|$|(?:and|or|to|then|plus|an?|is|was|too|each|on average|per)\b))",
        _compound,
    ),
    (rf"{_START}(?P<n>{_N})[\s-]?(?:working |business |calendar |clock )?(?P<unit>{_UNIT[1:-1]})\b(?!')", _duration),
    (r"(?<![0-9])(?:1[1-9]|[2-9][0-9]|[0-9]{3,6})\s?-\s?(?:1[1-9]|[2-9][0-9]|[0-9]{3,6})(?![0-9%])", _ignored),
    # money and percentages
    (rf"(?P<minus>(?<![0-9a-z)%])-\s?)?£\s?(?P<n>{_N})", _single(Kind.MONEY)),
    (rf"{_START}(?P<n>{_N})\s?(?:pounds|gbp)\b", _single(Kind.MONEY)),
    (rf"(?<![0-9a-z.,])(?P<minus>(?<![0-9%)]\s)(?<![\w%)])-|(?<=\b)minus )?(?P<n>{_N})\s?%", _single(Kind.PERCENT)),
    # a score out of the top of its scale is not a count: "4 out of 5", "9/10"
    (rf"{_START}(?P<n>{_S})\s?/\s?(?:5|7|10)\b(?!\s*(?:of\b|{_COUNTED}))", _score),
    (
        rf"{_START}[0-9](?:\.[0-9])?\s+out\s+of\s+(?:5|7|10)\b(?!\s*{_COUNTED})(?!\s+\w+\s+{_COUNTED})(?!\s+{_MANY_DID})",
        _ignored,
    ),
    # a share in words or as one number of another: "9 in every 12", "2 thirds", "3/8 of"
    (rf"{_START}(?P<n>[0-9]{{1,3}})\s+(?:in|out\s+of|of|from)\s+(?:every|each)\s+(?P<base>[0-9]{{1,3}})\b{_STOP}", _ratio),
    (rf"{_START}(?P<n>[0-9]{{1,2}})\s+in\s+(?P<base>[0-9]{{1,3}})\b{_STOP}(?!\s*(?:{_UNIT[1:-1]}|{_MONTH})\b)", _ratio),
    (r"\b(?P<n>an?|[1-9])[ -](?P<base>thirds|quarters|(?:fourth|fifth|sixth|seventh|eighth|ninth|tenth)s?)\b", _ratio),
    (rf"{_START}(?P<n>[1-9])/(?P<base>[2-9])(?=\s+of\b)", _ratio),
    # score bands
    (rf"{_START}(?P<low>{_S})(?:'?s)?\s*(?:-|–|to|or|/)\s*(?:a\s+|an\s+)?(?P<high>{_S})(?:'?s)?\b(?!\s*%|\.[0-9]|\s*/)", _band),
    (rf"\bbetween\s+(?P<low>{_S})\s+and\s+(?P<high>{_S})\b{_STOP}(?!\s*(?:{_COUNTED}|{_UNIT}\b))", _band),
    (rf"{_START}(?P<low>{_S})'?s\s*(?:and|&|\+|,)\s*(?P<high>{_S})'?s\b(?=\s*(?:were|was|=|:|-|is|\))?)(?!\s*(?:,|and)\s*{_S}'?s)", _band),
    (rf"{_START}(?P<high>{_S})\s*(?:or|and|&)\s*(?:below|less|under|lower|fewer|worse|down|beneath)\b", _band),
    (rf"{_START}(?P<low>{_S})\s*(?:or|and|&)\s*(?:above|more|over|higher|better|up|upwards|upward)\b", _band),
    (rf"{_START}(?P<low>{_S})\s?(?:\+|plus\b)(?!\s*[0-9])", _band),
    (rf"\b(?:up to|at most|no more than|max(?:imum)?)\s+(?:an?\s+)?(?P<high>{_S})\b{_STOP}(?!\s*{_COUNTED})", _band),
    (rf"\b(?:at least|no less than)\s+(?:an?\s+)?(?P<low>{_S})\b{_STOP}(?!\s*{_COUNTED})", _band),
    (rf"\b(?:below|under|less than|lower than|fewer than)\s+(?:an?\s+)?(?P<n>{_S})\b{_STOP}(?!\s*{_COUNTED})", _below),
    (rf"\b(?:above|over|more than|higher than)\s+(?:an?\s+)?(?P<n>{_S})\b{_STOP}(?!\s*{_COUNTED})", _above),
    (
        rf"\b{_SCORED}{_SCORED_FILL}(?P<low>{_S})\s*(?:and|"
        rf"&)\s*(?P<high>{_S})\b{_STOP}(?!\s*{_COUNTED})(?!\s*(?:,|and)\s*[0-9])(?!\s+(?:\w+\s+)?{_SCORED})",
        _band,
    ),
    (
        rf"\b{_SCORED}{_SCORED_FILL}(?P<n>1?[0-9])(?:'?s)?\b{_STOP}(?!\s*{_COUNTED})(?!\s*(?:,|and|"
        rf"&)\s*{_S}\b{_STOP}(?!\s*(?:,\s*[0-9]+\s+)?[a-z]))",
        _score,
    ),
    (rf"{_START}(?P<low>{_S})\s*(?:and|&)\s*(?P<high>{_S})\s+(?:count|mean|as|make|scores?|ratings?|stars?)\b", _band),
    (rf"{_START}(?P<n>{_S})(?:\s?'?s\b|[ -]?stars?\b|\s?\*(?!\s?[0-9]))", _score),
    (rf"\b(?:an?|the)\s+(?P<n>{_S})\b{_STOP}(?!\s*{_COUNTED})(?!\s*[a-z])", _score),
    (rf"\b(?:an?)\s+(?P<n>{_S})\b{_STOP}(?=\s*(?:is|was|count|or|a\b|as|from|\?))", _score),
    # fractions in words
    (r"\b(?:a )?half\b(?!\s*(?:an?|past|hour|day|term|year|time|price)\b)", _share(Fraction(50))),
    (r"\b3/4\b|¾", _share(Fraction(75))),
    (r"\b(?:an?|one|1)[ -]quarter\b|\bquarter of\b(?!\s*(?:20|the year|an))|\b1/4\b|¼", _share(Fraction(25))),
    (r"\b2[ -]third\b|\b2/3\b", _share(Fraction(200, 3))),
    (r"\b(?:an?|one|1)[ -]third\b|\b1/3\b", _share(Fraction(100, 3))),
    (
        r"\b(?:all |and )?(?:the (?:rest|others?|remainder|remaining(?: ones)?)|rest|remainder|everyone else|"
        r"everybody else|all others?|others|remaining)\b"
        r"(?!\s+[0-9])",
        lambda found: _number(found, Fraction(0), Kind.REST),
    ),
    (
        r"\b(?:no|none|nobody|zero)(?=(?: of them)?(?: were| was)? (?:passives?|promoters?|detractors?|neutrals?|new)\b)",
        lambda found: _number(found, Fraction(0), Kind.COUNT),
    ),
    (
        r"\b(?:nobody|no ?one|none)(?: of (?:them|those|these))?"
        r"(?=(?: has| have| had| were| was| got)? (?:replied|responded|answered|complained|re-?opened|returned|left|cancelled|late)\b)",
        lambda found: _number(found, Fraction(0), Kind.COUNT),
    ),
    (
        r"(?<![0-9a-z.,£#])(?P<minus>(?<![0-9%)]\s)(?<![\w%)])-|" rf"(?<=\b)minus )?(?<![0-9a-z.,£#])(?P<n>{_N})(?![0-9]|[a-z]|\.[0-9])",
        _single(Kind.COUNT),
    ),
)
_COMPILED: Final[Sequence[tuple[re.Pattern[str], _Maker]]] = tuple((re.compile(pattern), maker) for pattern, maker in _PATTERNS)
_ANY: Final = re.compile(
    r"[0-9½¼¾]|\b(?:no|nobody|none|nothing|not (?:a|one)|"
    r"(?:did|do|does|have|has|had)(?:n.?t| not) (?:get|got|had|have|any)|"
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|"
    r"fou?rty|fifty|sixty|seventy|eighty|ninety|"
    r"hundred|thousand|dozen|half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth)",
    re.IGNORECASE,
)


def may_hold_numbers(text: str) -> bool:
    """A quick look at the raw message: False when it certainly holds no number."""
    return bool(_ANY.search(text))


def read_numbers(text: str) -> tuple[Number, ...]:
    """Every number and score band of plain `text` in reading order; whatever is not data is left out."""
    taken = bytearray(len(text) + 1)
    numbers: list[Number] = []
    for pattern, maker in _COMPILED:
        for found in pattern.finditer(text):
            if found.end() == found.start() or any(taken[found.start() : found.end()]):
                continue
            number = maker(found)
            if number is not None:
                taken[found.start() : found.end()] = b"\x01" * (found.end() - found.start())
                numbers.append(number)
    return tuple(sorted((number for number in numbers if number.kind is not Kind.IGNORED), key=lambda number: number.start))


_LIST_GAP: Final = re.compile(r"[\s,;/|&]*(?:and|then|plus)?[\s,;/|&]*$")


def runs(text: str, numbers: Sequence[Number]) -> tuple[tuple[Number, ...], ...]:
    """Numbers listed one after another with only commas, spaces or "and" between them, as groups."""
    groups: list[list[Number]] = []
    for number in numbers:
        if groups and _LIST_GAP.match(text[groups[-1][-1].end : number.start]):
            groups[-1].append(number)
        else:
            groups.append([number])
    return tuple(tuple(group) for group in groups)
