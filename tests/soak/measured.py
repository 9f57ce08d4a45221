"""What a soak gave: messages and readings, and the figures of any stretch of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import linear_regression, median

from tests.soak.client import Sent
from tests.soak.offered import Offered
from tests.soak.watched import Reading

FIFTHS = 5


@dataclass(frozen=True)
class Measured:
    """Messages by when they ended, readings by when they were taken."""

    sent: Sequence[Sent]
    readings: Sequence[Reading]

    def between(self, begins: float, ends: float) -> Measured:
        """Those of a stretch, in seconds from the beginning, with the readings at both its ends."""
        return Measured(
            [one for one in self.sent if begins <= one.ended < ends],
            [one for one in self.readings if begins <= one.at <= ends],
        )

    @property
    def answered(self) -> int:
        return sum(not one.problem for one in self.sent)

    @property
    def problems(self) -> list[str]:
        return [one.problem for one in self.sent if one.problem]

    def percentile(self, percent: int) -> float:
        """Seconds within which so many percent were answered; infinite when nobody was."""
        times = sorted(one.latency for one in self.sent if not one.problem)
        return times[math.ceil(percent / 100 * len(times)) - 1] if times else math.inf

    @property
    def processor(self) -> float:
        """Seconds that the server had on the processors for each message, from the first reading to the last; infinite without both."""
        first, last = self.readings[0], self.readings[-1]
        answered = self.between(first.at, last.at).answered
        return (last.processor - first.processor) / answered if answered else math.inf

    @property
    def memory(self) -> float:
        """MiB, PSS."""
        return median(one.memory for one in self.readings)

    @property
    def own(self) -> float:
        """MiB that no file holds."""
        return median(one.own for one in self.readings)


@dataclass(frozen=True)
class Soak:
    """The whole of it."""

    offered: Offered
    whole: Measured

    def fifth(self, number: int) -> Measured:
        """From the first, 1, to the last, 5. Messages that were answered after the end belong to none."""
        length = self.offered.seconds / FIFTHS
        return self.whole.between((number - 1) * length, number * length)

    @property
    def late(self) -> int:
        """Messages that were due and could not be sent before the end."""
        return self.offered.messages - len(self.whole.sent)

    @property
    def rate(self) -> float:
        """Messages answered a second, from the beginning to the end."""
        return self.whole.between(0, self.offered.seconds).answered / self.offered.seconds

    @property
    def slope(self) -> float:
        """Seconds by which the median answer becomes slower in ten minutes, over all readings after the first fifth."""
        moments = [one.at for one in self.whole.readings]
        medians = [
            (ends, self.whole.between(begins, ends).percentile(50))
            for begins, ends in pairwise(moments)
            if begins >= self.offered.seconds / FIFTHS
        ]
        known = [(at, seconds) for at, seconds in medians if math.isfinite(seconds)]
        return 600 * linear_regression(*zip(*known, strict=True)).slope if len(known) > 1 else math.inf
