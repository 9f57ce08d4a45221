"""What is measured over all learners."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.forgetting.calibration import rmse_bins
from tests.benchmarks.forgetting.law import Memory, Trait
from tests.benchmarks.forgetting.practice import OURS, SCHEDULES, Course, bank_of, learner_of, taken

ITEMS = 300
TOPICS = 20
PREDICTIONS = ("fsrs", "fixed", "constant", "law")


@dataclass(frozen=True)
class Mean:
    """A mean over learners, and half the width of its 95 % interval."""

    value: float
    half: float

    def shown(self, digits: int) -> str:
        return f"{self.value:,.{digits}f} ± {self.half:.{digits}f}"


@dataclass(frozen=True)
class Outcomes:
    """Every learner's course under every schedule, learners in the same order."""

    courses: Mapping[str, Sequence[Course]]

    def mean(self, schedule: str, of: Callable[[Course], float]) -> Mean:
        return _mean([of(course) for course in self.courses[schedule]])

    def gain(self, over: str, of: Callable[[Course], float]) -> Mean:
        """Aftercare's less the other schedule's, learner by learner."""
        pairs = zip(self.courses[OURS], self.courses[over], strict=True)
        return _mean([of(ours) - of(theirs) for ours, theirs in pairs])

    def reviews(self, schedule: str) -> np.ndarray:
        """Of all learners together."""
        return np.concatenate([course.reviews for course in self.courses[schedule]])

    def errors_of_each(self, schedule: str) -> dict[str, float]:
        """`errors` for each learner alone, then the mean over learners, weighed by their reviews, as the open benchmark has it."""
        each = [course.reviews for course in self.courses[schedule] if len(course.reviews)]
        by_learner = [errors(reviews) for reviews in each]
        weights = [len(reviews) for reviews in each]
        return {name: float(np.average([one[name] for one in by_learner], weights=weights)) for name in PREDICTIONS}


def errors(reviews: np.ndarray) -> dict[str, float]:
    """RMSE(bins) by what predicts. The constant is the mean of the very reviews, which no prediction could know."""
    constant = np.full(len(reviews), reviews["right"].mean())
    predicted = {name: constant if name == "constant" else reviews[name] for name in PREDICTIONS}
    return {name: rmse_bins(reviews, values, reviews["right"]) for name, values in predicted.items()}


def per_minute(course: Course) -> float:
    """Items that would be recalled at the end, for every minute of practice."""
    return course.recalled / course.minutes if course.minutes else 0.0


def measured(law: Callable[[Trait], Memory], learners: int, seed: int) -> Outcomes:
    """The same learners under each schedule; equal arguments give equal figures."""
    dice = random.Random(seed)
    bank = bank_of(ITEMS, TOPICS, dice)
    people = [learner_of(bank, dice) for _ in range(learners)]
    return Outcomes({name: [taken(one, bank, schedule, law) for one in people] for name, schedule in SCHEDULES.items()})


def _mean(values: Sequence[float]) -> Mean:
    return Mean(float(np.mean(values)), float(1.96 * np.std(values, ddof=1) / np.sqrt(len(values))))
