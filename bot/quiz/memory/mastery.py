"""What a learner knows now, topic by topic: estimates from the cards, as values without words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo

from bot.quiz.memory.pick import Askable, weakest_topics
from bot.quiz.memory.schedule import Card, known, utc

_WEEK_DAYS = 7


@dataclass(frozen=True)
class TopicMastery:
    """`mastery` is the mean over all items of the topic of the estimated probability of a right answer now, from 0 to 1.

    Items not seen, or wrong last time, count 0.
    """

    topic: str
    mastery: float
    seen: int
    items: int


@dataclass(frozen=True)
class Mastery:
    """The whole bank. `topics` are in the bank's order, `weakest` at most three with a card, weakest first."""

    overall: float
    seen: int
    items: int
    topics: tuple[TopicMastery, ...]
    weakest: tuple[str, ...]
    due_today: int  # items due by the end of this UTC day
    due_this_week: int  # items due within seven UTC days, today's among them
    streak: int  # days


def mastery(
    bank: Sequence[Askable], cards: Mapping[str, Card], answered: Iterable[datetime], now: datetime, zone: tzinfo = timezone.utc
) -> Mastery:
    """`cards` are the learner's by item id, `answered` the moments of their answers; `zone` is where their streak's days begin.

    Cards of items that have left the bank do not count. Raises ValueError for a moment without a time zone.
    """
    values: dict[str, list[float | None]] = {}
    for item in bank:
        values.setdefault(item.topic, []).append(known(cards[item.id], now) if item.id in cards else None)
    topics = tuple(_topic(topic, of_topic) for topic, of_topic in values.items())
    ahead = [(cards[item.id].due.date() - utc(now).date()).days for item in bank if item.id in cards]
    return Mastery(
        overall=sum(topic.mastery * topic.items for topic in topics) / max(1, len(bank)),
        seen=len(ahead),
        items=len(bank),
        topics=topics,
        weakest=weakest_topics(bank, cards, now),
        due_today=sum(days <= 0 for days in ahead),
        due_this_week=sum(days < _WEEK_DAYS for days in ahead),
        streak=streak(answered, now, zone),
    )


def streak(answered: Iterable[datetime], now: datetime, zone: tzinfo = timezone.utc) -> int:
    """How many days in a row had an answer, up to today, or to yesterday as long as today has none."""
    days = {utc(moment).astimezone(zone).date() for moment in answered}
    day = utc(now).astimezone(zone).date()
    if day not in days:
        day -= timedelta(days=1)
    length = 0
    while day in days:
        length += 1
        day -= timedelta(days=1)
    return length


def _topic(topic: str, values: Sequence[float | None]) -> TopicMastery:
    seen = [value for value in values if value is not None]
    return TopicMastery(topic, mastery=sum(seen) / len(values), seen=len(seen), items=len(values))
