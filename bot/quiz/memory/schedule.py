"""When an item comes back, and how likely it is to be recalled until then: FSRS, from the marked answer alone.

How an answer counts, in FSRS's four ratings:

    RIGHT   first try, unaided                      -> Good
    HINTED  right, but after a hint or a second try -> Hard   recalled with help: comes back sooner than after Good
    WRONG   wrong, shown the answer or skipped      -> Again

Never Easy: a marked answer shows that it was right, not that it took no effort, and Easy nearly doubles the wait. Learners are never
asked to rate themselves: people press Hard for what they did not know, which schedules it as if they had, and grades taken
from right and wrong alone predict recall nearly as well.

There are no learning steps of minutes. A learner on a course comes back days later, not in ten minutes, so a step would always be
overdue and would hold an item back from its first real interval; hints and second tries within the quiz do a step's work. The
first interval is therefore the model's own: one day after WRONG or HINTED, two after RIGHT.

Time is counted in whole UTC days, as in the reviews that FSRS's default parameters were fitted on: whoever practises at six one
day and at five the next has waited a day, and an item is due from the start of its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timezone
from enum import Enum
from typing import Any, Final, cast

import fsrs

RETENTION: Final = 0.9  # an item comes back when recall has fallen to this
LONGEST_DAYS: Final = 90  # nothing stays away longer than a term


class Outcome(Enum):
    """How a marked answer counts."""

    RIGHT = "right"
    HINTED = "hinted"
    WRONG = "wrong"


_RATINGS: Final[Mapping[Outcome, fsrs.Rating]] = {
    Outcome.RIGHT: fsrs.Rating.Good,
    Outcome.HINTED: fsrs.Rating.Hard,
    Outcome.WRONG: fsrs.Rating.Again,
}
# Fuzzing would draw from the global random state.
_SCHEDULER: Final = fsrs.Scheduler(
    desired_retention=RETENTION, learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_DAYS, enable_fuzzing=False
)


@dataclass(frozen=True)
class Card:
    """What is remembered of one learner's answers to one item. Datetimes are in UTC."""

    item_id: str
    stability: float  # days until recall falls to 90 %
    difficulty: float  # FSRS's, from 1 to 10
    due: datetime
    last_review: datetime
    reps: int  # answers so far
    lapses: int  # times it was wrong after not having been wrong
    last: Outcome

    def to_dict(self) -> dict[str, Any]:
        """JSON types only; datetimes in ISO 8601."""
        times = {"due": self.due.isoformat(), "last_review": self.last_review.isoformat()}
        return vars(self) | times | {"last": self.last.value}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Card:
        """Raises KeyError or ValueError when something is missing or not what `to_dict` writes."""
        return cls(
            item_id=str(values["item_id"]),
            stability=float(values["stability"]),
            difficulty=float(values["difficulty"]),
            due=utc(datetime.fromisoformat(values["due"])),
            last_review=utc(datetime.fromisoformat(values["last_review"])),
            reps=int(values["reps"]),
            lapses=int(values["lapses"]),
            last=Outcome(values["last"]),
        )


def reviewed(card: Card | None, item_id: str, outcome: Outcome, now: datetime) -> Card:
    """The card once the item has been answered; `card` is None the first time. Raises ValueError for a `now` without a time zone.

    If the clock has jumped back behind the last review, no time counts as passed.
    """
    moment = _not_before(card, utc(now))
    after, _ = _SCHEDULER.review_card(_as_fsrs(card, moment), _RATINGS[outcome], _day(moment))
    lapsed = card is not None and outcome is Outcome.WRONG and card.last is not Outcome.WRONG
    return Card(
        item_id=item_id,
        stability=cast("float", after.stability),  # what was reviewed has both
        difficulty=cast("float", after.difficulty),
        due=after.due,
        last_review=moment,
        reps=(card.reps if card else 0) + 1,
        lapses=(card.lapses if card else 0) + lapsed,
        last=outcome,
    )


def recall(card: Card, now: datetime) -> float:
    """The estimated probability that the item would be answered rightly now; 1 on the day of the last review."""
    return _SCHEDULER.get_card_retrievability(_as_fsrs(card, card.last_review), _day(_not_before(card, utc(now))))


def known(card: Card, now: datetime) -> float:
    """`recall`, but 0 while the last answer was wrong: what has just been explained is not yet known."""
    return 0.0 if card.last is Outcome.WRONG else recall(card, now)


def is_due(card: Card, now: datetime) -> bool:
    return card.due <= utc(now)


def utc(moment: datetime) -> datetime:
    """The same moment in UTC. Raises ValueError for one without a time zone."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment!r} has no time zone")
    return moment.astimezone(timezone.utc)


def _not_before(card: Card | None, now: datetime) -> datetime:
    return max(now, card.last_review) if card else now


def _day(moment: datetime) -> datetime:
    """The start of its UTC day."""
    return datetime.combine(moment.date(), time(), timezone.utc)


def _as_fsrs(card: Card | None, moment: datetime) -> fsrs.Card:
    """Always with an id and a due date: without them the library waits, and reads the clock."""
    if card is None:
        return fsrs.Card(card_id=0, due=moment)
    return fsrs.Card(0, fsrs.State.Review, None, card.stability, card.difficulty, card.due, _day(card.last_review))
