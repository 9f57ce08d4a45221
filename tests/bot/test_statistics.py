"""Item and test statistics: worked by hand, against formulas written another way, and what must hold for any marks."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize, stats

from bot.content.questions import Item
from bot.quiz.bank import Bank
from bot.quiz.memory.schedule import Outcome, known, reviewed
from bot.statistics import (
    Answers,
    Ended,
    Flag,
    Form,
    ItemFigures,
    flags_of,
    form_of,
    guess_score,
    item_figures,
    known_now,
    moments_of,
    picks_of,
    stages_of,
)

STAIRS = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=float)
NOON = datetime(2026, 11, 30, 12, tzinfo=timezone.utc)
matrices = st.tuples(st.integers(4, 12), st.integers(2, 6)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.sampled_from([0.0, 0.5, 1.0]))
)


def answers_of(marks: np.ndarray, missing: np.ndarray | None = None) -> Answers:
    """A matrix as columns; `missing` marks what was not answered."""
    who, item = np.nonzero(np.ones(marks.shape) if missing is None else ~missing)
    return Answers(who + 100, item, marks[who, item], marks.shape[1])


def spread_of(scores: list[float]) -> tuple[float | None, ...]:
    found = moments_of(scores)
    return found.mean, found.median, found.sd, found.skewness, found.kurtosis


# --- worked by hand ------------------------------------------------------------------------------------------------------------------


def test_a_test_of_four_takers_and_three_items_worked_by_hand() -> None:
    """Totals 3, 2, 1, 0 have variance 5/3, the items 1/4, 1/3 and 1/4: alpha is 3/2 (1 - 5/6 : 5/3) = 3/4."""
    form = form_of(STAIRS, (0.25, 0.5, None))
    assert form.consistency == pytest.approx(0.75)
    assert form.error_ratio == pytest.approx(0.5)
    assert form.spread.sd == pytest.approx((5 / 3) ** 0.5 / 3)
    assert form.standard_error == pytest.approx((5 / 3) ** 0.5 / 6)
    assert [position.facility for position in form.positions] == [0.75, 0.5, 0.25]
    assert [position.guess for position in form.positions] == [0.25, 0.5, None]
    # The middle item: x is off its mean by ½ ½ -½ -½, the rest by 1 0 0 -1; covariance ⅓, variances ⅓ and ⅔.
    assert form.positions[1].index == pytest.approx(0.5**0.5)
    # The first: ¼ ¼ ¼ -¾ against 5/4 1/4 -3/4 -3/4; covariance ¼, variances ¼ and 11/12.
    assert form.positions[0].index == pytest.approx(0.25 / (0.25 * 11 / 12) ** 0.5)
    # Covariances with the total are ½, ⅔, ½.
    roots = [0.5**0.5, (2 / 3) ** 0.5, 0.5**0.5]
    assert [position.effective for position in form.positions] == pytest.approx([root / sum(roots) for root in roots])
    assert [position.intended for position in form.positions] == pytest.approx([1 / 3] * 3)


def test_discriminative_efficiency_is_the_part_of_what_could_be_had() -> None:
    """Marks 1 0 1 0 on rest scores 3 2 1 0: covariance 1/3; in order 0 0 1 1 on 0 1 2 3 it would be 2/3."""
    marks = np.array([[1, 1, 1, 1], [0, 1, 1, 0], [1, 1, 0, 0], [0, 0, 0, 0]], dtype=float)
    assert form_of(marks).positions[0].efficiency == pytest.approx(0.5)
    assert item_figures(answers_of(marks))[0].efficiency == pytest.approx(0.5)


def test_moments_worked_by_hand() -> None:
    """Of 0 1 2 3: k2 is 5/3, k3 is 0, k4 is 16 (5 · 41/16 - 9 · 25/16) / 6 = -10/3. Of 0 0 3: k2 is 3, k3 is 9."""
    assert spread_of([3, 2, 1, 0]) == pytest.approx((1.5, 1.5, (5 / 3) ** 0.5, 0, -1.2))
    mean, median, sd, skewness, kurtosis = spread_of([0, 0, 3])
    assert (mean, median, sd, skewness) == pytest.approx((1, 0, 3**0.5, 9 / 3**1.5))
    assert kurtosis is None, "three scores have no kurtosis"
    assert spread_of([]) == (None,) * 5
    assert spread_of([0.7]) == (0.7, 0.7, None, None, None)
    assert spread_of([0.1] * 5) == (pytest.approx(0.1), 0.1, 0.0, None, None), "no shape where all are the same"


def test_items_of_which_each_learner_answered_some_worked_by_hand() -> None:
    """Ann 1 1 -, Bob 1 0 0, Cat 0 - 1, Dan only the first, rightly. Rest scores on the first: Ann 1, Bob 0, Cat 1."""
    who, item = np.array([1, 1, 2, 2, 2, 3, 3, 4]), np.array([0, 1, 0, 1, 2, 0, 2, 0])
    found = item_figures(Answers(who, item, np.array([1, 1, 1, 0, 0, 0, 1, 1.0]), 4))
    first, second, _, nobody = found
    assert (first.n, first.facility, first.compared) == (4, 0.75, 3), "Dan counts for facility and has nothing to be compared with"
    # Marks off their mean ⅓ ⅓ -⅔, rest ⅓ -⅔ ⅓: sums of products -⅓, of squares ⅔ and ⅔; in order at best ⅔.
    assert first.index == pytest.approx(-0.5)
    assert first.efficiency == pytest.approx(-0.5)
    assert (second.n, second.facility, second.index) == (2, 0.5, pytest.approx(1.0))
    assert nobody == ItemFigures(0)


# --- against formulas written another way --------------------------------------------------------------------------------------------


def alpha_from_covariances(marks: np.ndarray) -> float:
    shared = np.cov(marks, rowvar=False)
    items = len(shared)
    return items / (items - 1) * (1 - np.trace(shared) / shared.sum())


def efficiency_by_assignment(marks: np.ndarray, rest: np.ndarray) -> float:
    """The best pairing of marks and rest scores is searched for, not sorted."""
    products = np.outer(marks - marks.mean(), rest - rest.mean())
    rows, columns = optimize.linear_sum_assignment(products, maximize=True)
    return float(np.trace(products) / products[rows, columns].sum())


@pytest.mark.parametrize("seed", range(5))
def test_a_test_agrees_with_numpy_and_scipy(seed: int) -> None:
    dice = np.random.default_rng(seed)
    ability, difficulty = dice.normal(size=(40, 1)), dice.normal(size=(1, 15))
    marks = (dice.random((40, 15)) < 1 / (1 + np.exp(difficulty - ability))).astype(float)
    totals = marks.sum(axis=1)
    form = form_of(marks)
    assert form.consistency == pytest.approx(alpha_from_covariances(marks))
    scores = totals / 15
    shape = (stats.skew(scores, bias=False), stats.kurtosis(scores, bias=False))
    assert spread_of(list(scores)) == pytest.approx((scores.mean(), np.median(scores), np.std(scores, ddof=1), *shape))
    roots = np.sqrt(np.maximum(0, np.cov(marks, rowvar=False).sum(axis=1)))
    assert [position.effective for position in form.positions] == pytest.approx(list(roots / roots.sum()))
    for place, position in enumerate(form.positions):
        rest = totals - marks[:, place]
        assert position.index == pytest.approx(np.corrcoef(marks[:, place], rest)[0, 1])
        assert position.efficiency == pytest.approx(efficiency_by_assignment(marks[:, place], rest))


@pytest.mark.parametrize("seed", range(5))
def test_items_answered_by_some_agree_with_a_plain_loop(seed: int) -> None:
    dice = np.random.default_rng(seed)
    marks, missing = dice.integers(0, 3, (30, 8)) / 2, dice.random((30, 8)) < 0.4
    found = item_figures(answers_of(marks, missing))
    for item, figures in enumerate(found):
        own, rest = [], []
        for who in range(30):
            others = [marks[who, other] for other in range(8) if other != item and not missing[who, other]]
            if not missing[who, item] and others:
                own.append(marks[who, item])
                rest.append(np.mean(others))
        answered = marks[~missing[:, item], item]
        assert (figures.n, figures.compared) == (len(answered), len(own))
        assert (figures.facility, figures.sd) == pytest.approx((answered.mean(), answered.std(ddof=1)))
        assert figures.index == pytest.approx(stats.pearsonr(own, rest)[0])
        assert figures.efficiency == pytest.approx(efficiency_by_assignment(np.array(own), np.array(rest)))


# --- what holds for any marks --------------------------------------------------------------------------------------------------------


def numbers(form: Form) -> list[float]:
    parts = [(place.index, place.efficiency, place.effective, place.facility) for place in form.positions]
    return [value for part in parts for value in part if value is not None]


@settings(max_examples=150, deadline=None)
@given(matrices)
def test_figures_keep_their_bounds(marks: np.ndarray) -> None:
    form = form_of(marks)
    assert all(0 <= place.facility <= 1 for place in form.positions)
    for place in form.positions:
        assert place.index is None or -1 <= place.index <= 1
        assert place.efficiency is None or place.efficiency <= 1
        if place.index and place.efficiency:
            assert np.sign(place.index) == np.sign(place.efficiency)
            assert abs(place.index) <= abs(place.efficiency) + 1e-9, "the greatest covariance is at most that of a correlation of 1"
    if form.consistency is not None:
        assert form.consistency <= 1 + 1e-9
        assert sum(place.effective or 0 for place in form.positions) == pytest.approx(1)
        assert form.standard_error is not None
        if form.consistency >= 0:
            assert form.standard_error <= (form.spread.sd or 0) + 1e-9
    assert all(np.isfinite(numbers(form)))


@settings(max_examples=150, deadline=None)
@given(matrices, st.randoms(use_true_random=False))
def test_it_does_not_matter_who_stands_where(marks: np.ndarray, dice: object) -> None:
    order = list(range(len(marks)))
    dice.shuffle(order)  # type: ignore[attr-defined]
    one, other = form_of(marks), form_of(marks[order])
    assert numbers(one) == pytest.approx(numbers(other))
    assert one.consistency == pytest.approx(other.consistency)


@settings(max_examples=150, deadline=None)
@given(matrices)
def test_where_everybody_answered_everything_both_ways_agree(marks: np.ndarray) -> None:
    """The rest as a mean and the rest as a sum are the same to a correlation."""
    for figures, place in zip(item_figures(answers_of(marks)), form_of(marks).positions, strict=True):
        assert (figures.facility, figures.sd) == pytest.approx((place.facility, place.sd))
        assert figures.index == pytest.approx(place.index, abs=1e-9)
        assert figures.efficiency == pytest.approx(place.efficiency, abs=1e-9)


@settings(max_examples=150, deadline=None)
@given(matrices)
def test_a_reversed_key_turns_the_index_round_and_a_smaller_scale_changes_nothing(marks: np.ndarray) -> None:
    reversed_key, halved = marks.copy(), marks.copy()
    reversed_key[:, 0] = 1 - marks[:, 0]
    halved[:, 0] = marks[:, 0] / 2
    plain = form_of(marks).positions[0]
    if plain.index is not None:
        assert form_of(reversed_key).positions[0].index == pytest.approx(-plain.index)
        assert form_of(halved).positions[0].index == pytest.approx(plain.index)
        assert form_of(halved).positions[0].efficiency == pytest.approx(plain.efficiency)


def test_a_test_of_one_and_the_same_item_is_consistent_and_one_of_opposites_runs_against_itself() -> None:
    same = np.repeat([[1.0], [0.0], [1.0], [0.0]], 4, axis=1)
    assert form_of(same).consistency == pytest.approx(1.0)
    against = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 1], [0, 1, 1]], dtype=float)
    last = form_of(against).positions[2]
    assert (last.effective, last.against) == (0.0, True)
    assert last.index is not None and last.index < 0


def test_too_few_takers_give_no_figures_and_no_errors() -> None:
    assert form_of(np.zeros((0, 3))) == Form(0, (), moments_of([]), None, None, None)
    assert form_of(np.ones((1, 3))).consistency is None
    alike = form_of(np.ones((5, 3)))
    assert alike.consistency is None
    assert [place.index for place in alike.positions] == [None] * 3
    none = np.array([], dtype=np.int64)
    assert item_figures(Answers(none, none, np.array([]), 2)) == (ItemFigures(0), ItemFigures(0))


# --- choices, flags, knowledge, leaving ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bank() -> Bank:
    return Bank.load(Path("knowledge"))


def of_kind(bank: Bank, kind: str) -> Item:
    return next(item for item in bank.items.values() if item.kind == kind)


def test_picks_are_by_the_words_of_the_choices(bank: Bank) -> None:
    item = of_kind(bank, "single")
    right = next(place for place, choice in enumerate(item.choices) if choice.right)  # type: ignore[union-attr]
    wrong = next(place for place, choice in enumerate(item.choices) if not choice.right)  # type: ignore[union-attr]
    picks = picks_of(item, {str(right): 6, str(wrong): 2}, unanswered=3)
    assert (picks.answered, picks.unanswered) == (8, 3)
    assert (picks.choices[right].right, picks.choices[right].share, picks.choices[wrong].picked) == (True, 0.75, 2)
    assert {choice.text for choice in picks.unused} == {
        choice.text
        for place, choice in enumerate(item.choices)
        if place not in (right, wrong)  # type: ignore[union-attr]
    }
    assert picks_of(item, {}).unused == (), "nothing is unused before anybody answered"
    ordering = of_kind(bank, "ordering")
    straight = "".join(map(str, range(len(ordering.steps))))  # type: ignore[union-attr]
    placed = picks_of(ordering, {straight: 3, straight[1] + straight[0] + straight[2:]: 1})
    assert [choice.picked for choice in placed.choices][:3] == [3, 3, 4]
    assert placed.unused == ()
    assert picks_of(of_kind(bank, "short"), {"": 4}).choices == ()


def test_guessing_earns_what_chance_gives(bank: Bank) -> None:
    assert guess_score(of_kind(bank, "true-false")) == 0.5
    single = of_kind(bank, "single")
    assert guess_score(single) == pytest.approx(1 / len(single.choices))  # type: ignore[union-attr]
    assert guess_score(of_kind(bank, "short")) is None
    assert all(0 < (guess_score(item) or 1) <= 1 for item in bank.items.values())


def test_flags_wait_until_enough_have_answered(bank: Bank) -> None:
    item = of_kind(bank, "single")
    right = str(next(place for place, choice in enumerate(item.choices) if choice.right))  # type: ignore[union-attr]
    assert flags_of(ItemFigures(29, 0.1, index=-0.2)) == ()
    assert flags_of(ItemFigures(30, 0.1, index=-0.2)) == (Flag.AGAINST, Flag.HARD)
    assert flags_of(ItemFigures(30, 0.96, index=0.2), picks_of(item, {right: 30})) == (Flag.EASY, Flag.UNUSED)
    assert flags_of(ItemFigures(30, 0.25, index=0.0)) == ()


def test_what_is_known_now_is_what_the_schedule_says_of_each_card() -> None:
    made = [reviewed(None, "nps", outcome, NOON) for outcome in (Outcome.RIGHT, Outcome.HINTED)]
    made.append(reviewed(made[0], "nps", Outcome.RIGHT, NOON + timedelta(days=3)))
    for days in (0, 1, 10.6, 80):
        now = NOON + timedelta(days=days)
        columns = ([card.stability for card in made], [card.last_review.timestamp() for card in made])
        found = known_now(np.array(columns[0]), np.array(columns[1]), now.timestamp())
        assert list(found) == pytest.approx([known(card, now) for card in made])


def test_stages_count_who_came_and_who_left_there() -> None:
    """Two went through three stages, one left after one, one before the first."""
    stages = stages_of([Ended(3, False, 2), Ended(1, True), Ended(0, True)])
    assert [(stage.place, stage.reached, stage.left) for stage in stages] == [(1, 4, 1), (2, 3, 1), (3, 2, 0)]
    assert stages[1].share == pytest.approx(1 / 3)
    assert stages_of([]) == ()


@given(st.lists(st.builds(Ended, st.integers(0, 20), st.booleans(), st.integers(1, 5))))
def test_nobody_is_lost_between_stages(runs: list[Ended]) -> None:
    stages = stages_of(runs)
    assert sum(stage.left for stage in stages) == sum(run.count for run in runs if run.left)
    for before, after in pairwise(stages):
        through = sum(run.count for run in runs if not run.left and run.done == before.place)
        assert after.reached == before.reached - before.left - through
