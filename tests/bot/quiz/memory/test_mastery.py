from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.memory.mastery import TopicMastery, mastery, streak
from bot.quiz.memory.schedule import Card, Outcome, recall
from tests.bot.quiz.memory.bank import HISTORIES, START, bank_of, by_id, lived

BANK = bank_of(topics=3, each=4)
CARDS = st.dictionaries(st.sampled_from([item.id for item in BANK]), HISTORIES).map(
    lambda histories: {item_id: lived(item_id, history) for item_id, history in histories.items()}
)


def test_nothing_answered_is_nothing_known() -> None:
    found = mastery(BANK, {}, [], START)
    assert (found.overall, found.seen, found.items, found.weakest, found.due_this_week, found.streak) == (0, 0, 12, (), 0, 0)
    assert found.topics[0] == TopicMastery("topic0", mastery=0, seen=0, items=4)


def test_an_empty_bank_has_no_topics() -> None:
    assert mastery([], {}, [], START).topics == ()
    assert mastery([], {}, [], START).overall == 0


def test_unseen_items_count_nothing_and_are_told_apart() -> None:
    cards = by_id([lived("0-0", [(0, Outcome.RIGHT)]), lived("0-1", [(0, Outcome.HINTED)]), lived("1-0", [(0, Outcome.WRONG)])])
    now = START + timedelta(days=3)
    found = mastery(BANK, cards, [START], now)
    first, second, third = found.topics
    assert first.mastery == pytest.approx((recall(cards["0-0"], now) + recall(cards["0-1"], now)) / 4)
    assert (first.seen, first.items) == (2, 4)
    assert (second.mastery, second.seen) == (0, 1)
    assert (third.mastery, third.seen) == (0, 0)
    assert found.overall == pytest.approx(first.mastery / 3)
    assert found.weakest[0] == "topic1"
    assert "topic2" not in found.weakest


@given(CARDS, st.integers(0, 300))
def test_mastery_stays_within_bounds_and_fades_without_practice(cards: dict[str, Card], days: int) -> None:
    now = max((card.last_review for card in cards.values()), default=START)
    sooner, later = (mastery(BANK, cards, [], moment) for moment in (now, now + timedelta(days=days)))
    assert 0 <= later.overall <= sooner.overall <= 1
    assert sooner.due_today <= sooner.due_this_week <= sooner.seen == len(cards)


def test_what_is_due_is_counted_by_day() -> None:
    cards = by_id(lived(item.id, [(0, outcome)]) for item, outcome in zip(BANK, [Outcome.WRONG, Outcome.RIGHT], strict=False))
    counted = [mastery(BANK, cards, [], START + timedelta(days=days)) for days in (0, 1, 2)]
    assert [(found.due_today, found.due_this_week) for found in counted] == [(0, 2), (1, 2), (2, 2)]


def test_cards_of_items_that_left_the_bank_do_not_count() -> None:
    cards = by_id([lived("gone", [(0, Outcome.RIGHT)])])
    assert mastery(BANK, cards, [START], START).seen == 0


def test_a_streak_is_days_in_a_row_up_to_today_or_yesterday() -> None:
    days = [START - timedelta(days=back) for back in (0, 1, 2, 4)]
    assert streak(days, START) == 3
    assert streak(days[1:], START) == 2
    assert streak(days, START + timedelta(days=1)) == 3
    assert streak(days, START + timedelta(days=2)) == 0
    assert streak([START] * 5, START) == 1


def test_the_days_of_a_streak_begin_where_the_learner_lives() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=timezone.utc)  # already the 2nd in London
    evening = datetime(2026, 7, 3, 12, tzinfo=timezone.utc)
    assert streak([late, evening], evening) == 1
    assert streak([late, evening], evening, ZoneInfo("Europe/London")) == 2
