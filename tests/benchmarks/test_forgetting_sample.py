"""A small sample of what `make benchmark-memory` measures."""

from __future__ import annotations

import random

import numpy as np
import pytest

from bot.quiz.memory.schedule import Outcome
from tests.benchmarks.forgetting.calibration import rmse_bins
from tests.benchmarks.forgetting.figures import ITEMS, TOPICS, Outcomes, errors, measured, per_minute
from tests.benchmarks.forgetting.law import ActivationLaw, Memory, PowerLaw, Trait
from tests.benchmarks.forgetting.practice import DAYS, OURS, REVIEW, SCHEDULES, SESSION_SECONDS, bank_of, by_memory, learner_of, taken
from tests.benchmarks.forgetting.table import as_markdown

AVERAGE = Trait(0, 0)


@pytest.fixture(scope="module")
def outcomes() -> Outcomes:
    return measured(PowerLaw, learners=12, seed=1)


def test_scheduled_practice_is_worth_more_a_minute_than_unscheduled(outcomes: Outcomes) -> None:
    gain = outcomes.gain("No schedule", per_minute)
    assert gain.value - gain.half > 0


def test_scheduled_practice_is_not_clearly_worse_than_fixed_intervals(outcomes: Outcomes) -> None:
    assert outcomes.gain("Fixed intervals", per_minute).value > -0.05 * outcomes.mean("Fixed intervals", per_minute).value


def test_recall_is_predicted_within_the_bar_and_better_than_by_fixed_intervals(outcomes: Outcomes) -> None:
    found = errors(outcomes.reviews(OURS))
    assert found["law"] < found["fsrs"] <= 0.08 < found["fixed"]


def test_every_schedule_has_the_same_time(outcomes: Outcomes) -> None:
    longest = DAYS * (SESSION_SECONDS + 45) / 60
    for learner in zip(*outcomes.courses.values(), strict=True):
        assert max(course.minutes for course in learner) <= 1.1 * min(course.minutes for course in learner) <= 1.1 * longest


def test_a_seed_gives_the_same_figures_and_leaves_global_chance_alone() -> None:
    before = random.getstate()
    dice = [random.Random(5), random.Random(5)]
    banks = [bank_of(ITEMS, TOPICS, each) for each in dice]
    one, other = (taken(learner_of(bank, each), bank, by_memory, PowerLaw) for bank, each in zip(banks, dice, strict=True))
    assert (one.recalled, one.minutes) == (other.recalled, other.minutes)
    assert np.array_equal(one.reviews, other.reviews)
    assert random.getstate() == before


def remembered(law: type[PowerLaw] | type[ActivationLaw], *days: float) -> Memory:
    """What was explained on the first day and recalled on the others."""
    memory: Memory = law(AVERAGE)
    for number, day in enumerate(days):
        memory.answered(Outcome.RIGHT if number else Outcome.WRONG, number > 0, day)
    return memory


@pytest.mark.parametrize("law", [PowerLaw, ActivationLaw])
def test_both_laws_forget_with_time_less_with_practice_and_less_when_it_is_spaced(law: type[PowerLaw] | type[ActivationLaw]) -> None:
    once, massed, spaced = remembered(law, 0), remembered(law, 0, 0.01), remembered(law, 0, 4)
    assert once.chance(1) == pytest.approx(0.7, abs=0.03)
    assert once.chance(1) > once.chance(7) > once.chance(40)
    assert once.chance(40) < massed.chance(40) < spaced.chance(44)


def test_rmse_bins_is_nothing_for_right_means_and_the_distance_where_all_are_wrong_alike() -> None:
    reviews = np.zeros(400, REVIEW)
    reviews["days"], reviews["number"] = np.repeat([1, 20], 200), 2
    right = np.tile([True, False, True, True], 100)
    assert rmse_bins(reviews, np.full(400, 0.75), right) == pytest.approx(0)
    assert rmse_bins(reviews, np.full(400, 0.95), right) == pytest.approx(0.2)
    assert rmse_bins(reviews, np.repeat([0.65, 0.85], 200), right) == pytest.approx(0.1)


def test_the_page_has_a_row_for_every_schedule_and_no_empty_figure(outcomes: Outcomes) -> None:
    page = as_markdown({"A law": outcomes}, "Measured just now.")
    assert all(f"\n| {schedule} | " in page for schedule in SCHEDULES)
    assert "nan" not in page
