"""What a tutor put right, as a value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from bot.improving.wording import plain

INTENT: Final = "intent"
PHRASING: Final = "phrasing"


@dataclass(frozen=True)
class Change:
    """`text` is an example of the intent `target` (kind INTENT), or a way of asking for the answer `target` (kind PHRASING).

    `was` is the intent, or the answer, that the message had. `at` in seconds since 1970.
    """

    id: int
    kind: str
    text: str
    target: str
    was: str | None
    by: str
    at: float
    sender: str
    event: int | None = None

    @property
    def order(self) -> tuple[str, str, str, int]:
        """By what is changed, so that a file of changes reads the same however they came in."""
        return self.kind, self.target, plain(self.text), self.id


@dataclass(frozen=True)
class Refused:
    """A change that is not written, and why, in words for the tutor who made it."""

    change: Change
    why: str
