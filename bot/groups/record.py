"""What is recorded of groups, and what the skill needs to know of them, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.groups.work import Deeds, SetWork


@dataclass(frozen=True)
class Group:
    """`tutors` by name, in order."""

    id: int
    name: str
    tutors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Joined:
    """The learner joined the group, or goes by another name in it."""

    group: int
    name: str
    at: datetime


@dataclass(frozen=True)
class Left:
    """The learner left the group."""

    group: int
    at: datetime


GroupRecord = Joined | Left


class GroupRecords(Protocol):
    """Read by the sender id of a conversation. Raises sqlalchemy's errors when the database is away."""

    def open_group(self, code: str) -> Group | None:
        """The open group of a code (capitals and digits only); None when there is none."""
        ...

    def group(self, number: int) -> Group | None:
        """An open group by its number."""
        ...

    def groups_of(self, sender: str) -> tuple[Group, ...]:
        """The open groups that the learner is in, by name."""
        ...

    def known_as(self, sender: str) -> str | None:
        """The name that the learner last gave to a group."""
        ...

    def newest_work(self, sender: str) -> int:
        """The highest id of work that is set for the learner now; 0 without any. Asked for in every turn."""
        ...

    def work_of(self, sender: str) -> tuple[SetWork, ...]:
        """All work that is set for the learner now, what is due first first."""
        ...

    def work_in(self, group: int) -> tuple[SetWork, ...]:
        """All work that is set in a group now."""
        ...

    def deeds_of(self, sender: str, since: float) -> Deeds:
        """What the learner did from that moment on."""
        ...
