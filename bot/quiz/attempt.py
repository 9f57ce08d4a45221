"""What is recorded of quizzes, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from bot.quiz.memory.schedule import Card, Outcome

if TYPE_CHECKING:
    from bot.progress.record import Changed

SAID_CHARACTERS = 500


@dataclass(frozen=True)
class Attempt:
    """One answer to one item, or that it was skipped or its answer shown. Unique by session, place and number.

    `outcome` is how the item counts in the schedule, on its last attempt only. `seconds` is from showing to answering. `length` is of how
    many items the quiz is; None of answers from before that was kept.
    """

    session: str
    mode: str
    place: int
    number: int
    item: str
    topic: str
    kind: str
    verdict: str  # right, partly, wrong, revealed, skipped
    outcome: Outcome | None
    hints: int
    said: str
    chosen: str
    seconds: float
    at: datetime
    length: int | None = None


@dataclass(frozen=True)
class Appeal:
    """A learner's view that an answer in own words was right, for a tutor to decide."""

    session: str
    place: int
    number: int
    words: str
    at: datetime


Record = Attempt | Appeal


class StudyRecords(Protocol):
    """What a quiz needs to know of the learner behind a conversation. Raises sqlalchemy's errors when the database is away."""

    def cards(self, sender: str) -> dict[str, Card]: ...

    def attempts_of(self, sender: str, session: str) -> tuple[Attempt, ...]:
        """Of one quiz, in the order of places and tries."""
        ...

    def checkpoints(self, sender: str) -> dict[str, tuple[datetime, int, int]]:
        """When each checkpoint was finished, how many were right and of how many, by mode. Unfinished ones are left out."""
        ...

    def has_answered(self, sender: str) -> bool: ...

    def changed_marks(self, sender: str) -> tuple[Changed, ...]:
        """Marks that a tutor changed and that the learner has not been told of yet, oldest first."""
        ...

    def days(self, sender: str) -> tuple[datetime, ...]:
        """A moment of each UTC day on which something was answered."""
        ...

    def answered(self, sender: str) -> tuple[int, int]:
        """How many items were answered, and how many of those rightly at the first try, unaided."""
        ...
