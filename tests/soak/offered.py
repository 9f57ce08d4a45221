"""What is offered to the server, whatever it makes of it: so many messages a second, each due at its moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from math import ceil

from tests.soak.scripts import KINDS

PAUSE = 3.0  # seconds between two messages of a conversation


@dataclass(frozen=True)
class Offered:
    """`rate` messages a second for so many seconds. Moments are seconds from the beginning."""

    rate: float
    seconds: float

    @property
    def clients(self) -> int:
        """As many of each kind, so many that each pauses between its messages."""
        return len(KINDS) * max(1, round(self.rate * PAUSE / len(KINDS)))

    @property
    def messages(self) -> int:
        return ceil(self.rate * self.seconds)

    def due(self, client: int) -> Iterator[float]:
        """When each of a client's messages is due: clients take turns."""
        for number in count(client, self.clients):
            if number >= self.messages:
                return
            yield number / self.rate
