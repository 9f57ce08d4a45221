"""What is recorded of linked conversations, and what the skill needs to know of them, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol


class Owner(str, Enum):
    """Whose a code is, as seen from the conversation that it was typed in."""

    THIS = "this"  # the conversation itself
    LINKED = "linked"  # one of the same learner's
    OTHER = "other"


@dataclass(frozen=True)
class NewCode:
    """A fresh code as it is shown, and its keyed digest."""

    shown: str
    digest: str


@dataclass(frozen=True)
class CodeGiven:
    """The conversation was given a code: its only one from now on."""

    digest: str
    at: datetime


@dataclass(frozen=True)
class Linked:
    """The conversation and that of the code are one learner's from now on."""

    digest: str
    at: datetime


@dataclass(frozen=True)
class Unlinked:
    """The conversation is a new learner's from now on."""

    at: datetime


LinkRecord = CodeGiven | Linked | Unlinked


class LinkRecords(Protocol):
    """Read by the sender id of a conversation. Raises sqlalchemy's errors when the database is away."""

    def new_code(self) -> NewCode:
        """A code that nobody has, not kept yet."""
        ...

    def digest(self, code: str) -> str:
        """Of a code (capitals and digits only) as it would be kept."""
        ...

    def owner(self, sender: str, digest: str, now: float) -> Owner | None:
        """Whose the code is; None when it is wrong, used or too old."""
        ...

    def others(self, sender: str) -> int:
        """How many other conversations the learner has."""
        ...
