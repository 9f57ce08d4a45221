"""Whether those who do well otherwise do better on an item."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Discrimination:
    """`index` is the correlation of an item's marks with the scores on the rest, from -1 to 1; `efficiency` is their covariance as a
    part of the greatest that these marks and scores could have, at most 1. None where marks or scores do not vary.
    """

    index: float | None
    efficiency: float | None


def discrimination(marks: Array, rest: Array) -> Discrimination:
    """`marks` on the item and `rest` scores, one of each for every learner."""
    if len(marks) < 2 or not _varies(marks) or not _varies(rest):
        return Discrimination(None, None)
    together = covariance(marks, rest)
    most = covariance(np.sort(marks), np.sort(rest))
    index = together / (covariance(marks, marks) * covariance(rest, rest)) ** 0.5
    return Discrimination(_within(index), min(1.0, together / most) if most > 0 else None)


def covariance(one: Array, other: Array) -> float:
    """Of a sample: the sum is divided by n - 1."""
    return float(((one - one.mean()) * (other - other.mean())).sum() / (len(one) - 1))


def _varies(values: Array) -> bool:
    return bool(values.max() > values.min())


def _within(index: float) -> float:
    """A correlation, rid of rounding beyond its bounds."""
    return max(-1.0, min(1.0, index))
