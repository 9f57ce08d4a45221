"""Whether a message asks for a sum, for which metric, and the sum."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.calculate.claims import over_a_hundred
from bot.calculate.deadlines import deadline
from bot.calculate.empty import empty
from bot.calculate.formulas import FORMULAS
from bot.calculate.lifetime import lifetime_value
from bot.calculate.numbers import may_hold_numbers
from bot.calculate.reading import read
from bot.calculate.result import Calculation, Outcome
from bot.calculate.roles import ASKS, DEFINES, LEXICONS, PASSES, STORIES, SUMS, Lexicon
from bot.calculate.sizes import by_size
from bot.calculate.spelling import plain_text
from bot.calculate.times import average_time

_LONGEST: Final = 2000  # characters read; no sum needs more
_DIRECT: Final[Mapping[str, Callable[[str], Calculation | None]]] = {"average-time": average_time, "lifetime-value": lifetime_value}
_NAME_AFTER: Final = re.compile(r"\s*(?:[?=:,.-]|$|(?:please|pls|plz|for|with|if|where|when)\b)")
_NAME_BEFORE: Final = re.compile(
    r"\b(?:what(?: is|'?s|s| was| would| will)|calculate|calculating|work out|find|how much is|give me|tell me)\s+(?:be |the |my |"
    r"our |that )*$"
)
_FOLLOW_UP: Final = re.compile(r"^\s*(?:and |so |ok |but )*(?:what |how )?(?:if|about)\b")


@dataclass(frozen=True)
class _Signs:
    """What the message shows besides its numbers."""

    asks: bool  # wants something, perhaps a sum
    sums: bool  # plainly wants a sum
    passes: bool  # asks whether a target was hit
    defines: bool  # asks what something is
    story: bool  # tells of goods, rights or refunds


@dataclass(frozen=True)
class _Candidate:
    """A metric the message may be about, and how sure that is."""

    lexicon: Lexicon
    named: bool
    topical: bool
    at: int


@dataclass(frozen=True)
class _Attempt:
    calculation: Calculation
    strong: int
    paired: int
    weighty: bool  # some number is more than a score could be
    sized: bool = False  # roles given by size alone


def calculate(text: str, *, topic: str | None = None) -> Calculation | None:
    """The sum that `text` asks for, or None when it does not ask for one.

    `topic` is the slug of the metric under discussion, which a follow-up may leave unsaid.
    """
    if not may_hold_numbers(text[:_LONGEST]):
        return None
    plain = plain_text(text[:_LONGEST])
    last_day = deadline(plain)
    if last_day:
        return last_day
    signs = _Signs(*(bool(pattern.search(plain)) for pattern in (ASKS, SUMS, PASSES, DEFINES, STORIES)))
    candidates = _candidates(plain, topic, signs)
    hopeless = next((found for candidate in candidates if (found := _hopeless(plain, candidate, signs))), None)
    if hopeless:
        return hopeless
    attempts = [(candidate, attempt) for candidate in candidates if (attempt := _permitted(plain, candidate, signs))]
    return _best(attempts)


def _hopeless(plain: str, candidate: _Candidate, signs: _Signs) -> Calculation | None:
    """Why there can be no such result: nothing to divide by, or a rate over 100 % that somebody claims."""
    followed_up = candidate.topical and bool(_FOLLOW_UP.search(plain))
    if not (candidate.named or followed_up):
        return None
    nothing = empty(plain, candidate.lexicon) if signs.asks or followed_up else None
    if nothing or not candidate.named or candidate.lexicon.metric in _DIRECT:
        return nothing
    attempt = _attempt(plain, candidate)
    return over_a_hundred(plain, candidate.lexicon, attempt.calculation if attempt else None)


def _permitted(plain: str, candidate: _Candidate, signs: _Signs) -> _Attempt | None:
    """What the cues make of the message, or when they settle nothing, what the sizes of its numbers do."""
    attempt = _attempt(plain, candidate)
    allowed = attempt if attempt and _allowed(candidate, attempt, signs) else None
    if allowed and allowed.calculation.outcome is not Outcome.MISSING:
        return allowed
    if attempt and attempt.calculation.outcome is Outcome.IMPOSSIBLE:
        return None
    return _sized(plain, candidate, signs) or allowed


def _candidates(plain: str, topic: str | None, signs: _Signs) -> Sequence[_Candidate]:
    """Metrics named in the message, else the topic, else those it describes; the first named comes first."""
    named = []
    for lexicon in LEXICONS.values():
        found = lexicon.names.search(plain)
        if found:
            named.append(_Candidate(lexicon, True, lexicon.metric == topic, found.start()))
    described = [
        _Candidate(lexicon, False, lexicon.metric == topic, found.start())
        for lexicon in LEXICONS.values()
        if not lexicon.names.search(plain) and (found := lexicon.hints.search(plain))
    ]
    topical = []
    if (
        topic is not None
        and topic in LEXICONS
        and not signs.story
        and all(candidate.lexicon.metric != topic for candidate in (*named, *described))
    ):
        topical.append(_Candidate(LEXICONS[topic], False, True, 0))
    others = sorted((*described, *topical), key=lambda candidate: not candidate.topical)
    return (*sorted(named, key=lambda candidate: candidate.at), *others)


def _attempt(plain: str, candidate: _Candidate) -> _Attempt | None:
    metric = candidate.lexicon.metric
    if metric in _DIRECT:
        calculation = _DIRECT[metric](plain)
        return _Attempt(calculation, 2, 2, True) if calculation else None
    reading = read(plain, candidate.lexicon)
    if not reading.amounts:
        return None
    top = candidate.lexicon.scale[1] if candidate.lexicon.scale else 0
    weighty = bool(reading.tallies) or any(amount.value > top or amount.is_percent for amount in reading.amounts.values())
    return _Attempt(FORMULAS[metric](reading), reading.strong, reading.paired, weighty)


def _sized(plain: str, candidate: _Candidate, signs: _Signs) -> _Attempt | None:
    """The sum by size alone, for a message that plainly asks for this metric."""
    lexicon = candidate.lexicon
    if lexicon.metric in _DIRECT or signs.defines or signs.story:
        return None
    passes = signs.passes and lexicon.metric == "sla-attainment"
    if not (
        signs.sums or passes or (candidate.named and _asked_by_name(plain, lexicon)) or (candidate.topical and _FOLLOW_UP.search(plain))
    ):
        return None
    reading = by_size(plain, lexicon, read(plain, lexicon))
    return _Attempt(FORMULAS[lexicon.metric](reading), reading.strong, reading.paired, True, sized=True) if reading else None


def _asked_by_name(plain: str, lexicon: Lexicon) -> bool:
    return any(
        _NAME_AFTER.match(plain, found.end()) or _NAME_BEFORE.search(plain[: found.start()]) for found in lexicon.names.finditer(plain)
    )


def _allowed(candidate: _Candidate, attempt: _Attempt, signs: _Signs) -> bool:
    """Whether the message is plainly a request for this sum."""
    if attempt.calculation.outcome is Outcome.MISSING:
        return _allowed_unfinished(candidate, attempt, signs)
    if candidate.named or candidate.topical:
        return attempt.strong >= 2 or (attempt.strong > 0 and not signs.defines and (attempt.paired >= 2 or signs.asks))
    if signs.defines or signs.story:
        return False
    sums = signs.sums or (signs.passes and candidate.lexicon.metric == "sla-attainment")
    return attempt.strong > 0 and attempt.paired >= 2 and (sums or bool(candidate.lexicon.plain_parts))


def _allowed_unfinished(candidate: _Candidate, attempt: _Attempt, signs: _Signs) -> bool:
    """A sum that lacks a number must be asked for, of a metric that is named or under discussion, with a number of some weight."""
    sure = candidate.named or (candidate.topical and not signs.story)
    return sure and attempt.strong > 0 and attempt.weighty and signs.asks and not signs.defines


_ORDER: Final[Mapping[Outcome, int]] = {Outcome.ANSWER: 0, Outcome.IMPOSSIBLE: 1, Outcome.MISSING: 2}


def _best(attempts: Sequence[tuple[_Candidate, _Attempt]]) -> Calculation | None:
    """Named metrics before the rest; among equals an answer before a problem, then the order they came in."""
    if not attempts:
        return None
    ranked = sorted(attempts, key=lambda pair: (not pair[0].named, not pair[0].topical, _ORDER[pair[1].calculation.outcome], pair[1].sized))
    return ranked[0][1].calculation
