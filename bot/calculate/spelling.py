"""A learner's message made plain: lower case, ordinary punctuation, number words as digits, key words spelt right."""

# ruff: noqa: SIM905 - word lists read better as words

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from rapidfuzz import fuzz, process

_PUNCTUATION: Final = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "‑": "-", "×": "x", "\u00a0": " ", "½": " half "}
)

_UNITS: Final[Mapping[str, int]] = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
        "nineteen".split()
    )
}
_TENS: Final[Mapping[str, int]] = {
    word: 10 * value for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES: Final[Mapping[str, int]] = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}
_MISSPELT: Final[Mapping[str, str]] = {
    "fourty": "forty", "fourtyfive": "forty-five", "hundered": "hundred", "hundread": "hundred", "hunderd": "hundred",
    "houndred": "hundred",
    "thousend": "thousand", "thousands": "thousand", "thosand": "thousand", "fivety": "fifty", "fiveteen": "fifteen", "twelf": "twelve",
    "twelwe": "twelve", "ninty": "ninety", "ninteen": "nineteen", "therty": "thirty", "thirthy": "thirty", "eigth": "eight",
    "eigthy": "eighty", "twenny": "twenty", "seventey": "seventy", "sixity": "sixty", "tweny": "twenty", "hundreds": "hundred",
}  # fmt: skip
_NUMBER_WORDS: Final = "|".join(sorted({*_UNITS, *_TENS, *_SCALES, *_MISSPELT} - {"dozen"}, key=len, reverse=True))
_SPELT: Final = re.compile(
    r"\b(?:(?:an?|the)\s+(?=hundred\b|thousand\b|million\b|dozen\b|"
    r"couple\b))?(?:[0-9]+(?:\.[0-9]+)?\s+(?=hundred|thousand|million|dozen))?"
    rf"(?:{_NUMBER_WORDS}|dozen|couple)(?:(?:[\s-]+|\s+and\s+)(?:{_NUMBER_WORDS}|dozen))*\b"
)
_PRONOUN_BEFORE: Final = re.compile(r"\b(?:which|this|that|the|any|some|each|every|last|next|no|right|wrong|other|good|bad|another)\s+$")
_PRONOUN_AFTER: Final = re.compile(
    r"\s+(?:of\s+(?:the|our|my|us|them|your|these|those)\b|is\b|another\b|thing\b|day\b|more thing\b|" r"person\b)"
)
_PLURALS: Final[Mapping[str, str]] = {
    "ones": "1s", "twos": "2s", "threes": "3s", "fours": "4s", "fives": "5s", "sixes": "6s", "sevens": "7s", "eights": "8s",
    "nines": "9s", "tens": "10s", "zeros": "0s", "zeroes": "0s",
}  # fmt: skip
_PLURAL: Final = re.compile(r"\b(" + "|".join(_PLURALS) + r")\b")
_NEW_ONES: Final = re.compile(r"\b(?:new|old|these|those|the|other|good|bad|happy|unhappy|late|existing|lost|which|what)\s+$")

_REWRITES: Final[Sequence[tuple[re.Pattern[str], str]]] = (
    (re.compile(r"\b(ca|wo)n'?t\b(?<!want)"), "can not"),
    (re.compile(r"\b(did|was|were|is|are|has|have|had|could|would|should|do|does|need)n'?t\b"), r"\1 not"),
    (re.compile(r"\b(?:three|3) quarters of an hour\b"), "45 minutes"),
    (re.compile(r"\bquarter of an hour\b"), "15 minutes"),
    (re.compile(r"\b(?:an|one|1) hour and a half\b"), "1.5 hours"),
    (re.compile(r"\bhalf an? hour\b|\bhalf hour\b"), "30 minutes"),
    (re.compile(r"\ban hour\b"), "1 hour"),
    (re.compile(r"\bper\s?cent\b|\bpercents\b|\bpct\b"), "%"),
    (re.compile(r"\bpounds?\b|\bquid\b"), "pounds"),
)
_AFTER_DIGITS: Final[Sequence[tuple[re.Pattern[str], str]]] = (
    (re.compile(r"(?<![0-9.,])([0-9]{1,3}(?:,[0-9]{3})+)(?![0-9])"), "commas"),
    (re.compile(r"(?<![0-9.,/-])(?<![0-9]\s)([1-9][0-9]{0,2}(?: [0-9]{3})+)(?![0-9.,]|\s[0-9])"), "spaces"),
    (re.compile(r"(?<![0-9.])([0-9]{1,6}(?:\.[0-9]{1,3})?)k\b"), "k"),
)
_AND_A_HALF: Final = re.compile(r"\b([0-9]+) and a half\b")

