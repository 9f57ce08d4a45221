"""Which items to ask next: what is due, then what is weak, then what is new."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final, Protocol

from bot.quiz.memory.schedule import RETENTION, Card, Outcome, is_due, known, recall, utc

WEAK_TOPICS: Final = 3  # so many topics are strengthened before others


class Askable(Protocol):
    """What has to be known of an item to choose it."""

    @property
    def id(self) -> str: ...

    @property
    def topic(self) -> str: ...

    @property
    def difficulty(self) -> float: ...  # higher is harder


def choose(  # noqa: PLR0913, PLR0917
    bank: Sequence[Askable],
    cards: Mapping[str, Card],
    now: datetime,
    count: int,
    most_due: int,
    dice: random.Random,
    topics: Collection[str] | None = None,
    only: Collection[str] | None = None,
) -> tuple[str, ...]:
    """At most `count` ids, in the order to ask, none twice; fewer when there are no more.

    `cards` are the learner's by item id. First come items that are due, most forgotten first, at most `most_due` a day with those
    already reviewed today (of all topics). Then unseen items of the weakest topics with a card, then other unseen ones,
    easier ones first; last, seen items that are not due, most forgotten first. Neighbours are of different topics where possible.
    `topics` and `only` (item ids, as from `often_wrong`) narrow the choice; None narrows nothing.
    Raises ValueError for a `now` without a time zone.
    """
    now = utc(now)
    wanted = [item for item in bank if (topics is None or item.topic in topics) and (only is None or item.id in only)]
    dice.shuffle(wanted)  # decides between equals
    forgotten = {item.id: 1 - recall(cards[item.id], now) for item in wanted if item.id in cards}
    seen = sorted((item for item in wanted if item.id in forgotten), key=lambda item: -forgotten[item.id])
    due = [item for item in seen if is_due(cards[item.id], now)][: max(0, min(count, most_due - _reviews_today(cards.values(), now)))]
    weak = weakest_topics(bank, cards, now)
    new = sorted((item for item in wanted if item.id not in forgotten), key=lambda item: (item.topic not in weak, item.difficulty))
    early = [item for item in seen if not is_due(cards[item.id], now)]
    rest = [*new, *early][: max(0, count - len(due))]
    first = interleaved(due, None)
    return tuple(item.id for item in [*first, *interleaved(rest, first[-1].topic if first else None)])


def often_wrong(cards: Iterable[Card]) -> frozenset[str]:
    """Ids of the items that the learner gets wrong: wrong last time, or forgotten before."""
    return frozenset(card.item_id for card in cards if card.last is Outcome.WRONG or card.lapses)


def weakest_topics(bank: Iterable[Askable], cards: Mapping[str, Card], now: datetime) -> tuple[str, ...]:
    """The topics with a card that are known least, weakest first, at most `WEAK_TOPICS`; none that is known well."""
    strengths: dict[str, list[float]] = {}
    for item in bank:
        if item.id in cards:
            strengths.setdefault(item.topic, []).append(known(cards[item.id], now))
    means = sorted((sum(values) / len(values), topic) for topic, values in strengths.items())
    return tuple(topic for mean, topic in means[:WEAK_TOPICS] if mean < RETENTION)


def interleaved(items: Sequence[Askable], before: str | None) -> list[Askable]:
    """The items, those of a topic in their order, with neighbours (and the topic asked before) differing where that is possible."""
    waiting: dict[str, list[Askable]] = {}
    for item in reversed(items):
        waiting.setdefault(item.topic, []).append(item)
    order: list[Askable] = []
    while waiting:
        place = {topic: number for number, topic in enumerate(reversed(waiting))}
        topic = max(waiting, key=lambda topic: (topic != before, len(waiting[topic]), -place[topic]))
        order.append(waiting[topic].pop())
        if not waiting[topic]:
            del waiting[topic]
        before = topic
    return order


def _reviews_today(cards: Iterable[Card], now: datetime) -> int:
    """How many items were reviewed on this UTC day that had been seen before."""
    return sum(card.reps > 1 and card.last_review.date() == now.date() for card in cards)
