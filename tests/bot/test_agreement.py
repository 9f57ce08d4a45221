"""Cohen's kappa against an independent implementation, and where it cannot be told."""

from __future__ import annotations

import math
import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from bot.agreement import Agreement, agreement, is_advisory

MARKS = st.sampled_from([True, False, None])
NUMBERS = {True: 1, False: 0, None: 2}


@given(st.lists(st.tuples(MARKS, MARKS), min_size=1, max_size=60))
def test_kappa_is_what_scikit_learn_computes(pairs: list[tuple[bool | None, bool | None]]) -> None:
    found = agreement(pairs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = cohen_kappa_score([NUMBERS[one] for one, _ in pairs], [NUMBERS[other] for _, other in pairs])
    if math.isnan(expected):  # one and the same mark throughout
        assert found == Agreement(len(pairs), len(pairs), None)
    else:
        assert found.kappa == pytest.approx(expected, abs=1e-9)


def test_cohens_example_by_hand() -> None:
    """20 both yes, 15 both no, 5 and 10 apart: observed 0.7, expected 0.5."""
    pairs = [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15
    found = agreement(pairs)
    assert (found.pairs, found.same, found.share) == (50, 35, 0.7)
    assert found.kappa == pytest.approx(0.4)


def test_nothing_and_one_mark_throughout_cannot_be_told() -> None:
    assert agreement([]) == Agreement(0, 0, None)
    assert agreement([]).share is None
    everybody = agreement([(True, True)] * 30)
    assert everybody.kappa is None
    assert not everybody.is_poor


def test_a_marker_who_never_varies_agrees_no_better_than_chance() -> None:
    assert agreement([(True, True)] * 19 + [(True, False)]).kappa == 0


@pytest.mark.parametrize(("pairs", "kappa", "poor"), [(20, 0.59, True), (19, 0.1, False), (20, 0.6, False), (500, None, False)])
def test_a_criterion_is_advisory_below_six_tenths_over_twenty_pairs(pairs: int, kappa: float | None, poor: bool) -> None:
    found = Agreement(pairs, pairs, kappa)
    good = Agreement(100, 90, 0.8)
    assert is_advisory([good, found]) == (found if poor else None)


def test_the_worst_of_two_poor_ones_is_named() -> None:
    worse = Agreement(20, 8, -0.1)
    assert is_advisory([Agreement(40, 20, 0.2), worse]) == worse
