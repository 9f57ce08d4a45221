"""Nobody is held back at a normal pace, and nobody gets more than the limit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import rate_limit
from server.rate_limit import RateLimit


def test_so_many_at_once_and_then_one_as_each_comes_free() -> None:
    limit = RateLimit(burst=5, per_minute=30)
    assert [limit.wait("tom", 100.0) for _ in range(5)] == [0.0] * 5
    assert limit.wait("tom", 100.0) == pytest.approx(2.0)
    assert limit.wait("tom", 101.0) == pytest.approx(1.0)
    assert limit.wait("tom", 102.0) == 0.0
    assert limit.wait("tom", 102.0) == pytest.approx(2.0)


def test_who_waits_as_long_as_told_is_let_in() -> None:
    limit = RateLimit(burst=1, per_minute=7)
    now = 5.0
    for _ in range(50):
        assert limit.wait("tom", now) == 0.0
        wait = limit.wait("tom", now)
        assert wait > 0
        now += wait + 1e-6


def test_being_refused_costs_nothing() -> None:
    limit = RateLimit(burst=1, per_minute=60)
    assert limit.wait("tom", 0.0) == 0.0
    for tenth in range(1, 10):
        assert limit.wait("tom", tenth / 10) > 0
    assert limit.wait("tom", 1.01) == 0.0


def test_people_do_not_use_up_each_others_limit() -> None:
    limit = RateLimit(burst=2, per_minute=2)
    assert [limit.wait("tom", 0.0) for _ in range(3)][2] > 0
    assert limit.wait("tim", 0.0) == 0.0


def test_a_long_rest_gives_the_burst_back_and_no_more() -> None:
    limit = RateLimit(burst=3, per_minute=60)
    for _ in range(3):
        limit.wait("tom", 0.0)
    assert [limit.wait("tom", 1_000_000.0) == 0.0 for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_steps_back_neither_lets_in_nor_locks_out() -> None:
    limit = RateLimit(burst=1, per_minute=60)
    assert limit.wait("tom", 1_000.0) == 0.0
    assert limit.wait("tom", 10.0) > 0
    assert limit.wait("tom", 11.1) == 0.0


def test_memory_is_bounded_and_the_longest_unseen_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "REMEMBERED", 10)
    limit = RateLimit(burst=1, per_minute=1)
    for number in range(30):
        limit.wait(f"passer-by {number}", float(number) / 100)
        limit.wait("tom", float(number) / 100)
    assert len(limit._buckets) == 10
    assert limit.wait("tom", 0.31) > 0, "who keeps coming is remembered"


@given(st.integers(1, 20), st.integers(1, 600), st.lists(st.floats(0, 30), min_size=1, max_size=200))
def test_never_more_than_the_burst_and_what_came_free(burst: int, per_minute: int, pauses: list[float]) -> None:
    limit = RateLimit(burst, per_minute)
    now, let_in = 0.0, 0
    for pause in pauses:
        now += pause
        let_in += limit.wait("tom", now) == 0.0
        assert let_in <= burst + now * per_minute / 60 + 1e-6
