from __future__ import annotations

import json
import random
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quiz.memory.schedule import LONGEST_DAYS, RETENTION, Card, Outcome, is_due, known, recall, reviewed
from tests.bot.quiz.memory.bank import HISTORIES, MOMENTS, OUTCOMES, START, lived


def after(*outcomes: Outcome, days: float = 1) -> Card:
    """The card after these answers, so many days apart."""
    return lived("item", [(24 * days, outcome) for outcome in outcomes])


def test_the_first_wait_is_two_days_when_right_and_one_when_hinted_or_wrong() -> None:
    waits = {outcome: (after(outcome).due.date() - after(outcome).last_review.date()).days for outcome in Outcome}
    assert waits == {Outcome.RIGHT: 2, Outcome.HINTED: 1, Outcome.WRONG: 1}


def test_an_item_is_due_all_day_at_whatever_hour_it_was_answered_before() -> None:
    card = reviewed(None, "item", Outcome.WRONG, datetime(2026, 3, 2, 18, tzinfo=timezone.utc))
    assert not is_due(card, datetime(2026, 3, 2, 23, 59, tzinfo=timezone.utc))
    assert is_due(card, datetime(2026, 3, 3, 7, tzinfo=timezone.utc))


def test_waits_grow_from_right_answer_to_right_answer_up_to_a_term() -> None:
    card, waits = None, []
    now = START
    for _ in range(8):
        card = reviewed(card, "item", Outcome.RIGHT, now)
        waits.append((card.due.date() - now.date()).days)
        now = card.due
    assert waits == sorted(waits)
    assert waits[2] > 3 * waits[0]
    assert waits[-1] == LONGEST_DAYS


@given(HISTORIES)
def test_an_item_is_never_due_before_it_was_reviewed(history: list[tuple[float, Outcome]]) -> None:
    card = lived("item", history)
    assert card.last_review < card.due <= card.last_review + timedelta(days=LONGEST_DAYS)


@given(HISTORIES, st.integers(24, 5000))
def test_right_makes_memory_more_stable_and_wrong_less(history: list[tuple[float, Outcome]], hours: int) -> None:
    card = lived("item", history)
    later = card.last_review + timedelta(hours=hours)
    right, hinted, wrong = (reviewed(card, "item", outcome, later) for outcome in Outcome)
    assert right.stability > hinted.stability > card.stability > wrong.stability
    assert right.due >= hinted.due >= wrong.due
    assert wrong.due.date() - later.date() <= max(timedelta(days=1), card.due.date() - card.last_review.date())


@given(HISTORIES, st.floats(0, 5000), st.floats(0, 5000))
def test_recall_is_a_probability_that_never_rises_with_time(history: list[tuple[float, Outcome]], one: float, other: float) -> None:
    card = lived("item", history)
    sooner, later = (recall(card, card.last_review + timedelta(hours=hours)) for hours in sorted((one, other)))
    assert 0 < later <= sooner <= 1


def test_recall_falls_to_what_is_aimed_at_when_the_item_is_due() -> None:
    card = after(Outcome.RIGHT, Outcome.RIGHT, Outcome.RIGHT, days=4)
    assert recall(card, card.due) == pytest.approx(RETENTION, abs=0.01)


@given(HISTORIES, st.floats(0, 10**5), OUTCOMES)
def test_when_the_clock_jumps_back_no_time_has_passed(history: list[tuple[float, Outcome]], hours: float, outcome: Outcome) -> None:
    card = lived("item", history)
    back = card.last_review - timedelta(hours=hours)
    assert recall(card, back) == recall(card, card.last_review)
    assert reviewed(card, "item", outcome, back) == reviewed(card, "item", outcome, card.last_review)


@given(HISTORIES)
def test_a_card_survives_being_kept_as_json(history: list[tuple[float, Outcome]]) -> None:
    card = lived("item", history)
    assert Card.from_dict(json.loads(json.dumps(card.to_dict()))) == card


@pytest.mark.parametrize("change", [{"due": None}, {"last": "easy"}, {"last_review": "2026-03-02T18:00:00"}, {"stability": "much"}])
def test_a_row_that_is_not_a_card_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        Card.from_dict(after(Outcome.RIGHT).to_dict() | change)


@given(HISTORIES, MOMENTS)
def test_the_same_answers_give_the_same_card_and_leave_global_chance_alone(history: list[tuple[float, Outcome]], start: datetime) -> None:
    before = random.getstate()
    assert lived("item", history, start) == lived("item", history, start)
    assert random.getstate() == before


def test_another_time_zone_is_the_same_moment_and_none_is_an_error() -> None:
    abroad = START.astimezone(timezone(timedelta(hours=9)))
    assert reviewed(None, "item", Outcome.RIGHT, abroad) == reviewed(None, "item", Outcome.RIGHT, START)
    with pytest.raises(ValueError, match="time zone"):
        reviewed(None, "item", Outcome.RIGHT, START.replace(tzinfo=None))


def test_a_lapse_is_counted_when_something_known_was_forgotten_not_for_every_wrong_answer() -> None:
    wrong, right, hinted = Outcome.WRONG, Outcome.RIGHT, Outcome.HINTED
    assert after(wrong, wrong, right).lapses == 0
    assert after(right, wrong, wrong).lapses == 1
    assert after(hinted, wrong, right, wrong).lapses == 2
    assert after(right, wrong, wrong).reps == 3


def test_what_has_just_been_explained_is_not_yet_known() -> None:
    wrong, right = after(Outcome.WRONG), after(Outcome.WRONG, Outcome.RIGHT)
    assert known(wrong, wrong.last_review) == 0
    assert known(right, right.due) == recall(right, right.due) > 0.8
