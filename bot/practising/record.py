"""What is recorded of practices, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.assess.labels import Move
from bot.debrief import Played


@dataclass(frozen=True)
class Began:
    """A run from its opening on. `origin` is the run that it retries from a turn on. `mood` and the numbers are the customer's."""

    run: str
    scenario: str
    difficulty: int
    seed: int
    hidden: bool
    opening: str
    mood: str
    anger: int
    trust: int
    body: str | None
    origin: str | None
    at: datetime


@dataclass(frozen=True)
class Said:
    """A line of the learner's, with real people's data hidden, its moves, and the customer's answer and mood after it."""

    run: str
    turn: int
    said: str
    moves: tuple[Move, ...]
    reply: str
    mood: str
    anger: int
    trust: int
    at: datetime


@dataclass(frozen=True)
class Finished:
    """How a run ended; `ending` None when the learner left it. `missed` are items that it showed to be not known."""

    run: str
    ending: str | None
    band: str
    criteria: Mapping[str, bool | None]
    missed: tuple[str, ...]
    at: datetime


@dataclass(frozen=True)
class Noted:
    """A reflection or a form, filled in after a run."""

    run: str
    kind: str
    values: Mapping[str, Any]
    at: datetime


PracticeRecord = Began | Said | Finished | Noted


class PracticeRecords(Protocol):
    """What a practice needs of the learner's earlier ones. Raises sqlalchemy's errors when the database is away."""

    def played(self, sender: str, run: str) -> tuple[Began, Played] | None:
        """A run with its lines so far; None when there is none of that name."""
        ...

    def practice_results(self, sender: str) -> dict[str, str]:
        """The last ending, or `fail` for a failed band, by scenario; oldest first."""
        ...
