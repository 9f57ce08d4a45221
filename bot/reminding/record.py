"""What is recorded of reminders, and what the skill needs to know of them, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class ReminderSet:
    """The learner wants reminders here, none anywhere, or none until a moment."""

    is_on: bool
    paused_until: datetime | None
    at: datetime


@dataclass(frozen=True)
class Arranged:
    """`reachable` where the conversation's person can be written to."""

    is_on: bool
    paused_until: datetime | None
    reachable: bool


class ReminderRecords(Protocol):
    """Read by the sender id of a conversation. Raises sqlalchemy's errors when the database is away."""

    def arranged(self, sender: str) -> Arranged: ...
