"""How scores are spread: mean, median, standard deviation, skewness and kurtosis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Moments:
    """In the unit of the scores; None where there are too few of them, or where all are the same and nothing can be said of their shape.

    `skewness` and `kurtosis` are without unit; a normal distribution has 0 of both.
    """

    n: int
    mean: float | None = None
    median: float | None = None
    sd: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None


def moments_of(scores: Sequence[float] | npt.NDArray[np.float64]) -> Moments:
    """From k-statistics: `sd` wants two scores, `skewness` three, `kurtosis` four."""
    values = np.asarray(scores, dtype=np.float64)
    n = len(values)
    if n == 0:
        return Moments(0)
    mean, median = float(values.mean()), float(np.median(values))
    if n == 1:
        return Moments(1, mean, median)
    off = values - mean
    second, third, fourth = (float((off**power).mean()) for power in (2, 3, 4))
    k2 = n * second / (n - 1)
    varied = bool(values.max() > values.min())
    skewness = kurtosis = None
    if n > 2 and varied:
        skewness = n**2 * third / ((n - 1) * (n - 2)) / k2**1.5
    if n > 3 and varied:
        k4 = n**2 * ((n + 1) * fourth - 3 * (n - 1) * second**2) / ((n - 1) * (n - 2) * (n - 3))
        kurtosis = k4 / k2**2
    return Moments(n, mean, median, k2**0.5 if varied else 0.0, skewness, kurtosis)
