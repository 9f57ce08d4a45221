"""Nobody replied, nothing came in: a sum that has nothing to divide by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from bot.calculate.formulas import impossible
from bot.calculate.numbers import Kind, read_numbers
from bot.calculate.result import Calculation
from bot.calculate.roles import Lexicon

_NONE: Final = r"\b(?:no|zero|0|not (?:a|one|1|any)(?: single)?|(?:did|do|does|have|has|had) not (?:get|got|had|have|receive|received) any)"
_NOBODY: Final = (
    r"\b(?:nobody|no ?one|no-one|none(?: of (?:them|the \w+|our \w+|those))?|"
    r"(?:no|0|not (?:a|one|1)(?: single)?) (?:\w+ )?(?:customers?|people|person|clients?|guests?|one|soul|users?|members?))"
)
_DID_REPLY: Final = (
    r"(?: (?:has|have|had|at all|actually|ever|bothers?|bothered|to|would|will|did|does|who))*"
    r" (?:repl(?:y|ied|ies)|answer(?:s|ed)?|respond(?:s|ed)?|fill(?:s|ed)? (?:it|them|(?:in )?(?:the|our|a|an) \w+)|fill(?:s|ed)? in|"
    r"took part|takes part|complete[sd]?|sen[dt]s? (?:it|them) back|return(?:s|ed) (?:it|them)|came back|comes back|took the survey)\b"
)
_REPLIES: Final = (
    rf"{_NONE} (?:survey |customer |actual |new |single |csat |nps )?"
    r"(?:repl(?:y|ies)|responses?|answers?|respondents?|surveys? (?:back|returned|came back)|ratings?|scores?|feedback)\b"
)
_OF_PEOPLE: Final = rf"{_NOBODY}{_DID_REPLY}|{_REPLIES}"
_ENDS: Final = (
    r"(?=\s*(?:[.,;:?!)-]|$|(?:at all|this|that|last|today|yesterday|on|to|for|so|what|how|and|but|came|come|"
    r"were (?:taken|logged|received|made)|"
    r"(?:have |has |had )?(?:been )?(?:logged|taken|received)|"
    r"coming|all|in (?:the|a|total|january|february)|work|calculate|fcr|sla|whatever)\b))"
)


def _of_work(nouns: str) -> str:
    return rf"{_NONE} (?:new |customer |incoming |support )?(?:{nouns})\b{_ENDS}"


_WORK: Final = _of_work(r"cases?|contacts?|calls?|tickets?|enquir(?:y|ies)|quer(?:y|ies)|issues?|emails?|chats?|complaints?")
_SENT: Final = (
    r"\b(?:no|zero|0) (?:surveys?|invitations?|invites?|questionnaires?|forms?|emails?)"
    r"(?: (?:were|was|have been|had been|got|we|i|ever))*(?: (?:sent|handed|given|posted|went|go))(?: out)?\b"
    r"|\b(?:sent|handed|gave|posted)(?: out)? (?:no|zero|0) (?:surveys?|invitations?|invites?|questionnaires?|forms?)\b"
)
_BASES: Final[Mapping[str, str]] = {
    "nps": _OF_PEOPLE,
    "csat": _OF_PEOPLE,
    "ces": _OF_PEOPLE,
    "fcr": _WORK,
    "sla-attainment": _WORK,
    "response-rate": f"{_SENT}|{_OF_PEOPLE}",
    "reopen-rate": _of_work(r"cases?|tickets?|closed (?:cases?|tickets?)"),
    "complaint-rate": _of_work(r"orders?|sales?|customers?"),
    "return-rate": _of_work(r"orders?|sales?|items?|units?"),
    "repeat-rate": _of_work(r"customers?|buyers?|shoppers?"),
    "retention-rate": _of_work(r"customers? (?:at the (?:start|beginning)|to (?:start|begin) with)|members? at the (?:start|beginning)"),
}
_EMPTY: Final = {metric: re.compile(pattern) for metric, pattern in _BASES.items()}
_SENT_NONE: Final = re.compile(_SENT)
_ASKED: Final = re.compile(
    r"\b(?:sent|send|asked|invited|e?mailed|texted|posted|handed|gave|surveys?|forms?|questionnaires?|invitations?|people|customers?)\b"
)
# Someone who wants to know why, or how to do better, wants no sum.
_TALK: Final = re.compile(
    r"\b(?:why|because|explain\w*|difference|improve\w*|raise|increase|boost|avoid|prevent|more|better|should (?:i|we) (?:do|chase))\b"
)


def empty(text: str, lexicon: Lexicon) -> Calculation | None:
    """That there is nothing to divide by, if `text` says so; None when there are replies or cases after all."""
    pattern = _EMPTY.get(lexicon.metric)
    found = pattern.search(text) if pattern else None
    if found is None or _TALK.search(text):
        return None
    rest = f"{text[: found.start()]} , {text[found.end() :]}"
    counts = [number for number in read_numbers(rest) if number.kind not in (Kind.DURATION, Kind.BAND, Kind.REST) and number.value]
    if lexicon.metric == "response-rate" and not _SENT_NONE.search(text):
        return impossible("response-rate", "nobody-replied", {}) if not counts else None
    return impossible(lexicon.metric, "no-base", {}) if _all_were_asked(rest, [number.end for number in counts]) else None


def _all_were_asked(text: str, ends: list[int]) -> bool:
    """Whether every number counts people who were asked: those do not make a base."""
    return all(_ASKED.search(text, max(end - 40, 0), end + 40) for end in ends) and len(ends) <= 1
