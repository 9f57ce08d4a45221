"""How far predicted recall is from what happened: RMSE(bins), as the open benchmark of spaced repetition algorithms defines it.

Reviews are binned by days since the last one, number of the review and lapses, on logarithmic scales of bases 3.62, 1.89 and 1.73
(open-spaced-repetition/srs-benchmark); the figure is the root of the mean over reviews of the squared distance, in each bin,
between the share answered rightly and the mean predicted. It is 0 for predictions that are right on average in every bin, and above 0
by chance alone where bins are small, so that the law's own chances are measured beside the predictions.
"""

from __future__ import annotations

import numpy as np

BASES = {"days": 3.62, "number": 1.89, "lapses": 1.73}


def rmse_bins(reviews: np.ndarray, predicted: np.ndarray, right: np.ndarray) -> float:
    """From 0 to 1. `reviews` are of `practice.REVIEW`, the others of the same length."""
    _, bins = np.unique(np.stack([_bin(reviews[name], base) for name, base in BASES.items()]), axis=1, return_inverse=True)
    bins = bins.ravel()
    distances = np.bincount(bins, right.astype(float) - predicted)  # summed, so divided by the bin's size below
    return float(np.sqrt(np.sum(distances**2 / np.bincount(bins)) / len(reviews)))


def _bin(values: np.ndarray, base: float) -> np.ndarray:
    """-1 for none, then 0 from 1 on, 1 from `base` on."""
    return np.where(values > 0, np.floor(np.log(np.maximum(values, 1)) / np.log(base)), -1).astype(int)