KEY_WORDS: Final[Sequence[str]] = (
    "promoters", "promoter", "passives", "passive", "detractors", "detractor", "satisfied", "dissatisfied", "unsatisfied", "satisfaction",
    "unhappy", "happy", "resolved", "unresolved", "resolution", "contacts", "contact", "contacted", "customers", "customer", "response",
    "responses", "responded", "respond", "respondents", "replies", "replied", "reply", "returned", "returns", "return", "reopened",
    "retention", "retained", "complaints", "complaint", "complained", "complain", "average", "median", "survey", "surveys", "percentage",
    "calculate", "recommend", "target", "tickets", "orders", "minutes", "hours", "churn", "cancelled", "joined", "stayed", "started",
    "beginning", "neutral", "questionnaires", "invited", "altogether", "effort", "attainment", "lifetime", "repeat", "purchase",
    "enquiries", "queries", "sorted", "excluded", "remaining", "missed", "within", "breached", "delivered", "received", "completed",
)  # fmt: skip
_KNOWN: Final = frozenset(KEY_WORDS) | frozenset(
    "contract contracts contracted compliment compliments compliant promote promotes promoted restored resorted retailer retailers "
    "detract target targets ticket order ordered minute repeated purchased purchases invite invites hourly hotel house hotels returning "
    "retain retains receives receive complete completes surveyed surveying person persons responding deliver delivers "
    "delivery deliveries stated starter start store stored sort sorts solved turned trained remained remain remains exclude "
    "includes included percentages calculated calculator calculation recommended recommends passed massive active attended "
    "persuasive effect affect efforts customs custom happily happen happened happens churned choose yours ours hurt "
    "sold joining cancel cancels stay stays miss misses dismissed without whiting queried inquiries enquiry query contents content "
    "retuning return-rate responsible responsive started starting others borders border replaced replace replies reapply supplied "
    "supplies applied applies missing mixed missive medium media reason reasons".split()
)
_WORD: Final = re.compile(r"[a-z]{4,}")
_CUTOFF: Final = 84.0


def plain_text(text: str) -> str:
    """The message in lower case with plain punctuation, contractions opened, number words as digits and key words spelt right."""
    lowered = text.lower().translate(_PUNCTUATION)
    for pattern, replacement in _REWRITES:
        lowered = pattern.sub(replacement, lowered)
    digits = _in_digits(lowered)
    return _WORD.sub(lambda found: _spelt_right(found.group()), digits)


def _in_digits(text: str) -> str:
    text = _PLURAL.sub(lambda found: found.group() if _NEW_ONES.search(text[: found.start()]) else _PLURALS[found.group(1)], text)
    text = _SPELT.sub(_digits_for, text)
    text = _AND_A_HALF.sub(r"\1.5", text)
    for pattern, style in _AFTER_DIGITS:
        text = pattern.sub(_thousands if style == "k" else _joined, text)
    return text


def _joined(found: re.Match[str]) -> str:
    return found.group(1).replace(",", "").replace(" ", "")


def _thousands(found: re.Match[str]) -> str:
    value = Fraction(found.group(1)) * 1000
    return str(int(value)) if value.denominator == 1 else str(float(value))


def _digits_for(found: re.Match[str]) -> str:
    words = found.group()
    if words == "one" and (_PRONOUN_BEFORE.search(found.string[: found.start()]) or _PRONOUN_AFTER.match(found.string, found.end())):
        return words
    parts = [_MISSPELT.get(part, part) for part in re.split(r"[\s-]+", words)]
    return (" and " if "and" in parts else " ").join(_values(parts))


def _values(parts: Sequence[str]) -> list[str]:
    """The numbers spelt by `parts`; "nine ten" is two numbers, "one thousand two hundred and five" is one."""
    done: list[Fraction] = []
    total = current = Fraction(0)
    room = 0  # what may still be added to `current`: below 100 after a ten, below 1000 after a hundred
    open_number = False
    for part in parts:
        if part in ("and", "a", "an", "the"):
            continue
        if part in _SCALES:
            scale = _SCALES[part]
            if scale >= 1000:
                total, current, room = total + (current or 1) * scale, Fraction(0), 1000
            else:
                current, room = (current or Fraction(1)) * scale, scale
            open_number = True
            continue
        value = _value_of(part)
        if open_number and value >= room:
            done.append(total + current)
            total = current = Fraction(0)
        current = current + value
        room = 10 if part in _TENS else 0
        open_number = True
    done.append(total + current)
    return [str(int(value)) if value.denominator == 1 else str(float(value)) for value in done]


def _value_of(part: str) -> Fraction:
    if part in _UNITS:
        return Fraction(_UNITS[part])
    if part == "couple":
        return Fraction(2)
    return Fraction(_TENS[part]) if part in _TENS else Fraction(part)


def _spelt_right(word: str) -> str:
    if word in _KNOWN:
        return word
    best = process.extractOne(word, KEY_WORDS, scorer=fuzz.ratio, score_cutoff=_CUTOFF)
    return best[0] if best and best[0][0] == word[0] and abs(len(best[0]) - len(word)) <= 2 else word
