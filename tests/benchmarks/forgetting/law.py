"""How simulated learners remember and forget. Two laws, neither of them FSRS's; days count from the start of the course.

The numbers were set before the first run and not changed after it. Time is in days, chances from 0 to 1.

1. `PowerLaw`. Memory falls by Wickelgren's power law (Wickelgren 1974, Memory & Cognition 2, 775-780; Wixted and Carpenter 2007,
   Psychological Science 18, 133-134):

       chance(t) = ASYMPTOTE * (1 + t / scale) ** -steepness

   `scale` multiplies with every unaided recall, the more the less was left (spacing effect as in the new theory of disuse, Bjork
   and Bjork 1992): by 1 + GAIN * (1 - chance), so that a recall at 80 % doubles it. A wrong answer with its explanation halves
   what was gained (savings in relearning). The forms are from the literature, the sizes are round numbers of plausible size.

2. `ActivationLaw`. The spacing effect in ACT-R (Pavlik and Anderson 2005, Cognitive Science 29, 559-586): every exposure leaves a
   trace, a trace decays as a power of its age, and faster the stronger memory was when it was laid down:

       activation = shift + ln(sum(age ** -decay));  decay = 0.217 * exp(activation before) + 0.177
       chance = 1 / (1 + exp((threshold - activation) / noise)), threshold -0.704, noise 0.255

   Ages are in seconds, of which between sessions only 0.025 count. These numbers are the paper's, fitted to foreign words practised in
   a laboratory; `shift` is ours, set so that what was explained once is recalled the day after with a chance of 0.7.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Protocol

from bot.quiz.memory.schedule import Outcome

ASYMPTOTE = 0.97  # the rest are slips
GAIN = 5.0
STEEPNESS = 0.5  # median over items
TAUGHT_SCALE = 1.0  # days, median: once seen in the quiz
BEFORE_SCALE = 4.0  # days, median: known before the course and then recalled
KNOWN_BEFORE = -1.0  # log odds of knowing an item from work, for the median learner and item: 27 %

GUESSED = 0.2  # chance of a right answer without recall
HINT_HELPS = 0.25  # chance of a right answer after a hint where recall and guessing failed

DECAY_SCALE, DECAY_FLOOR, THRESHOLD, NOISE, COUNTED_SECONDS = 0.217, 0.177, -0.704, 0.255, 86_400 * 0.025
SHIFT = 0.87
SHIFT_SPREAD = 0.25


@dataclass(frozen=True)
class Trait:
    """How one learner is placed towards one item, each a draw from a normal distribution around 0."""

    ease: float  # of the learner and of the item, together
    steepness: float


class Memory(Protocol):
    """One learner's memory of one item."""

    def chance(self, day: float) -> float:
        """Of recalling it unaided."""

    def answered(self, outcome: Outcome, recalled: bool, day: float) -> None:
        """It was asked and, unless recalled, explained."""


class PowerLaw:
    def __init__(self, trait: Trait) -> None:
        self._before = 1 / (1 + math.exp(-KNOWN_BEFORE - trait.ease))
        self._spread = math.exp(trait.ease)
        self._steepness = STEEPNESS * math.exp(0.2 * trait.steepness)
        self._scale = 0.0
        self._seen: float | None = None

    def chance(self, day: float) -> float:
        if self._seen is None:
            return self._before
        return ASYMPTOTE * (1 + (day - self._seen) / self._scale) ** -self._steepness

    def answered(self, outcome: Outcome, recalled: bool, day: float) -> None:
        taught = TAUGHT_SCALE * self._spread
        if recalled:
            grown = self._scale * (1 + GAIN * (1 - self.chance(day)))
            self._scale = grown if self._seen is not None else BEFORE_SCALE * self._spread
        else:
            self._scale = max(taught, self._scale / (2 if outcome is Outcome.WRONG else 1))
        self._seen = day


class ActivationLaw:
    def __init__(self, trait: Trait) -> None:
        self._before = 1 / (1 + math.exp(-KNOWN_BEFORE - trait.ease))
        self._shift = SHIFT + SHIFT_SPREAD * trait.ease
        self._traces: list[tuple[float, float]] = []  # the day it was laid down, its decay

    def chance(self, day: float) -> float:
        return 1 / (1 + math.exp((THRESHOLD - self._activation(day)) / NOISE)) if self._traces else self._before

    def answered(self, outcome: Outcome, recalled: bool, day: float) -> None:
        laid = 2 if recalled and not self._traces else 1  # what was known before the course counts as seen twice
        strength = math.exp(self._activation(day)) if self._traces else 0.0
        self._traces += [(day, DECAY_SCALE * strength + DECAY_FLOOR)] * laid

    def _activation(self, day: float) -> float:
        total = sum(max(1.0, COUNTED_SECONDS * (day - laid)) ** -decay for laid, decay in self._traces)
        return self._shift + math.log(total)


def answerable(chance: float) -> float:
    """The chance that an item is answered rightly, unaided or after a hint, whose chance of being recalled is given."""
    return chance + (1 - chance) * (GUESSED + (1 - GUESSED) * HINT_HELPS)


def drawn(chance: float, dice: random.Random) -> tuple[Outcome, bool]:
    """How an item of that chance is answered, and whether it was recalled rather than guessed."""
    if dice.random() < chance:
        return Outcome.RIGHT, True
    if dice.random() < GUESSED:
        return Outcome.RIGHT, False
    return (Outcome.HINTED if dice.random() < HINT_HELPS else Outcome.WRONG), False
