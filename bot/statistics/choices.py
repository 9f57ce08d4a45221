"""What learners chose: how often each choice of an item was picked at the first answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.content.questions import Item, Matching, Multiple, Ordering, Single, TrueFalse


@dataclass(frozen=True)
class Chosen:
    """A choice by its words: picked by `picked` learners, which is `share` of those who answered (from 0 to 1; None while nobody did)."""

    text: str
    right: bool
    picked: int
    share: float | None

    @property
    def unused(self) -> bool:
        """Nobody falls for it."""
        return not self.right and self.picked == 0


@dataclass(frozen=True)
class Picks:
    """`answered` learners gave an answer, `unanswered` skipped the item or had the answer shown. For steps and pairs, which are placed
    rather than picked, `placed` is true and each counts how often it stood where it belongs. No `choices` for numbers and own words.
    """

    choices: tuple[Chosen, ...]
    answered: int
    unanswered: int
    placed: bool = False

    @property
    def unused(self) -> tuple[Chosen, ...]:
        """Wrong choices that nobody picked, once anybody answered."""
        return tuple(choice for choice in self.choices if choice.unused) if self.answered and not self.placed else ()


def picks_of(item: Item, chosen: Mapping[str, int], unanswered: int = 0) -> Picks:
    """`chosen` counts learners by their answer as attempts keep it: places in the item, one digit each."""
    answered = sum(chosen.values())

    def counted(text: str, right: bool, is_it: Callable[[str], bool]) -> Chosen:
        hits = sum(count for answer, count in chosen.items() if is_it(answer))
        return Chosen(text, right, hits, hits / answered if answered else None)

    if isinstance(item, (Ordering, Matching)):
        texts = [step.text for step in item.steps] if isinstance(item, Ordering) else [f"{pair.left}: {pair.right}" for pair in item.pairs]
        stood = tuple(counted(text, True, partial(_stands, place)) for place, text in enumerate(texts))
        return Picks(stood, answered, unanswered, placed=True)
    picked = tuple(counted(text, right, partial(_holds, place)) for place, (text, right) in enumerate(_choices(item)))
    return Picks(picked, answered, unanswered)


def _stands(place: int, answer: str) -> bool:
    return answer[place : place + 1] == str(place)


def _holds(place: int, answer: str) -> bool:
    return str(place) in answer


def _choices(item: Item) -> list[tuple[str, bool]]:
    if isinstance(item, (Single, Multiple)):
        return [(choice.text, choice.right) for choice in item.choices]
    return [("True", item.true), ("False", not item.true)] if isinstance(item, TrueFalse) else []
