"""A bank to choose from, and answers to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from hypothesis import strategies as st

from bot.quiz.memory.schedule import Card, Outcome, reviewed

START = datetime(2026, 3, 2, 18, tzinfo=timezone.utc)
MOMENTS = st.integers(-1000, 5000).map(lambda days: START + timedelta(days=days, hours=days % 24))
OUTCOMES = st.sampled_from(Outcome)
# What one item went through: after how many hours (fewer than none when the clock jumps back) it was answered, and how.
HISTORIES = st.lists(st.tuples(st.floats(-100, 3000), OUTCOMES), min_size=1, max_size=12)


@dataclass(frozen=True)
class Item:
    id: str
    topic: str
    difficulty: int = 1


def bank_of(topics: int, each: int) -> tuple[Item, ...]:
    return tuple(Item(f"{topic}-{number}", f"topic{topic}", 1 + number % 3) for topic in range(topics) for number in range(each))


def lived(item_id: str, history: Sequence[tuple[float, Outcome]], start: datetime = START) -> Card:
    """The card after the history."""
    card, now = None, start
    for hours, outcome in history:
        now += timedelta(hours=hours)
        card = reviewed(card, item_id, outcome, now)
    assert card is not None
    return card


def by_id(cards: Iterable[Card]) -> dict[str, Card]:
    return {card.item_id: card for card in cards}
