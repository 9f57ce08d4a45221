"""How a made-up learner answers a quiz: rightly or wrongly as able, and wrongly in the way that learners usually are."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from math import exp
from random import Random
from typing import Final

from bot.content.questions import Item, Matching, Multiple, Numeric, Ordering, Short, Single, TrueFalse
from bot.conversation import Turn
from bot.demo.material import Material
from bot.demo.persona import Persona
from bot.demo.said import Said, button, pressed
from bot.quiz.bank import Bank
from bot.quiz.session import Session
from bot.quiz.shown import LETTERS, Shown, show

# Items of the first checkpoint with something wrong about them: one that hardly anybody gets right, whatever they know, and one whose
# wrong choice draws those who know most.
HARD: Final = "subject-access-due-date-31-january"
AMBIGUOUS: Final = "key-performance-indicators-one-returns-visit"
_HARDNESS: Final = {1: -0.9, 2: -0.1, 3: 0.7}
_SLOPE: Final = 1.6


@dataclass(frozen=True)
class Answers:
    """`growth` is how much of the course the learner has behind them, from 0 to 1."""

    bank: Bank
    material: Material
    persona: Persona
    dice: Random

    def said(self, turn: Turn, session: Session, growth: float) -> Said:
        """The answer to the question that is open."""
        item = self.bank.items[session.item or ""]
        shown = show(item, session.seed)
        right = self.dice.random() < self.chance(item, growth)
        text = self._right(shown) if right else self._wrong(shown)
        token = f"quiz:{session.id}.{session.at}.{text}"
        found = button(turn, token) if text in LETTERS else None
        return pressed(found.token, found.title) if found else Said(text, "ask", self.dice.uniform(0.3, 0.7))

    def chance(self, item: Item, growth: float) -> float:
        """Of a right answer."""
        ability = self.persona.ability + 0.8 * growth
        if item.id == HARD:
            return 0.08
        if item.id == AMBIGUOUS:
            return 0.75 if ability < 0.2 else 0.2
        own = (_number(item.id) % 100) / 100 - 0.5
        return 1 / (1 + exp(-_SLOPE * (ability - _HARDNESS[item.difficulty] - own)))

    def _right(self, shown: Shown) -> str:
        item = shown.item
        if isinstance(item, (Single, Multiple)):
            places = [place for place, choice in enumerate(item.choices) if choice.right]
            return ", ".join(sorted(LETTERS[shown.order.index(place)] for place in places))
        if isinstance(item, TrueFalse):
            return LETTERS[0 if item.true else 1]
        if isinstance(item, Ordering):
            return " ".join(LETTERS[shown.order.index(place)] for place in range(len(item.steps)))
        if isinstance(item, Matching):
            return " ".join(f"{place + 1}{LETTERS[shown.order.index(place)]}" for place in range(len(item.pairs)))
        if isinstance(item, Numeric):
            return f"{float(shown.sum_of(item.result)):.{item.decimals}f}"
        return " and ".join(self.dice.choice(idea.say) for idea in item.ideas)

    def _wrong(self, shown: Shown) -> str:
        item = shown.item
        if isinstance(item, (Single, TrueFalse)):
            return self._distractor(item, shown)
        if isinstance(item, Multiple):
            return ", ".join(sorted(self.dice.sample(LETTERS[: len(item.choices)], 2)))
        if isinstance(item, (Ordering, Matching)):
            letters = list(LETTERS[: len(shown.order)])
            self.dice.shuffle(letters)
            return " ".join(letters if isinstance(item, Ordering) else (f"{at + 1}{letter}" for at, letter in enumerate(letters)))
        if isinstance(item, Numeric):
            return f"{float(shown.sum_of(self.dice.choice(item.slips).result)):.{item.decimals}f}" if item.slips else "12"
        return self.half_right(item)

    def _distractor(self, item: Single | TrueFalse, shown: Shown) -> str:
        """One wrong choice is much liked, one by nobody."""
        if isinstance(item, TrueFalse):
            return LETTERS[1 if item.true else 0]
        wrong = [place for place, choice in enumerate(item.choices) if not choice.right]
        liked = 0 if item.id in (HARD, AMBIGUOUS) else _number(item.id) % len(wrong)
        if item.id == HARD:
            liked = 1 % len(wrong)
        weights = [8 if at == liked else 0 if at == (liked + 1) % len(wrong) else 3 for at in range(len(wrong))]
        return LETTERS[shown.order.index(self.dice.choices(wrong, weights)[0])]

    def half_right(self, item: Item) -> str:
        """An answer in own words with something missing, or with a usual mistake."""
        if not isinstance(item, Short):
            return self.dice.choice(self.material.stuck)
        if item.wrong and self.dice.random() < 0.4:
            return self.dice.choice(item.wrong).text
        if len(item.ideas) > 1:
            return self.dice.choice(item.ideas[0].say)
        return self.dice.choice(self.material.stuck)


def _number(text: str) -> int:
    """The same for the same text, on every machine."""
    return zlib.crc32(text.encode())
