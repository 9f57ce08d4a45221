"""Sixty days of practice: who practises when, for how long, and which items a schedule gives them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Protocol

import numpy as np

from bot.quiz.memory.pick import choose
from bot.quiz.memory.schedule import Card, Outcome, recall, reviewed
from tests.benchmarks.forgetting.law import Memory, Trait, answerable, drawn

DAYS = 60
DAY = 86_400  # seconds
SESSION_SECONDS = 600
SECONDS = {Outcome.RIGHT: 15, Outcome.HINTED: 35, Outcome.WRONG: 45}  # a hint, and an explanation, are read
MOST_DUE = 20
FIXED_DAYS = (1, 3, 7, 14, 30)
ONE_SESSION = SESSION_SECONDS // min(SECONDS.values()) + 1  # no session has more answers
BEGUN = datetime(2026, 9, 7, 18, tzinfo=timezone.utc)


@dataclass(frozen=True)
class Item:
    id: str
    topic: str
    difficulty: int  # 1 to 3, as its author judged it
    ease: float  # as it is: normal around 0


@dataclass(frozen=True)
class Learner:
    """`days` are those with a session; `traits` are by item."""

    days: tuple[int, ...]
    traits: tuple[Trait, ...]
    seed: int


# An answer to an item seen on an earlier day, and what was predicted of it.
REVIEW = np.dtype(
    [
        ("days", int),  # since the item's last answer
        ("number", int),  # of this answer: 2 for the second
        ("lapses", int),  # wrong answers before, without the first
        ("right", bool),  # not wrong: unaided or after a hint, as FSRS counts it
        ("law", float),  # the chance by the law of being right
        ("recalled", float),  # the chance by the law of being recalled, without guesses and hints
        ("fsrs", float),
        ("fixed", float),  # 0.9 at the end of the fixed interval, falling exponentially
    ]
)


@dataclass(frozen=True)
class Course:
    """What became of one learner."""

    recalled: float  # items that would be recalled, unaided, at the end
    minutes: float  # of practice
    seen: int
    answers: int
    reviews: np.ndarray  # of REVIEW


def bank_of(count: int, topics: int, dice: random.Random) -> tuple[Item, ...]:
    """Items whose difficulty their author judges roughly."""
    eases = [dice.gauss(0, 1) for _ in range(count)]
    judged = [max(1, min(3, round(2 - ease - dice.gauss(0, 0.5)))) for ease in eases]
    return tuple(Item(f"i{n}", f"t{n % topics}", judged[n], eases[n]) for n in range(count))


def learner_of(bank: Sequence[Item], dice: random.Random) -> Learner:
    """Ability and diligence drawn at random."""
    ability, diligence = dice.gauss(0, 1), dice.uniform(0.25, 0.85)
    days = tuple(day for day in range(DAYS) if dice.random() < diligence)
    return Learner(days, tuple(Trait(0.5 * ability + 0.5 * item.ease, dice.gauss(0, 1)) for item in bank), dice.getrandbits(32))


class Schedule(Protocol):
    """What is asked in a session: indices of items, in order, more than there is time for."""

    def __call__(self, bank: Sequence[Item], cards: dict[str, Card], now: datetime, dice: random.Random) -> Sequence[str]: ...


def by_memory(bank: Sequence[Item], cards: dict[str, Card], now: datetime, dice: random.Random) -> Sequence[str]:
    """Aftercare's."""
    return choose(bank, cards, now, ONE_SESSION, MOST_DUE, dice)


def by_memory_alone(bank: Sequence[Item], cards: dict[str, Card], now: datetime, dice: random.Random) -> Sequence[str]:
    """The same without a daily limit: everything due comes before anything new."""
    return choose(bank, cards, now, ONE_SESSION, len(bank), dice)


def at_fixed_intervals(bank: Sequence[Item], cards: dict[str, Card], now: datetime, dice: random.Random) -> Sequence[str]:
    """Again after 1, 3, 7, 14 and then every 30 days, however it was answered; most overdue first, then new ones, easier ones first."""
    items = dice.sample(bank, len(bank))
    overdue = {card.item_id: (now.date() - card.last_review.date()).days - _wait(card.reps) for card in cards.values()}
    seen = sorted(overdue, key=lambda item_id: -overdue[item_id])
    new = [item.id for item in sorted(items, key=lambda item: item.difficulty) if item.id not in cards]
    return [*(item_id for item_id in seen if overdue[item_id] >= 0), *new, *(item_id for item_id in seen if overdue[item_id] < 0)]


def at_random(bank: Sequence[Item], cards: dict[str, Card], now: datetime, dice: random.Random) -> Sequence[str]:
    """Any items."""
    return [item.id for item in dice.sample(bank, ONE_SESSION)]


OURS = "Aftercare"
SCHEDULES: dict[str, Schedule] = {
    OURS: by_memory,
    "Aftercare, no daily limit": by_memory_alone,
    "Fixed intervals": at_fixed_intervals,
    "No schedule": at_random,
}


def taken(learner: Learner, bank: Sequence[Item], schedule: Schedule, law: Callable[[Trait], Memory]) -> Course:
    """The learner's course under the schedule."""
    dice = random.Random(learner.seed)
    memories = {item.id: law(trait) for item, trait in zip(bank, learner.traits, strict=True)}
    cards: dict[str, Card] = {}
    lapses: Counter[str] = Counter()
    reviews: list[tuple[Any, ...]] = []
    spent = answers = 0
    for day in learner.days:
        used = 0
        for item_id in schedule(bank, cards, BEGUN + timedelta(days=day), dice):
            if used >= SESSION_SECONDS:
                break
            at, now, card = day + used / DAY, BEGUN + timedelta(days=day, seconds=used), cards.get(item_id)
            chance = memories[item_id].chance(at)
            outcome, recalled = drawn(chance, dice)
            if card:  # nothing can be predicted of a first answer
                reviews.append(_review(card, lapses[item_id], outcome, chance, now))
                lapses[item_id] += outcome is Outcome.WRONG
            memories[item_id].answered(outcome, recalled, at)
            cards[item_id] = reviewed(card, item_id, outcome, now)
            used += SECONDS[outcome]
            answers += 1
        spent += used
    left = sum(memory.chance(DAYS) for memory in memories.values())
    return Course(left, spent / 60, len(cards), answers, np.array(reviews, REVIEW))


def _review(card: Card, lapses: int, outcome: Outcome, chance: float, now: datetime) -> tuple[Any, ...]:
    """In the order of REVIEW. No schedule here asks an item twice a day."""
    days = (now.date() - card.last_review.date()).days
    fixed = 0.9 ** (days / _wait(card.reps))
    return days, card.reps + 1, lapses, outcome is not Outcome.WRONG, answerable(chance), chance, recall(card, now), fixed


def _wait(reps: int) -> int:
    """Days to wait after so many answers, by the fixed intervals."""
    return FIXED_DAYS[min(reps, len(FIXED_DAYS)) - 1]
