"""What the clause around a count says of it: whether it counts failures, or something that is no case at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.calculate.numbers import Number

_OTHER_THINGS: Final = re.compile(
    r"\s*(?:\w+ ){0,2}?(?:(?:a|an|per|each|every) (?:day|week|month|hour|shift|year|agent|person)|(?:agents?|staff|colleagues|"
    r"shops?|stores?|"
    r"branch(?:es)?|teams?|questions?|targets?|criteria|points?|tips?|reasons?|examples?|ways?|words?|steps?|types?|kinds?|"
    r"years old|marks?|channels?|shifts?)\b)"
)

# What failures are called, whatever the metric, then for each metric that counts successes.
_FAILED: Final = (
    r"not|never|no longer|without|failed?|failures?|lost|lose|missed|miss|late|unhappy|dissatisfied|gave up|wrong|badly|bad|poor|worse|"
    r"complain\w*|moan\w*|unresolved|unanswered|ignored|only half"
)
_FAILURES: Final[Mapping[str, str]] = {
    "csat": r"livid|angry|cross|furious|fed up|upset|annoyed|disappointed|unimpressed|mad|sad|grumpy|neutral|hated|hate|terrible|"
    r"rubbish|awful|"
    r"raging|fuming|displeased|let down|grumbl\w*|cheesed off|neither|meh",
    "fcr": r"again|back|same|twice|repeat\w*|second|chas\w*|escalat\w*|transferred|passed on|passed up|bounced|more than once|"
    r"follow\w*|later",
    "ces": r"hard|difficult|tough|struggl\w*|nightmare|pain|faff|confus\w*",
    "response-rate": r"silent|silence|binned|bin|deleted|blank|nothing|bounced",
    "retention-rate": r"left|leave|leaving|went|gone|go|lapsed|cancel\w*|quit|drop\w*|elsewhere|rivals?|competitors?|switch\w*|"
    r"moved|stopped|"
    r"ended|churn\w*|walk\w*|defect\w*|disappear\w*|vanish\w*|ditch\w*|other lot|unsubscrib\w*",
    "sla-attainment": r"breach\w*|over|after|slow|slower|overdue|delayed|behind|outside|past|overran|exceed\w*|longer|too long|slipped|"
    r"dragged|overshot|beyond",
    "repeat-rate": r"once|one[- ]off|disappear\w*",
}
_SUCCEEDED: Final = re.compile(
    r"\b(?:not (?:have|need|had|come|came|ring|call|contact|late|leave|left|lost)|never (?:late|rang|came|called|left)|no (?:need|"
    r"trouble|bother|"
    r"problem)|without (?:trouble|bother|a problem|problems|any))\b"
)
# "no repeat contact", "nobody had to chase": a failure word that is denied speaks of success.
_DENIED: Final = r"\b(?:no|never|without|nobody|none|zero)\b(?:\s+\w+){0,3}?\s+"
_CLAUSE_END: Final = re.compile(r"[.,;:?!()\n]|\s-\s|\b(?:what|whats|wot|how|out of|from)\b|[0-9]")
_CLAUSE_START: Final = re.compile(r"[.,;?!()\n]|\s-\s|[0-9]")
_WORD: Final = re.compile(r"[a-z]{2,}")


def no_case(text: str, number: Number) -> bool:
    """Whether the number counts staff, shops, questions and the like, or is a daily rate."""
    return bool(_OTHER_THINGS.match(text, number.end))


def counts_failures(text: str, number: Number, metric: str) -> bool:
    """Whether the clause about the number tells of failures, for a metric that counts successes."""
    return _failed(_described(text, number), metric)


def _described(text: str, number: Number) -> str:
    """The clause that follows the number, else the one that leads up to it."""
    end = _CLAUSE_END.search(text, number.end)
    after = text[number.end : end.start() if end else len(text)]
    if _WORD.search(after):
        return after
    starts = [found.end() for found in _CLAUSE_START.finditer(text, 0, number.start)]
    return text[starts[-1] if starts else 0 : number.start]


def _failed(clause: str, metric: str) -> bool:
    words = _FAILURES.get(metric)
    if words is None or _SUCCEEDED.search(clause) or re.search(rf"{_DENIED}(?:{words})\b", clause):
        return False
    return bool(re.search(rf"\b(?:{_FAILED}|{words})\b", clause))
