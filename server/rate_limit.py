"""Token buckets: so many at once, so many a minute. Our own, because no library of the kind installs beside Rasa's pins."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

REMEMBERED = 20_000  # names; the least recently seen are forgotten first, by then with full buckets again


@dataclass
class _Bucket:
    left: float
    at: float


class RateLimit:
    """`burst` at once, refilled at `per_minute`. Times are seconds of any one clock, handed in."""

    def __init__(self, burst: int, per_minute: float) -> None:
        self._burst = burst
        self._per_second = per_minute / 60
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, name: str, now: float) -> float:
        """0 when it may go on (and is counted), else the seconds after which it may."""
        bucket = self._buckets.pop(name, None) or _Bucket(self._burst, now)
        self._buckets[name] = bucket
        if len(self._buckets) > REMEMBERED:
            self._buckets.popitem(last=False)
        bucket.left = min(self._burst, bucket.left + max(0.0, now - bucket.at) * self._per_second)
        bucket.at = now
        if bucket.left < 1:
            return (1 - bucket.left) / self._per_second
        bucket.left -= 1
        return 0.0
