"""Marks an answer to the item shown, and explains that very answer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from typing import Protocol, cast

from bot.content.questions import Item, Matching, Multiple, Numeric, Ordering, Short, Single, TrueFalse
from bot.quiz.given import Amount, Given, OwnWords, Places
from bot.quiz.short_answer.result import ShortMark
from bot.quiz.shown import Shown

_TOLERANCE = Fraction(1, 2)  # of the last decimal place asked for


class Verdict(str, Enum):
    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"


class ShortMarker(Protocol):
    """Whoever marks answers in the learner's own words."""

    def mark(self, item: Short, text: str) -> ShortMark: ...


@dataclass(frozen=True)
class Mark:
    """`why` explains what was wrong with this answer, most important first; `chosen` is the answer in a few characters, as items have it.

    `left` counts what is still missing of a multiple choice.
    """

    verdict: Verdict
    why: tuple[str, ...] = ()
    chosen: str = ""
    left: int = 0


def mark(shown: Shown, given: Given, shorts: ShortMarker) -> Mark | None:
    """The mark, or None for an answer in own words that cannot be read as one. `given` comes from `read_given` of the same item."""
    item = shown.item
    if isinstance(item, Short):
        return _short(item, shorts.mark(item, cast("OwnWords", given).text))
    if isinstance(item, Numeric):
        return _numeric(shown, item, cast("Amount", given).value)
    places = cast("Places", given).places
    if isinstance(item, Single):
        return _single(item, places[0])
    if isinstance(item, TrueFalse):
        return _statement(item, places[0])
    if isinstance(item, Multiple):
        return _multiple(item, places)
    return _ordering(item, places) if isinstance(item, Ordering) else _matching(item, places)


def right_answer(shown: Shown) -> str:
    """The right answer in words, as it would be said to a learner; steps and pairs as a list."""
    item = shown.item
    if isinstance(item, Single):
        return next(choice.text for choice in item.choices if choice.right)
    if isinstance(item, Multiple):
        return "\n".join(f"- {choice.text}" for choice in item.choices if choice.right)
    if isinstance(item, TrueFalse):
        return "True" if item.true else "False"
    if isinstance(item, Ordering):
        return "\n".join(f"{number}. {step.text}" for number, step in enumerate(item.steps, 1))
    if isinstance(item, Matching):
        return "\n".join(f"- {pair.left}: {pair.right}" for pair in item.pairs)
    return amount_in_words(shown.sum_of(item.result), item) if isinstance(item, Numeric) else item.model


def amount_in_words(value: Fraction, item: Numeric) -> str:
    """A number as the item's unit has it: £45, 43.5%, 12 hours."""
    number = f"{float(abs(value)):,.{item.decimals}f}"
    sign = "-" if value < 0 else ""
    if item.unit in ("£", "pounds"):
        return f"{sign}£{number}"
    return f"{sign}{number}%" if item.unit == "%" else f"{sign}{number} {item.unit}".strip()


def can_try_again(item: Item) -> bool:
    """Two verdicts leave nothing to try once one of them was wrong."""
    return not isinstance(item, TrueFalse)


def _single(item: Single, place: int) -> Mark:
    choice = item.choices[place]
    return Mark(Verdict.RIGHT if choice.right else Verdict.WRONG, () if choice.right else (choice.why,), str(place))


def _statement(item: TrueFalse, place: int) -> Mark:
    right = (place == 0) == item.true
    return Mark(Verdict.RIGHT if right else Verdict.WRONG, () if right else (item.why_wrong,), str(place))


def _multiple(item: Multiple, places: tuple[int, ...]) -> Mark:
    wrongly = tuple(item.choices[place] for place in places if not item.choices[place].right)
    left = sum(choice.right for choice in item.choices) - (len(places) - len(wrongly))
    chosen = "".join(map(str, places))
    if not wrongly and not left:
        return Mark(Verdict.RIGHT, (), chosen)
    verdict = Verdict.PARTLY if len(places) > len(wrongly) and len(places) < len(item.choices) else Verdict.WRONG
    return Mark(verdict, tuple(f"{choice.text}: {choice.why}" for choice in wrongly), chosen, left)


def _ordering(item: Ordering, places: tuple[int, ...]) -> Mark:
    """Explained from the first step that stands elsewhere: what follows it is mostly wrong because of it."""
    chosen = "".join(map(str, places))
    wrong = [number for number, place in enumerate(places) if number != place]
    if not wrong:
        return Mark(Verdict.RIGHT, (), chosen)
    step = item.steps[places[wrong[0]]]
    return Mark(Verdict.PARTLY if len(wrong) * 2 <= len(places) else Verdict.WRONG, (f"{step.text}: {step.why}",), chosen)


def _matching(item: Matching, places: tuple[int, ...]) -> Mark:
    chosen = "".join(map(str, places))
    wrong = [number for number, place in enumerate(places) if number != place]
    if not wrong:
        return Mark(Verdict.RIGHT, (), chosen)
    why = tuple(f"{item.pairs[number].left}: {item.pairs[number].why}" for number in wrong)
    return Mark(Verdict.PARTLY if len(wrong) < len(places) else Verdict.WRONG, why, chosen)


def _numeric(shown: Shown, item: Numeric, value: Fraction) -> Mark:
    def close(expression: str) -> bool:
        return bool(abs(value - shown.sum_of(expression)) <= _TOLERANCE / 10**item.decimals)

    chosen = f"{float(value):g}"
    if close(item.result):
        return Mark(Verdict.RIGHT, (), chosen)
    slip = next((slip.why for slip in item.slips if close(slip.result)), None)
    return Mark(Verdict.WRONG, (slip,) if slip else (), chosen)


def _short(item: Short, marked: ShortMark) -> Mark | None:
    if marked.verdict == "unreadable":
        return None
    if marked.verdict == "right":
        return Mark(Verdict.RIGHT)
    why = (item.wrong[marked.misbelief].why,) if marked.misbelief is not None else ()
    missing = tuple(item.ideas[number].missing for number in marked.missing)
    if marked.verdict == "partly":
        return Mark(Verdict.PARTLY, (*why, *missing))
    return Mark(Verdict.WRONG, why or missing[:1])
