"""What is kept of a learner, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Held:
    """`counts` by what it is (the keys of `counts` in knowledge/privacy.yml); `since` the moment of the first of it, None for none."""

    counts: Mapping[str, int]
    since: datetime | None


class HeldRecords(Protocol):
    """Read by the sender id of a conversation. Raises sqlalchemy's errors when the database is away."""

    def held(self, sender: str) -> Held:
        """Of the learner behind the conversation, in all their conversations."""
        ...
